"""The sound of one turn of the caller, cut into pieces that the recogniser can take."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8000
PRE_ROLL_S = 0.5
"""Sound kept from before the VAD saw speech: its start delay and the soft beginning of a word."""
LONG_PIECE_S = 18.0
"""A pause after this much speech ends a piece, so that what was said before is safe."""
FULL_PIECE_S = 28.0
"""Without a pause a piece ends here: the recogniser takes 29 s."""

Sound = NDArray[np.int16]


@dataclass(frozen=True)
class Piece:
    """A stretch of sound and the sample, at 8 kHz on the call's axis, where it begins."""

    start_sample: int
    sound: Sound

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.sound.size / RATE


class TurnSound:
    """Keeps the last half second while nobody speaks, and everything while the caller's turn lasts."""

    def __init__(self) -> None:
        self._chunks: deque[Sound] = deque()
        self._size = 0
        self._end = 0
        self.in_turn = False

    def add(self, chunk: Sound, end_sample: int) -> None:
        """Take the next chunk; it ends at `end_sample`."""
        self._chunks.append(chunk)
        self._size += chunk.size
        self._end = end_sample
        if not self.in_turn:
            self._trim()

    def begin(self) -> None:
        """The caller has begun to speak."""
        self.in_turn = True

    def end(self) -> None:
        """The caller's turn is over."""
        self.in_turn = False
        self._trim()

    def piece(self) -> Piece:
        """The sound since the turn, or its last cut, began."""
        sound = np.concatenate(self._chunks) if self._chunks else np.zeros(0, dtype=np.int16)
        return Piece(self._end - self._size, sound)

    def cut(self) -> None:
        """Begin a new piece here, keeping nothing of the last."""
        self._chunks.clear()
        self._size = 0

    @property
    def seconds(self) -> float:
        """How long the current piece is."""
        return self._size / RATE

    def _trim(self) -> None:
        while self._chunks and self._size - self._chunks[0].size >= PRE_ROLL_S * RATE:
            self._size -= self._chunks.popleft().size
