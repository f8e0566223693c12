"""Hearing: pipecat's speech-to-text service on the shared recogniser.

The sound of a turn is decoded whole each time the caller pauses, so a turn with pauses is still recognised with
all of its context, and the text is ready while the turn detector decides whether the pause was the end.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import numpy as np
from loguru import logger
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.time import time_now_iso8601

from dialog.types import Expectation, Hearing, Word
from voice.frames import HearingFrame
from voice.hearing.recogniser import NOT_HEARD, Recogniser, Recognition
from voice.hearing.turn_sound import FULL_PIECE_S, LONG_PIECE_S, RATE, Piece, TurnSound
from voice.workers import Worker

LATEST_TEXT_S = 10.0
"""pipecat ends a turn without its text after this time; on a busy machine one second is not enough."""
NOTHING = " "
"""pipecat's turn strategies wait for a text that is not empty."""


@dataclass(frozen=True)
class _Decoded:
    """One piece of a turn with its text."""

    piece: Piece
    recognition: Recognition


class Ears(STTService):
    """Hears one call. Pushes a finalized `HearingFrame` after each pause of the caller."""

    def __init__(
        self,
        recogniser: Recogniser,
        worker: Worker,
        clock: Callable[[], float],
        on_failed: Callable[[str], None],
    ) -> None:
        super().__init__(
            name="ears",
            ttfs_p99_latency=LATEST_TEXT_S,
            settings=STTSettings(model="whisper", language="en"),
        )
        self._recogniser = recogniser
        self._worker = worker
        self._clock = clock
        self._on_failed = on_failed
        self._sound = TurnSound()
        self._pieces: list[_Decoded] = []
        self._decoding: asyncio.Task[None] | None = None
        self._speech_start_s: float | None = None
        self.expectation = Expectation()
        self.axis_sample = 0
        """The end of the last sound on the call's axis, 16 kHz samples."""

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Nothing is recognised a chunk at a time."""
        yield None

    async def process_audio_frame(self, frame: InputAudioRawFrame, direction: FrameDirection) -> None:
        """Keep the sound; cut it where a piece is full."""
        chunk = np.frombuffer(frame.audio, dtype=np.int16)
        at_sample = getattr(frame, "at_sample", None)
        self.axis_sample = self.axis_sample + chunk.size if at_sample is None else 2 * at_sample + chunk.size
        self._sound.add(chunk, self.axis_sample)
        if self._sound.in_turn and self._sound.seconds >= FULL_PIECE_S:
            await self._decode(final=False)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow the caller's speech."""
        await super().process_frame(frame, direction)
        if direction is FrameDirection.DOWNSTREAM and isinstance(frame, VADUserStartedSpeakingFrame):
            await self._on_speech(frame.start_secs)
        elif direction is FrameDirection.DOWNSTREAM and isinstance(frame, VADUserStoppedSpeakingFrame):
            await self._decode(final=True, silence_s=frame.stop_secs)
        elif isinstance(frame, UserStoppedSpeakingFrame):
            self._end_turn()

    async def cleanup(self) -> None:
        """Give up what is being decoded."""
        await super().cleanup()
        await self._drop_decoding()

    async def _on_speech(self, start_delay_s: float) -> None:
        if self._sound.in_turn:
            await self._drop_decoding()
            return
        # What is still being decoded belongs to the turn before, and is owed.
        self._sound.begin()
        self._speech_start_s = self.axis_sample / RATE - start_delay_s

    def _end_turn(self) -> None:
        self._sound.end()
        self._pieces = []
        self._speech_start_s = None

    async def _decode(self, *, final: bool, silence_s: float = 0.0) -> None:
        """Start decoding the current piece; a long one is closed, so that it is not decoded again."""
        await self._drop_decoding()
        piece = self._sound.piece()
        closes = piece.seconds >= LONG_PIECE_S
        if closes:
            self._sound.cut()
        end_s = self.axis_sample / RATE - silence_s
        start_s = self._speech_start_s if self._speech_start_s is not None else end_s
        decoding = self._decode_piece(piece, start_s, end_s, closes=closes, final=final)
        if closes:
            await decoding
        else:
            self._decoding = self.create_task(decoding, "decode")

    async def _decode_piece(
        self, piece: Piece, start_s: float, end_s: float, *, closes: bool, final: bool
    ) -> None:
        began = self._clock()
        pieces = self._pieces  # of this turn, even if it ends meanwhile
        decoded = [*pieces, _Decoded(piece, await self._recognise(piece))]
        if closes:
            pieces[:] = decoded
        if final:
            await self._push_hearing(decoded, start_s, end_s, self._clock() - began)

    async def _recognise(self, piece: Piece) -> Recognition:
        try:
            return await self._worker.run(self._recogniser.recognise, piece.sound, self.expectation.hotwords)
        except Exception as error:  # noqa: BLE001 - whatever broke in the model, the caller is asked again
            logger.bind(error=type(error).__name__).error("recognition failed")
            self._on_failed(type(error).__name__)
            return NOT_HEARD

    async def _push_hearing(
        self, decoded: list[_Decoded], start_s: float, end_s: float, decode_s: float
    ) -> None:
        hearing = join(decoded, start_s, end_s)
        logger.bind(confidence=hearing.confidence, decode_s=round(decode_s, 3)).debug("turn decoded")
        await self.push_frame(
            HearingFrame(
                text=hearing.text or NOTHING,
                user_id="caller",
                timestamp=time_now_iso8601(),
                finalized=True,
                hearing=hearing,
                decode_s=decode_s,
            )
        )

    async def _drop_decoding(self) -> None:
        if self._decoding is not None and not self._decoding.done():
            await self.cancel_task(self._decoding)
        self._decoding = None


def join(decoded: list[_Decoded], start_s: float, end_s: float) -> Hearing:
    """The pieces of one turn as one hearing; the confidence is that of the words, by their number."""
    heard = [item for item in decoded if not item.recognition.empty]
    words = tuple(word for item in heard for word in _on_axis(item))
    weights = [max(1, len(item.recognition.words)) for item in heard]
    logs = [math.log(max(item.recognition.confidence, 1e-6)) for item in heard]
    confidence = math.exp(float(np.average(logs, weights=weights))) if heard else 0.0
    return Hearing(
        text=" ".join(item.recognition.text for item in heard),
        confidence=round(confidence, 4),
        unsure=any(item.recognition.unsure for item in heard),
        words=words,
        start_s=round(max(0.0, start_s), 3),
        end_s=round(max(start_s, end_s, 0.0), 3),
    )


def _on_axis(item: _Decoded) -> list[Word]:
    offset = item.piece.start_sample / RATE
    return [
        word.model_copy(
            update={"start_s": round(word.start_s + offset, 3), "end_s": round(word.end_s + offset, 3)}
        )
        for word in item.recognition.words
    ]
