"""Between pipecat's frames and the session: turns of the caller out, sentences of ours in.

Also keeps the two waits of a conversation: for the caller to say anything at all, and for the next key.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from pipecat.frames.frames import (
    Frame,
    InputDTMFFrame,
    InterruptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from dialog.types import Expectation, ExpectationKind, Hearing, Word
from telephony.media.frames import CallerAudioFrame
from telephony.media.playout import RATE, Played
from telephony.media.transport import StreamClock
from voice.frames import HearingFrame, HearingRetractedFrame, SayFrame
from voice.hearing.guard import DOUBTFUL
from voice.hearing.loud_line import LoudLine
from voice.keypad import Keypad
from voice.speaking.said import Said, SaidLedger, Unsaid
from voice.turns.backchannel import is_backchannel
from voice.turns.echo import is_echo

LAST_WORD_S = 5.0
"""After our goodbye the caller has this long to say something more, or to hang up as people do, before we hang up."""
LONGEST_HUM_S = 0.8
OLD_NEWS_S = 0.15
"""A hearing that tells of a turn once more ends within so much of where that turn ended."""
SURE_UNDER_OUR_VOICE = 0.5
"""What is heard under our own voice, without having stopped it, must be as sure as this to be a turn."""


class DropReason(StrEnum):
    """Why something heard was no turn. Names never change meaning."""

    NO_SPEECH = "no_speech"
    BACKCHANNEL = "backchannel"
    ECHO = "echo"


@dataclass(frozen=True)
class TurnTiming:
    """When a turn ended, seconds on the call's axis, and what it took to know it."""

    speech_end_s: float
    decided_s: float
    decode_s: float
    words: "asyncio.Future[tuple[Word, ...]] | None" = None
    """The turn's words with their times, where the hearing came without them."""


class TurnHandler(Protocol):
    """Who is told what happens in the conversation. Each method returns at once."""

    def on_hearing(self, hearing: Hearing, timing: TurnTiming) -> None:
        """The caller has finished a turn."""

    async def makes_sense(self, hearing: Hearing) -> bool:
        """The caller pauses: would there be an answer, if this were all?"""

    def on_retracted(self) -> None:
        """They go on: nothing comes of the provisional hearing."""

    def on_silence(self, at_s: float, *, loud: bool) -> None:
        """Nothing was heard of the caller for as long as was expected; `loud`: though there was sound enough."""

    def on_dropped(self, reason: DropReason, hearing: Hearing) -> None:
        """What sounded like the caller speaking is no turn."""

    def on_said(self, said: Said) -> None:
        """The caller has heard a sentence, or the part of it before they cut in."""

    def on_finished(self) -> None:
        """Everything was said and the caller has nothing to add: hang up."""

    def on_part_failed(self, part: str, code: str) -> None:
        """A part of us failed; `part` is `hearing` or `speaking`."""


