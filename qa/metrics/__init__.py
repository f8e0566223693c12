"""What many calls come to: metrics, defined and reckoned over the facts of calls. Pure but for `source`."""
