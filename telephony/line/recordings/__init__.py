"""What is recorded of calls and conferences."""
