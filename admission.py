"""Whether one call more can be served well: judged by what callers would feel, not by processor load.

Two signals: how late the event loop runs (everybody's sound and keys wait for it) and how long a final text or a first
sound waits for its model. Both are remembered for a while, because load comes in waves; and one that cannot be read
counts as full, never as empty.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

LATE_LOOP_S = 0.06
"""Three frames of sound: later than that, pieces of ours come too late."""
LONG_WAIT_S = 0.5
"""With so long a queue before the model, answers take over a second."""
MEMORY_S = 4.0
EVERY_S = 0.1


@dataclass
class Admission:
    """The load of the last seconds. Times are seconds on one clock."""

    most_calls: int | None = None
    """An operator's own limit; None for as many as can be served well."""
    late_loop_s: float = LATE_LOOP_S
    """From so much lag on, no call is accepted."""
    _lags: deque[tuple[float, float]] = field(default_factory=deque)
    _waits: deque[tuple[float, float]] = field(default_factory=deque)

    def note(self, now_s: float, lag_s: float, wait_s: float) -> None:
        """What was measured at `now_s`."""
        for kept, value in ((self._lags, lag_s), (self._waits, wait_s)):
            kept.append((now_s, value))
            while kept[0][0] < now_s - MEMORY_S:
                kept.popleft()

    def accepts(self, now_s: float, live_calls: int) -> bool:
        """Whether a call that comes now can be served well."""
        if self.most_calls is not None and live_calls >= self.most_calls:
            return False
        if not self._lags or self._lags[-1][0] < now_s - MEMORY_S:
            return False
        return self.lag_s <= self.late_loop_s and self.wait_s <= LONG_WAIT_S

    @property
    def lag_s(self) -> float:
        """How late the event loop ran lately."""
        return _worst(self._lags)

    @property
    def wait_s(self) -> float:
        """How long speech waited for its model lately."""
        return _worst(self._waits)


async def watch(admission: Admission, clock: Callable[[], float], take_wait_s: Callable[[], float]) -> None:
    """Note loop lag and queue time for as long as the server runs."""
    while True:
        await look(admission, clock, take_wait_s)


async def look(admission: Admission, clock: Callable[[], float], take_wait_s: Callable[[], float]) -> None:
    """Note them once. Before the first time no call is accepted."""
    began = clock()
    await asyncio.sleep(EVERY_S)
    now = clock()
    admission.note(now, max(0.0, now - began - EVERY_S), take_wait_s())


def _worst(kept: deque[tuple[float, float]]) -> float:
    """The second worst: one hiccup of the machine is no load."""
    values = sorted(value for _, value in kept)
    return values[-2:][0] if values else 0.0
