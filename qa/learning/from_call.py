"""What the desk's agents said of a call, as corrections; and a call's turns, for the forms of the console. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.events import CallDisposed, CallEvent, TransferRequested, TurnHeard, TurnPlanned
from qa.learning.correction import Correction, Kind

INTENT = "intent"
"""What `call.disposed` calls a wrong intent."""


@dataclass(frozen=True)
class HeardTurn:
    """One turn in which the caller spoke."""

    turn: int
    text: str
    intent: str | None = None
    """What it was taken for."""
    sources: tuple[str, ...] = ()
    """The articles of the answer."""
    unanswered: bool = False


def heard_turns(events: Iterable[CallEvent]) -> list[HeardTurn]:
    """The turns of a call in which the caller spoke, in order."""
    texts: dict[int, str] = {}
    plans: dict[int, TurnPlanned] = {}
    for event in events:
        match event.body:
            case TurnHeard(turn=turn, text=text):
                texts[turn] = text
            case TurnPlanned(turn=turn, moment="hearing") as body:
                plans[turn] = body
    return [_turn(turn, text, plans.get(turn)) for turn, text in sorted(texts.items())]


def _turn(turn: int, text: str, plan: TurnPlanned | None) -> HeardTurn:
    if plan is None:
        return HeardTurn(turn, text)
    return HeardTurn(turn, text, plan.intent, plan.sources, plan.unanswered is not None)


def from_desk(events: Sequence[CallEvent]) -> list[Correction]:
    """The corrections in a call's dispositions: a wrong intent with the right one, and a needless hand-over."""
    return [
        correction
        for event in events
        if isinstance(event.body, CallDisposed)
        for correction in _of(event.body, event, events)
    ]


def _of(body: CallDisposed, event: CallEvent, events: Sequence[CallEvent]) -> list[Correction]:
    before = [one for one in events if one.seq < event.seq]
    found = []
    if body.needless:
        asked = [one.body for one in before if isinstance(one.body, TransferRequested)]
        turn = _last_turn(before) if asked else 0
        found.append(
            new(event.call_id, turn, Kind.NEEDLESS_TRANSFER, _text(before, turn), None, body.agent, event.at)
        )
    if body.wrong == INTENT and body.intended is not None:
        wrong = _mistaken(before, body.intended)
        if wrong is not None:
            found.append(
                new(event.call_id, wrong.turn, Kind.INTENT, wrong.text, body.intended, body.agent, event.at)
            )
    return found


def _mistaken(events: Sequence[CallEvent], intended: str) -> HeardTurn | None:
    """The first turn that was taken for another intent; where none was taken for any, the first with words."""
    turns = heard_turns(events)
    wrong = [one for one in turns if one.intent is not None and one.intent != intended]
    return next(iter(wrong), next(iter(turns), None))


def _last_turn(events: Sequence[CallEvent]) -> int:
    """The caller's turn in which they were handed over."""
    last = 0
    for event in events:
        if isinstance(event.body, TransferRequested):
            return last
        if isinstance(event.body, TurnHeard):
            last = event.body.turn
    return last


def _text(events: Sequence[CallEvent], turn: int) -> str:
    return next((one.text for one in heard_turns(events) if one.turn == turn), "")


def new(
    call_id: str, turn: int, kind: Kind, text: str, meant: str | None, by: str, at: datetime
) -> Correction:
    """A correction, with an id that the same correction by the same person has again."""
    parts = (call_id, str(turn), kind.value, meant or "", by)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
    return Correction(
        correction_id=digest, call_id=call_id, turn=turn, kind=kind, text=text, meant=meant, by=by, at=at
    )
