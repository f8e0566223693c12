"""A conference as the carrier keeps it: who is in it, when it starts and ends, and what is told of that. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LABEL_TAKEN = 16025
CONFERENCE_FULL = 13220


class ConferenceStatus(StrEnum):
    """Twilio's conference statuses (OpenAPI `conference_enum_status`)."""

    INIT = "init"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"


class EndReason(StrEnum):
    """Why a conference ended (OpenAPI `conference_enum_reason_conference_ended`)."""

    API = "conference-ended-via-api"
    ENDER_LEFT = "participant-with-end-conference-on-exit-left"
    ENDER_KICKED = "participant-with-end-conference-on-exit-kicked"
    LAST_KICKED = "last-participant-kicked"
    LAST_LEFT = "last-participant-left"


class Departure(StrEnum):
    """Why a participant left, as Twilio tells it (`ReasonParticipantLeft`)."""

    ENDED_BY_API = "conference_ended_via_api"
    MODERATOR_ENDED = "moderator_ended_conference"
    UPDATED = "participant_updated_via_api"
    HUNG_UP = "participant_hung_up"


class NotAdmittedError(Exception):
    """Somebody may not join. `code` is Twilio's: 16025 the label is taken, 13220 the room is full."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass
class Participant:
    """One call's place in a conference."""

    call_sid: str
    joined_at: datetime
    label: str | None = None
    start_on_enter: bool = True
    end_on_exit: bool = False
    muted: bool = False
    hold: bool = False
    updated_at: datetime | None = None
    connected: bool = True


@dataclass(frozen=True)
class ConferenceEvent:
    """Something to be told of a conference. `name` is Twilio's `StatusCallbackEvent`."""

    name: str
    participant: Participant | None = None
    departure: Departure | None = None


SUBSCRIPTIONS = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}
"""The word in `statusCallbackEvent` that asks for an event."""


@dataclass
class Conference:
    """One conference. Every change returns the events that it brings, in order."""

    sid: str
    account_sid: str
    name: str
    created_at: datetime
    most_participants: int = 250
    status: ConferenceStatus = ConferenceStatus.INIT
    updated_at: datetime | None = None
    reason_ended: EndReason | None = None
    ended_by: Participant | None = None
    participants: dict[str, Participant] = field(default_factory=dict)
    """By the sid of their call, in the order in which they came."""

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.status is ConferenceStatus.COMPLETED

    def find(self, name: str) -> Participant | None:
        """A participant by call sid or label."""
        labelled = (one for one in self.participants.values() if one.label is not None and one.label == name)
        return self.participants.get(name) or next(labelled, None)

    def join(self, participant: Participant, now: datetime) -> list[ConferenceEvent]:
        """Somebody comes in. Sound is mixed once there are two, and one of them starts the conference.

        Raises:
            NotAdmittedError: the label is taken, or the room is full.
        """
        if participant.label is not None and self.find(participant.label) is not None:
            raise NotAdmittedError(LABEL_TAKEN, "the participant's label is taken")
        if len(self.participants) >= self.most_participants:
            raise NotAdmittedError(CONFERENCE_FULL, "the conference is full")
        self.participants[participant.call_sid] = participant
        self.updated_at = now
        events = [ConferenceEvent("participant-join", participant)]
        may_start = any(one.start_on_enter for one in self.participants.values())
        if self.status is ConferenceStatus.INIT and may_start and len(self.participants) > 1:
            self.status = ConferenceStatus.IN_PROGRESS
            events.append(ConferenceEvent("conference-start"))
        return events

    def leave(
        self, call_sid: str, departure: Departure, now: datetime, *, kicked: bool = False
    ) -> list[ConferenceEvent]:
        """Somebody goes; with them, where they end it or are the last, the conference. Nothing for a stranger."""
        participant = self.participants.pop(call_sid, None)
        if participant is None or self.over:
            return []
        self.updated_at = now
        events = [ConferenceEvent("participant-leave", participant, departure)]
        if participant.end_on_exit:
            reason = EndReason.ENDER_KICKED if kicked else EndReason.ENDER_LEFT
            return events + self._end(reason, participant, Departure.MODERATOR_ENDED, now)
        if not self.participants:
            reason = EndReason.LAST_KICKED if kicked else EndReason.LAST_LEFT
            return events + self._end(reason, participant, Departure.MODERATOR_ENDED, now)
        return events

    def end(self, now: datetime) -> list[ConferenceEvent]:
        """Ended by request. Nothing when it is over."""
        return [] if self.over else self._end(EndReason.API, None, Departure.ENDED_BY_API, now)

    def mute(self, participant: Participant, muted: bool, now: datetime) -> list[ConferenceEvent]:
        """Mute or unmute somebody. Nothing where that is so already."""
        if participant.muted is muted:
            return []
        participant.muted = muted
        return self._modified(participant, "participant-mute" if muted else "participant-unmute", now)

    def hold(self, participant: Participant, hold: bool, now: datetime) -> list[ConferenceEvent]:
        """Hold or unhold somebody. Nothing where that is so already."""
        if participant.hold is hold:
            return []
        participant.hold = hold
        return self._modified(participant, "participant-hold" if hold else "participant-unhold", now)

    def set_end_on_exit(
        self, participant: Participant, end_on_exit: bool, now: datetime
    ) -> list[ConferenceEvent]:
        """Change whether the conference ends with somebody."""
        if participant.end_on_exit is end_on_exit:
            return []
        participant.end_on_exit = end_on_exit
        return self._modified(participant, "participant-modify", now)

    def _modified(self, participant: Participant, name: str, now: datetime) -> list[ConferenceEvent]:
        participant.updated_at = self.updated_at = now
        return [ConferenceEvent(name, participant)]

    def _end(
        self, reason: EndReason, by: Participant | None, departure: Departure, now: datetime
    ) -> list[ConferenceEvent]:
        left = [ConferenceEvent("participant-leave", one, departure) for one in self.participants.values()]
        self.participants.clear()
        self.status = ConferenceStatus.COMPLETED
        self.updated_at, self.reason_ended, self.ended_by = now, reason, by
        return [*left, ConferenceEvent("conference-end")]
