"""The live events of one process, as one subscriber sees them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self

from calls.events import CallEvent

Read = Callable[[str, int, int], Awaitable[list[CallEvent]]]
"""`read(call_id, after, limit)` from the store."""


@dataclass
class _Missed:
    """The part of one call that the queue had no room for."""

    first: int
    last: int


class Subscription:
    """An async iterator over events as they are stored, each exactly once and each call's in order.

    The queue is bounded and offering never waits, so a slow subscriber holds nobody up: what did not fit is read
    from the store once the queue is empty. Ends after `close`, when everything offered has been handed out.
    """

    def __init__(self, read: Read, call_id: str | None, room: int) -> None:
        self._read = read
        self._call_id = call_id
        self._room = room
        self._queue: deque[CallEvent] = deque()
        self._missed: dict[str, _Missed] = {}
        self._offered = asyncio.Event()
        self._closed = False

    def offer(self, event: CallEvent) -> None:
        """Take note of an event that has just been stored."""
        if self._closed or self._call_id not in {None, event.call_id}:
            return
        missed = self._missed.get(event.call_id)
        if missed is not None:
            # Queueing it would put it before those that were missed.
            missed.last = event.seq
        elif len(self._queue) < self._room:
            self._queue.append(event)
        else:
            self._missed[event.call_id] = _Missed(event.seq, event.seq)
        self._offered.set()

    def close(self) -> None:
        """Take no more events."""
        self._closed = True
        self._offered.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> CallEvent:
        """The next event.

        Raises:
            StoreUnavailableError: events were missed and cannot be read now; the next try goes on where this one was.
        """
        while not self._queue:
            if self._missed:
                await self._catch_up()
            elif self._closed:
                raise StopAsyncIteration
            else:
                self._offered.clear()
                await self._offered.wait()
        return self._queue.popleft()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self.close()

    async def _catch_up(self) -> None:
        """Read a page of what was missed of the call that has waited longest."""
        call_id, missed = next(iter(self._missed.items()))
        page = await self._read(call_id, missed.first - 1, self._room)
        # Events after `last` are stored but not offered yet; they will be.
        known = [event for event in page if event.seq <= missed.last]
        self._queue.extendleft(reversed(known))
        if not known or known[-1].seq == missed.last:
            del self._missed[call_id]
        else:
            missed.first = known[-1].seq + 1
