"""What must not be kept, and for how long the rest is: redaction, retention, and all of a person's data by number."""
