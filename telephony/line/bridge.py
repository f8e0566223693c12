"""Two calls joined: each hears the other, and the keys that the other presses."""

import asyncio

from telephony.line.call import Call
from telephony.line.conferences.mixer import Mixer
from telephony.line.leg import KeyedLeg, Leg


class Bridge:
    """The sound between a call and the one that its `<Dial>` rang. Closed once, for both."""

    def __init__(self) -> None:
        self.mixer = Mixer()
        self.closed = asyncio.Event()
        self._chosen: asyncio.Future[Call] = asyncio.get_running_loop().create_future()

    def choose(self, call: Call) -> None:
        """Of all calls that were rung, this one is joined."""
        self._chosen.set_result(call)

    def close(self) -> None:
        """End it for both. Does nothing the second time."""
        self.closed.set()
        self._chosen.cancel()

    async def is_for(self, call: Call) -> bool:
        """Whether a call that has answered is the one that is joined; waits until that is known."""
        await asyncio.wait({self._chosen})
        return not self._chosen.cancelled() and self._chosen.result() is call

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
