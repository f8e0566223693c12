"""Hearing: pipecat's speech-to-text service on the shared recogniser.

The sound of a turn is decoded whole each time the caller pauses, so a turn with pauses is still recognised with
all of its context, and the text is ready while the turn strategies decide whether the pause was the end. Where the
model is idle a decode begins as soon as the voice falls off, before the VAD knows of a pause: if the caller goes on,
it was a partial text. What two of those agree on is pushed.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Sequence
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

from dialog.types import Expectation, Hearing, Prosody, Word
from telephony.media.frames import CallerAudioFrame
from voice.fair_queue import Lane
from voice.frames import HearingFrame, HearingRetractedFrame
from voice.hearing.agreement import LocalAgreement
from voice.hearing.guard import DOUBTFUL
from voice.hearing.level import Level
from voice.hearing.prosody import Baseline, Manner, measure
from voice.hearing.recogniser import NOT_HEARD, Recogniser, Recognition
from voice.hearing.schedule import Decode, Moment, Schedule
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
    manner: Manner | None = None
    """How it was said; None where there was too little voice."""


@dataclass(eq=False)
class _Attempt:
    """One decode of the turn so far."""

    began_s: float
    task: asyncio.Task[None] | None = None
    wanted: bool = True
    decoded: list[_Decoded] | None = None
    """What came of it."""
    decode_s: float = 0.0
    span: tuple[float, float] | None = None
    """When the turn began and ended, once it is over."""
    pushed: bool = False
    words: asyncio.Future[tuple[Word, ...]] | None = None
    """Who takes the turn's words, where they have not been looked for."""
    aligning: bool = False

    @property
    def underway(self) -> bool:
        return self.task is not None and not self.task.done()

    def is_wanted(self) -> bool:
        """Asked on the worker's thread between the steps of the work."""
        return self.wanted


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
        self._level = Level()
        self._schedule = Schedule()
        self._agreement = LocalAgreement()
        self._pieces: list[_Decoded] = []
        self._attempt: _Attempt | None = None
        self._standing: Hearing | None = None
        """The hearing that was pushed last, while it holds everything said so far."""
        self._speech_start_s: float | None = None
        self._baseline = Baseline()
        """How this caller has spoken so far."""
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
        self._level.add(frame.narrowband)
        if self._sound.seconds >= FULL_PIECE_S:
            await self._begin(Decode.PARTIAL, closes=True)
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
        await self._give_up()

    def _on_speech(self, start_delay_s: float) -> None:
        if self._sound.in_turn:
            return
        # What is still being decoded belongs to the turn before, and is owed.
        self._attempt, self._standing = None, None
        self._sound.begin()
        self._level = Level()
        self._level.add(self._sound.piece().sound)
        self._speech_start_s = self.axis_sample / RATE - start_delay_s
        self._schedule.begin(self._speech_start_s)
        self._agreement = LocalAgreement()

    def _end_turn(self) -> None:
        if self._attempt is not None:
            self._attempt.span = self._span(self._attempt)
            self._learn_manner(self._attempt.decoded or [])
            self._look_for_words(self._attempt)
        self._sound.end()
        self._pieces = []
        self._speech_start_s = None
        self._standing = None

    async def _follow(self) -> None:
        if self._standing is not None and self._quiet_s() <= 0:
            await self._retract()
        moment = self._moment()
        decode = self._schedule.next(moment)
        if decode is not None:
            await self._begin(decode, closes=decode is Decode.FINAL and moment.long)
        await self._push(self._attempt)

    async def _retract(self) -> None:
        """The caller is not quiet. If that was a breath only, the same text is pushed again."""
        self._standing = None
        if self._attempt is not None:
            self._attempt.pushed = False
        await self.push_frame(HearingRetractedFrame())

    def _moment(self) -> Moment:
        underway = self._attempt is not None and self._attempt.underway
        return Moment(
            now_s=self.axis_sample / RATE,
            quiet_s=self._quiet_s(),
            low_s=self._level.low_s,
            # What is underway for this turn is given up for what is wanted now.
            idle=self._worker.idle or (underway and not self._worker.awaited),
            underway=underway,
            long=self._sound.seconds >= LONG_PIECE_S,
        )

    async def _begin(self, decode: Decode, *, closes: bool) -> None:
        """Start decoding the current piece; one that is closed is not decoded again."""
        await self._give_up()
        piece = self._sound.piece()
        attempt = self._attempt = _Attempt(self._clock())
        if closes:
            self._sound.cut()
            await self._decode_piece(attempt, piece, closes=True)
        elif decode is Decode.PARTIAL:
            attempt.task = self.create_task(self._glance(attempt, piece), "glance")
        else:
            attempt.task = self.create_task(self._decode_piece(attempt, piece), "decode")

    async def _decode_piece(self, attempt: _Attempt, piece: Piece, *, closes: bool = False) -> None:
        pieces = self._pieces  # of this turn, even if it ends meanwhile
        decoded = [*pieces, await self._recognise(attempt, piece)]
        if closes:
            pieces[:] = decoded
        attempt.decode_s = self._clock() - attempt.began_s
        attempt.decoded = decoded
        await self._push(attempt)
        if not attempt.pushed:
            await self._push_agreed(decoded[-1].recognition.text)

    async def _push(self, attempt: _Attempt | None) -> None:
        """Push what was decoded once it is known to be all that was said."""
        if attempt is None or attempt.decoded is None or attempt.pushed:
            return
        span = attempt.span or self._span(attempt)
        if span is None:
            return
        attempt.pushed = True
        hearing = join(attempt.decoded, *span).model_copy(update={"prosody": self._prosody(attempt.decoded)})
        current = attempt is self._attempt
        if current and adds_nothing(hearing, self._standing):
            return
        self._standing = hearing if current else None
        if current and not is_sure(hearing):
            self._schedule.doubt()
        logger.bind(confidence=hearing.confidence, decode_s=round(attempt.decode_s, 3)).debug("turn decoded")
        if any(item.recognition.align is not None for item in attempt.decoded):
            attempt.words = asyncio.get_running_loop().create_future()
        await self.push_frame(
            HearingFrame(
                text=hearing.text or NOTHING,
                user_id="caller",
                timestamp=time_now_iso8601(),
                finalized=True,
                hearing=hearing,
                decode_s=attempt.decode_s,
                words=attempt.words,
            )
        )
        if not (current and self._sound.in_turn):
            self._look_for_words(attempt)

    def _learn_manner(self, decoded: list[_Decoded]) -> None:
        """What the caller sounds like, for the turns that follow."""
        for item in decoded:
            if item.manner is not None and not item.recognition.empty:
                self._baseline = self._baseline.after(item.manner)

    def _look_for_words(self, attempt: _Attempt) -> None:
        """The turn is over: find when each word was said. Nobody's answer waits for it."""
        if attempt.words is not None and not attempt.words.done() and not attempt.aligning:
            attempt.aligning = True
            self.create_task(self._find_words(attempt, attempt.words), "words")

    async def _find_words(self, attempt: _Attempt, words: asyncio.Future[tuple[Word, ...]]) -> None:
        decoded = attempt.decoded or []
        try:
            found = await self._worker.run(lambda: aligned(decoded), self._owner, Lane.SOON)
        except Exception as error:  # noqa: BLE001 - the turn has its text: only its words' times are missing
            logger.bind(error=type(error).__name__).warning("the words of a turn could not be placed")
            words.cancel()
            return
        if not words.done():
            words.set_result(found)

    def _span(self, attempt: _Attempt) -> tuple[float, float] | None:
        """When the turn began and ended, if `attempt` holds all of it."""
        moment = self._moment()
        if attempt is not self._attempt or not self._schedule.covers(moment):
            return None
        end_s = moment.now_s - moment.quiet_s
        return (end_s if self._speech_start_s is None else self._speech_start_s), end_s

    def _prosody(self, decoded: list[_Decoded]) -> Prosody | None:
        manner = decoded[-1].manner
        return self._baseline.prosody(manner) if manner is not None else None

    async def _recognise(self, attempt: _Attempt, piece: Piece) -> _Decoded:
        expected = self.expectation

        def work() -> _Decoded:
            recognition = self._recogniser.recognise(piece.sound, expected, attempt.is_wanted)
            return _Decoded(piece, recognition, measure(piece.sound))

        try:
            return await self._worker.run(work, self._owner)
        except Exception as error:  # noqa: BLE001 - whatever broke in the model, the caller is asked again
            logger.bind(error=type(error).__name__).error("recognition failed")
            self._on_failed(type(error).__name__)
            return _Decoded(piece, NOT_HEARD)

    async def _glance(self, attempt: _Attempt, piece: Piece) -> None:
        expected = self.expectation
        try:
            text = await self._worker.run(
                lambda: self._recogniser.glance(piece.sound, expected, attempt.is_wanted),
                self._owner,
                Lane.IDLE,
            )
        except Exception as error:  # noqa: BLE001 - a partial text is a convenience: the final one tells what broke
            logger.bind(error=type(error).__name__).debug("no partial text")
            return
        await self._push_agreed(text)

    async def _push_agreed(self, text: str) -> None:
        agreed = self._agreement.add(text)
        if agreed:
            await self.push_frame(
                InterimTranscriptionFrame(text=agreed, user_id="caller", timestamp=time_now_iso8601())
            )

    async def _give_up(self) -> None:
        """What is being decoded for this turn is overtaken."""
        attempt, self._attempt = self._attempt, None
        if attempt is None:
            return
        if attempt.words is not None and not attempt.aligning:
            attempt.words.cancel()
        # One whose text is on its way is done: cancelled there, the text would stand for said and reach nobody.
        if attempt.task is not None and attempt.underway and not attempt.pushed:
            attempt.wanted = False
            await self.cancel_task(attempt.task)


