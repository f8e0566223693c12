"""What a human hears on their own leg, and what their keys do, on a virtual clock and over a real media transport."""

import asyncio

import numpy as np
import pytest

from handoff.consult.leg import DEAF_S, ConsultLeg
from handoff.consult.programme import CONNECTING, LAST_WORDS, NO_VOICE, PAUSE_S, VOICE_S
from handoff.transfer.views import LegHears
from telephony.media.transport import StreamEnd
from tests.handoff.consult.carrier import Carrier
from tests.sound import contains

BRIEFING = ("Maria Silva, verified.", "Wants a refund.")
KEYS = "Press 1 to take the call."
SILENT = np.zeros(0, dtype=np.int16)


def tone(number, seconds=1.0):
    """A sound of its own for each number: noise, so that no two are alike."""
    noise = np.random.default_rng(number).normal(0, 3000, round(8000 * seconds))
    return noise.astype(np.int16)


SOUND = {
    text: tone(number, 0.5 + 0.1 * number)
    for number, text in enumerate((*BRIEFING, KEYS, CONNECTING, NO_VOICE, *LAST_WORDS.values()))
}
CALLER = tone(99, 30.0)


class Voice:
    """Renders the sentences that tests use, and counts."""

    def __init__(self):
        self.rendered = []
        self.breaks = False

    @property
    def synthesiser(self):
        return self

    def start(self, text, speed=1.0):
        self.rendered.append(text)
        return self._Rendering(self, text)

    class _Rendering:
        def __init__(self, voice, text):
            self._voice, self._text = voice, text

        async def pieces(self, _owner):
            if self._voice.breaks:
                raise RuntimeError("no voice")
            yield SOUND[self._text][:2000]
            yield SOUND[self._text][2000:]


class Runner:
    """Writes down what it is told, with the time."""

    def __init__(self, loop):
        self._now, self._began = loop.time, loop.time()
        self.told = []
        self.played = 0
        self.heard = 0

    def at(self, *what):
        return [round(when, 1) for when, *told in self.told if tuple(told) == what]

    @property
    def names(self):
        return [tuple(told) for _, *told in self.told]

    def _note(self, *what):
        self.told.append((self._now() - self._began, *what))

    def on_key(self, digit):
        self._note("key", digit)

    def on_briefed(self, seconds):
        self._note("briefed")
        self.seconds = seconds

    def on_unanswered(self):
        self._note("unanswered")

    def on_told(self):
        self._note("told")

    def on_failed(self, code):
        self._note("failed", code)

    def on_caller_audio(self, at_sample, pcm):
        self.heard += pcm.size

    def on_played(self, played):
        self.played += played.pcm.size


class Story:
    """One leg and its telephone."""

    def __init__(self, clock, caller_voice=CALLER):
        self.clock = clock
        self.voice = Voice()
        self.runner = Runner(clock.loop)
        self.leg = ConsultLeg(
            self.voice, BRIEFING, KEYS, lambda: caller_voice, self.runner, clock.loop.time, "CA1"
        )

    async def ring(self, prepared=True):
        if prepared:
            await self.leg.prepare()
        self.carrier = Carrier(self.clock.loop)
        self.runner._began = self.clock.loop.time()
        self.running = asyncio.create_task(self.leg.run(self.carrier.transport(self.leg)))
        await asyncio.sleep(0)
        return self

    async def passes(self, seconds):
        await self.clock.advance(seconds)

    def says(self, text, from_s=0.0, to_s=None):
        """Whether a sentence was heard, all of it."""
        sound = self.carrier.sound(from_s, to_s)
        return sound.size > 0 and contains(sound, SOUND[text]) > 0.95

    async def end(self):
        self.carrier.hang_up()
        await self.passes(0.1)
        self.carrier.stop()
        return await self.running


ONCE_S = sum(SOUND[text].size for text in (*BRIEFING, KEYS)) / 8000 + 0.3


@pytest.fixture
async def story(virtual_time):
    one = await Story(virtual_time).ring()
    yield one
    if not one.running.done():
        await one.end()
    one.carrier.stop()


