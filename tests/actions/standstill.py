"""Where requests get stuck until those who asked have given up. Nobody waits for that: the clock jumps."""

import asyncio
from contextlib import asynccontextmanager


class Standstill:
    """Requests that are stuck, by key, on the running loop.

    Once all that are `awaited` are stuck, nothing can happen any more but that time passes: the loop's clock, which
    otherwise goes as ever, then jumps over `patience_s`, the longest time-out of those who wait.
    """

    def __init__(self, patience_s):
        self._patience_s = patience_s
        self._loop = asyncio.get_running_loop()
        self._real_time, self._skipped_s = self._loop.time, 0.0
        self._loop.time = lambda: self._real_time() + self._skipped_s
        self._awaited, self._stuck = set(), set()
        self._late, self._ends, self._jumps = {}, asyncio.Event(), []
        self.reached = asyncio.Event()
        """Somebody is stuck."""

    async def awaited(self, key, result):
        """The result of what was asked for with a key."""
        self._awaited.add(key)
        try:
            return await result
        finally:
            self._awaited.discard(key)
            self._look()

    async def hang(self, key):
        """Stuck for good."""
        self._reach(key)
        await self._ends.wait()

    @asynccontextmanager
    async def late(self, key):
        """What is done within is done late: when this key is stuck again after it was given up, or in the end."""
        goes_on, done = asyncio.Event(), asyncio.Event()
        self._late[goes_on] = done
        self._reach(key, goes_on)
        try:
            await goes_on.wait()
            yield
        finally:
            done.set()

    async def end(self):
        """Let everything go on, and wait for what was late."""
        self.go_on()
        for done in self._late.values():
            await done.wait()

    def go_on(self):
        """Let everything go on."""
        self._ends.set()
        for goes_on in self._late:
            goes_on.set()

    def restore(self):
        """Give the loop its own clock back."""
        self._loop.time = self._real_time

    def _reach(self, key, goes_on=None):
        self._stuck.add((key, goes_on))
        self.reached.set()
        self._look()

    def _look(self):
        keys = {key for key, _ in self._stuck}
        if self._awaited and self._awaited <= keys:
            fresh = {goes_on for _, goes_on in self._stuck}
            self._stuck = set()
            self._jumps.append(asyncio.create_task(self._jump(fresh)))

    async def _jump(self, fresh):
        for goes_on, done in self._late.items():
            if goes_on not in fresh:
                goes_on.set()
                await done.wait()
        self._skipped_s += self._patience_s
