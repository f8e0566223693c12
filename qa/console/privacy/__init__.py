"""The pages on what is kept of people: for admins."""