async def test_the_first_sound_comes_at_once_because_it_was_made_before(story):
    made = len(story.voice.rendered)
    await story.passes(0.3)
    assert story.carrier.first_sound_s() <= 0.1
    await story.passes(5)
    assert len(story.voice.rendered) == made


async def test_the_briefing_and_the_keys_are_said_three_times_with_pauses(story):
    await story.passes(3 * (ONCE_S + PAUSE_S) + 2)
    sound = story.carrier.sound()
    for text in (*BRIEFING, KEYS):
        assert story.says(text)
    for round_ in range(3):
        begins = round_ * (ONCE_S + PAUSE_S)
        assert story.says(KEYS, begins, begins + ONCE_S + 1.0), round_
    assert sound.size > 0
    assert story.runner.names == [("briefed",), ("unanswered",)]
    assert story.runner.at("briefed")[0] == pytest.approx(ONCE_S, abs=0.3)
    assert story.runner.at("unanswered")[0] == pytest.approx(3 * (ONCE_S + PAUSE_S), abs=0.6)
    assert story.runner.seconds == pytest.approx(story.leg.seconds, abs=0.3)


async def test_a_human_whom_a_queue_puts_through_late_is_briefed_all_the_same(story):
    await story.passes(5 * (ONCE_S + PAUSE_S) + 2)
    for text in (*BRIEFING, KEYS):
        assert story.says(text, 3.5 * (ONCE_S + PAUSE_S)), text
    assert story.runner.names == [("briefed",), ("unanswered",)]


async def test_nobody_is_in_silence_for_longer_than_three_seconds(story):
    await story.passes(30)
    assert story.carrier.longest_silence_s() <= 3.0


async def test_pressing_1_early_is_told_at_once_and_skips_the_rest(story):
    await story.passes(1.0)
    story.carrier.press("1")
    await story.passes(0.05)
    assert story.runner.names == [("key", "1")]
    await story.passes(1.5)
    assert story.carrier.cleared == 1
    assert np.abs(story.carrier.sound(1.3, 2.5)).max() == 0
    story.leg.show(LegHears.CONNECTING)
    await story.passes(2)
    assert story.says(CONNECTING)
    assert not story.says(KEYS)
    assert story.runner.names == [("key", "1")]


async def test_a_key_that_comes_with_the_answer_is_no_decision(story):
    await story.passes(DEAF_S - 0.1)
    story.carrier.press("1")
    await story.passes(0.2)
    assert story.runner.told == []
    story.carrier.press("1")
    await story.passes(0.1)
    assert story.runner.names == [("key", "1")]


async def test_9_begins_again(story):
    await story.passes(2.0)
    story.carrier.press("9")
    await story.passes(ONCE_S + 0.5)
    assert story.says(BRIEFING[0], 2.0)
    assert story.runner.names == [("key", "9"), ("briefed",)]


async def test_9_again_and_again_briefs_once_as_far_as_anybody_is_told(story):
    for _ in range(3):
        await story.passes(ONCE_S + 0.5)
        story.carrier.press("9")
    await story.passes(1)
    assert story.runner.names.count(("briefed",)) == 1


async def test_0_plays_the_last_of_the_callers_own_voice_and_then_the_keys(story):
    await story.passes(1.0)
    story.carrier.press("0")
    await story.passes(VOICE_S + 3)
    last = CALLER[-VOICE_S * 8000 :]
    assert contains(story.carrier.sound(1.0), last) > 0.95
    assert story.says(KEYS, 20)
    assert story.runner.names == [("key", "0")]
    await story.passes(PAUSE_S + ONCE_S)
    assert story.says(BRIEFING[0], 23), "then the briefing once more"


async def test_0_before_the_caller_has_said_anything(virtual_time):
    story = await Story(virtual_time, SILENT).ring()
    await story.passes(0.5)
    story.carrier.press("0")
    await story.passes(4)
    assert story.says(NO_VOICE)
    assert story.says(KEYS, 1)
    await story.end()


