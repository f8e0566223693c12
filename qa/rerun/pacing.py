"""When the caller does the next thing: elastic alignment as a state machine without a clock."""

from collections.abc import Sequence

from qa.rerun.deeds import STILL_HEARD_S, AfterReply, AfterSelf, Deed, IntoReply, Opening
from qa.virtual.party import Assistant

REACTION_S = 0.3
"""After a sentence that ended before the place where they cut in then."""
PATIENCE_S = 20.0
"""Who hears nothing for so long goes on."""


SLACK_S = 0.001
"""Times are sums and differences of hundredths: by so little they may miss each other. A whole step late, and what is
heard from there on is cut into other pieces."""


class Pacing:
    """The deeds of one call, released one after the other. Times are seconds on any clock."""

    def __init__(self, deeds: Sequence[Deed]) -> None:
        self._deeds = list(deeds)
        self._began_s = 0.0
        self._freed_s = 0.0
        """What we say since then is a reply: since the caller began to do something, or we have waited in vain."""
        self._done_s: float | None = 0.0
        """When they were done with it; None while they are at it."""
        self._sounding_since_s: float | None = None
        self._begun_s: float | None = None
        """When the reply to what they did began; None while there is none."""
        self._quiet_s = 0.0
        """Since when the assistant is silent."""
        self._silences = 0
        """How often we had waited in vain before the caller did something last."""
        self._noticed = 0

    def begins(self, now_s: float) -> None:
        """The call begins."""
        self._began_s = self._freed_s = self._quiet_s = self._done_s = now_s

    def done(self, now_s: float) -> None:
        """The caller is done with what was released last."""
        self._done_s = now_s

    def due(self, now_s: float, assistant: Assistant) -> Deed | None:
        """What the caller begins to do now. Ask at every step of the clock, at which the assistant is as told."""
        self._follow(now_s, assistant)
        if self._done_s is None or not self._deeds:
            return None
        deed = self._deeds[0]
        if not (self._is_due(deed, now_s, assistant) or self._waits_in_vain(now_s, assistant, deed)):
            return None
        self._deeds.pop(0)
        self._freed_s, self._done_s, self._begun_s = now_s, None, None
        self._silences = assistant.silences
        return deed

    def _follow(self, now_s: float, assistant: Assistant) -> None:
        if assistant.silences > self._noticed:
            # What was said before has had its silence: only what follows can be answered.
            self._noticed = assistant.silences
            self._freed_s, self._begun_s = now_s, None
        if not assistant.sounding:
            if self._sounding_since_s is not None:
                self._quiet_s = now_s
            self._sounding_since_s = None
            return
        if self._sounding_since_s is None:
            self._sounding_since_s = now_s
        if self._begun_s is None:
            anew = self._sounding_since_s > self._freed_s or self._freed_s == self._began_s
            if anew or now_s - self._freed_s > STILL_HEARD_S:
                self._begun_s = max(self._sounding_since_s, self._freed_s)

    def _is_due(self, deed: Deed, now_s: float, assistant: Assistant) -> bool:
        done_s = self._done_s or 0.0
        match deed.anchor:
            case Opening(at_s):
                return _has_passed(at_s, self._began_s, now_s)
            case AfterSelf(gap_s):
                return _has_passed(gap_s, done_s, now_s)
        if self._begun_s is None or assistant.silences - self._silences < deed.silences:
            return False
        quiet = not (assistant.sounding or assistant.acting)
        match deed.anchor:
            case AfterReply(delay_s):
                return quiet and _has_passed(delay_s, self._quiet_s, now_s)
            case IntoReply(offset_s):
                into = assistant.sounding and _has_passed(offset_s, self._begun_s, now_s)
                return into or (quiet and now_s - self._quiet_s >= REACTION_S)
        return False

    def _waits_in_vain(self, now_s: float, assistant: Assistant, deed: Deed) -> bool:
        """Nothing comes, or not what came then: they go on."""
        if assistant.sounding or assistant.acting or (deed.hangs_up and isinstance(deed.anchor, AfterReply)):
            since_s = max(self._quiet_s, self._done_s or 0.0)
            return deed.hangs_up and not assistant.sounding and now_s - since_s >= 2 * PATIENCE_S
        return now_s - max(self._quiet_s, self._done_s or 0.0) >= PATIENCE_S


def _has_passed(wait_s: float, since_s: float, now_s: float) -> bool:
    """Whether a wait that was measured in the record is over."""
    return now_s - since_s >= wait_s - SLACK_S
