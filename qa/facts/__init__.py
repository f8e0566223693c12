"""What is known of each call in a few values, kept beside the log so that thousands can be filtered and counted."""
