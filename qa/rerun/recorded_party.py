"""The caller of a recorded call: does today what they did then, when they would do it today."""

from collections.abc import Callable, Sequence

from calls.wav import Pcm
from qa.rerun.deeds import Deed
from qa.rerun.pacing import Pacing
from qa.rerun.sound import CallerSound
from qa.virtual.party import KEY_S, Act, Assistant, Party


class RecordedParty(Party):
    """One caller, with their own sound."""

    def __init__(self, recorded: Pcm, deeds: Sequence[Deed], stand_in: Callable[[str], Pcm]) -> None:
        """`recorded` is their channel, int16 mono 8 kHz; `stand_in` speaks a text of which it has no sound."""
        self._pacing = Pacing(deeds)
        self._sound = CallerSound(recorded, deeds, stand_in)

    @property
    def stood_in(self) -> tuple[str, ...]:
        """What a stand-in has said."""
        return tuple(self._sound.stood_in)

    def begins(self, now_s: float) -> None:
        """The call begins."""
        self._pacing.begins(now_s)

    def due(self, now_s: float, assistant: Assistant) -> Act | None:
        """As `Party.due`."""
        deed = self._pacing.due(now_s, assistant)
        if deed is None:
            return None
        if deed.hangs_up:
            return Act(hangs_up=True)
        if deed.keys:
            return Act(keys=deed.keys, apart_s=_apart_s(deed))
        return Act(self._sound.of(deed))

    def done(self, now_s: float) -> None:
        """They have done what they began last."""
        self._pacing.done(now_s)

    def between(self) -> Pcm:
        """The next frame of their line while they say nothing."""
        return self._sound.between()


def _apart_s(deed: Deed) -> float:
    gaps = len(deed.keys) - 1
    return ((deed.end_s - deed.start_s) / gaps if gaps else 0.0) or KEY_S
