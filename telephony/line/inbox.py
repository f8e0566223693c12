"""The caller's frames on their way to the call's clock: late ones do not hold the call back for ever. Pure."""

from collections import deque

from telephony.line.leg import ULAW_SILENCE

MOST = 10
"""Frames that may wait: 200 ms, then the oldest are lost."""
WATCH_FRAMES = 50
"""For one second no frame was needed: one is dropped, so that delay does not stay."""


class Inbox:
    """Takes a frame whenever one arrives, gives one every 20 ms."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=MOST)
        self._spare = MOST
        self._watched = 0

    def put(self, frame: bytes) -> None:
        """A frame has arrived."""
        self._frames.append(frame)

    def take(self) -> bytes:
        """The frame for this moment; silence when none has come."""
        self._spare = min(self._spare, len(self._frames))
        self._watched += 1
        if self._watched >= WATCH_FRAMES:
            if self._spare > 1:
                self._frames.popleft()
            self._spare, self._watched = MOST, 0
        return self._frames.popleft() if self._frames else ULAW_SILENCE
