"""What a caller was told of the recording, and what they answered: found in the record of the call. Pure."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import CallEvent, TurnPlanned


class Answer(StrEnum):
    """Names never change meaning."""

    AGREED = "agreed"
    REFUSED = "refused"
    STAYED = "stayed"
    """They were not asked; they were told, and stayed on the line."""


class Consent(BaseModel):
    """What was said of it."""

    model_config = ConfigDict(frozen=True)

    told: tuple[str, ...]
    """The sentences with which the call began."""
    told_at: datetime
    answer: Answer
    answered_at: datetime | None = None


def consent_of(events: Iterable[CallEvent]) -> Consent | None:
    """The consent of one call; None where the call never came to a first sentence."""
    told: tuple[tuple[str, ...], datetime] | None = None
    for event in events:
        if not isinstance(event.body, TurnPlanned):
            continue
        if told is None:
            told = (event.body.say, event.at)
        agreed = event.body.state.get("consent")
        if isinstance(agreed, bool):
            answer = Answer.AGREED if agreed else Answer.REFUSED
            return Consent(told=told[0], told_at=told[1], answer=answer, answered_at=event.at)
    return Consent(told=told[0], told_at=told[1], answer=Answer.STAYED) if told is not None else None
