"""A call comes, is streamed, and ends: told by the routes of the carrier and by the session."""

from enum import StrEnum
from typing import Literal

from calls.events.body import Body, Personal


class CallStarted(Body):
    """A call has come in."""

    name: Literal["call.started"] = "call.started"
    direction: Literal["inbound", "outbound"] = "inbound"
    caller: Personal | None = None
    callee: str | None = None
    playbook: str
    models: dict[str, str] = {}


class StreamStarted(Body):
    """The call's sound reaches us; the recording's time starts with the first of these."""

    name: Literal["stream.started"] = "stream.started"
    stream_sid: str
    resumed: bool = False
    recording: str | None = None
    """File name of the stereo recording, relative to the data directory."""


class StreamEnded(Body):
    """The call's sound has ended, with a stable reason code."""

    name: Literal["stream.ended"] = "stream.ended"
    stream_sid: str
    reason: str


class PartFailed(Body):
    """A part of us failed and the call went on without it; `code` is stable."""

    name: Literal["part.failed"] = "part.failed"
    part: str
    code: str


class CallEndReason(StrEnum):
    """Who or what ended the call. Names never change meaning."""

    CALLER = "caller"
    ASSISTANT = "assistant"
    CARRIER = "carrier"
    PEOPLE = "people"
    """Caller and agent have ended their conversation."""
    LOST = "lost"


class CallQueued(Body):
    """There was no room for the call: it waits, or is called back."""

    name: Literal["call.queued"] = "call.queued"
    live_calls: int


class CallEnded(Body):
    """The call is over."""

    name: Literal["call.ended"] = "call.ended"
    reason: CallEndReason
    duration_s: float
