"""Work that nobody waits for: kept from being forgotten while it runs, as asyncio alone would."""

import asyncio
from collections.abc import Coroutine

from loguru import logger


class Tasks:
    """The background tasks of one object."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Begin."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def cancel(self) -> None:
        """Give up what is left."""
        for task in self._running:
            task.cancel()

    async def stop(self) -> None:
        """Give up what is left, and wait until it has come to its end."""
        running = set(self._running)
        self.cancel()
        if running:
            await asyncio.wait(running)

    async def finished(self) -> None:
        """Wait until all of it has come to its end."""
        while self._running:
            await asyncio.wait(set(self._running))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.opt(exception=error).error("a background task broke")
