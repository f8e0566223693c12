"""Call-backs that were promised, and are kept."""
