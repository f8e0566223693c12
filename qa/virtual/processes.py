"""How many calls are had beside each other on the virtual clock: one for each core, each process with its models."""

import os

MOST_PROCESSES = 8
"""Each holds the models, some 700 MB."""


def processes_for(calls: int, wanted: int | None = None) -> int:
    """How many processes for so many calls; `wanted` takes the place of the number of cores."""
    return max(1, min(wanted or min(os.cpu_count() or 1, MOST_PROCESSES), calls))
