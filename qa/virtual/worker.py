"""One model's thread on the virtual clock: the same queue, the same order, and no thread."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from qa.virtual.costs import Spent
from voice.fair_queue import FairQueue, Lane
from voice.workers import MOST_WAITING, Worker

R = TypeVar("R")


class MoreTime(Exception):  # noqa: N818 - no failure: the work goes on
    """Raised by work that is not done yet: it is to be called again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(eq=False)
class _Job:
    work: Callable[[], Any]
    lane: Lane
    future: "asyncio.Future[Any]"


class VirtualWorker(Worker):
    """Does one job at a time, each at the end of its modelled time.

    A job that is given up before then is not done at all, where a thread would have come to the next of its steps:
    most of what a live call decodes ahead costs nothing here.
    """

    def __init__(self, kind: str, costs: Mapping[Lane, float], spent: Spent) -> None:
        self._kind = kind
        self._costs = costs
        self._spent = spent
        self._waiting: FairQueue[_Job] = FairQueue(MOST_WAITING)
        self._current: _Job | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def idle(self) -> bool:
        """Whether a job would begin at once."""
        return self._current is None and not self._waiting

    @property
    def awaited(self) -> bool:
        """Whether a job is waiting for its turn."""
        return bool(self._waiting)

    def take_wait_s(self) -> float:
        """Nothing waits for a machine here."""
        return 0.0

    async def run(self, work: Callable[[], R], owner: str, lane: Lane = Lane.NOW) -> R:
        """As `Worker.run`."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        job = _Job(work, lane, future)
        self._waiting.put(job, owner, lane)
        self._begin_next()
        try:
            return await future
        except asyncio.CancelledError:
            self._give_up(job)
            raise

    def stop(self) -> None:
        """Take no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin_next(self) -> None:
        if self._current is not None or (job := self._waiting.take()) is None:
            return
        self._current = job
        self._timer = asyncio.get_running_loop().call_later(self._costs[job.lane], self._end, job)

    def _end(self, job: _Job) -> None:
        try:
            if not job.future.done():
                with self._spent.on(self._kind):
                    finish(job.future, job.work)
        except MoreTime as more:
            self._timer = asyncio.get_running_loop().call_later(more.seconds, self._end, job)
            return
        self._current = None
        self._begin_next()

    def _give_up(self, job: _Job) -> None:
        if job is self._current:
            self.stop()
            self._current = None
            self._begin_next()
        else:
            self._waiting.drop(job)


def finish(future: "asyncio.Future[R]", work: Callable[[], R]) -> None:
    """Do the work, and let whoever waits for the future have what comes of it.

    Raises:
        MoreTime: the work is not done yet.
    """
    try:
        result = work()
    except MoreTime:
        raise
    except Exception as error:  # noqa: BLE001 - it belongs to who asked for the work
        future.set_exception(error)
    else:
        future.set_result(result)
