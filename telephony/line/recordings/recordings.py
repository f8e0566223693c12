"""All recordings of a line, and what is told of them. They are kept in memory, the newest only."""

import secrets
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from telephony.line.callback_queue import CallbackQueue
from telephony.line.recordings.recording import Recording, RecordingSource, RecordingStatus
from telephony.line.rest.call_resource import API_VERSION
from telephony.line.twiml.verbs import Callback
from telephony.line.webhooks import Webhooks

MOST_KEPT = 100


class Recordings:
    """Begins and ends recordings."""

    def __init__(self, account_sid: str, webhooks: Webhooks, now: Callable[[], datetime]) -> None:
        self._account_sid = account_sid
        self._callbacks = CallbackQueue(webhooks)
        self._now = now
        self._known: dict[str, Recording] = {}
        self._told: dict[str, Callback] = {}
        self.base_url = ""
        """Where the REST API is reached; the addresses of recordings begin with it."""

    def start(
        self,
        call_sid: str,
        source: RecordingSource,
        *,
        track: str = "both",
        channels: int = 1,
        callback: Callback | None = None,
        conference_sid: str | None = None,
    ) -> Recording:
        """Begin one. Whoever asks for it lets it listen."""
        sid = "RE" + secrets.token_hex(16)
        recording = Recording(
            sid, self._account_sid, call_sid, source, self._now(), track, channels, conference_sid
        )
        self._known[sid] = recording
        if callback is not None:
            self._told[sid] = callback
        over = [known for known, one in self._known.items() if one.over]
        for old in over[: max(0, len(self._known) - MOST_KEPT)]:
            self.forget(old)
        self._tell(recording)
        return recording

    def pause(self, recording: Recording, *, paused: bool, skip: bool = False) -> None:
        """Pause it, or go on. What is paused is silent, or left out with `skip`."""
        if not recording.over:
            recording.status = RecordingStatus.PAUSED if paused else RecordingStatus.IN_PROGRESS
            recording.skips_pauses = skip
            recording.updated_at = self._now()

    def finish(self, recording: Recording) -> None:
        """End it. Does nothing the second time."""
        if recording.over:
            return
        recording.status = RecordingStatus.COMPLETED if recording.duration_s else RecordingStatus.ABSENT
        recording.updated_at = self._now()
        self._tell(recording)

    def get(self, sid: str) -> Recording | None:
        """One recording; None where there is none."""
        return self._known.get(sid)

    def of(self, call_sid: str | None = None, conference_sid: str | None = None) -> list[Recording]:
        """Recordings, newest first: all, or those of a call or a conference."""
        return [
            one
            for one in reversed(self._known.values())
            if call_sid in {None, one.call_sid} and conference_sid in {None, one.conference_sid}
        ]

    def forget(self, sid: str) -> None:
        """Delete one."""
        self._known.pop(sid, None)
        self._told.pop(sid, None)

    async def finished(self) -> None:
        """Wait until everything was told."""
        await self._callbacks.finished()

    def url(self, recording: Recording) -> str:
        """Its address; `.wav` behind it is the sound."""
        return f"{self.base_url}/{API_VERSION}/Accounts/{recording.account_sid}/Recordings/{recording.sid}"

    def _tell(self, recording: Recording) -> None:
        callback = self._told.get(recording.sid)
        if callback is None or recording.status.value not in callback.events:
            return
        params = {
            "AccountSid": recording.account_sid,
            "CallSid": recording.call_sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": self.url(recording),
            "RecordingStatus": recording.status.value,
            "RecordingChannels": str(recording.channels),
            "RecordingSource": recording.source.value,
            "RecordingTrack": recording.track,
            "RecordingStartTime": format_datetime(recording.started_at),
        }
        if recording.over:
            params["RecordingDuration"] = str(round(recording.duration_s))
        if recording.conference_sid is not None:
            params["ConferenceSid"] = recording.conference_sid
        self._callbacks.tell(callback.url, callback.method, params)
