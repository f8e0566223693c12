"""A call as the carrier keeps it: its resource and the table of its states. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from telephony.line.leg import LegEnd


class CallStatus(StrEnum):
    """Twilio's call statuses (OpenAPI `call_enum_status`)."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


UNANSWERED = frozenset({CallStatus.QUEUED, CallStatus.RINGING})
OVER = frozenset(
    {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED}
)
_REFUSALS = OVER - {CallStatus.COMPLETED}
MOVES: dict[CallStatus, frozenset[CallStatus]] = {
    CallStatus.QUEUED: frozenset({CallStatus.RINGING, CallStatus.IN_PROGRESS}) | _REFUSALS,
    CallStatus.RINGING: frozenset({CallStatus.IN_PROGRESS}) | _REFUSALS,
    CallStatus.IN_PROGRESS: frozenset({CallStatus.COMPLETED}),
    **{status: frozenset() for status in OVER},
}
"""From each status, the ones that may follow."""

UNANSWERED_ENDS = {
    LegEnd.BUSY: CallStatus.BUSY,
    LegEnd.DECLINED: CallStatus.BUSY,
    LegEnd.NO_ANSWER: CallStatus.NO_ANSWER,
    LegEnd.HUNG_UP: CallStatus.NO_ANSWER,
    LegEnd.CANCELED: CallStatus.NO_ANSWER,
    LegEnd.NOT_FOUND: CallStatus.FAILED,
    LegEnd.FAILED: CallStatus.FAILED,
}
"""The status of a call whose leg ended before it was answered."""


class InvalidMoveError(Exception):
    """A call cannot go from its status to that one."""


@dataclass
class Call:
    """One call's resource."""

    sid: str
    account_sid: str
    caller: str
    callee: str
    direction: Direction
    created_at: datetime
    status: CallStatus = CallStatus.QUEUED
    updated_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    parent_sid: str | None = None
    """The call whose `<Dial>` rang this one."""
    sip_response_code: int | None = None
    """The far end's final answer to the INVITE, where a SIP leg had one."""

    def move(self, status: CallStatus, now: datetime) -> None:
        """Go on to `status`.

        Raises:
            InvalidMoveError: the table does not allow it.
        """
        if status not in MOVES[self.status]:
            raise InvalidMoveError(f"a call that is {self.status} cannot become {status}")
        self.status = status
        self.updated_at = now
        if status is CallStatus.IN_PROGRESS:
            self.answered_at = now
        elif status in OVER:
            self.ended_at = now

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in OVER

    @property
    def duration_s(self) -> int | None:
        """Whole seconds from answer to end; None while the call is not completed."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return max(0, round((self.ended_at - self.answered_at).total_seconds()))
