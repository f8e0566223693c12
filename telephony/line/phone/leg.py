"""The browser phone as a leg of a call."""

import asyncio
from collections.abc import Callable

from telephony.line.leg import LegEnd, LegListener

MOST_UNSENT = 50
"""Frames that may wait for a browser that does not read: one second, then the oldest are lost."""

Tell = Callable[[dict[str, object]], None]


class PhoneLeg:
    """One call of one page. The socket feeds it and is told by it."""

    def __init__(self, party: str, tell: Tell) -> None:
        self._party = party
        self._tell = tell
        self._listener: LegListener | None = None
        self._over = False
        self.call_sid: str | None = None
        self.to_page: asyncio.Queue[bytes] = asyncio.Queue(MOST_UNSENT)

    @property
    def party(self) -> str:
        """Who is there."""
        return self._party

    def label(self, call_sid: str) -> None:
        """The carrier has given the call its sid."""
        self.call_sid = call_sid

    def listen(self, listener: LegListener) -> None:
        """Tell `listener` from now on."""
        self._listener = listener

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

    def heard(self, frame: bytes) -> None:
        """20 ms of the page's microphone."""
        if self._listener is not None and not self._over:
            self._listener.on_audio(frame)

    def pressed(self, digit: str) -> None:
        """A key on the page."""
        if self._listener is not None and not self._over:
            self._listener.on_digit(digit)

    def ended(self, end: LegEnd) -> None:
        """The call is over, whoever ended it. Told once."""
        if self._over:
            return
        self._over = True
        self._tell({"type": "ended", "reason": end.value})
        if self._listener is not None:
            self._listener.on_ended(end)
