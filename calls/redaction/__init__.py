"""Finds and masks what must not be kept of a call: card numbers, codes, bank accounts and other personal data.

All of it is pure but `sound`, which rewrites recordings.
"""
