"""A 20 ms beat without drift, which falls in with the caller's packets."""

import asyncio
from collections.abc import Callable

from telephony.line.leg import FRAME_S

MOST_BEHIND_S = 0.5
"""After a longer stall the beat starts anew instead of making up for it."""
LEAD_S = (0.002, 0.007)
"""How long before its beat a frame should arrive: earlier it only waits, later it may miss."""
STEP_S = 0.0005


class Ticker:
    """Calls `tick` every 20 ms by the loop's clock; beats missed by a late wake-up follow at once."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._task: asyncio.Task[None] | None = None
        self._due = 0.0

    def start(self) -> None:
        """Begin, with a tick now."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def follow(self) -> None:
        """A frame has arrived now: move the beat a little towards the best moment to take it.

        Otherwise each call would keep, for as long as it lasts, the wait that it began with: 10 ms on average.
        """
        if self._task is None:
            return
        lead_s = self._due - asyncio.get_running_loop().time()
        if LEAD_S[1] < lead_s < FRAME_S:
            self._due -= STEP_S
        elif 0 < lead_s < LEAD_S[0]:
            self._due += STEP_S

    async def stop(self) -> None:
        """End. Does nothing the second time."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        self._due = loop.time()
        while True:
            self._tick()
            self._due += FRAME_S
            now = loop.time()
            if now - self._due > MOST_BEHIND_S:
                self._due = now
            await asyncio.sleep(max(0.0, self._due - loop.time()))
