"""Two calls joined: each hears the other, and the keys that the other presses."""

import asyncio

from telephony.line.conferences.mixer import Mixer
from telephony.line.leg import KeyedLeg, Leg


class Bridge:
    """The sound between a call and the one that its `<Dial>` rang. Closed once, for both."""

    def __init__(self) -> None:
        self.mixer = Mixer()
        self.closed = asyncio.Event()
        self.taken = False
        """Whether somebody has answered: only the first who does is joined."""

    def join(self, other: Leg) -> "BridgeEnd":
        """One side's end; `other` is the leg of the other side."""
        end = BridgeEnd(self.mixer, other)
        self.mixer.add(end)
        return end


class BridgeEnd:
    """A `Source`: what one side hears of the other."""

    def __init__(self, mixer: Mixer, other: Leg) -> None:
        self._mixer = mixer
        self._other = other

    def exchange(self, heard: bytes) -> bytes | None:
        """One beat."""
        self._mixer.put(self, heard)
        return self._mixer.take(self)

    def press(self, digit: str) -> None:
        """The other side gets the key too."""
        if isinstance(self._other, KeyedLeg):
            self._other.press(digit)
