"""What a list shows of a call: a projection of its events, kept beside them."""

from datetime import datetime
from statistics import median

from pydantic import BaseModel, ConfigDict

from calls.events import (
    CallEnded,
    CallEvent,
    CallStarted,
    StreamStarted,
    TurnAnswered,
    TurnHeard,
    TurnKeyed,
    TurnSilent,
)


class CallSummary(BaseModel):
    """One call in a few values. None means that no event has told yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    started_at: datetime
    """Time of the first event, UTC."""
    ended_at: datetime | None = None
    duration_s: float | None = None
    direction: str | None = None
    caller: str | None = None
    """Personal data."""
    callee: str | None = None
    playbook: str | None = None
    recording: str | None = None
    """File name relative to the data directory."""
    turns: int = 0
    """The caller's turns, spoken, keyed or silent."""
    end_reason: str | None = None
    answers_s: tuple[float, ...] = ()
    """Latency of each answer, in order."""
    last_seq: int = 0
    """The number of the last event: who keeps something made from a call's events sees whether it is up to date."""

    @property
    def answer_median_s(self) -> float | None:
        """Median latency of our answers; None while there are none."""
        return median(self.answers_s) if self.answers_s else None


def fold(summary: CallSummary | None, event: CallEvent) -> CallSummary:
    """The summary after one more event. `summary` is None before the call's first."""
    before = summary or CallSummary(call_id=event.call_id, started_at=event.at)
    return before.model_copy(update={**_told(before, event), "last_seq": event.seq})


def _told(before: CallSummary, event: CallEvent) -> dict[str, object]:
    body = event.body
    match body:
        case CallStarted():
            return {
                "direction": body.direction,
                # PostgreSQL refuses NUL in text, and who calls decides what is in it.
                "caller": body.caller and body.caller.replace("\0", ""),
                "callee": body.callee and body.callee.replace("\0", ""),
                "playbook": body.playbook,
            }
        case StreamStarted():
            return {"recording": body.recording or before.recording}
        case TurnHeard() | TurnKeyed() | TurnSilent():
            return {"turns": max(before.turns, body.turn)}
        case TurnAnswered():
            return {"answers_s": (*before.answers_s, body.total_s)}
        case CallEnded() if before.ended_at is None:
            return {"ended_at": event.at, "duration_s": body.duration_s, "end_reason": body.reason.value}
    return {}
