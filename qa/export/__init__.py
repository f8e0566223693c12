"""Calls to take away: as lines for other programs, and as sound."""
