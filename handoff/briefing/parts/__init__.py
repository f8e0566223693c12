"""One part of a briefing a file: each finds its facts in a log, and needs no more of it than what they cite."""
