"""The page of one call: heard again, looked into, and commented."""