class TurnBridge(FrameProcessor):
    """The conversation's end of one call's pipeline."""

    def __init__(
        self, handler: TurnHandler, clock: StreamClock, on_expectation: Callable[[Expectation], None]
    ) -> None:
        super().__init__(name="bridge")
        self._handler = handler
        self._clock = clock
        self._on_expectation = on_expectation
        self._said = SaidLedger()
        self._speed = 1.0
        self._keypad = Keypad()
        self._expectation = Expectation(kind=ExpectationKind.NOTHING, no_input_s=None)
        self._hearing: HearingFrame | None = None
        self._speaking = False
        self._heard_until_s = 0.0
        """Where the last turn ended that was told."""
        self._owed = False
        """A turn has ended before the recogniser was done with it."""
        self._cut_off: list[Unsaid] = []
        self._heard_of_us: str | None = None
        self._finishing = False
        self._waiting: asyncio.Task[None] | None = None
        self._line = LoudLine()
        self._keying: asyncio.Task[None] | None = None

    # What the session does

    async def say(self, sentences: Sequence[str], speed: float = 1.0) -> list[int]:
        """Speak `sentences` in order, behind what is being spoken. Returns their numbers."""
        self._stop_waiting()
        self._speed = speed
        numbers = [self._said.queue(text) for text in sentences]
        for number, text in zip(numbers, sentences, strict=True):
            await self.push_frame(SayFrame(utterance=number, text=text, speed=speed))
        return numbers

    def expect(self, expectation: Expectation, *, finish: bool = False) -> None:
        """Set what comes next; `finish` ends the conversation when everything has been said."""
        self._expectation = expectation
        self._finishing = finish
        self._line.forget()
        self._on_expectation(expectation)
        self._wait_if_quiet()

    def rendered(self, utterance: int, samples: int) -> None:
        """A sentence has its sound."""
        self._said.rendered(utterance, samples)
        if samples == 0:
            self._settle(self._said.skip(utterance))

    def played(self, played: Played) -> None:
        """The caller has heard a piece of ours."""
        said = self._said.played(played)
        if said is not None:
            self._settle([said])

    def cleared(self) -> None:
        """What was cut off will not go on."""
        self._settle(self._said.cleared())

    def give_up(self) -> None:
        """The stream is over: report what was heard and wait for nothing."""
        self._stop_waiting()
        self._stop_keying()
        self._said.interrupt()
        for said in self._said.cleared():
            self._handler.on_said(said)

    @property
    def speaking(self) -> bool:
        """Whether something of ours is being said, or is about to be."""
        return not self._said.idle

    # What the pipeline tells

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow the caller's turns and keys."""
        await super().process_frame(frame, direction)
        if direction is FrameDirection.DOWNSTREAM:
            await self._follow(frame)
        if not isinstance(frame, HearingFrame | CallerAudioFrame):  # nobody behind listens to the caller
            await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """Wait for nothing any more."""
        await super().cleanup()
        self._stop_waiting()
        self._stop_keying()

    async def _follow(self, frame: Frame) -> None:
        match frame:
            case CallerAudioFrame():
                self._listen_to_line(frame)
            case UserStartedSpeakingFrame():
                self._speaking = True
                self._hearing = None
                self._stop_waiting()
            case InterruptionFrame():
                self._interrupted()
            case HearingFrame() if not self._is_old(frame.hearing):
                self._hearing = frame
                if self._owed:
                    await self._turn_ended(frame)
            case HearingRetractedFrame():
                self._hearing = None
                self._handler.on_retracted()
            case UserStoppedSpeakingFrame():
                self._speaking = False
                if self._hearing is not None:
                    await self._turn_ended(self._hearing)
                else:
                    self._owed = True
                    self._wait_if_quiet()
            case InputDTMFFrame():
                await self._key_pressed(frame.button.value)

    def _listen_to_line(self, frame: CallerAudioFrame) -> None:
        if self._waiting is not None and frame.narrowband is not None:
            self._line.add(frame.narrowband)

    def _interrupted(self) -> None:
        if self.speaking:
            self._heard_of_us = self._said.speaking
        self._cut_off += self._said.interrupt()

    async def _turn_ended(self, frame: HearingFrame) -> None:
        self._hearing, self._owed = None, False
        self._heard_until_s = frame.hearing.end_s
        reason = self._no_turn(frame.hearing)
        if reason is None and await self._is_a_hum(frame.hearing):
            reason = DropReason.BACKCHANNEL
        if reason is not None:
            await self._go_on(reason, frame.hearing)
            return
        if self.speaking:
            # Too quiet or too short to stop us while it lasted, but clear words: they do now.
            self._interrupted()
            await self.broadcast_interruption()
        heard_of_us, self._heard_of_us = self._heard_of_us, None
        self._cut_off = []
        hearing = frame.hearing.model_copy(update={"heard_of_us": heard_of_us})
        decided_s = self._clock.now() / RATE
        self._handler.on_hearing(hearing, TurnTiming(hearing.end_s, decided_s, frame.decode_s, frame.words))

    def _is_old(self, hearing: Hearing) -> bool:
        """Whether this tells once more of a turn that is over: on a busy machine a second text of it may come after the
        caller has begun to speak again, and must not stand for what they say now."""
        begun_before = hearing.end_s > 0.0 and hearing.start_s < self._heard_until_s
        return begun_before and hearing.end_s < self._heard_until_s + OLD_NEWS_S

    def _no_turn(self, hearing: Hearing) -> DropReason | None:
        """Why this is nothing that the dialog should see, if it is not."""
        if not (hearing.text or hearing.unsure):
            return DropReason.NO_SPEECH
        under_our_voice = self.speaking or self._cut_off
        if not under_our_voice:
            return None
        if is_backchannel(hearing.text, self._expectation):
            return DropReason.BACKCHANNEL
        if self.speaking and is_echo(hearing.text, self._said.lately):
            return DropReason.ECHO
        if self.speaking and (hearing.unsure or hearing.confidence < SURE_UNDER_OUR_VOICE):
            return DropReason.NO_SPEECH
        return None

    async def _is_a_hum(self, hearing: Hearing) -> bool:
        """Whether what stopped us was short, no clear word, and nothing that the dialog has an answer to."""
        long = hearing.end_s - hearing.start_s > LONGEST_HUM_S
        dictates = self._expectation.kind in {ExpectationKind.DIGITS, ExpectationKind.SPELLED}
        if not self._cut_off or long or dictates or hearing.confidence >= DOUBTFUL:
            return False
        return not await self._handler.makes_sense(hearing)

    async def _go_on(self, reason: DropReason, hearing: Hearing) -> None:
        """It was no turn: go on with the sentence that it cut off, or with waiting."""
        self._handler.on_dropped(reason, hearing)
        self._handler.on_retracted()
        cut_off, self._cut_off = self._cut_off, []
        self._heard_of_us = None
        for unsaid in cut_off:
            number = self._said.resume(unsaid)
            await self.push_frame(
                SayFrame(
                    utterance=number, text=unsaid.text, speed=self._speed, from_sample=unsaid.from_sample
                )
            )
        if not cut_off:
            self._wait_if_quiet()

    async def _key_pressed(self, key: str) -> None:
        self._stop_waiting()
        self._stop_keying()
        self._heard_of_us = self._said.speaking
        await self.broadcast_interruption()
        self._cut_off = []
        now_s = self._clock.now() / RATE
        keys = self._keypad.press(key, now_s, self._expectation)
        if keys is None:
            patience_s = self._keypad.patience_s(self._expectation)
            self._keying = self._later(patience_s, self._keys_complete)
        else:
            self._keys_entered(keys)

    async def _keys_complete(self) -> None:
        self._keying = None
        self._keys_entered(self._keypad.take())

    def _keys_entered(self, keys: str) -> None:
        if not keys:
            return
        hearing = Hearing(
            keyed=keys,
            start_s=round(self._keypad.start_s, 3),
            end_s=round(self._keypad.end_s, 3),
            heard_of_us=self._heard_of_us,
        )
        self._heard_of_us = None
        timing = TurnTiming(hearing.end_s, self._clock.now() / RATE, 0.0)
        self._handler.on_hearing(hearing, timing)

    # Waiting

    def _settle(self, said: Sequence[Said]) -> None:
        for sentence in said:
            self._handler.on_said(sentence)
            self._line.forget()
        self._wait_if_quiet()

    def _wait_if_quiet(self) -> None:
        """Begin to wait once everything was heard, nobody speaks and something is expected."""
        self._stop_waiting()
        if self._speaking or self._keying is not None or not self._said.idle:
            return
        if self._finishing:
            self._waiting = self._later(LAST_WORD_S, self._finished)
        elif self._expectation.no_input_s is not None:
            self._waiting = self._later(self._expectation.no_input_s, self._silent)

    async def _silent(self) -> None:
        self._waiting = None
        loud = self._line.is_loud
        self._line.forget()
        self._handler.on_silence(self._clock.now() / RATE, loud=loud)

    async def _finished(self) -> None:
        self._waiting = None
        self._handler.on_finished()

    def _later(self, seconds: float, act: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        async def wait() -> None:
            await asyncio.sleep(seconds)
            await act()

        return asyncio.ensure_future(wait())

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _stop_keying(self) -> None:
        if self._keying is not None:
            self._keying.cancel()
            self._keying = None
