"""When a person should take over: hard rules, then a risk from many small signs. Pure, and re-computable."""
