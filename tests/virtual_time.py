"""A clock that jumps: thirty seconds of a call in a millisecond, and always the same.

The running loop's clock is replaced by one that stands still until `advance` moves it to the next timer, and
on, until the asked time is reached. Nothing sleeps.
"""

import asyncio


class VirtualTime:
    """The clock of one test's event loop."""

    def __init__(self, loop):
        self.loop = loop
        self.now = loop.time()
        self._real_time = loop.time
        loop.time = lambda: self.now

    async def advance(self, seconds):
        """Let `seconds` pass, timer by timer."""
        until = self.now + seconds
        while True:
            await self._settle()
            timers = [timer.when() for timer in self.loop._scheduled if not timer.cancelled()]
            due = [when for when in timers if when <= until]
            if not due:
                break
            self.now = max(self.now, min(due))
        self.now = until
        await self._settle()

    async def _settle(self):
        """Let everything run that can run without time passing."""
        for _ in range(20):
            await asyncio.sleep(0)

    def restore(self):
        """Give the loop its own clock back."""
        self.loop.time = self._real_time
