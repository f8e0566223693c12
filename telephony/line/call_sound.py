"""The sound of one call: every 20 ms a frame of the party is taken, and one is played to it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from telephony.line.inbox import Inbox
from telephony.line.leg import ULAW_SILENCE, Leg
from telephony.line.slot import Slot
from telephony.line.ticker import Ticker


class Tap(Protocol):
    """Listens to a call without being heard: a one-way stream, a recording."""

    def tap(self, heard: bytes, played: bytes) -> None:
        """One beat: what the party said and what it heard, 160 bytes of µ-law each."""


class CallSound:
    """Joins a leg with what sounds in `slot`, and lets taps listen."""

    def __init__(self, leg: Leg) -> None:
        self.slot = Slot()
        self._leg = leg
        self._inbox = Inbox()
        self._ticker = Ticker(self._tick)
        self._taps: list[Tap] = []
        self._keys: asyncio.Queue[str] | None = None

    def start(self) -> None:
        """Begin the beat."""
        self._ticker.start()

    async def stop(self) -> None:
        """End it."""
        await self._ticker.stop()

    def heard(self, frame: bytes) -> None:
        """20 ms of the party have arrived."""
        self._inbox.put(frame)
        self._ticker.follow()

    def pressed(self, digit: str) -> None:
        """A key of the party: to whoever waits for keys, else to what sounds."""
        if self._keys is not None:
            self._keys.put_nowait(digit)
        elif self.slot.source is not None:
            self.slot.source.press(digit)

    @contextmanager
    def keys(self) -> Iterator[asyncio.Queue[str]]:
        """The party's keys, while this is open."""
        self._keys = asyncio.Queue()
        try:
            yield self._keys
        finally:
            self._keys = None

    def attach(self, tap: Tap) -> None:
        """Let a tap listen."""
        self._taps.append(tap)

    def detach(self, tap: Tap) -> None:
        """Let it listen no more. Does nothing the second time."""
        if tap in self._taps:
            self._taps.remove(tap)

    def _tick(self) -> None:
        heard = self._inbox.take()
        frame = self.slot.exchange(heard) or ULAW_SILENCE
        self._leg.send(frame)
        for tap in tuple(self._taps):
            tap.tap(heard, frame)
