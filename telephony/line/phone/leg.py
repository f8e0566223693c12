"""The browser phone as a leg of a call."""

import asyncio
from collections.abc import Callable

from telephony.line.leg import LegEnd
from telephony.line.told_leg import ToldLeg

MOST_UNSENT = 50
"""Frames that may wait for a browser that does not read: one second, then the oldest are lost."""

Tell = Callable[[dict[str, object]], None]


class PhoneLeg(ToldLeg):
    """One call of one page. The socket feeds it and is told by it."""

    def __init__(self, party: str, tell: Tell) -> None:
        super().__init__(party)
        self._tell = tell
        self.call_sid: str | None = None
        self.to_page: asyncio.Queue[bytes] = asyncio.Queue(MOST_UNSENT)

    def label(self, call_sid: str) -> None:
        """The carrier has given the call its sid."""
        self.call_sid = call_sid

    async def answer(self) -> None:
        """Accept the call."""
        self._tell({"type": "answered"})

    async def reject(self, end: LegEnd) -> None:
        """Refuse the call."""
        self.ended(end)

    async def hang_up(self) -> None:
        """End the call."""
        self.ended(LegEnd.HUNG_UP)

    def send(self, frame: bytes) -> None:
        """20 ms for the page's loudspeaker."""
        if self.to_page.full():
            self.to_page.get_nowait()
        self.to_page.put_nowait(frame)

    def closing(self, end: LegEnd) -> None:
        """The page is told."""
        self._tell({"type": "ended", "reason": end.value})
