"""The pages on which calls are scored, forms are kept, and scorers are compared."""
