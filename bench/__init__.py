"""Benchmarks: how fast, how well and how much, measured from outside against a peer in the same run."""
