"""When to decode what the caller says: a function of what the VAD sees, without a clock or a model."""

from dataclasses import dataclass
from enum import Enum

DIP_S = 0.03
"""The first quiet window may be the end of the turn: where the model is idle, decoding begins there and then."""
PAUSE_S = 0.12
"""After so much silence the text is wanted even where others wait for the model."""
PARTIAL_EVERY_S = 0.6


class Decode(Enum):
    """What to decode now."""

    PARTIAL = "partial"
    """A first text of what is still being said."""
    EARLY = "early"
    """All of it: nothing may follow. Only where the model is idle."""
    FINAL = "final"
    """All of it, in any case."""


@dataclass
class Schedule:
    """The decodes of one turn."""

    _begun_s: float = 0.0
    """When the last decode began."""
    _covered: bool = False
    """Whether a decode has begun since the last sound of a voice, so that it holds everything said."""

    def begin(self, now_s: float) -> None:
        """The turn begins."""
        self._begun_s = now_s
        self._covered = False

    def next(self, now_s: float, quiet_s: float, *, idle: bool, underway: bool) -> Decode | None:
        """What to begin now; the caller has been quiet for `quiet_s`, and `underway` tells of a decode of this turn."""
        if quiet_s <= 0:
            self._covered = False
            due = now_s - self._begun_s >= PARTIAL_EVERY_S
            return self._begin(Decode.PARTIAL, now_s) if due and idle and not underway else None
        if self._covered:
            return None
        if quiet_s >= PAUSE_S:
            return self._begin(Decode.FINAL, now_s)
        if quiet_s >= DIP_S and idle:
            return self._begin(Decode.EARLY, now_s)
        return None

    def _begin(self, decode: Decode, now_s: float) -> Decode:
        self._begun_s = now_s
        self._covered = decode is not Decode.PARTIAL
        return decode
