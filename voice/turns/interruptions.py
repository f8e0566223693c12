"""Listens for the caller while we speak, and stops us when they have really cut in."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import numpy as np
from numpy.typing import NDArray
from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from dialog.types import Expectation
from telephony.media.frames import CallerAudioFrame
from voice.turns.backchannel import begins_as_backchannel
from voice.turns.cut_in import CutIn, Evidence
from voice.turns.echo import EchoReference

HEARD_FRAMES = 20
"""A word's first sounds are in the last 0.4 s, in frames of 20 ms."""
FIRST_FRAMES = 18
"""Without the newest, a hum is still written as one; with them it looks like the beginning of a word."""
LATEST_S = 0.1
"""A word that is not known by then stops us: who really cuts in must not wait for it."""

Sound = NDArray[np.int16]
Glance = Callable[[Sound], Awaitable[str]]
"""The first word in int16 mono 8 kHz; empty where that is not known."""


class Interruptions(FrameProcessor):
    """Turns evidence into an interruption. The VAD tells it of each window it has seen."""

    def __init__(
        self,
        we_speak: Callable[[], bool],
        echo: EchoReference,
        glance: Glance,
        expectation: Callable[[], Expectation],
    ) -> None:
        # Fifty times a second: a queue of its own would cost more than what is done here.
        super().__init__(name="interruptions", enable_direct_mode=True)
        self._we_speak = we_speak
        self._echo = echo
        self._glance = glance
        self._expectation = expectation
        self._cut_in = CutIn()
        self._evidence: Evidence | None = None
        self._lately: deque[Sound] = deque(maxlen=HEARD_FRAMES)
        self._glancing: asyncio.Task[None] | None = None

    def window(self, sound: Sound, probability: float) -> None:
        """The VAD has seen 32 ms."""
        if not self._we_speak():
            self._cut_in.reset()
            return
        suspect = probability > 0.0 and self._echo.explains
        self._evidence = self._cut_in.window(sound, probability, echo=suspect) or self._evidence

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Keep the caller's sound for comparison, and interrupt when it is time."""
        await super().process_frame(frame, direction)
        if isinstance(frame, CallerAudioFrame) and frame.narrowband is not None:
            self._echo.heard(frame.at_sample, frame.narrowband)
            self._lately.append(frame.narrowband)
        await self.push_frame(frame, direction)
        evidence, self._evidence = self._evidence, None
        if evidence is Evidence.CERTAIN:
            await self._interrupt()
        elif evidence is Evidence.LIKELY and self._glancing is None:
            self._glancing = self.create_task(
                self._unless_they_listen(np.concatenate(list(self._lately)[:FIRST_FRAMES])), "glance"
            )

    async def cleanup(self) -> None:
        """Look no more."""
        await super().cleanup()
        if self._glancing is not None:
            await self.cancel_task(self._glancing)

    async def _unless_they_listen(self, sound: Sound) -> None:
        """Somebody who only says "okay" is let finish, and so are we."""
        try:
            word = await asyncio.wait_for(self._glance(sound), LATEST_S)
        except TimeoutError:
            word = ""
        self._glancing = None
        if not begins_as_backchannel(word, self._expectation()):
            await self._interrupt()

    async def _interrupt(self) -> None:
        if self._we_speak():
            await self.broadcast_interruption()
