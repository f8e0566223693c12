"""How long a pause must last, by what was said and asked; and the strategy that waits, on a virtual clock."""

import asyncio

import numpy as np
import pytest
from pipecat.frames.frames import InputAudioRawFrame, VADUserStartedSpeakingFrame, VADUserStoppedSpeakingFrame

from dialog.types import Expectation, ExpectationKind, Hearing
from voice.frames import HearingFrame, HearingRetractedFrame
from voice.turns.patience import needed_silence_s
from voice.turns.patient_stop import PatientUserTurnStopStrategy
from voice.turns.pause import Pause

OPEN, YES_NO = Expectation(), Expectation(kind=ExpectationKind.YES_NO)
FOUR_DIGITS = Expectation(kind=ExpectationKind.DIGITS, digits=4)
DIGITS = Expectation(kind=ExpectationKind.DIGITS)
SPELLED = Expectation(kind=ExpectationKind.SPELLED)


@pytest.mark.parametrize(
    ("text", "expectation", "finished", "least", "most"),
    [
        ("Yes.", YES_NO, 0.1, 0.1, 0.25),
        ("No, thank you.", YES_NO, 0.1, 0.1, 0.25),
        ("Yes, but I would like to know something else", YES_NO, 0.1, 1.2, 2.0),
        ("Four seven", FOUR_DIGITS, 0.9, 1.25, 2.0),
        ("4711", FOUR_DIGITS, 0.1, 0.2, 0.4),
        ("I don't have it.", FOUR_DIGITS, 0.9, 0.1, 0.3),
        ("Four seven", DIGITS, 0.9, 1.25, 2.0),
        ("S M I", SPELLED, 0.9, 1.25, 2.0),
        ("My number is four seven", OPEN, 0.9, 1.25, 2.0),
        ("How long does this?", OPEN, 0.9, 1.2, 2.0),
        ("What are you?", OPEN, 0.9, 1.2, 2.0),
        ("How are you?", OPEN, 0.9, 0.1, 0.3),
        ("Where is it?", OPEN, 0.9, 0.1, 0.3),
        ("I want to send something back because", OPEN, 0.9, 1.2, 2.0),
        ("Do you ship to", OPEN, 0.9, 1.2, 2.0),
        ("I ordered a jacket,", OPEN, 0.9, 1.2, 2.0),
        ("I would like to know where", OPEN, 0.9, 1.2, 2.0),
        ("To where?", OPEN, 0.9, 0.1, 0.3),
        ("Hi.", OPEN, 0.9, 0.6, 1.0),
        ("Thank you, bye.", OPEN, 0.1, 0.2, 0.5),
        ("Where is my order?", OPEN, 0.9, 0.1, 0.3),
        ("Where is my", OPEN, 0.1, 1.2, 2.0),
        ("Where is my?", OPEN, 0.1, 1.2, 2.0),
        ("Where is my order?", OPEN, 0.1, 0.4, 0.6),
        ("Where is my order?", YES_NO, 0.1, 0.4, 0.6),
        ("Can you help me with the jacket", OPEN, 0.1, 1.2, 2.0),
        ("I think so.", OPEN, 0.9, 0.1, 0.3),
    ],
)
def test_patience_is_what_the_words_and_the_question_call_for(text, expectation, finished, least, most):
    assert least <= needed_silence_s(Pause(text, expectation, finished)) <= most


def test_what_makes_no_sense_or_was_hardly_heard_may_go_on():
    assert 1.2 <= needed_silence_s(Pause("What are you", OPEN, 0.9, confidence=0.42)) <= 1.5
    assert needed_silence_s(Pause("Ship to other countries", OPEN, 0.1, confidence=0.42)) == 1.3
    assert needed_silence_s(Pause("Ship to other", OPEN, 0.9, confidence=0.42, makes_sense=False)) == 1.3
    assert needed_silence_s(Pause("Ship to other countries", OPEN, 0.9, confidence=0.42)) == 0.6
    assert 0.7 <= needed_silence_s(Pause("The thing with the", OPEN, 0.9, makes_sense=False)) <= 1.6
    assert needed_silence_s(Pause("Yes.", YES_NO, 0.9, confidence=0.4)) <= 0.25
    assert needed_silence_s(Pause("4747", FOUR_DIGITS, 0.9, confidence=0.25)) >= 1.25, (
        "two digits, written twice"
    )
    assert needed_silence_s(Pause("4711", FOUR_DIGITS, 0.9, confidence=0.42)) <= 0.4


