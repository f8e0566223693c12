"""What many calls come to: definitions of metrics, and their computation over the facts of calls. Pure but for `source`."""
