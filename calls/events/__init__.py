"""The facts of a call, each a typed event with a stable dotted name.

An event is `CallEvent(call_id, seq, at, body)`; bodies form a closed union told apart by `name`. Names never
change meaning; a body that must change gets a higher `version` and a reader for the older one. Times inside a
body ending in `_s` are seconds since the start of the call's recording, unless the field says otherwise.
Fields marked `Personal` may identify a caller: logs and metrics leave them out.

The bodies are in one module for each who tells them; everybody imports them from here.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from calls.events.actions import ActionDone, ActionFailed, ActionRequested
from calls.events.body import PERSONAL, Body, Personal
from calls.events.call import (
    CallEnded,
    CallEndReason,
    CallQueued,
    CallStarted,
    PartFailed,
    StreamEnded,
    StreamStarted,
)
from calls.events.handing import (
    BriefingFact,
    EscalationJudged,
    TransferBriefed,
    TransferEnded,
    TransferKeyed,
    TransferLeg,
    TransferMoved,
    TransferRequested,
)
from calls.events.people import (
    CallBackDialled,
    CallBackPromised,
    CallBackTried,
    CallDisposed,
    SurveyAnswered,
    TalkHeard,
    VoicemailLeft,
)
from calls.events.privacy import CallRedacted, RecordingPaused, RecordingResumed, RedactedSpan
from calls.events.turns import (
    HeardWord,
    ModelAsked,
    TurnAnswered,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
    TurnWords,
)

__all__ = [
    "PERSONAL",
    "ActionDone",
    "ActionFailed",
    "ActionRequested",
    "Body",
    "BriefingFact",
    "CallBackDialled",
    "CallBackPromised",
    "CallBackTried",
    "CallDisposed",
    "CallEndReason",
    "CallEnded",
    "CallEvent",
    "CallQueued",
    "CallRedacted",
    "CallStarted",
    "EscalationJudged",
    "EventBody",
    "HeardWord",
    "ModelAsked",
    "PartFailed",
    "Personal",
    "RecordingPaused",
    "RecordingResumed",
    "RedactedSpan",
    "StreamEnded",
    "StreamStarted",
    "SurveyAnswered",
    "TalkHeard",
    "TransferBriefed",
    "TransferEnded",
    "TransferKeyed",
    "TransferLeg",
    "TransferMoved",
    "TransferRequested",
    "TurnAnswered",
    "TurnDropped",
    "TurnHeard",
    "TurnKeyed",
    "TurnPlanned",
    "TurnSaid",
    "TurnSilent",
    "TurnWords",
    "VoicemailLeft",
]

EventBody = Annotated[
    CallStarted
    | CallQueued
    | StreamStarted
    | StreamEnded
    | TurnHeard
    | TurnWords
    | TurnKeyed
    | TurnSilent
    | TurnDropped
    | TurnPlanned
    | ModelAsked
    | TurnSaid
    | TurnAnswered
    | ActionRequested
    | ActionDone
    | ActionFailed
    | PartFailed
    | EscalationJudged
    | TransferRequested
    | TransferMoved
    | TransferLeg
    | TransferBriefed
    | TransferKeyed
    | TransferEnded
    | TalkHeard
    | SurveyAnswered
    | CallDisposed
    | CallBackPromised
    | CallBackDialled
    | CallBackTried
    | VoicemailLeft
    | RecordingPaused
    | RecordingResumed
    | CallRedacted
    | CallEnded,
    Field(discriminator="name"),
]


class CallEvent(BaseModel):
    """One fact about one call. `seq` counts from 1 without gaps within a call; `at` is UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    seq: int
    at: datetime
    body: EventBody