class Caller:
    """Speaks to one strategy."""

    def __init__(self, time, expectation=OPEN, finished=0.9, judge_s=0.0, judge_error=None):
        self.time = time
        self.ended_at = []
        self.expectation = expectation
        self.finished = finished

        self.judged_at = []
        self.quiet_since = None

        async def judge(_sound):
            self.judged_at.append(time.now)
            await asyncio.sleep(judge_s)
            if judge_error is not None:
                raise judge_error
            return self.finished

        async def makes_sense(hearing):
            if hearing.text == "explode":
                raise ValueError(hearing.text)
            return hearing.text != "blah"

        self.strategy = PatientUserTurnStopStrategy(
            judge, makes_sense, lambda: self.expectation, self._quiet_s
        )

        async def stopped(**_):
            self.ended_at.append(time.now)

        self.strategy.trigger_user_turn_stopped = stopped

    def _quiet_s(self):
        return 0.0 if self.quiet_since is None else round(self.time.now - self.quiet_since, 6)

    async def speaks(self, seconds):
        await self.strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.12))
        await self.strategy.handle_user_turn_started()
        self.quiet_since = None
        await self._sound()
        await self.time.advance(seconds)

    async def _sound(self):
        sound = InputAudioRawFrame(audio=np.ones(320, np.int16).tobytes(), sample_rate=16000, num_channels=1)
        await self.strategy.process_frame(sound)

    async def falls_silent(self, seconds=0.2):
        """The VAD tells of it after 0.2 s."""
        self.quiet_since = self.time.now
        for _ in range(round(seconds / 0.02)):
            await self.time.advance(0.02)
            await self._sound()
        if seconds < 0.2:
            return
        await self.strategy.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))

    async def is_heard(self, text):
        hearing = Hearing(text=text)
        frame = HearingFrame(text=text or " ", user_id="", timestamp="", hearing=hearing)
        await self.strategy.process_frame(frame)

    async def pauses_after(self, text, listen_s):
        """Says it, and nothing more. Returns how long it took until the turn was over."""
        silent = self.time.now
        await self.falls_silent()
        await self.is_heard(text)
        await self.time.advance(listen_s)
        (ended,) = self.ended_at
        return ended - silent


async def test_a_finished_question_is_answered_as_soon_as_its_text_is_there(virtual_time):
    caller = Caller(virtual_time)
    await caller.speaks(1.0)
    silent = virtual_time.now
    await caller.falls_silent()
    await virtual_time.advance(0.1)
    assert caller.ended_at == [], "never without the text"
    await caller.is_heard("Where is my order?")
    await virtual_time.advance(0.01)
    assert [round(at - silent, 2) for at in caller.ended_at] == [0.3]


async def test_a_text_that_is_early_waits_for_the_silence(virtual_time):
    caller = Caller(virtual_time)
    await caller.speaks(1.0)
    silent = virtual_time.now
    await caller.is_heard("Where is my order?")
    await caller.falls_silent()
    await virtual_time.advance(0.05)
    assert [round(at - silent, 2) for at in caller.ended_at] == [0.2]


async def test_a_dictated_number_survives_a_pause_of_1_2_s_and_ends_when_it_is_complete(virtual_time):
    caller = Caller(virtual_time, expectation=FOUR_DIGITS)
    await caller.speaks(0.8)
    await caller.falls_silent()
    await caller.is_heard("Four seven")
    await virtual_time.advance(1.0)
    assert caller.ended_at == []
    await caller.strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.12))
    await virtual_time.advance(0.8)
    assert round(await caller.pauses_after("Four seven one one", 0.3), 2) == 0.3


async def test_what_was_heard_before_the_caller_went_on_ends_nothing(virtual_time):
    caller = Caller(virtual_time)
    await caller.speaks(1.0)
    await caller.is_heard("I ordered a jacket")
    await caller.strategy.process_frame(HearingRetractedFrame())
    await caller.falls_silent()
    await virtual_time.advance(3.0)
    assert caller.ended_at == []


async def test_a_slow_judge_does_not_shorten_the_silence_nor_add_to_it(virtual_time):
    caller = Caller(virtual_time, finished=0.1, judge_s=0.3)
    await caller.speaks(1.0)
    assert round(await caller.pauses_after("Can you help me with the jacket", 3.0), 1) == 1.5


async def test_the_melody_is_judged_while_the_text_is_still_being_decoded(virtual_time):
    caller = Caller(virtual_time, judge_s=0.1)
    await caller.speaks(1.0)
    silent = virtual_time.now
    await caller.falls_silent()
    await caller.is_heard("Where is my order?")
    await virtual_time.advance(0.5)
    assert [round(at - silent, 2) for at in caller.judged_at] == [0.06]
    assert [round(at - silent, 2) for at in caller.ended_at] == [0.2]


async def test_the_melody_of_a_short_gap_is_judged_anew_at_the_end(virtual_time):
    caller = Caller(virtual_time, finished=0.9)
    await caller.speaks(1.0)
    await caller.falls_silent(0.1)
    caller.finished = 0.1
    await caller.speaks(0.5)
    assert round(await caller.pauses_after("Can you help me with the jacket", 3.0), 1) == 1.5


async def test_words_without_sense_get_a_second_chance(virtual_time):
    caller = Caller(virtual_time)
    await caller.speaks(1.0)
    assert round(await caller.pauses_after("blah", 2.0), 1) == 0.9


async def test_the_turn_ends_even_where_all_that_judges_it_is_broken(virtual_time):
    caller = Caller(virtual_time, judge_error=RuntimeError("no such model"))
    await caller.speaks(1.0)
    assert round(await caller.pauses_after("explode", 3.0), 1) == 1.5


async def test_two_callers_do_not_share_their_pauses(virtual_time):
    one, two = Caller(virtual_time), Caller(virtual_time)
    await one.speaks(0.5)
    await two.speaks(0.5)
    await one.falls_silent()
    await one.is_heard("Where is my order?")
    await virtual_time.advance(1.0)
    assert len(one.ended_at) == 1
    assert two.ended_at == []
