"""One conference that is under way: its seats, its sound, and what is told of it."""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from telephony.line.callback_queue import CallbackQueue
from telephony.line.conferences.conference import (
    SUBSCRIPTIONS,
    Conference,
    ConferenceEvent,
    ConferenceStatus,
    Departure,
    EndReason,
    Participant,
)
from telephony.line.conferences.mixer import Mixer
from telephony.line.conferences.recorder import ConferenceRecorder
from telephony.line.conferences.seat import Seat
from telephony.line.sources import beep
from telephony.line.twiml.verbs import Callback, ConferenceRoom

REASONS = {
    EndReason.API: "Conference ended via API",
    EndReason.ENDER_LEFT: "Participant with end conference on exit left",
    EndReason.ENDER_KICKED: "Participant with end conference on exit was removed",
    EndReason.LAST_KICKED: "Last participant was removed",
    EndReason.LAST_LEFT: "Last participant left",
}


class LiveConference:
    """Seats calls, and does to sound and callbacks what the pure `Conference` says."""

    def __init__(
        self,
        resource: Conference,
        callbacks: CallbackQueue,
        callback: Callback | None,
        now: Callable[[], datetime],
    ) -> None:
        """`callback` is the first participant's: the only one that counts."""
        self.resource = resource
        self.mixer = Mixer()
        self._callbacks = callbacks
        self._callback = callback
        self._now = now
        self._seats: dict[str, Seat] = {}
        self.recorder: ConferenceRecorder | None = None
        """Set before somebody joins, where the conference is to be recorded."""
        self._sequence = 0

    def join(self, call_sid: str, room: ConferenceRoom) -> Seat:
        """Seat a call.

        Raises:
            NotAdmittedError: it may not join.
        """
        participant = Participant(
            call_sid, self._now(), room.label, room.start_on_enter, room.end_on_exit, room.muted
        )
        events = self.resource.join(participant, self._now())
        seat = Seat(participant, self.mixer, beep_on_exit=room.beep in {"true", "onExit"})
        if room.beep in {"true", "onEnter"} and self._started:
            self.announce(beep())
        self._seats[call_sid] = seat
        self._happened(events)
        return seat

    def leave(self, seat: Seat, departure: Departure, *, kicked: bool = False) -> None:
        """A call goes. Does nothing the second time."""
        if seat.left.is_set():
            return
        self._happened(self.resource.leave(seat.participant.call_sid, departure, self._now(), kicked=kicked))
        if seat.beep_on_exit and self._started:
            self.announce(beep())

    def kick(self, participant: Participant) -> None:
        """Remove somebody; their call goes on behind the `<Dial>`."""
        self.leave(self._seats[participant.call_sid], Departure.UPDATED, kicked=True)

    def end(self) -> None:
        """End it by request."""
        self._happened(self.resource.end(self._now()))

    def mute(self, participant: Participant, *, muted: bool) -> None:
        """Mute or unmute somebody."""
        self._happened(self.resource.mute(participant, muted, self._now()))

    def hold(self, participant: Participant, *, hold: bool) -> None:
        """Hold or unhold somebody."""
        self._happened(self.resource.hold(participant, hold, self._now()))

    def set_end_on_exit(self, participant: Participant, *, end_on_exit: bool) -> None:
        """Change whether it ends with somebody."""
        self._happened(self.resource.set_end_on_exit(participant, end_on_exit, self._now()))

    def announce(self, audio: bytes, participant: Participant | None = None) -> None:
        """Play µ-law to everybody, or to one."""
        for seat in self._seats.values():
            if participant is None or seat.participant is participant:
                seat.announce(audio)

    def announced(self, participant: Participant | None = None, *, well: bool = True) -> None:
        """An announcement was made, or failed."""
        self._tell(ConferenceEvent("announcement-end" if well else "announcement-fail", participant))

    def seat(self, participant: Participant) -> Seat:
        """Where somebody sits."""
        return self._seats[participant.call_sid]

    async def finished(self) -> None:
        """Wait until everything was told."""
        await self._callbacks.finished()

    @property
    def _started(self) -> bool:
        return self.resource.status is ConferenceStatus.IN_PROGRESS

    def _happened(self, events: list[ConferenceEvent]) -> None:
        for event in events:
            if event.name == "participant-leave" and event.participant is not None:
                self._unseat(event.participant, event.departure)
            self._record(event)
            self._tell(event)
        for seat in self._seats.values():
            if self._started and not seat.participant.hold:
                seat.join_others()
            else:
                seat.leave_others()

    def _record(self, event: ConferenceEvent) -> None:
        if self.recorder is not None and event.name == "conference-start":
            self.recorder.begin()
        elif self.recorder is not None and event.name == "conference-end":
            self.recorder.end()

    def _unseat(self, participant: Participant, departure: Departure | None) -> None:
        seat = self._seats.pop(participant.call_sid)
        seat.leave_others()
        seat.departure = departure
        seat.left.set()

    def _tell(self, event: ConferenceEvent) -> None:
        if self._callback is None or SUBSCRIPTIONS[event.name] not in self._callback.events:
            return
        self._sequence += 1
        params = {
            "AccountSid": self.resource.account_sid,
            "ConferenceSid": self.resource.sid,
            "FriendlyName": self.resource.name,
            "SequenceNumber": str(self._sequence),
            "StatusCallbackEvent": event.name,
            "Timestamp": format_datetime(self._now()),
            **_of_participant(event),
            **(self._of_end() if event.name == "conference-end" else {}),
        }
        self._callbacks.tell(self._callback.url, self._callback.method, params)

    def _of_end(self) -> dict[str, str]:
        reason, by = self.resource.reason_ended, self.resource.ended_by
        told = {} if reason is None else {"ReasonConferenceEnded": reason.value, "Reason": REASONS[reason]}
        if by is not None:
            told["CallSidEndingConference"] = by.call_sid
            if by.label is not None:
                told["ParticipantLabelEndingConference"] = by.label
        return told


def _of_participant(event: ConferenceEvent) -> dict[str, str]:
    one = event.participant
    if one is None:
        return {}
    told = {
        "CallSid": one.call_sid,
        "Coaching": "false",
        "EndConferenceOnExit": _flag(one.end_on_exit),
        "Hold": _flag(one.hold),
        "Muted": _flag(one.muted),
        "StartConferenceOnEnter": _flag(one.start_on_enter),
    }
    if one.label is not None:
        told["ParticipantLabel"] = one.label
    if event.departure is not None:
        told["ReasonParticipantLeft"] = event.departure.value
        over = event.departure is Departure.HUNG_UP
        told["ParticipantCallStatus"] = "completed" if over else "in-progress"
    return told


def _flag(value: bool) -> str:
    return "true" if value else "false"
