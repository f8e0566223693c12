"""Speaking: sentences in, sound for the media stream out."""

from collections.abc import Callable

import numpy as np
from loguru import logger
from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from telephony.media.frames import SpeechFrame
from telephony.media.transport import FRAME_SAMPLES
from voice.frames import SayFrame
from voice.speaking.renderer import TELEPHONE_RATE
from voice.speaking.rendering import Speech
from voice.speaking.synthesis import Synthesiser

RESUME_BACK_S = 0.6
"""A sentence goes on from its quietest moment within so much before it was cut off: the beginning of a word."""


class Mouth(FrameProcessor):
    """Speaks one sentence after the other, each from its first piece on.

    pipecat drops the one being spoken when the caller cuts in.
    """

    def __init__(
        self,
        synthesiser: Synthesiser,
        owner: str,
        on_rendered: Callable[[int, int], None],
        on_failed: Callable[[str], None],
    ) -> None:
        """`on_rendered` is told a sentence's number and length in samples once it is complete."""
        super().__init__(name="mouth")
        self._synthesiser = synthesiser
        self._owner = owner
        self._on_rendered = on_rendered
        self._on_failed = on_failed

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Turn a `SayFrame` into `SpeechFrame`s."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, SayFrame):
            await self.push_frame(frame, direction)
            return
        try:
            await self._speak(frame)
        except Exception as error:  # noqa: BLE001 - whatever broke in the voice, the call must be told
            logger.bind(utterance=frame.utterance, error=type(error).__name__).error("speaking failed")
            self._on_failed(type(error).__name__)

    async def _speak(self, say: SayFrame) -> None:
        """Push the pieces as they come. One frame is held back, to be marked as the last when there is no more."""
        rendering = self._synthesiser.start(say.text, say.speed)
        held = np.zeros(0, dtype=np.int16)
        begun = say.from_sample == 0
        total = 0
        async for piece in rendering.pieces(self._owner):
            held = np.concatenate((held, piece))
            if not begun and held.size > say.from_sample:
                held, begun = held[resume_at(held, say.from_sample) :], True
            if begun and held.size > FRAME_SAMPLES:
                total += held.size - FRAME_SAMPLES
                await self._push(say, held[:-FRAME_SAMPLES], last=False)
                held = held[-FRAME_SAMPLES:]
        held = held if begun else held[:0]
        self._on_rendered(say.utterance, total + held.size)
        if held.size:
            await self._push(say, held, last=True)

    async def _push(self, say: SayFrame, piece: Speech, *, last: bool) -> None:
        await self.push_frame(
            SpeechFrame(
                audio=piece.tobytes(),
                sample_rate=TELEPHONE_RATE,
                num_channels=1,
                utterance=say.utterance,
                last=last,
            )
        )


def resume_at(speech: Speech, heard: int) -> int:
    """Where a sentence goes on of which `heard` samples were heard, 8 kHz: a whole number of 20 ms."""
    last = heard // FRAME_SAMPLES
    first = max(0, last - round(RESUME_BACK_S * TELEPHONE_RATE) // FRAME_SAMPLES)
    if first >= last:
        return 0
    frames = (
        speech[first * FRAME_SAMPLES : last * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES).astype(np.float64)
    )
    return (first + int((frames**2).sum(axis=1).argmin())) * FRAME_SAMPLES
