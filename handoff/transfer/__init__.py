"""The transfer of a caller to a human, as a table: state and event give the next state and commands."""
