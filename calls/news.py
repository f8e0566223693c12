"""Wakes those who follow a call when it may have new events."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

Wait = Callable[[], Awaitable[None]]
"""Returns once there may be events that were not read when it was called; too early is harmless, never is not."""


class News(Protocol):
    """Tells of stored events. They themselves are read from the store."""

    def tell(self, call_id: str) -> None:
        """Events of this call were stored by this process."""

    def listen(self, call_id: str) -> AbstractContextManager[Wait]:
        """A wait for one follower of one call. Nothing told from now on is missed."""


class PollingNews:
    """At once for events of this process; those of others are found by looking every `poll_s` seconds.

    That is all SQLite can do. On PostgreSQL, LISTEN/NOTIFY can take this class's place.
    """

    def __init__(self, poll_s: float = 0.15) -> None:
        self._poll_s = poll_s
        self._bells: dict[str, set[asyncio.Event]] = {}

    def tell(self, call_id: str) -> None:
        """Wake the followers of this call."""
        for bell in self._bells.get(call_id, ()):
            bell.set()

    @contextmanager
    def listen(self, call_id: str) -> Iterator[Wait]:
        """A wait that ends at the next telling, or when it is time to look."""
        bell = asyncio.Event()

        async def wait() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._poll_s):
                    await bell.wait()
            bell.clear()

        self._bells.setdefault(call_id, set()).add(bell)
        try:
            yield wait
        finally:
            bells = self._bells[call_id]
            bells.discard(bell)
            if not bells:
                del self._bells[call_id]
