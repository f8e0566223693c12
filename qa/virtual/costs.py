"""How long work takes on the virtual clock, and how long it has really taken.

The modelled times are those of a machine with two cores (machine A of docs/benchmarks.md), rounded. They are constants
so that the latencies of two versions differ only by what the versions do, and not by what else the machine was doing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from voice.fair_queue import Lane

PLAN_S = 0.015
"""One decision of the dialog."""
HEARING_S = {Lane.NOW: 0.15, Lane.SOON: 0.06, Lane.IDLE: 0.1}
"""A whole text or a first word; the places of words; a glance at what is still being said."""
SECOND_LOOK_S = 0.45
"""A doubtful text decoded once more, at the long window."""
TURN_S = dict.fromkeys(Lane, 0.03)
"""Whether a turn sounds finished."""
SPEAKING_S = {Lane.NOW: 0.05, Lane.SOON: 0.1, Lane.IDLE: 0.1}
"""A first piece of a sentence; a later one, which is four times as long."""


class Spent:
    """Seconds of processor time by kind of work: `hearing`, `turn`, `speaking`, `plan`."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.jobs: dict[str, int] = {}

    @contextmanager
    def on(self, kind: str) -> Iterator[None]:
        """Count what is done inside."""
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds[kind] = self.seconds.get(kind, 0.0) + time.process_time() - began
            self.jobs[kind] = self.jobs.get(kind, 0) + 1
