"""An event loop on a clock that jumps: a call of three minutes takes as long as its work, and is always the same.

Time stands still while anything can run, and jumps to the next timer otherwise. Work that would go to a thread is done
in place and takes a modelled time (`qa.virtual.costs`), so that what happens when depends on nothing outside the call.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pipecat.audio.vad import vad_controller

from qa.virtual.costs import PLAN_S, Spent
from qa.virtual.worker import finish

FIRST_S = 1000.0
"""Where the clock begins: a zero would look like "never" to some."""
Result = TypeVar("Result")


class NothingLeftError(RuntimeError):
    """Somebody waits, and nothing is under way that could end it."""


class _JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing: where a real one would sleep, the clock is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.now = FIRST_S

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise NothingLeftError("the call waits for something that can never come")
        self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """See the module. `spent` is told what work really took."""

    def __init__(self, spent: Spent) -> None:
        self._jumping = _JumpingSelector()
        self._spent = spent
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds on the virtual clock."""
        return self._jumping.now

    def run_in_executor(
        self, executor: object, func: Callable[..., Result], *args: object
    ) -> "asyncio.Future[Result]":
        """Do it here, as if a thread had needed `PLAN_S` for it: what calls send to threads is deciding."""
        future: asyncio.Future[Result] = self.create_future()

        def work() -> None:
            if future.done():
                return
            with self._spent.on("plan"):
                finish(future, lambda: func(*args))

        self.call_later(PLAN_S, work)
        return future


def run_virtually(work: Coroutine[Any, Any, Result], spent: Spent) -> Result:
    """Run `work` to its end on a loop and a clock of its own.

    Raises:
        NothingLeftError: it waits for something that can never come.
    """
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(spent)) as runner:
        loop = runner.get_loop()
        with _same_clock(loop.time):
            return runner.run(work)


class _Clock:
    """Stands in for the module `time` where a library asks it, and not the loop, how long ago something was."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.time = self.monotonic = clock


@contextmanager
def _same_clock(clock: Callable[[], float]) -> Iterator[None]:
    """pipecat ends a voice when no sound has come for a second of real time, and that would depend on the machine."""
    module: Any = vad_controller
    before = module.time
    module.time = _Clock(clock)
    try:
        yield
    finally:
        module.time = before
