"""Trial calls on one machine: `warmline demo` and `warmline call`."""
