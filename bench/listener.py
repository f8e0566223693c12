"""Plays what callers say through VAD and recogniser in real time, as a call does."""

import asyncio
import sys
from dataclasses import dataclass

import numpy as np
from pipecat.frames.frames import Frame, UserStoppedSpeakingFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

from bench.telephone_sound import RATE, Segment, Sound, phone
from dialog.types import Expectation, Hearing
from models.shelf import ModelShelf
from telephony.media.frames import CallerAudioFrame
from telephony.media.halfband import Doubler
from voice.frames import HearingFrame
from voice.hearing.ears import Ears
from voice.hearing.recogniser import ANYTHING, Recogniser
from voice.hearing.vad import RATE as WIDE
from voice.hearing.vad import WINDOW, CascadeVad, SileroStream
from voice.speaking.renderer import Renderer
from voice.speech_parts import open_recogniser, open_session
from voice.workers import Worker

FRAME = 160
BEFORE_S, AFTER_S = 0.5, 1.2
VOICED = 0.5


@dataclass(frozen=True)
class Heard:
    """What came of it."""

    text: str
    final_s: float | None
    """From the end of speech to the final text; None when nothing was heard."""


class _Sink(FrameProcessor):
    """Keeps the last hearing and when it came."""

    def __init__(self) -> None:
        super().__init__(name="sink")
        self.hearing: Hearing | None = None
        self.at = 0.0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Note a hearing."""
        await super().process_frame(frame, direction)
        if isinstance(frame, HearingFrame):
            self.hearing, self.at = frame.hearing, asyncio.get_running_loop().time()
        await self.push_frame(frame, direction)


class Listener:
    """VAD and recogniser of one call, fed in real time."""

    def __init__(self, shelf: ModelShelf) -> None:
        self._session = open_session(shelf.silero_path())
        self._worker = Worker("hearing")
        self._sink = _Sink()
        vad = CascadeVad(self._session)
        loop = asyncio.get_running_loop()
        recogniser = recogniser_of(shelf)
        self._ears = Ears(recogniser, self._worker, "bench", lambda: vad.quiet_s, loop.time, sys.exit)
        self._pipeline = PipelineWorker(
            Pipeline([VADProcessor(vad_analyzer=vad), self._ears, self._sink]),
            params=PipelineParams(audio_in_sample_rate=WIDE, audio_out_sample_rate=RATE),
            cancel_on_idle_timeout=False,
            idle_timeout_secs=None,
        )
        self._at = 0
        self._doubler = Doubler()

    async def open(self) -> "asyncio.Task[None]":
        """Start the pipeline."""
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._pipeline)
        running = asyncio.create_task(runner.run())
        await asyncio.sleep(1.0)
        return running

    async def close(self, running: "asyncio.Task[None]") -> None:
        """Stop it."""
        await self._pipeline.cancel()
        await running
        self._worker.stop()

    async def hear(self, segment: Segment, expected: Expectation = ANYTHING) -> Heard:
        """Play one segment, with a moment of line noise before and behind it."""
        self._ears.expectation = expected
        self._sink.hearing = None
        quiet = np.random.default_rng(1).normal(0.0, 3.0, int((BEFORE_S + AFTER_S) * RATE)).astype(np.int16)
        before = int(BEFORE_S * RATE)
        sound = np.concatenate((quiet[:before], segment.sound, quiet[before:]))
        sound = np.pad(sound, (0, -sound.size % FRAME))
        speech_end = before + self.end_of_speech(segment.sound)
        loop = asyncio.get_running_loop()
        began = loop.time()
        for start in range(0, sound.size, FRAME):
            await asyncio.sleep(max(0.0, began + (start + FRAME) / RATE - loop.time()))
            await self._feed(sound[start : start + FRAME])
        await asyncio.sleep(0.3)
        await self._pipeline.queue_frame(UserStoppedSpeakingFrame())
        await asyncio.sleep(0.1)
        hearing = self._sink.hearing
        if hearing is None:
            return Heard("", None)
        return Heard(hearing.text, self._sink.at - (began + speech_end / RATE))

    def end_of_speech(self, sound: Sound) -> int:
        """The sample at 8 kHz where the last voice ends."""
        wide = Doubler().double(phone(sound)).astype(np.float32) / 32768.0
        silero = SileroStream(self._session)
        voiced = [
            start + WINDOW
            for start in range(0, wide.size - WINDOW, WINDOW)
            if silero.probability(wide[start : start + WINDOW]) >= VOICED
        ]
        return (voiced[-1] if voiced else wide.size) // 2

    async def _feed(self, frame: Sound) -> None:
        narrow = phone(frame)
        await self._pipeline.queue_frame(
            CallerAudioFrame(
                audio=self._doubler.double(narrow).tobytes(),
                sample_rate=WIDE,
                num_channels=1,
                narrowband=narrow,
                at_sample=self._at,
            )
        )
        self._at += frame.size


def recogniser_of(shelf: ModelShelf) -> Recogniser:
    """As a call has it."""
    return open_recogniser(shelf.whisper(), Renderer.load(shelf.voice_path()))
