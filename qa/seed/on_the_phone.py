"""A made-up caller on a line: waits for what is said to them, answers it aloud, and repeats what was not understood.

As `qa.seed.caller`, which says what they answer; here they say it when a person would, as far as the assistant of today
lets them. Chance decides how long they think, and which of our sentences they do not let us finish.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from calls.wav import Pcm
from dialog.types import DialogState
from qa.seed.course import CUTS_IN, KEY_S, LONG_ENOUGH_S
from qa.seed.script import Line
from qa.virtual.party import Act, Assistant, Party, in_frames

LEAST_GAP_S = 0.4
"""Nobody answers sooner: what is quiet for less may be a pause between two of our sentences."""
CUTS_IN_BY_S = 6.0
"""Who does not let us finish has heard at most so much of us."""
GIVES_UP_S = 30.0
"""Who hears nothing for so long hangs up."""
MOST_REPEATS = 2
NOT_DIGITS = re.compile(r"\D")
NO = Line("no that's wrong")


class Answering(Protocol):
    """What somebody answers."""

    def next(self, state: DialogState) -> Line | None:
        """What they do now; None: they hang up."""


@dataclass
class _Ear:
    """What a caller has heard of us since they did something last."""

    replied: bool = False
    sounding_since_s: float | None = None
    quiet_since_s: float = 0.0
    cuts_in_at_s: float | None = None


@dataclass(frozen=True)
class Voice:
    """How somebody sounds."""

    say: Callable[[str], Pcm] = field(repr=False)
    """Their words, int16 mono 8 kHz, with the line's noise."""
    noise: Callable[[], Pcm] = field(repr=False)
    """The next frame of their line while they say nothing."""


class PartyOnThePhone(Party):
    """One caller of one call. Times are seconds of the call."""

    def __init__(
        self,
        answering: Answering,
        voice: Voice,
        state: Callable[[], DialogState],
        patience_s: float,
        rng: random.Random,
        turns: int | None = None,
    ) -> None:
        """`state` tells where the conversation is; after `turns` turns, they hang up whatever is said."""
        self._answering = answering
        self._voice = voice
        self._state = state
        self._patience_s = patience_s
        self._rng = rng
        self._turns_left = turns
        self._ear = _Ear()
        self._busy = False
        self._gap_s = self._drawn_gap()
        self._wants_silences = 0
        """They say nothing until the assistant has waited in vain so often."""
        self._last = Line(silent=True)
        self._repairs = 0
        """As the dialog counted them when they did something last."""
        self._repeats = 0

    def begins(self, now_s: float) -> None:
        """The call begins."""
        self._ear = _Ear(quiet_since_s=now_s)

    def done(self, now_s: float) -> None:
        """They have done what they began last."""
        self._busy = False
        self._ear = _Ear(quiet_since_s=now_s)

    def between(self) -> Pcm:
        """The next frame of their line while they say nothing."""
        return self._voice.noise()

    def due(self, now_s: float, assistant: Assistant) -> Act | None:
        """As `Party.due`."""
        if self._busy:
            return None
        self._listen(now_s, assistant)
        if self._keeps_silent(now_s, assistant) or not self._is_due(now_s, assistant):
            return self._given_up(now_s, assistant)
        return self._act(now_s, assistant)

    def _listen(self, now_s: float, assistant: Assistant) -> None:
        ear = self._ear
        if not assistant.sounding:
            if ear.sounding_since_s is not None:
                ear.quiet_since_s, ear.sounding_since_s = now_s, None
            return
        ear.replied = True
        if ear.sounding_since_s is None:
            ear.sounding_since_s = now_s
            cuts_in = self._rng.random() < CUTS_IN
            ear.cuts_in_at_s = now_s + self._rng.uniform(LONG_ENOUGH_S, CUTS_IN_BY_S) if cuts_in else None

    def _keeps_silent(self, now_s: float, assistant: Assistant) -> bool:
        if not self._wants_silences:
            return False
        if assistant.silences >= self._wants_silences:
            self._wants_silences = 0
            self._ear = _Ear(quiet_since_s=now_s)
        return True

    def _is_due(self, now_s: float, assistant: Assistant) -> bool:
        ear = self._ear
        if assistant.sounding:
            return ear.cuts_in_at_s is not None and now_s >= ear.cuts_in_at_s
        return ear.replied and not assistant.acting and now_s - ear.quiet_since_s >= self._gap_s

    def _given_up(self, now_s: float, assistant: Assistant) -> Act | None:
        if assistant.sounding or now_s - self._ear.quiet_since_s < GIVES_UP_S:
            return None
        return Act(hangs_up=True)

    def _act(self, now_s: float, assistant: Assistant) -> Act | None:
        line = self._next() if self._turns_left != 0 else None
        if line is None:
            return Act(hangs_up=True)
        if self._turns_left is not None:
            self._turns_left -= 1
        self._gap_s = self._drawn_gap()
        self._last, self._repairs = line, self._state().repairs
        if line.silent:
            self._wants_silences = assistant.silences + 1
            self._ear.quiet_since_s = now_s
            return None
        self._busy = True
        if line.keys:
            return Act(keys=line.keys, apart_s=KEY_S)
        return Act(in_frames(self._voice.say(line.text)))

    def _next(self) -> Line | None:
        state = self._state()
        if self._is_misread(state):
            return NO
        if self._is_not_understood(state) and self._repeats < MOST_REPEATS:
            self._repeats += 1
            return self._last
        self._repeats = 0
        return self._answering.next(state)

    def _is_not_understood(self, state: DialogState) -> bool:
        """Whether they are asked for the same again, and not whether it was understood rightly."""
        is_asked_back = state.offered is not None or state.doubt is not None
        return state.repairs > self._repairs and _is_plain(self._last) and not is_asked_back

    def _is_misread(self, state: DialogState) -> bool:
        """Whether another number is read back than they have told."""
        told = NOT_DIGITS.sub("", self._last.text)
        return (
            told != "" and state.offered is not None and state.offered.isdecimal() and state.offered != told
        )

    def _drawn_gap(self) -> float:
        return max(LEAST_GAP_S, self._rng.lognormvariate(0.0, 0.4) * self._patience_s)


def _is_plain(line: Line) -> bool:
    """Whether they meant to be understood: a mumble, a silence and an outburst are not said twice."""
    return not (line.silent or line.unsure or line.sentiment is not None)
