"""The digest of each day, which the server makes by itself, and tells of alerts in it."""
