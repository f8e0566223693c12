"""Lists of calls that people have given a name."""
