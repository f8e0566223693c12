"""The history of the call store's tables, run by `calls.migrate`."""
