"""A recording as the carrier keeps it, and what is put into it. Pure; in memory."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np

from telephony.line.conferences.mixer import mix
from telephony.line.leg import FRAME_BYTES, FRAME_S, ULAW_SILENCE
from telephony.media import ulaw
from telephony.media.wav import wav_file


class RecordingStatus(StrEnum):
    """Twilio's recording statuses (OpenAPI `call_recording_enum_status`)."""

    IN_PROGRESS = "in-progress"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETED = "completed"
    ABSENT = "absent"


class RecordingSource(StrEnum):
    """What began it (OpenAPI `call_recording_enum_source`)."""

    DIAL = "DialVerb"
    CONFERENCE = "Conference"
    RECORD = "RecordVerb"
    STARTED = "StartCallRecordingAPI"
    """By REST or by `<Start>`: Twilio has one word for both."""


ENDED = frozenset({RecordingStatus.STOPPED, RecordingStatus.COMPLETED, RecordingStatus.ABSENT})


@dataclass
class Recording:
    """One recording: µ-law, one or two channels, frame by frame. A `Tap` of its call."""

    sid: str
    account_sid: str
    call_sid: str
    source: RecordingSource
    started_at: datetime
    track: str = "both"
    """`inbound` what the party says, `outbound` what it hears, or `both`."""
    channels: int = 1
    conference_sid: str | None = None
    status: RecordingStatus = RecordingStatus.IN_PROGRESS
    updated_at: datetime | None = None
    skips_pauses: bool = False
    _audio: list[bytearray] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if self.track != "both":
            self.channels = 1
        self._audio = [bytearray() for _ in range(self.channels)]

    @property
    def over(self) -> bool:
        """Whether nothing more is put into it."""
        return self.status in ENDED

    @property
    def duration_s(self) -> float:
        """Its length."""
        return len(self._audio[0]) / FRAME_BYTES * FRAME_S

    def tap(self, heard: bytes, played: bytes) -> None:
        """One beat of the call."""
        if self.over or (self.status is RecordingStatus.PAUSED and self.skips_pauses):
            return
        if self.status is RecordingStatus.PAUSED:
            heard = played = ULAW_SILENCE
        for channel, frame in zip(self._audio, self._frames(heard, played), strict=True):
            channel.extend(frame)

    def _frames(self, heard: bytes, played: bytes) -> tuple[bytes, ...]:
        if self.track == "inbound":
            return (heard,)
        if self.track == "outbound":
            return (played,)
        return (heard, played) if self.channels == 2 else (mix([heard, played]),)

    def wav(self) -> bytes:
        """A 16-bit WAV file at 8 kHz; with two channels, the party is the first."""
        sound = np.stack([ulaw.decode(bytes(channel)) for channel in self._audio], axis=1)
        return wav_file(sound)
