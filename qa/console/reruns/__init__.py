"""Running calls again from the console: a button, its progress, and the difference as a page."""
