"""Calls on a clock that jumps: the assistant that answers live calls, with a caller and a carrier made of functions."""
