"""Processes that have calls on the virtual clock beside each other: one for each core, each with its models."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TypeVarTuple

Given = TypeVarTuple("Given")
MOST_PROCESSES = 8
"""Each holds the models, some 700 MB."""


def processes_for(calls: int, wanted: int | None = None) -> int:
    """How many processes for so many calls; `wanted` takes the place of the number of cores."""
    return max(1, min(wanted or min(os.cpu_count() or 1, MOST_PROCESSES), calls))


def open_pool(processes: int, opened: Callable[[*Given], None], *given: *Given) -> ProcessPoolExecutor:
    """A pool whose processes are each opened with what is given, and end when this process does, however it ends."""
    return ProcessPoolExecutor(processes, get_context("spawn"), _open, (opened, given))


def _open(opened: Callable[..., None], given: tuple[object, ...]) -> None:
    """In a new process. Libraries that log do so on this process's account."""
    from loguru import logger  # noqa: PLC0415 - a process of its own has a log of its own

    logger.remove()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    opened(*given)


def _end_with_parent() -> None:
    """A pool's processes wait for work for good: of one that was killed they would be left, with their models."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
