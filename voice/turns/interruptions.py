"""Listens for the caller while we speak, and stops us when they have really cut in."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from telephony.media.frames import CallerAudioFrame
from voice.turns.cut_in import CutIn
from voice.turns.echo import EchoReference


class Interruptions(FrameProcessor):
    """Turns evidence into an interruption. The VAD tells it of each window it has seen."""

    def __init__(self, we_speak: Callable[[], bool], echo: EchoReference) -> None:
        super().__init__(name="interruptions")
        self._we_speak = we_speak
        self._echo = echo
        self._cut_in = CutIn()
        self._due = False

    def window(self, sound: NDArray[np.int16], probability: float) -> None:
        """The VAD has seen 32 ms."""
        if not self._we_speak():
            self._cut_in.reset()
            return
        suspect = probability > 0.0 and self._echo.explains
        self._due |= self._cut_in.window(sound, probability, echo=suspect)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Keep the caller's sound for comparison, and interrupt when it is time."""
        await super().process_frame(frame, direction)
        if isinstance(frame, CallerAudioFrame) and frame.narrowband is not None:
            self._echo.heard(frame.at_sample, frame.narrowband)
        await self.push_frame(frame, direction)
        if self._due:
            self._due = False
            await self.broadcast_interruption()
