"""Reading a stream in fewer, larger gulps while nothing on it is urgent.

Fifty times a second a carrier's frame wakes a process that sleeps, which costs more than looking at the frame. A timer
that lets a few of them come first wakes it less often; what has come by then is read in one go.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from telephony.media.gathering import MOST_FRAMES

FRAME_S = 0.02
REST_S = (MOST_FRAMES - 1) * FRAME_S
"""All frames of a gulp but one come meanwhile; the last is waited for: reading never falls behind the carrier."""
SOONEST_S = 0.001
"""A message that is there sooner had come before it was asked for."""

T = TypeVar("T")


class Unhurried(Generic[T]):
    """Gives what `receive` gives, and rests before it where `may_rest` says so."""

    def __init__(self, receive: Callable[[], Awaitable[T]], may_rest: Callable[[], bool]) -> None:
        self._receive = receive
        self._may_rest = may_rest
        self._caught_up = False

    async def next(self) -> T:
        """The next message; raises what `receive` raises. Never rests while older messages wait to be read."""
        if self._caught_up and self._may_rest():
            await asyncio.sleep(REST_S)
        loop = asyncio.get_running_loop()
        asked = loop.time()
        message = await self._receive()
        self._caught_up = loop.time() - asked > SOONEST_S
        return message
