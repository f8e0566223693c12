"""All conferences of a line."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime

from telephony.line.callback_queue import CallbackQueue
from telephony.line.conferences.conference import Conference
from telephony.line.conferences.live_conference import LiveConference
from telephony.line.conferences.recorder import ConferenceRecorder
from telephony.line.conferences.seat import Seat
from telephony.line.recordings.recording import Recording, RecordingSource
from telephony.line.recordings.recordings import Recordings
from telephony.line.twiml.verbs import Callback, ConferenceRoom
from telephony.line.webhooks import Webhooks

MOST_KEPT = 1000
"""Ended conferences that the REST API still knows."""


class Conferences:
    """Finds the conference of a name, or opens one. Names belong to the account."""

    def __init__(
        self, account_sid: str, webhooks: Webhooks, recordings: Recordings, now: Callable[[], datetime]
    ) -> None:
        self._account_sid = account_sid
        self._webhooks = webhooks
        self._recordings = recordings
        self._now = now
        self._known: dict[str, LiveConference] = {}

    def join(self, call_sid: str, room: ConferenceRoom) -> tuple[LiveConference, Seat]:
        """Seat a call in the conference of that name; its first call opens it.

        Raises:
            NotAdmittedError: it may not join.
        """
        conference = self.opened(call_sid, room)
        return conference, conference.join(call_sid, room)

    def opened(self, call_sid: str, room: ConferenceRoom) -> LiveConference:
        """The conference of that name; opened for this call where there is none."""
        known = self._known.values()
        found = next((one for one in known if one.resource.name == room.name and not one.resource.over), None)
        return found or self._open(call_sid, room)

    def get(self, sid: str) -> LiveConference | None:
        """One conference by sid, or one that is not over by name; None where there is none."""
        if sid in self._known:
            return self._known[sid]
        by_name = (one for one in self._known.values() if one.resource.name == sid and not one.resource.over)
        return next(by_name, None)

    @property
    def resources(self) -> list[Conference]:
        """All known conferences, newest first."""
        return [one.resource for one in reversed(self._known.values())]

    async def finished(self) -> None:
        """Wait until everything was told of all of them."""
        await asyncio.gather(*(one.finished() for one in self._known.values()))

    def _open(self, call_sid: str, room: ConferenceRoom) -> LiveConference:
        sid = "CF" + secrets.token_hex(16)
        resource = Conference(sid, self._account_sid, room.name, self._now(), room.most_participants)
        conference = LiveConference(resource, CallbackQueue(self._webhooks), room.callback, self._now)
        if room.record:
            conference.recorder = self._recorder(conference, call_sid, room.recording_callback)
        self._known[sid] = conference
        ended = [known for known, one in self._known.items() if one.resource.over]
        for old in ended[: max(0, len(self._known) - MOST_KEPT)]:
            del self._known[old]
        return conference

    def _recorder(
        self, conference: LiveConference, call_sid: str, callback: Callback | None
    ) -> ConferenceRecorder:
        def start() -> Recording:
            return self._recordings.start(
                call_sid,
                RecordingSource.CONFERENCE,
                track="inbound",
                callback=callback,
                conference_sid=conference.resource.sid,
            )

        return ConferenceRecorder(conference.mixer, start, self._recordings.finish)
