"""Turns, keys and waits of one conversation, on a virtual clock."""

import numpy as np
import pytest
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import (
    InputDTMFFrame,
    InterruptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection

from dialog.types import Expectation, ExpectationKind, Hearing
from telephony.media.frames import CallerAudioFrame
from telephony.media.playout import Played
from telephony.media.transport import StreamClock
from voice.bridge import LAST_WORD_S, TurnBridge
from voice.frames import HearingFrame, HearingRetractedFrame, SayFrame


class Listener:
    """Writes down what the session would be told."""

    def __init__(self):
        self.told = []
        self.understands = True

    async def makes_sense(self, _hearing):
        return self.understands

    def on_hearing(self, hearing, timing):
        self.told.append(("hearing", hearing.text or hearing.keyed))
        self.hearing, self.timing = hearing, timing

    def on_silence(self, at_s, *, loud):
        self.told.append(("loud silence",) if loud else ("silence",))

    def on_retracted(self):
        self.told.append(("retracted",))

    def on_dropped(self, reason, hearing):
        self.told.append(("dropped", reason))

    def on_said(self, said):
        self.told.append(("said", said.heard))

    def on_finished(self):
        self.told.append(("finished",))

    def on_part_failed(self, part, code):
        self.told.append(("failed", part, code))


class Story:
    """A bridge outside any pipeline: frames go in by `process_frame`, sentences come out in `sent`."""

    def __init__(self, loop):
        self.listener = Listener()
        self.expectations = []
        self.bridge = TurnBridge(self.listener, StreamClock(loop.time), self.expectations.append)
        self.sent = []
        self._now_s = 0.0

        async def push(frame, direction=FrameDirection.DOWNSTREAM):
            if isinstance(frame, SayFrame):
                self.sent.append(frame)

        async def interrupt():
            await self.take(InterruptionFrame())

        self.bridge.push_frame = push
        self.bridge.broadcast_interruption = interrupt

    async def take(self, frame):
        await self.bridge._follow(frame)

    async def caller_says(self, text, *, cuts_in=True, **more):
        await self.take(UserStartedSpeakingFrame())
        if cuts_in:
            await self.take(InterruptionFrame())
        self._now_s += 2.0
        hearing = Hearing(**{"text": text, "start_s": self._now_s - 1.0, "end_s": self._now_s, **more})
        await self.take(HearingFrame(text=text or " ", user_id="caller", timestamp="", hearing=hearing))
        await self.take(UserStoppedSpeakingFrame())

    async def press(self, key):
        await self.take(InputDTMFFrame(button=KeypadEntry(key)))

    def hears(self, number, samples=800, at=0, *, last=True):
        self.bridge.rendered(number, 800)
        self.bridge.played(Played(number, at, np.zeros(samples, dtype=np.int16), last))


@pytest.fixture
async def story(virtual_time):
    made = Story(virtual_time.loop)
    yield made
    made.bridge.give_up()


async def test_a_turn_is_told_once_with_its_text(story):
    await story.caller_says("Where is my order?")
    assert story.listener.told == [("hearing", "Where is my order?")]


async def test_a_second_text_of_a_turn_that_is_over_does_not_stand_for_the_next(story):
    await story.caller_says("Hi.", start_s=9.32, end_s=9.7)
    await story.take(UserStartedSpeakingFrame())
    late, next_one = (
        Hearing(text="Hi", start_s=9.32, end_s=9.72),
        Hearing(text="My name", start_s=11.3, end_s=13.0),
    )
    await story.take(HearingFrame(text="Hi", user_id="", timestamp="", hearing=late))
    await story.take(UserStoppedSpeakingFrame())
    await story.take(HearingFrame(text="My name", user_id="", timestamp="", hearing=next_one))
    assert story.listener.told == [("hearing", "Hi."), ("hearing", "My name")]


async def test_a_later_hearing_of_the_same_turn_replaces_the_earlier(story):
    await story.take(UserStartedSpeakingFrame())
    for text in ("Where is", "Where is my order?"):
        await story.take(
            HearingFrame(text=text, user_id="", timestamp="", hearing=Hearing(text=text, end_s=1.0))
        )
    await story.take(UserStoppedSpeakingFrame())
    assert story.listener.told == [("hearing", "Where is my order?")]


async def test_a_text_that_comes_after_the_end_of_its_turn_is_not_lost(story):
    await story.take(UserStartedSpeakingFrame())
    await story.take(UserStoppedSpeakingFrame())
    assert story.listener.told == []
    late = Hearing(text="Where is my order?")
    await story.take(HearingFrame(text=late.text, user_id="", timestamp="", hearing=late))
    assert story.listener.told == [("hearing", "Where is my order?")]


async def test_a_text_that_never_comes_is_no_reason_to_be_silent_for_ever(story, virtual_time):
    story.bridge.expect(Expectation(no_input_s=7.0))
    await story.take(UserStartedSpeakingFrame())
    await story.take(UserStoppedSpeakingFrame())
    await virtual_time.advance(8)
    assert story.listener.told == [("silence",)]


async def test_silence_is_told_after_the_expected_patience_and_not_before(story, virtual_time):
    number = (await story.bridge.say(["How can I help?"]))[0]
    story.bridge.expect(Expectation(no_input_s=7.0))
    await virtual_time.advance(60)
    assert story.listener.told == [], "the wait begins when our sentence has been heard"

    story.hears(number)
    await virtual_time.advance(6.9)
    assert ("silence",) not in story.listener.told
    await virtual_time.advance(0.2)
    assert story.listener.told[-1] == ("silence",)


async def test_a_caller_who_speaks_stops_the_wait(story, virtual_time):
    story.bridge.expect(Expectation(no_input_s=7.0))
    await virtual_time.advance(6)
    await story.take(UserStartedSpeakingFrame())
    await virtual_time.advance(60)
    assert story.listener.told == []


async def test_where_nothing_is_expected_nobody_waits(story, virtual_time):
    story.bridge.expect(Expectation(kind=ExpectationKind.NOTHING, no_input_s=None))
    await virtual_time.advance(600)
    assert story.listener.told == []


def noise(dbfs, seconds=0.02):
    power = np.random.default_rng(0).normal(0.0, 32768 * 10 ** (dbfs / 20), round(8000 * seconds))
    sound = np.clip(power, -32768, 32767).astype(np.int16)
    return CallerAudioFrame(sound.tobytes(), 16000, 1, narrowband=sound)


async def hear(story, dbfs, seconds):
    for _ in range(round(seconds / 0.02)):
        await story.take(noise(dbfs))


@pytest.mark.parametrize(
    ("dbfs", "seconds", "told"),
    [(-20.0, 1.0, "loud silence"), (-20.0, 0.3, "silence"), (-42.0, 7.0, "silence")],
    ids=["noise over speech", "a door", "a room"],
)
async def test_a_line_that_was_loud_without_a_word_is_told_from_a_silent_one(
    story, virtual_time, dbfs, seconds, told
):
    story.bridge.expect(Expectation(no_input_s=8.0))
    await hear(story, dbfs, seconds)
    await virtual_time.advance(8.1)
    assert story.listener.told == [(told,)]


async def test_what_was_loud_before_we_asked_is_no_answer(story, virtual_time):
    story.bridge.expect(Expectation(no_input_s=8.0))
    await hear(story, -20.0, 1.0)
    story.bridge.expect(Expectation(no_input_s=8.0))
    await virtual_time.advance(8.1)
    assert story.listener.told == [("silence",)]


async def test_noise_that_was_taken_for_a_voice_counts_as_noise(story, virtual_time):
    story.bridge.expect(Expectation(no_input_s=8.0))
    await hear(story, -20.0, 0.3)
    await story.caller_says("", cuts_in=False)
    await hear(story, -20.0, 0.3)
    await virtual_time.advance(8.1)
    assert story.listener.told == [("dropped", "no_speech"), ("retracted",), ("loud silence",)]


async def test_while_an_action_runs_silence_is_told_soon(story, virtual_time):
    story.bridge.expect(Expectation(kind=ExpectationKind.NOTHING, no_input_s=1.2))
    await virtual_time.advance(1.1)
    assert story.listener.told == []
    await virtual_time.advance(0.2)
    assert story.listener.told == [("silence",)]


async def test_what_the_caller_had_heard_of_us_comes_with_the_turn(story):
    number = (await story.bridge.say(["Your order is on its way to you."]))[0]
    story.hears(number, samples=400, last=False)
    await story.caller_says("When?")
    assert story.listener.hearing.heard_of_us == "Your order is on"


async def test_a_noise_that_cut_us_off_makes_us_go_on_where_we_were(story):
    number = (await story.bridge.say(["Your order is on its way.", "Anything else?"]))[0]
    story.hears(number, samples=400, last=False)

    await story.caller_says("")

    assert ("dropped", "no_speech") in story.listener.told
    resumed = story.sent[2:]
    assert [(frame.text, frame.from_sample) for frame in resumed] == [
        ("Your order is on its way.", 400),
        ("Anything else?", 0),
    ]


@pytest.mark.parametrize("text", ["Mm-hmm.", "Okay.", "Yeah, right."])
async def test_a_back_channel_interrupts_nothing(story, text):
    number = (await story.bridge.say(["Your order is on its way."]))[0]
    story.hears(number, samples=400, last=False)
    await story.caller_says(text)
    assert ("dropped", "backchannel") in story.listener.told
    assert story.sent[-1].from_sample == 400


HUM = Hearing(text="M H N.", confidence=0.45, start_s=1.0, end_s=1.6)
NUMBER = Expectation(kind=ExpectationKind.DIGITS, digits=4)


@pytest.mark.parametrize(
    ("heard", "understood", "expected", "is_hum"),
    [
        (HUM, False, Expectation(), True),
        (HUM, True, Expectation(), False),
        (HUM.model_copy(update={"confidence": 0.6}), False, Expectation(), False),
        (HUM.model_copy(update={"end_s": 2.5}), False, Expectation(), False),
        (HUM, False, NUMBER, False),
    ],
    ids=["a hum", "words with an answer", "clear words", "a sentence", "the beginning of a number"],
)
async def test_a_hum_written_as_letters_interrupts_nothing(story, heard, understood, expected, is_hum):
    number = (await story.bridge.say(["Your order is on its way."]))[0]
    story.bridge.expect(expected)
    story.hears(number, samples=400, last=False)
    story.listener.understands = understood
    await story.caller_says(heard.text, confidence=heard.confidence, start_s=1.0, end_s=heard.end_s)
    assert (("dropped", "backchannel") in story.listener.told) == is_hum
    assert (story.sent[-1].from_sample == 400) == is_hum


async def test_an_early_yes_to_a_question_is_an_answer(story):
    number = (await story.bridge.say(["Is that right, yes or no?"]))[0]
    story.bridge.expect(Expectation(kind=ExpectationKind.YES_NO))
    story.hears(number, samples=700, last=False)
    await story.caller_says("Yes.")
    assert ("hearing", "Yes.") in story.listener.told


async def test_quiet_words_under_our_voice_are_heard_and_stop_us_then(story):
    number = (await story.bridge.say(["Your order is on its way."]))[0]
    story.hears(number, samples=400, last=False)
    await story.caller_says("Thank you, goodbye.", cuts_in=False)
    assert ("hearing", "Thank you, goodbye.") in story.listener.told
    assert story.listener.hearing.heard_of_us == "Your order"
    assert not story.bridge.speaking


async def test_murmur_under_our_voice_does_not_stop_us(story):
    number = (await story.bridge.say(["Your order is on its way."]))[0]
    story.hears(number, samples=400, last=False)
    await story.caller_says("some other thing", cuts_in=False, confidence=0.3)
    assert ("dropped", "no_speech") in story.listener.told
    assert story.bridge.speaking


async def test_our_own_words_coming_back_are_no_turn(story):
    number = (await story.bridge.say(["Your order is on its way to you."]))[0]
    story.hears(number, samples=400, last=False)
    await story.caller_says("order is on its way", cuts_in=False, confidence=0.9)
    assert ("dropped", "echo") in story.listener.told


async def test_a_hearing_is_taken_back_when_the_caller_goes_on(story):
    await story.take(UserStartedSpeakingFrame())
    maybe = Hearing(text="Where is")
    await story.take(HearingFrame(text=maybe.text, user_id="", timestamp="", hearing=maybe))
    await story.take(HearingRetractedFrame())
    assert story.listener.told == [("retracted",)]


async def test_speech_that_could_not_be_understood_is_a_turn_and_no_noise(story):
    await story.caller_says("", unsure=True)
    assert story.listener.told == [("hearing", "")]


async def test_the_expected_digits_are_one_turn(story):
    story.bridge.expect(Expectation(kind=ExpectationKind.DIGITS, digits=4))
    for key in "4711":
        await story.press(key)
    assert story.listener.told == [("hearing", "4711")]


async def test_a_single_key_is_a_turn_after_a_moment(story, virtual_time):
    story.bridge.expect(Expectation())
    await story.press("0")
    assert story.listener.told == []
    await virtual_time.advance(1)
    assert story.listener.told == [("hearing", "0")]


async def test_a_key_cuts_us_off_and_is_not_followed_by_what_we_left_unsaid(story, virtual_time):
    number = (await story.bridge.say(["Press 0 for a person at any time."]))[0]
    story.hears(number, samples=400, last=False)
    await story.press("0")
    story.bridge.cleared()
    await virtual_time.advance(1)
    assert ("said", "Press 0 for a") in story.listener.told
    assert len(story.sent) == 1


async def test_we_hang_up_when_all_was_heard_and_the_caller_adds_nothing(story, virtual_time):
    number = (await story.bridge.say(["Goodbye."]))[0]
    story.bridge.expect(Expectation(), finish=True)
    await virtual_time.advance(30)
    assert story.listener.told == [], "never before the last word was heard"
    story.hears(number)
    await virtual_time.advance(LAST_WORD_S + 0.1)
    assert story.listener.told == [("said", "Goodbye."), ("finished",)]


async def test_a_caller_who_speaks_after_the_goodbye_is_not_cut_off(story, virtual_time):
    number = (await story.bridge.say(["Goodbye."]))[0]
    story.bridge.expect(Expectation(), finish=True)
    story.hears(number)
    await virtual_time.advance(LAST_WORD_S / 2)
    await story.take(UserStartedSpeakingFrame())
    await virtual_time.advance(30)
    assert ("finished",) not in story.listener.told


async def test_two_calls_never_mix(virtual_time):
    one, two = Story(virtual_time.loop), Story(virtual_time.loop)
    await one.caller_says("One.")
    await two.press("2")
    await virtual_time.advance(1)
    assert one.listener.told == [("hearing", "One.")]
    assert two.listener.told == [("hearing", "2")]
    one.bridge.give_up()
    two.bridge.give_up()
