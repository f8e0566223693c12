"""A briefing for the ear: at most 20 seconds with the keys, and 50 words before them.

What does not fit is shortened step by step, always in the same order: first what the human sees on the desk anyway and
can do without for the first sentence. Who calls, what they want and why a person is needed are never left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handoff.briefing.types import Briefing, Fact, Outcome, Part, Spoken

MOST_S = 20.0
MOST_WORDS = 50
BETWEEN_S = 0.15
"""The pause between two sentences."""
CHARACTERS_PER_S, SENTENCE_S, BREAK_S = 17.0, 0.25, 0.15
"""Without a voice to measure by: as our own speaks, and rather slower. `BREAK_S` is for a comma or a colon."""
BREAKS = ",:;"
CLIPPED_TO = 12
KEYS = "Press 1 to take the call, 2 to decline, 9 to hear it again, 0 to hear the caller."
KEYS_OF_QUESTION = "Press 1 for yes, 2 for no, 9 to hear it again, 0 to hear the caller."
KEYS_OF_CALL_BACK = "Press 1 to call them now, 2 to decline, 9 to hear it again, 0 to hear the caller."

Duration = Callable[[str], float]
"""How long a sentence takes, in seconds."""


@dataclass(frozen=True)
class Draft:
    """What is said, part by part."""

    who: str
    wants: str
    done: tuple[str, ...]
    """Words behind "I"."""
    failed: tuple[str, ...]
    why: str
    mood: str
    next: str
    question: str
    short: dict[str, str]
    """The shorter way to say a part."""
    calls_back: bool = False
    """Why they are rung is told first: it is another kind of call."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, in order."""
        did = (f"I {_listed(self.done)}.",) if self.done else ()
        first, why = (self.why, "") if self.calls_back else ("", self.why)
        parts = (first, self.who, self.wants, *did, *self.failed, why, self.mood, self.next, self.question)
        return tuple(part for part in parts if part)


def _in_short(draft: Draft, part: str) -> Draft:
    """What is left out already is not said in short either."""
    short = draft.short.get(part)
    told: dict[str, Any] = {part: short} if short and getattr(draft, part) else {}
    return replace(draft, **told)


def _least_done(draft: Draft) -> Draft:
    return replace(draft, done=draft.done[-1:])


def _short_next(draft: Draft) -> Draft:
    return _in_short(draft, "next")


def _nothing_done(draft: Draft) -> Draft:
    return replace(draft, done=()) if draft.failed else draft


def _last_failure(draft: Draft) -> Draft:
    return replace(draft, failed=draft.failed[-1:])


def _short_mood(draft: Draft) -> Draft:
    return _in_short(draft, "mood")


def _short_wish(draft: Draft) -> Draft:
    return _in_short(draft, "wants")


def _no_next(draft: Draft) -> Draft:
    return replace(draft, next="")


def _no_deeds(draft: Draft) -> Draft:
    return replace(draft, done=())


def _no_mood(draft: Draft) -> Draft:
    return replace(draft, mood="")


def _short_who(draft: Draft) -> Draft:
    return _in_short(draft, "who")


def _no_failures(draft: Draft) -> Draft:
    return replace(draft, failed=())


def _clipped(draft: Draft) -> Draft:
    """No playbook can make it too long."""
    kept: dict[str, Any] = {name: _clip(getattr(draft, name)) for name in ("who", "wants", "why", "question")}
    return replace(draft, **kept)


SHORTER: tuple[Callable[[Draft], Draft], ...] = (
    _least_done,
    _short_next,
    _nothing_done,
    _last_failure,
    _short_mood,
    _short_wish,
    _no_next,
    _no_deeds,
    _no_mood,
    _short_who,
    _no_failures,
    _clipped,
)
"""The order of shortening; each step stays when the next is taken."""


def spoken(briefing: Briefing, duration: Duration | None = None, keys: str | None = None) -> Spoken:
    """What is said of a briefing, as short as it must be; `duration` is the real voice's, without it an estimate."""
    lasts = duration or estimated
    keys = keys or _keys(briefing)
    draft = _draft(briefing)
    made = _spoken(draft, lasts, keys, 0)
    for number, shorter in enumerate(SHORTER, start=1):
        if made.seconds <= MOST_S and made.words <= MOST_WORDS:
            break
        draft = shorter(draft)
        made = _spoken(draft, lasts, keys, number)
    return made


def _keys(briefing: Briefing) -> str:
    if briefing.calls_back:
        return KEYS_OF_CALL_BACK
    return KEYS_OF_QUESTION if briefing.asks else KEYS


def estimated(sentence: str) -> float:
    """About how long a sentence takes, in seconds."""
    breaks = sum(sentence.count(one) for one in BREAKS)
    return SENTENCE_S + len(sentence) / CHARACTERS_PER_S + BREAK_S * breaks


def _spoken(draft: Draft, lasts: Duration, keys: str, shortened: int) -> Spoken:
    sentences = draft.sentences
    seconds = sum(lasts(one) for one in (*sentences, keys)) + BETWEEN_S * len(sentences)
    words = sum(len(one.split()) for one in sentences)
    return Spoken(sentences=sentences, keys=keys, seconds=round(seconds, 3), words=words, shortened=shortened)


def _draft(briefing: Briefing) -> Draft:
    told = [fact for fact in briefing.facts if not fact.silent]
    deeds = [fact for fact in told if fact.part is Part.TRIED]
    return Draft(
        who=_said(told, Part.WHO),
        wants=_said(told, Part.WANTS),
        done=tuple(fact.said for fact in deeds if fact.outcome is Outcome.DONE),
        failed=tuple(fact.said for fact in deeds if fact.outcome is not Outcome.DONE),
        why=_said(told, Part.WHY),
        mood="" if _says_so_already(told) else _said(told, Part.MOOD),
        next=_said(told, Part.NEXT),
        question=_said(told, Part.QUESTION),
        short={fact.part.value: fact.short for fact in told},
        calls_back=briefing.calls_back,
    )


def _said(facts: Sequence[Fact], part: Part) -> str:
    return " ".join(fact.said for fact in facts if fact.part is part)


def _says_so_already(facts: Sequence[Fact]) -> bool:
    """Whether the reason is the mood."""
    return "upset" in _said(facts, Part.WHY)


def _listed(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _clip(text: str) -> str:
    words = text.split()
    return text if len(words) <= CLIPPED_TO else f"{' '.join(words[:CLIPPED_TO]).rstrip(' .,;:')}."
