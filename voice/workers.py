"""Where the speech models run: threads shared by all calls, so that nothing blocks the event loop."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Generic, ParamSpec, TypeVar

from voice.fair_queue import FairQueue, Lane

P = ParamSpec("P")
R = TypeVar("R")

MOST_WAITING = 64
"""More jobs than this are work for half a minute: by then nobody waits for them any more."""
STUCK_S = 1.0
"""A job that has waited so long counts as load even before it begins: it may never."""


@dataclass(eq=False)
class _Job(Generic[R]):
    work: Callable[[], R]
    queued_s: float
    urgent: bool
    future: Future[R] = field(default_factory=Future)


class Worker:
    """The threads of one model. Urgent work goes first, and calls take turns (`voice.fair_queue`)."""

    def __init__(self, name: str, threads: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._queue: FairQueue[_Job[Any]] = FairQueue(MOST_WAITING)
        self._changed = Condition()
        self._busy = 0
        self._stopping = False
        self._longest_wait_s = 0.0
        self._threads = [
            Thread(target=self._serve, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def idle(self) -> bool:
        """Whether a job would begin at once."""
        with self._changed:
            return not self._queue and self._busy < len(self._threads)

    @property
    def awaited(self) -> bool:
        """Whether a job is waiting for its turn."""
        with self._changed:
            return bool(self._queue)

    def take_wait_s(self) -> float:
        """The longest that an urgent job has waited of those begun since this was last asked, or that are stuck."""
        with self._changed:
            longest_s, self._longest_wait_s = self._longest_wait_s, 0.0
            waiting_s = (self._clock() - job.queued_s for job in self._queue.waiting(Lane.NOW))
            return max(longest_s, *(wait_s for wait_s in waiting_s if wait_s >= STUCK_S), 0.0)

    async def run(self, work: Callable[[], R], owner: str, lane: Lane = Lane.NOW) -> R:
        """Do `work` on a thread for the call `owner`. Cancelling takes it out of the queue unless it has begun.

        Raises:
            Overloaded: too much is waiting already.
        """
        job = _Job(work, self._clock(), urgent=lane is Lane.NOW)
        with self._changed:
            self._queue.put(job, owner, lane)
            self._changed.notify()
        try:
            return await asyncio.wrap_future(job.future)
        except asyncio.CancelledError:
            with self._changed:
                self._queue.drop(job)
            raise

    def stop(self) -> None:
        """Let the running work finish and take no more."""
        with self._changed:
            self._stopping = True
            while (job := self._queue.take()) is not None:
                job.future.cancel()
            self._changed.notify_all()

    def _serve(self) -> None:
        while self._serve_one():
            pass

    def _serve_one(self) -> bool:
        """In a function of its own, so that an idle thread does not hold on to what its last job was about."""
        job = self._next()
        if job is None:
            return False
        try:
            if job.future.set_running_or_notify_cancel():
                _work(job)
        finally:
            with self._changed:
                self._busy -= 1
        return True

    def _next(self) -> _Job[Any] | None:
        with self._changed:
            while (job := self._queue.take()) is None:
                if self._stopping:
                    return None
                self._changed.wait()
            self._busy += 1
            if job.urgent:
                self._longest_wait_s = max(self._longest_wait_s, self._clock() - job.queued_s)
            return job


def _work(job: _Job[R]) -> None:
    try:
        result = job.work()
    except BaseException as error:  # noqa: BLE001 - it belongs to who asked for the work
        job.future.set_exception(error)
    else:
        job.future.set_result(result)
