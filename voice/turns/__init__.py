"""Turns: when the caller has finished, and when they have really cut in."""
