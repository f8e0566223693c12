"""What is known of single transfers and answers of a call, which metrics are reckoned from. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from calls.events import (
    CallDisposed,
    CallEvent,
    ModelAsked,
    TransferBriefed,
    TransferEnded,
    TransferLeg,
    TransferRequested,
    TurnAnswered,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
)
from dialog.types import Next
from handoff.transfer.types import LegResult, Outcome
from qa.facts.types import TransferFacts

TALKED = frozenset({Outcome.CONNECTED, Outcome.HANDED_BACK, Outcome.PUT_THROUGH})
"""Outcomes of a transfer after which the caller has had a human."""


def details_of(events: Sequence[CallEvent]) -> dict[str, Any]:
    """The fields of `CallFacts` that are reckoned here, of one call's events in their order."""
    return {
        "each_transfer": transfers_of(events),
        "stages_s": stages_of(events),
        "wrap_up_s": wrap_up_of(events),
        "speech_s": speech_of(events),
        "confirmed": confirmed(events),
        **language_model_of(events),
    }


def transfers_of(events: Iterable[CallEvent]) -> tuple[TransferFacts, ...]:
    """Each transfer, in the order in which they were asked for."""
    found: dict[str, dict[str, Any]] = {}
    legs: dict[str, set[int]] = {}
    for event in events:
        body = event.body
        if not isinstance(body, TransferRequested | TransferLeg | TransferBriefed | TransferEnded):
            continue
        if isinstance(body, TransferRequested):
            found[body.transfer_id] = body.model_dump(include={"queue", "reason", "kind"})
            legs[body.transfer_id] = set()
        known = found.get(body.transfer_id)
        if known is None:  # the log has lost its beginning: nobody knows what it was for
            continue
        match body:
            case TransferLeg():
                legs[body.transfer_id].add(body.leg)
                declined = known.get("declined", 0)
                known["declined"] = declined + (body.result == LegResult.DECLINED)
            case TransferBriefed(seconds=seconds):
                known["briefing_s"] = seconds
            case TransferEnded():
                known |= body.model_dump(include={"outcome", "wait_s", "talk_s"})
    return tuple(TransferFacts(**known, rung=len(legs[name])) for name, known in found.items())


def stages_of(events: Iterable[CallEvent]) -> dict[str, tuple[float, ...]]:
    """The seconds of each stage of the answers that had it."""
    stages: dict[str, list[float]] = {}
    for event in events:
        if isinstance(event.body, TurnAnswered):
            for name, seconds in event.body.parts.items():
                stages.setdefault(name, []).append(seconds)
    return {name: tuple(seconds) for name, seconds in stages.items()}


def wrap_up_of(events: Iterable[CallEvent]) -> float | None:
    """From the end of the last talk to what the agent first said of it; None where one of the two is missing."""
    over: datetime | None = None
    for event in events:
        match event.body:
            case TransferEnded(outcome=outcome) if outcome in TALKED:
                over = event.at
            case CallDisposed() if over is not None:
                return max(0.0, round((event.at - over).total_seconds(), 3))
    return None


def speech_of(events: Iterable[CallEvent]) -> float | None:
    """How long caller or assistant spoke, overlaps counted once; None where no sentence has its place."""
    spans = sorted(
        (event.body.start_s, event.body.end_s)
        for event in events
        if isinstance(event.body, TurnHeard | TurnSaid)
    )
    if not spans:
        return None
    spoken, until = 0.0, spans[0][0]
    for start, end in spans:
        spoken += max(0.0, end - max(start, until))
        until = max(until, end)
    return round(spoken, 3)


def confirmed(events: Iterable[CallEvent]) -> bool:
    """Whether the last that the caller said was that nothing is left, so that the assistant said goodbye."""
    last: TurnPlanned | None = None
    for event in events:
        if isinstance(event.body, TurnPlanned):
            last = event.body
    return last is not None and last.then == Next.HANG_UP and last.moment == "hearing"


def language_model_of(events: Iterable[CallEvent]) -> dict[str, int]:
    """How often a language model was asked, and the tokens that it took as far as they are told.

    Calls from before `model.asked` tell with `turn.planned` that one was asked, and of no tokens.
    """
    asked = [event.body for event in events if isinstance(event.body, ModelAsked)]
    if not asked:
        before = sum(isinstance(one.body, TurnPlanned) and one.body.proposed is not None for one in events)
        return {"language_model_asked": before, "language_model_untold": before}
    return {
        "language_model_asked": len(asked),
        "language_model_untold": sum(None in {one.tokens_in, one.tokens_out} for one in asked),
        "tokens_in": sum(one.tokens_in or 0 for one in asked),
        "tokens_out": sum(one.tokens_out or 0 for one in asked),
    }