async def test_a_key_that_means_nothing_is_told_and_stops_nothing(story):
    await story.passes(0.5)
    story.carrier.press("5")
    await story.passes(ONCE_S)
    assert story.runner.names == [("key", "5"), ("briefed",)]
    assert story.carrier.cleared == 0


@pytest.mark.parametrize("view", list(LAST_WORDS))
async def test_who_is_not_needed_any_more_is_told_why_and_keys_no_longer_count(story, view):
    await story.passes(1.0)
    story.leg.show(view)
    await story.passes(0.2)
    story.carrier.press("1")
    await story.passes(2)
    assert story.says(LAST_WORDS[view], 1.0)
    assert story.runner.names == [("told",)]


async def test_too_late_after_key_1_is_told_as_well(story):
    await story.passes(1.0)
    story.carrier.press("1")
    await story.passes(0.1)
    story.leg.show(LegHears.TAKEN)
    await story.passes(2)
    assert story.says(LAST_WORDS[LegHears.TAKEN])
    assert story.runner.names == [("key", "1"), ("told",)]


@pytest.mark.parametrize("view", [LegHears.CONFERENCE, LegHears.NOTHING])
async def test_the_stream_is_closed_when_the_leg_goes_on_elsewhere(story, view):
    await story.passes(1.0)
    story.leg.show(LegHears.CONNECTING)
    await story.passes(0.2)
    story.leg.show(view)
    await story.passes(0.2)
    assert story.carrier.closed
    assert await story.running is StreamEnd.CLOSED


async def test_waiting_for_the_caller_is_not_silent(story):
    await story.passes(1.0)
    story.leg.show(LegHears.CONNECTING)
    await story.passes(6)
    assert story.carrier.longest_silence_s() <= 3.0


async def test_the_same_view_again_changes_nothing(story):
    for _ in range(10):
        await story.passes(0.2)
        story.leg.show(LegHears.BRIEFING)
    await story.passes(ONCE_S)
    assert story.runner.names == [("briefed",)]
    assert story.carrier.cleared == 0


async def test_what_was_shown_before_the_stream_came_is_what_is_heard(virtual_time):
    story = Story(virtual_time)
    story.leg.show(LegHears.CALLER_GONE)
    await story.ring()
    await story.passes(2)
    assert story.says(LAST_WORDS[LegHears.CALLER_GONE])
    assert not story.says(BRIEFING[0])
    await story.end()


async def test_the_human_hanging_up_ends_the_leg(story):
    await story.passes(1.0)
    assert await story.end() is StreamEnd.STOPPED


async def test_a_broken_socket_ends_the_leg(story):
    await story.passes(1.0)
    story.carrier.drop()
    await story.passes(0.1)
    assert await story.running is StreamEnd.DISCONNECTED


async def test_all_that_passes_is_handed_on_for_the_recording(story):
    await story.passes(2.0)
    assert story.runner.heard == pytest.approx(2.0 * 8000, abs=400)
    assert story.runner.played == pytest.approx(1.9 * 8000, abs=3200)


async def test_without_a_voice_the_stream_closes_and_somebody_is_told(virtual_time):
    story = Story(virtual_time)
    story.voice.breaks = True
    await story.ring(prepared=False)
    await story.passes(0.2)
    assert story.runner.names == [("failed", "RuntimeError")]
    assert story.carrier.closed
    story.carrier.stop()
    await story.running


async def test_unprepared_it_is_said_all_the_same(virtual_time):
    story = await Story(virtual_time).ring(prepared=False)
    await story.passes(ONCE_S + 0.5)
    assert story.says(KEYS)
    await story.end()


async def test_two_legs_at_once_share_nothing(virtual_time):
    first, second = await Story(virtual_time).ring(), await Story(virtual_time).ring()
    await virtual_time.advance(1.0)
    first.carrier.press("1")
    second.leg.show(LegHears.TAKEN)
    await virtual_time.advance(2.0)
    assert first.runner.names == [("key", "1")]
    assert second.runner.names == [("told",)]
    assert second.says(LAST_WORDS[LegHears.TAKEN])
    assert not first.says(LAST_WORDS[LegHears.TAKEN])
    await first.end()
    await second.end()
