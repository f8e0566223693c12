"""Speaking: sentences in, sound for the media stream out."""

from collections.abc import Callable

import numpy as np
from loguru import logger
from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from telephony.media.frames import SpeechFrame
from telephony.media.transport import FRAME_SAMPLES
from voice.frames import SayFrame
from voice.speaking.synthesis import TELEPHONE_RATE, Speech, Synthesiser
from voice.workers import Worker


def whole_frames(speech: Speech) -> Speech:
    """`speech` with silence behind it up to a whole frame of 20 ms."""
    return np.pad(speech, (0, -speech.size % FRAME_SAMPLES))


class Mouth(FrameProcessor):
    """Renders one sentence after the other. pipecat drops the one being rendered when the caller cuts in."""

    def __init__(
        self,
        synthesiser: Synthesiser,
        worker: Worker,
        on_rendered: Callable[[int, int], None],
        on_failed: Callable[[str], None],
    ) -> None:
        super().__init__(name="mouth")
        self._synthesiser = synthesiser
        self._worker = worker
        self._on_rendered = on_rendered
        self._on_failed = on_failed

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Turn a `SayFrame` into a `SpeechFrame`."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, SayFrame):
            await self.push_frame(frame, direction)
            return
        speech = self._synthesiser.ready(frame.text)
        if speech is None:
            try:
                speech = await self._worker.run(self._synthesiser.render, frame.text)
            except Exception as error:  # noqa: BLE001 - whatever broke in the voice, the call must be told
                logger.bind(utterance=frame.utterance, error=type(error).__name__).error("speaking failed")
                self._on_failed(type(error).__name__)
                return
        speech = whole_frames(speech)
        self._on_rendered(frame.utterance, speech.size)
        await self.push_frame(
            SpeechFrame(
                audio=speech.tobytes(),
                sample_rate=TELEPHONE_RATE,
                num_channels=1,
                utterance=frame.utterance,
                last=True,
            )
        )
