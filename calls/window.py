"""The last seconds of a recording in memory, where both channels can still be written."""

import numpy as np

from calls.wav import RATE, Block, Overlay, Pcm, Piece

HOLD = 3 * RATE
"""Sound that is at most this late (samples) finds its place in memory; later sound is laid over the file."""
CAPACITY = HOLD + 5 * RATE


class Window:
    """Both channels from `base` on. Gaps are silence; what is written later wins."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._sound: Pcm = np.zeros((CAPACITY, 2), np.int16)
        self._changed: tuple[int, int] | None = None

    def write(self, channel: int, at: int, pcm: Pcm) -> list[Piece]:
        """Take sound in. Returns what has to go to the file now because it has no place here."""
        pieces: list[Piece] = []
        if at < self._base and pcm.size:
            early = pcm[: self._base - at]
            pieces.append(Overlay(at, channel, early.copy()))
            at, pcm = at + early.size, pcm[early.size :]
        while pcm.size:
            part, pcm = pcm[: CAPACITY - HOLD], pcm[CAPACITY - HOLD :]
            pieces += self._make_room(at + part.size)
            self._put(channel, at, part)
            at += part.size
        return pieces

    def take_changed(self) -> list[Piece]:
        """A copy of what was written since the last call; nothing when that is nothing."""
        if self._changed is None:
            return []
        start, end = self._changed
        self._changed = None
        return [Block(start, self._sound[start - self._base : end - self._base].copy())]

    def _make_room(self, end: int) -> list[Piece]:
        if end <= self._base + CAPACITY:
            return []
        pieces = self.take_changed()
        moved = end - HOLD - self._base
        kept = max(0, CAPACITY - moved)
        self._sound[:kept] = self._sound[CAPACITY - kept :].copy()
        self._sound[kept:] = 0
        self._base += moved
        return pieces

    def _put(self, channel: int, at: int, pcm: Pcm) -> None:
        end = at + pcm.size
        self._sound[at - self._base : end - self._base, channel] = pcm
        start, last = self._changed or (at, end)
        self._changed = min(start, at), max(last, end)
