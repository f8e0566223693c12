"""Which job comes next when many calls want the same model: a queue without a clock or a thread.

Lanes come first: what a caller is waiting for goes before what may wait. Within a lane the calls take turns, so that
one who talks much does not hold up the others. A call's own jobs keep their order.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from enum import IntEnum
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Lane(IntEnum):
    """How urgent a job is; the lowest number goes first."""

    NOW = 0
    """A caller waits for it: the final text of a turn, the first sound of an answer."""
    SOON = 1
    """It will be needed in a moment: what follows a first sound, work ahead of a likely end of turn."""
    IDLE = 2
    """Nice to have: partial transcripts. Done only when nothing else is."""


class Overloaded(Exception):  # noqa: N818 - a state, as the load gauge names it
    """The queue is full."""


class FairQueue(Generic[Job]):
    """Jobs by lane and owner, at most `limit` in all."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._lanes: dict[Lane, OrderedDict[str, deque[Job]]] = {lane: OrderedDict() for lane in Lane}

    def __len__(self) -> int:
        return self._size

    def put(self, job: Job, owner: str, lane: Lane) -> None:
        """Queue `job`.

        Raises:
            Overloaded: there are `limit` jobs already.
        """
        if self._size >= self._limit:
            raise Overloaded(f"{self._limit} jobs are waiting already")
        self._lanes[lane].setdefault(owner, deque()).append(job)
        self._size += 1

    def take(self) -> Job | None:
        """The next job; its owner goes to the end of the lane. None when there is none."""
        for calls in self._lanes.values():
            if calls:
                owner, jobs = next(iter(calls.items()))
                job = jobs.popleft()
                calls.move_to_end(owner)
                if not jobs:
                    del calls[owner]
                self._size -= 1
                return job
        return None

    def waiting(self, lane: Lane) -> Iterator[Job]:
        """The jobs of one lane."""
        for jobs in self._lanes[lane].values():
            yield from jobs

    def drop(self, job: Job) -> bool:
        """Take `job` out. Returns whether it was still waiting."""
        for calls in self._lanes.values():
            for owner, jobs in calls.items():
                if job in jobs:
                    jobs.remove(job)
                    if not jobs:
                        del calls[owner]
                    self._size -= 1
                    return True
        return False