def is_sure(hearing: Hearing) -> bool:
    """Whether the text is likelier right than wrong."""
    return not hearing.unsure and hearing.confidence >= DOUBTFUL


def adds_nothing(hearing: Hearing, standing: Hearing | None) -> bool:
    """Whether a second look found the words that stand already, and no reason to be sure of them that was missing."""
    if standing is None or hearing.text != standing.text:
        return False
    return is_sure(standing) or not is_sure(hearing)


def join(decoded: list[_Decoded], start_s: float, end_s: float) -> Hearing:
    """The pieces of one turn as one hearing; the confidence is that of the words, by their number."""
    heard = [item for item in decoded if not item.recognition.empty]
    words = tuple(word for item in heard for word in _on_axis(item, item.recognition.words))
    weights = [max(1, len(item.recognition.text.split())) for item in heard]
    logs = [math.log(max(item.recognition.confidence, 1e-6)) for item in heard]
    confidence = math.exp(float(np.average(logs, weights=weights))) if heard else 0.0
    return Hearing(
        text=" ".join(item.recognition.text for item in heard),
        confidence=round(confidence, 4),
        unsure=any(item.recognition.unsure for item in heard),
        words=words,
        alternatives=heard[0].recognition.alternatives if len(heard) == 1 else (),
        start_s=round(max(0.0, start_s), 3),
        end_s=round(max(start_s, end_s, 0.0), 3),
    )


def aligned(decoded: list[_Decoded]) -> tuple[Word, ...]:
    """The words of all pieces of a turn, those found that were not looked for. Blocks."""
    words: list[Word] = []
    for item in decoded:
        recognition = item.recognition
        words += _on_axis(item, recognition.words if recognition.align is None else recognition.align())
    return tuple(words)


def _on_axis(item: _Decoded, words: Sequence[Word]) -> list[Word]:
    offset = item.piece.start_sample / RATE
    return [
        word.model_copy(
            update={"start_s": round(word.start_s + offset, 3), "end_s": round(word.end_s + offset, 3)}
        )
        for word in words
    ]
