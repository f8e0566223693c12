"""Who has looked at, listened to or taken away what: every access to a recording leaves a line."""
