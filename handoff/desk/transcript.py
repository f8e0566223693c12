"""What was said in a call, by whom, as lines: the assistant's part, then the human's."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from calls.events import (
    ActionDone,
    ActionFailed,
    CallEnded,
    CallEvent,
    EventBody,
    TalkHeard,
    TransferEnded,
    TransferLeg,
    TransferMoved,
    TurnHeard,
    TurnKeyed,
    TurnSaid,
    TurnSilent,
)
from calls.words import OUTCOMES, PHASES
from handoff.desk.words import readable
from handoff.transfer.types import Value

UNSURE = 0.6
"""Below this confidence a line is marked as perhaps misheard."""


class Who(StrEnum):
    """Whose line it is. Names never change meaning."""

    CALLER = "caller"
    ASSISTANT = "assistant"
    AGENT = "agent"
    NOTE = "note"


class Line(Value):
    """One line. `seq` is the event's."""

    seq: int
    at: datetime
    who: Who
    text: str
    unsure: bool = False
    """It may have been misheard."""
    cut: bool = False
    """The caller cut in here."""


def lines(events: Iterable[CallEvent]) -> tuple[Line, ...]:
    """All lines of a call."""
    return tuple(line for event in events if (line := line_of(event)) is not None)


def line_of(event: CallEvent) -> Line | None:
    """The line of one event; None for those that say nothing to a reader."""
    found = _spoken(event.body) or _noted(event.body)
    return None if found is None else Line(seq=event.seq, at=event.at, **found)


def _spoken(body: EventBody) -> dict[str, object] | None:
    match body:
        case TurnHeard():
            unsure = body.unsure or body.confidence < UNSURE
            return {"who": Who.CALLER, "text": body.text or "(not understood)", "unsure": unsure}
        case TurnKeyed():
            return {"who": Who.CALLER, "text": f"keyed {body.digits}"}
        case TurnSilent():
            return {"who": Who.NOTE, "text": "Silence"}
        case TurnSaid() if body.heard:
            return {"who": Who.ASSISTANT, "text": body.heard, "cut": body.interrupted}
        case TalkHeard() if body.text:
            who = Who.AGENT if body.who == "agent" else Who.CALLER
            return {"who": who, "text": body.text, "unsure": body.confidence < UNSURE}
    return None


def _noted(body: EventBody) -> dict[str, object] | None:
    text: str | None = None
    match body:
        case ActionDone():
            text = f"✔ {readable(body.action)}"
        case ActionFailed():
            text = f"✖ {readable(body.action)}: {readable(body.failure).lower()}"
        case TransferMoved(phase=phase) if phase in PHASES:
            text = PHASES[phase]
        case TransferLeg(state="over", result="declined"):
            text = f"{body.target} declined"
        case TransferEnded(outcome=outcome):
            text = OUTCOMES.get(outcome, readable(outcome))
        case CallEnded():
            text = "The call has ended"
    return None if text is None else {"who": Who.NOTE, "text": text}
