"""What escalation remembers of a call, folded event by event. Small: it looks back over a few turns only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from actions.types import Failure
from calls.events import (
    ActionDone,
    ActionFailed,
    EventBody,
    TransferEnded,
    TransferRequested,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)

KEPT = 9
"""So many turns are kept; the window of the weights may be shorter."""
OUR_FAULT = frozenset(
    {Failure.INVALID, Failure.TIMED_OUT, Failure.UNAVAILABLE, Failure.BROKEN, Failure.UNKNOWN}
)
"""Failures that are no answer of the company's system: a refusal or "not found" is one."""
MISHEARD = 0.3
"""The most that words count for which the recogniser itself doubts."""
RE_ASKED = frozenset({"no_match", "no_input", "doubt"})
"""Repairs after which we ask again."""
NOT_MATCHED = RE_ASKED - {"no_input"}
"""Those of words that were said."""
NEUTRAL = frozenset({"thanks", "hold_on", "slower", "goodbye"})
"""Commands that neither get a matter on nor hold it up."""
LIKE = 0.6
"""Two sentences that share so much of their words are the same request."""
SHORTEST = 3
"""Sentences of fewer words are answers, and are rightly said again."""
STOP = frozenset(
    {"the", "a", "an", "i", "my", "me", "to", "is", "it", "and", "of", "you", "please", "so", "that", "this"}
)
CALLER_TURNS = frozenset({"hearing", "silence"})


@dataclass(frozen=True)
class Said:
    """What the caller has done in a turn that is not yet planned."""

    confidence: float | None = None
    """Of the words; None where they keyed or were silent."""
    words: frozenset[str] = frozenset()
    silent: bool = False
    interrupted: bool = False


@dataclass(frozen=True)
class Turn:
    """One turn of the caller's, and what became of it."""

    number: int
    said: Said
    repair: str
    place: str
    """Flow and step at which it was said: what it answers."""
    intent: str | None
    sentiment: float
    mood: float
    stuck: bool
    """It got nothing on."""
    unanswered: bool
    """It asked what no article answers: it was understood."""
    repeats: bool
    """It says again what was said before, and got nothing on then."""


@dataclass(frozen=True)
class Place:
    """Where the dialog is: changes when something gets on."""

    name: str = ""
    slots: int = 0


@dataclass(frozen=True)
class History:
    """What is remembered of one call."""

    turns: tuple[Turn, ...] = ()
    """The last ones, newest last."""
    count: int = 0
    """Turns of the caller's in all."""
    said: Said = field(default_factory=Said)
    place: Place = Place()
    failed: Mapping[str, int] = field(default_factory=dict)
    """How often each action failed by a fault that is not the caller's."""
    failed_at: tuple[int, ...] = ()
    """In which turns."""
    mood: float = 0.0
    discontent: float = 0.0
    locked: bool = False
    valued: bool = False
    called_lately: bool = False
    asked_which: bool = False
    """A person is on the way: they were asked which one they need."""
    planned: TurnPlanned | None = None
    """The last decision."""
    in_transfer: bool = False

    @property
    def last(self) -> Turn | None:
        """The newest turn."""
        return self.turns[-1] if self.turns else None


def fold(history: History, body: EventBody) -> History:
    """The history after one more event."""
    match body:
        case TurnHeard():
            history = replace(history, said=_heard(body, history.said))
        case TurnKeyed():
            history = replace(history, said=Said())
        case TurnSilent():
            history = replace(history, said=Said(silent=True))
        case TurnSaid(interrupted=True):
            history = _interrupted(history, body.turn)
        case TurnPlanned():
            history = _planned(history, body)
        case ActionDone():
            history = _got_on(history)
        case ActionFailed() if body.failure in OUR_FAULT:
            history = _failed(history, body)
        case TransferRequested() | TransferEnded():
            history = replace(history, in_transfer=isinstance(body, TransferRequested))
    return history


def _failed(history: History, body: ActionFailed) -> History:
    failed = {**history.failed, body.action: history.failed.get(body.action, 0) + 1}
    return replace(history, failed=failed, failed_at=(*history.failed_at, body.turn)[-KEPT:])


def _heard(body: TurnHeard, before: Said) -> Said:
    confidence = min(body.confidence, MISHEARD) if body.unsure else body.confidence
    return Said(
        confidence=confidence,
        words=frozenset(re.findall(r"[\w']+", body.text.lower())) - STOP,
        interrupted=before.interrupted or body.heard_of_us is not None,
    )


def _interrupted(history: History, turn: int) -> History:
    """Our sentence of that turn was cut off: by what the caller says next, or has just said."""
    last = history.last
    if last is not None and last.number == turn + 1:
        cut = replace(last, said=replace(last.said, interrupted=True))
        return replace(history, turns=(*history.turns[:-1], cut))
    return replace(history, said=replace(history.said, interrupted=True))


def _planned(history: History, body: TurnPlanned) -> History:
    state = body.state
    place = _place(state)
    update = replace(
        history,
        planned=body,
        place=place,
        locked=bool(_inner(state, "identity").get("locked", False)),
        valued=bool(state.get("valued", False)),
        called_lately=bool(state.get("called_lately", False)),
        asked_which=bool(state.get("finding_queue", False)),
        mood=body.mood,
        discontent=body.discontent,
    )
    if body.moment not in CALLER_TURNS:
        moved = place != history.place
        return _got_on(update) if moved and body.moment == "done" else update
    turn = _turn(history, body, place)
    return replace(update, turns=(*history.turns, turn)[-KEPT:], count=history.count + 1, said=Said())


def _turn(history: History, body: TurnPlanned, place: Place) -> Turn:
    said = history.said
    stuck = _is_stuck(history, body, place)
    return Turn(
        number=body.turn,
        said=said,
        repair=body.repair,
        place=history.place.name,
        intent=body.intent,
        sentiment=body.sentiment,
        mood=body.mood,
        stuck=stuck,
        unanswered=body.unanswered is not None,
        repeats=any(one.stuck and _alike(one.said.words, said.words) for one in history.turns),
    )


def _is_stuck(history: History, body: TurnPlanned, place: Place) -> bool:
    if body.repair in RE_ASKED:
        return True
    if body.hand_over is not None or body.sources or place != history.place or body.then != "listen":
        return False
    if body.intent in NEUTRAL:
        return False
    return body.intent is None or any(one.intent == body.intent for one in history.turns)


def _got_on(history: History) -> History:
    """The newest turn got something on after all."""
    last = history.last
    if last is None or not last.stuck or last.repair in RE_ASKED:
        return history
    return replace(history, turns=(*history.turns[:-1], replace(last, stuck=False)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(one), len(other)) < SHORTEST:
        return False
    return len(one & other) / len(one | other) >= LIKE


def _place(state: Mapping[str, JsonValue]) -> Place:
    flow, step = state.get("flow"), state.get("step")
    offered = state.get("offered")
    name = f"{flow}.{step}" if flow is not None else ""
    return Place(f"{name}:{offered}" if offered else name, len(_inner(state, "slots")))


def _inner(state: Mapping[str, JsonValue], name: str) -> Mapping[str, JsonValue]:
    value = state.get(name)
    return value if isinstance(value, dict) else {}
