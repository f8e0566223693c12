"""Calls that hear each other."""
