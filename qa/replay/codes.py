"""One-time codes are shown to nobody: what a caller said or keyed in a turn that checked one is hidden. Pure."""

from collections.abc import Sequence
from typing import Any

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEvent,
    EventBody,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnWords,
)
from handoff.desk.words import CODE_CHECK
from qa.replay.difference import HIDDEN
from qa.replay.turns import turns_of


def without_codes(events: Sequence[CallEvent]) -> list[CallEvent]:
    """The events, with `•••` in the place of codes."""
    checked = {
        event.seq
        for turn in turns_of(events)
        if any(_checks(event.body) for event in turn.events)
        for event in turn.events
    }
    return [
        event.model_copy(update={"body": _hidden(event.body)}) if event.seq in checked else event
        for event in events
    ]


def _checks(body: EventBody) -> bool:
    return isinstance(body, ActionRequested | ActionDone | ActionFailed) and body.action == CODE_CHECK


def _hidden(body: EventBody) -> EventBody:
    update: dict[str, Any] = {}
    match body:
        case TurnHeard():
            update = {"text": HIDDEN, "words": (), "alternatives": ()}
        case TurnWords():
            update = {"words": ()}
        case TurnKeyed():
            update = {"digits": HIDDEN}
        case TurnPlanned():
            update = {
                "entities": dict.fromkeys(body.entities, HIDDEN),
                "unanswered": body.unanswered and HIDDEN,
            }
        case ActionRequested(action=action) if action == CODE_CHECK:
            update = {"arguments": dict.fromkeys(body.arguments, HIDDEN)}
    return body.model_copy(update=update)
