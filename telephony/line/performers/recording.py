"""`<Record>`, `<Start><Recording>`, and the recording of a `<Dial>`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
from loguru import logger

from telephony.line.instructions import Instructions
from telephony.line.leg import FRAME_S
from telephony.line.recordings.recording import Recording, RecordingSource
from telephony.line.sources import beep
from telephony.line.stage import Stage
from telephony.line.twiml.verbs import Dial, Record, StartRecording, StopRecording
from telephony.media import ulaw

QUIET = 200
"""Mean level, of 32,768, below which nobody speaks."""
FROM_TWIML = "recording"
"""The name of the one recording that `<Start>` begins and `<Stop>` ends."""


class RecordingBeside:
    """A recording that goes on beside the verbs, from start to end."""

    def __init__(self, stage: Stage, recording: Recording, name: str | None = None) -> None:
        self.name = name or recording.sid
        self.recording = recording
        self._stage = stage
        stage.sound.attach(recording)

    async def stop(self) -> None:
        """End it."""
        self._stage.sound.detach(self.recording)
        self._stage.edge.recordings.finish(self.recording)


async def perform_start_recording(stage: Stage, verb: StartRecording) -> Instructions | None:
    """A recording that goes on beside what follows. One that is running is not begun a second time."""
    if any(one.name == FROM_TWIML for one in stage.beside):
        logger.bind(call=stage.call.sid, code=21220).warning("a recording of this call is running")
        return None
    recording = stage.edge.recordings.start(
        stage.call.sid,
        RecordingSource.STARTED,
        track=verb.track,
        channels=2 if verb.channels == "dual" else 1,
        callback=verb.callback,
    )
    stage.beside.append(RecordingBeside(stage, recording, FROM_TWIML))
    return None


async def perform_stop_recording(stage: Stage, _verb: StopRecording) -> Instructions | None:
    """The end of it; nothing where there is none."""
    await stage.stop_beside(FROM_TWIML)
    return None


@contextmanager
def recorded_dial(stage: Stage, verb: Dial) -> Iterator[None]:
    """The recording that a `<Dial>` asks for, while this is open: the caller is the first channel."""
    if verb.record == "do-not-record":
        yield
        return
    recordings = stage.edge.recordings
    channels = 2 if verb.record.endswith("-dual") else 1
    recording = recordings.start(
        stage.call.sid, RecordingSource.DIAL, channels=channels, callback=verb.recording_callback
    )
    stage.sound.attach(recording)
    try:
        yield
    finally:
        stage.sound.detach(recording)
        recordings.finish(recording)


async def perform_record(stage: Stage, verb: Record) -> Instructions | None:
    """Record the party. Where it said nothing, the next verb follows."""
    if verb.play_beep:
        await stage.sound.slot.play(beep())
    recordings = stage.edge.recordings
    recording = recordings.start(
        stage.call.sid, RecordingSource.RECORD, track="inbound", callback=verb.callback
    )
    silence = _SilenceWatch(verb.timeout_s)
    stage.sound.attach(recording)
    stage.sound.attach(silence)
    key = ""
    try:
        with stage.sound.keys() as keys, suppress(TimeoutError):
            async with asyncio.timeout(verb.max_length_s):
                key = await _key_or_silence(keys, silence, verb.finish_on)
    finally:
        stage.sound.detach(recording)
        stage.sound.detach(silence)
        recordings.finish(recording)
    if verb.action is None or not silence.spoken:
        return None
    told = {
        "RecordingSid": recording.sid,
        "RecordingUrl": recordings.url(recording),
        "RecordingDuration": str(round(recording.duration_s)),
        **({"Digits": key} if key else {}),
    }
    return Instructions(url=verb.action, method=verb.method, told=tuple(told.items()))


async def _key_or_silence(keys: asyncio.Queue[str], silence: "_SilenceWatch", finish_on: str) -> str:
    """The key that ends it; empty when silence does."""
    quiet = asyncio.create_task(silence.long_enough.wait())
    try:
        while True:
            pressed = asyncio.create_task(keys.get())
            try:
                await asyncio.wait({quiet, pressed}, return_when=asyncio.FIRST_COMPLETED)
                if not pressed.done():
                    return ""
                if pressed.result() in finish_on:
                    return pressed.result()
            finally:
                pressed.cancel()
    finally:
        quiet.cancel()


class _SilenceWatch:
    """A `Tap` that says when the party has been silent for long enough."""

    def __init__(self, timeout_s: float) -> None:
        self.long_enough = asyncio.Event()
        self.spoken = False
        self._timeout_s = timeout_s
        self._silent_s = 0.0

    def tap(self, heard: bytes, _played: bytes) -> None:
        """One beat."""
        quiet = np.abs(ulaw.decode(heard).astype(np.int32)).mean() < QUIET
        self._silent_s = self._silent_s + FRAME_S if quiet else 0.0
        self.spoken = self.spoken or not quiet
        if self._silent_s >= self._timeout_s:
            self.long_enough.set()
