"""The pipecat strategy that ends the caller's turn: patience measured from the end of their voice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import numpy as np
from loguru import logger
from numpy.typing import NDArray
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_stop import BaseUserTurnStopStrategy

from dialog.types import Expectation, Hearing
from voice.frames import HearingFrame, HearingRetractedFrame
from voice.turns.patience import needed_silence_s
from voice.turns.pause import Pause
from voice.turns.smart_turn import MODEL_S, RATE

PRE_ROLL_S = 0.6
JUDGE_AT_S = 0.06
"""The melody is judged so early in a pause, as if it lasted."""
UNKNOWN_MELODY = 0.0
"""Where the melody cannot be judged, rather answer late than into the caller's sentence."""
UNKNOWN_SENSE = True
"""Where the dialog cannot tell, the text is a turn: what broke is met again where it counts."""

Answer = TypeVar("Answer")

Sense = Callable[[Hearing], Awaitable[bool]]
"""Whether the dialog knows what to do with what was heard."""
Judge = Callable[[NDArray[np.int16]], Awaitable[float]]
"""How finished a turn sounds, from its int16 mono 16 kHz."""


class PatientUserTurnStopStrategy(BaseUserTurnStopStrategy):
    """Ends the turn once the caller has been silent for as long as what they said, and were asked, calls for.

    The text and the melody are both needed: whichever comes last decides when the question is put, the silence is
    counted from the end of the voice in any case.
    """

    def __init__(
        self,
        judge: Judge,
        makes_sense: Sense,
        expectation: Callable[[], Expectation],
        quiet_s: Callable[[], float],
    ) -> None:
        """`quiet_s` tells how long the caller has been quiet."""
        super().__init__()
        self._quiet_s = quiet_s
        self._judge = judge
        self._makes_sense = makes_sense
        self._expectation = expectation
        self._sound: list[NDArray[np.int16]] = []
        self._samples = 0
        self._hearing: Hearing | None = None
        self._sense: bool | None = None
        self._finished: float | None = None
        self._quiet_since: float | None = None
        self._judging: asyncio.Task[None] | None = None
        self._understanding: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Follow voice, text and sound."""
        match frame:
            case InputAudioRawFrame():
                self._keep(np.frombuffer(frame.audio, dtype=np.int16))
                self._follow_quiet()
            case VADUserStartedSpeakingFrame():
                self._goes_on()
                self._quiet_since = None
            case VADUserStoppedSpeakingFrame():
                self._quiet_since = asyncio.get_running_loop().time() - frame.stop_secs
                self._reconsider()
            case HearingFrame():
                self._hearing, self._sense = frame.hearing, None
                self._begin_to_understand(frame.hearing)
            case HearingRetractedFrame():
                self._goes_on()
        return ProcessFrameResult.CONTINUE

    async def handle_user_turn_started(self) -> None:
        """A new turn begins; its first word is in the sound already, what lies before is not part of it."""
        self._forget()
        self._trim(PRE_ROLL_S)

    async def handle_user_turn_stopped(self) -> None:
        """The turn is over, whoever ended it."""
        self._forget()
        self._sound.clear()
        self._samples = 0

    async def cleanup(self) -> None:
        """Wait for nothing any more."""
        await super().cleanup()
        self._forget()

    def _keep(self, chunk: NDArray[np.int16]) -> None:
        self._sound.append(chunk)
        self._samples += chunk.size
        self._trim(MODEL_S)

    def _trim(self, seconds: float) -> None:
        while self._sound and self._samples - self._sound[0].size >= seconds * RATE:
            self._samples -= self._sound.pop(0).size

    def _forget(self) -> None:
        self._goes_on()
        self._quiet_since = None

    def _goes_on(self) -> None:
        """What was known of the pause is void."""
        self._forget_melody()
        self._hearing = self._sense = None
        for task in (self._understanding, self._ending):
            if task is not None:
                task.cancel()
        self._understanding = self._ending = None

    def _forget_melody(self) -> None:
        self._finished = None
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None

    def _follow_quiet(self) -> None:
        """Judge while the text is still being decoded; a judgement of a pause that is over is void."""
        quiet_s = self._quiet_s()
        if quiet_s >= JUDGE_AT_S:
            self._begin_to_judge()
        elif quiet_s <= 0:
            self._forget_melody()

    def _begin_to_judge(self) -> None:
        if self._judging is None and self._finished is None and self._sound:
            self._judging = asyncio.ensure_future(self._listen_to_melody(np.concatenate(self._sound)))

    async def _listen_to_melody(self, sound: NDArray[np.int16]) -> None:
        self._finished = await _ask(self._judge(sound), UNKNOWN_MELODY)
        self._judging = None
        self._reconsider()

    def _begin_to_understand(self, hearing: Hearing) -> None:
        if self._understanding is not None:
            self._understanding.cancel()
        self._understanding = asyncio.ensure_future(self._understand(hearing))

    async def _understand(self, hearing: Hearing) -> None:
        self._sense = not hearing.text or await _ask(self._makes_sense(hearing), UNKNOWN_SENSE)
        self._understanding = None
        self._reconsider()

    def _reconsider(self) -> None:
        hearing = self._hearing
        if self._quiet_since is None or hearing is None or self._sense is None or self._finished is None:
            return
        pause = Pause(hearing.text, self._expectation(), self._finished, hearing.confidence, self._sense)
        silence_s = needed_silence_s(pause) if hearing.text else 0.0
        if self._ending is not None:
            self._ending.cancel()
        self._ending = asyncio.ensure_future(self._end_at(self._quiet_since + silence_s))

    async def _end_at(self, when: float) -> None:
        await asyncio.sleep(max(0.0, when - asyncio.get_running_loop().time()))
        self._ending = None
        await self.trigger_user_turn_stopped()


async def _ask(question: Awaitable[Answer], unknown: Answer) -> Answer:
    """The turn must end all the same where what judges it is broken."""
    try:
        return await question
    except Exception as error:  # noqa: BLE001 - whatever broke, the caller gets their answer
        logger.bind(error=type(error).__name__).error("a pause could not be judged")
        return unknown
