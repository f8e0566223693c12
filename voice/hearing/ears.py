"""Hearing: pipecat's speech-to-text service on the shared recogniser.

The sound of a turn is decoded whole each time the caller pauses, so a turn with pauses is still recognised with
all of its context, and the text is ready while the turn strategies decide whether the pause was the end. While the
caller speaks and the model has nothing else to do, partial texts are decoded; what two of them agree on is pushed.
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
    InterimTranscriptionFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.time import time_now_iso8601

from dialog.types import Expectation, Hearing, Word
from telephony.media.frames import CallerAudioFrame
from voice.fair_queue import Lane
from voice.frames import HearingFrame, HearingRetractedFrame
from voice.hearing.agreement import LocalAgreement
from voice.hearing.recogniser import NOT_HEARD, Recogniser, Recognition
from voice.hearing.schedule import Decode, Schedule
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
    """Hears one call. Pushes a `HearingFrame` at each pause of the caller, and partial texts while they speak."""

    def __init__(
        self,
        recogniser: Recogniser,
        worker: Worker,
        owner: str,
        quiet_s: Callable[[], float],
        clock: Callable[[], float],
        on_failed: Callable[[str], None],
    ) -> None:
        """`quiet_s` tells how long the caller has been quiet."""
        super().__init__(
            name="ears",
            ttfs_p99_latency=LATEST_TEXT_S,
            settings=STTSettings(model="whisper", language="en"),
        )
        self._recogniser = recogniser
        self._worker = worker
        self._owner = owner
        self._quiet_s = quiet_s
        self._clock = clock
        self._on_failed = on_failed
        self._sound = TurnSound()
        self._schedule = Schedule()
        self._agreement = LocalAgreement()
        self._pieces: list[_Decoded] = []
        self._decoding: asyncio.Task[None] | None = None
        self._pushed = False
        """Whether the hearing that was pushed last holds everything said so far."""
        self._speech_start_s: float | None = None
        self.expectation = Expectation()
        self.axis_sample = 0
        """The end of the last sound on the call's axis, 8 kHz samples."""

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Nothing is recognised a chunk at a time."""
        yield None

    async def process_audio_frame(self, frame: InputAudioRawFrame, direction: FrameDirection) -> None:
        """Keep the sound, and decode what the schedule says; cut it where a piece is full."""
        if not isinstance(frame, CallerAudioFrame) or frame.narrowband is None:
            return
        self.axis_sample = frame.at_sample + frame.narrowband.size
        self._sound.add(frame.narrowband, self.axis_sample)
        if not self._sound.in_turn:
            return
        if self._sound.seconds >= FULL_PIECE_S:
            await self._decode(Decode.PARTIAL, closes=True)
        else:
            await self._follow()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow the caller's turns."""
        await super().process_frame(frame, direction)
        if direction is FrameDirection.DOWNSTREAM and isinstance(frame, VADUserStartedSpeakingFrame):
            self._on_speech(frame.start_secs)
        elif isinstance(frame, UserStoppedSpeakingFrame):
            self._end_turn()

    async def cleanup(self) -> None:
        """Give up what is being decoded."""
        await super().cleanup()
        await self._drop_decoding()

    def _on_speech(self, start_delay_s: float) -> None:
        if self._sound.in_turn:
            return
        # What is still being decoded belongs to the turn before, and is owed.
        self._sound.begin()
        self._speech_start_s = self.axis_sample / RATE - start_delay_s
        self._schedule.begin(self._speech_start_s)
        self._decoding, self._pushed = None, False
        self._agreement = LocalAgreement()

    def _end_turn(self) -> None:
        self._sound.end()
        self._pieces = []
        self._speech_start_s = None
        self._pushed = False

    async def _follow(self) -> None:
        quiet_s = self._quiet_s()
        if quiet_s <= 0 and self._pushed:
            self._pushed = False
            await self.push_frame(HearingRetractedFrame())
        underway = self._decoding is not None and not self._decoding.done()
        decode = self._schedule.next(
            self.axis_sample / RATE, quiet_s, idle=self._worker.idle, underway=underway
        )
        if decode is not None:
            piece_s = self._sound.seconds
            await self._decode(decode, closes=decode is Decode.FINAL and piece_s >= LONG_PIECE_S)

    async def _decode(self, decode: Decode, *, closes: bool) -> None:
        """Start decoding the current piece; a long one is closed, so that it is not decoded again."""
        await self._drop_decoding()
        piece = self._sound.piece()
        end_s = self.axis_sample / RATE - self._quiet_s()
        start_s = self._speech_start_s if self._speech_start_s is not None else end_s
        if closes:
            self._sound.cut()
            await self._decode_piece(piece, start_s, end_s, closes=True, final=decode is not Decode.PARTIAL)
        elif decode is Decode.PARTIAL:
            self._decoding = self.create_task(self._glance(piece), "glance")
        else:
            decoding = self._decode_piece(piece, start_s, end_s, closes=False, final=True)
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
            self._pushed = pieces is self._pieces

    async def _recognise(self, piece: Piece) -> Recognition:
        expected = self.expectation
        try:
            return await self._worker.run(
                lambda: self._recogniser.recognise(piece.sound, expected), self._owner
            )
        except Exception as error:  # noqa: BLE001 - whatever broke in the model, the caller is asked again
            logger.bind(error=type(error).__name__).error("recognition failed")
            self._on_failed(type(error).__name__)
            return NOT_HEARD

    async def _glance(self, piece: Piece) -> None:
        expected = self.expectation
        try:
            text = await self._worker.run(
                lambda: self._recogniser.glance(piece.sound, expected), self._owner, Lane.IDLE
            )
        except Exception as error:  # noqa: BLE001 - a partial text is a convenience: the final one tells what broke
            logger.bind(error=type(error).__name__).debug("no partial text")
            return
        agreed = self._agreement.add(text)
        if agreed:
            await self.push_frame(
                InterimTranscriptionFrame(text=agreed, user_id="caller", timestamp=time_now_iso8601())
            )

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
