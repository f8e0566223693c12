"""Where the record of a call has gaps, so that nothing is kept that must not be."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from calls.events.body import Body


class RecordingPaused(Body):
    """Neither side is recorded from here on: the caller is asked for something that must not be kept."""

    name: Literal["recording.paused"] = "recording.paused"
    at_s: float
    reason: str
    """The kind of data that is asked for, of `calls.redaction.kinds.Kind`."""


class RecordingResumed(Body):
    """The call is recorded again."""

    name: Literal["recording.resumed"] = "recording.resumed"
    at_s: float


class RedactedSpan(BaseModel):
    """A stretch of a recording that was made silent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    """Of `calls.redaction.kinds.Kind`."""
    recording: str
    """File name relative to the data directory."""
    channel: Literal["caller", "assistant"]
    start_s: float
    end_s: float


class CallRedacted(Body):
    """Data of some kinds was masked in the events before this one, and made silent in the recordings."""

    name: Literal["call.redacted"] = "call.redacted"
    rules: str
    """The version of the rules."""
    kinds: tuple[str, ...]
    """What was found, of `calls.redaction.kinds.Kind`; `transcript` where all words went because their time is over."""
    events: tuple[int, ...]
    """The `seq` of each event whose body has changed."""
    spans: tuple[RedactedSpan, ...] = ()
