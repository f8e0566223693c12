"""When to decode what the caller says: a function of what VAD and loudness tell, without a clock or a model."""

from dataclasses import dataclass
from enum import Enum

DIP_S = 0.03
"""A voice so long far below its peak may have come to its end: where the model is idle, decoding begins there."""
PAUSE_S = 0.12
"""After so much silence the text is wanted even where others wait for the model."""
PARTIAL_EVERY_S = 0.6
TAIL_S = 0.2
"""The VAD takes a voice to last up to so much longer than its loudness does."""


class Decode(Enum):
    """What to decode now."""

    PARTIAL = "partial"
    """A first text of what is still being said."""
    EARLY = "early"
    """All of it: nothing may follow. Only where the model is idle."""
    FINAL = "final"
    """All of it, in any case."""


@dataclass(frozen=True)
class Moment:
    """What is known of the caller now. Times in seconds."""

    now_s: float
    quiet_s: float
    """How long the VAD has heard no voice."""
    low_s: float
    """How long the sound has been far below the voice's peak."""
    idle: bool
    """Whether nobody else waits for the model."""
    underway: bool = False
    """Whether a decode of this turn is underway."""
    long: bool = False
    """Whether there is so much speech that a pause should end a piece."""


@dataclass
class Schedule:
    """The decodes of one turn."""

    _begun_s: float = 0.0
    """When the last decode began."""
    _whole: bool = False
    """Whether that was of everything, and no voice has come back since."""
    _early: bool = False
    """Whether that was a guess that nothing would follow."""
    _doubted: bool = False
    """Whether its text is as likely wrong as right."""

    def begin(self, now_s: float) -> None:
        """The turn begins."""
        self._begun_s = now_s
        self._whole = False

    def covers(self, moment: Moment) -> bool:
        """Whether the caller is quiet and the last decode holds everything they said."""
        since_s = moment.now_s - self._begun_s
        return self._whole and moment.quiet_s > 0 and since_s <= moment.quiet_s + TAIL_S

    def doubt(self) -> None:
        """The last text is not sure. Cut off early, a word's end may be missing: one more look, with the pause."""
        self._doubted = self._early

    def next(self, moment: Moment) -> Decode | None:
        """What to begin now."""
        if moment.quiet_s <= 0 and moment.low_s <= 0:
            self._whole = False
        if moment.quiet_s > 0:
            return self._in_a_pause(moment)
        if moment.low_s >= DIP_S and moment.idle and not self._whole:
            return self._begin(Decode.EARLY, moment)
        due = moment.low_s <= 0 and moment.now_s - self._begun_s >= PARTIAL_EVERY_S
        if due and moment.idle and not moment.underway:
            return self._begin(Decode.PARTIAL, moment)
        return None

    def _in_a_pause(self, moment: Moment) -> Decode | None:
        covered = self.covers(moment)
        if moment.quiet_s >= PAUSE_S and (moment.long or not covered or self._doubted):
            return self._begin(Decode.FINAL, moment)
        if moment.idle and not covered:
            return self._begin(Decode.EARLY, moment)
        return None

    def _begin(self, decode: Decode, moment: Moment) -> Decode:
        self._begun_s = moment.now_s
        self._whole = decode is not Decode.PARTIAL
        self._early, self._doubted = decode is Decode.EARLY, False
        return decode
