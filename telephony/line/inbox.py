"""Frames on their way to a clock of 20 ms: late ones do not hold it back for ever. Pure."""

from collections import deque

from telephony.line.leg import ULAW_SILENCE

MOST = 10
"""Frames that may wait: 200 ms, then the oldest are lost."""
WATCH_FRAMES = 50
"""For one second a frame was not needed: one is dropped, so that delay does not stay."""
PATIENCE_FRAMES = 250
"""A drop waits this long for a frame in which nobody speaks."""
QUIET = 0x58
"""µ-law codes from here on, without their sign, are below about 200 of 32,768."""


class Inbox:
    """Takes a frame whenever one arrives, gives one every 20 ms.

    `spare` frames are gathered first, and again after it has run empty: needed where frames may come at the very
    moment at which one is taken.
    """

    def __init__(self, spare: int = 0) -> None:
        self._frames: deque[bytes] = deque(maxlen=MOST)
        self._spare = spare
        self._gathering = True
        self._fewest = MOST
        self._watched = 0

    def __len__(self) -> int:
        return len(self._frames)

    def put(self, frame: bytes) -> None:
        """A frame has arrived."""
        self._frames.append(frame)

    def take(self) -> bytes:
        """The frame for this moment; silence when none has come."""
        self._drop_unneeded()
        if self._gathering and len(self._frames) <= self._spare:
            return ULAW_SILENCE
        self._gathering = not self._frames
        return self._frames.popleft() if self._frames else ULAW_SILENCE

    def _drop_unneeded(self) -> None:
        self._fewest = min(self._fewest, len(self._frames))
        self._watched += 1
        if self._watched < WATCH_FRAMES:
            return
        if self._fewest <= 1 + self._spare:
            self._fewest, self._watched = MOST, 0
        elif self._watched >= PATIENCE_FRAMES or _is_quiet(self._frames[0]):
            self._frames.popleft()
            self._fewest, self._watched = MOST, 0


def _is_quiet(frame: bytes) -> bool:
    return all(code & 0x7F >= QUIET for code in frame)
