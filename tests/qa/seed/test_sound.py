"""Spoken calls: whatever the record says was said is to be heard there, and nothing is where nobody spoke."""

import numpy as np
import pytest

from calls.events import (
    CallBackPromised,
    StreamStarted,
    TalkHeard,
    TransferKeyed,
    TurnHeard,
    TurnSaid,
    TurnWords,
)
from calls.wav import ASSISTANT, CALLER, RATE
from demo.qa import generator
from models.shelf import ModelShelf
from qa.facts.fold import facts_of
from qa.facts.types import CallOutcome
from qa.seed.leg_sound import recorded_legs
from qa.seed.recorder import Recorder, chosen
from qa.seed.sound import House, held, with_pauses
from tests.sound import read_recording
from voice.speaking.renderer import Renderer

AUDIO = 3
LOUD, QUIET = 400.0, 60.0
"""Root mean square, int16, of a stretch with and without speech."""


async def test_the_calls_to_be_spoken_are_of_many_endings():
    made = await generator(300)
    found = chosen(made, 12)
    outcomes = {facts_of(made.call(coming)).outcome for coming in found}
    assert len(found) == len({coming.number for coming in found}) == 12
    assert len(outcomes) >= 4
    assert CallOutcome.HANDED_OVER in outcomes


@pytest.fixture(scope="module")
def house():
    return House(Renderer.load(ModelShelf().voice_path()))


def spans(events, *kinds):
    return [(one.start_s, one.end_s) for event in events if isinstance(one := event.body, kinds)]


def loudness(channel, start_s, end_s):
    part = channel[round(start_s * RATE) : round(end_s * RATE)].astype(float)
    return float(np.sqrt((part**2).mean())) if part.size else 0.0


def between(found, end_s):
    """The stretches in which nobody of these speaks, a little away from those in which they do."""
    edges = [0.0, *(edge for span in sorted(found) for edge in span), end_s]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [(start + 0.05, end - 0.05) for start, end in gaps if end - start > 0.3]


@pytest.mark.models
async def test_each_voice_is_heard_where_its_events_say_and_nowhere_else(tmp_path, house):
    made = await generator(200)
    recorder = Recorder(made, house, 1, tmp_path)
    for coming in chosen(made, AUDIO):
        events = recorder.call(coming)
        name = next(event.body.recording for event in events if isinstance(event.body, StreamStarted))
        both = read_recording(tmp_path / name)
        caller = spans(events, TurnHeard)
        caller += [
            (b.start_s, b.end_s) for e in events if isinstance(b := e.body, TalkHeard) and b.who == "caller"
        ]
        other = spans(events, TurnSaid)
        other += [
            (b.start_s, b.end_s) for e in events if isinstance(b := e.body, TalkHeard) and b.who == "agent"
        ]
        other += held(events)
        for channel, found in ((CALLER, caller), (ASSISTANT, other)):
            sound = both[:, channel]
            for start_s, end_s in found:
                assert loudness(sound, start_s, end_s) > LOUD, (coming.call_id, channel, start_s)
                assert (
                    max(loudness(sound, start_s, start_s + 0.1), loudness(sound, end_s - 0.1, end_s)) > QUIET
                )
            for start_s, end_s in between(found, len(sound) / RATE):
                assert loudness(sound, start_s, end_s) < QUIET, (coming.call_id, channel, start_s)


def is_taken(events):
    """Whether a human took the call while its caller was on hold, and not in a call-back."""
    bodies = [event.body for event in events]
    return any(isinstance(one, TransferKeyed) for one in bodies) and not any(
        isinstance(one, CallBackPromised) for one in bodies
    )


@pytest.mark.models
async def test_who_was_handed_over_hears_music_and_the_humans_leg_holds_the_briefing_and_the_key(
    tmp_path, house
):
    made = await generator(200)
    recorder = Recorder(made, house, 1, tmp_path)
    taken = [coming for coming in made.coming if is_taken(made.call(coming))]
    by_phone = 0
    for coming in taken[-4:]:
        events = recorder.call(coming)
        assert events[0].body.models, "which models had the call"
        name = next(event.body.recording for event in events if isinstance(event.body, StreamStarted))
        both = read_recording(tmp_path / name)
        ((start_s, end_s),) = held(events)
        assert loudness(both[:, ASSISTANT], start_s, end_s) > QUIET
        leg = recorded_legs(events)[-1]
        sound = read_recording(tmp_path / leg.recording)
        (key,) = [event for event in events if isinstance(event.body, TransferKeyed)]
        key_s = (key.at - leg.began_at).total_seconds()
        assert loudness(sound[:, ASSISTANT], 1.0, key_s) > LOUD, "the briefing"
        assert loudness(sound[:, CALLER], 0.1, 0.6) > LOUD, "somebody says their name"
        pressed = loudness(sound[:, CALLER], key_s, key_s + 0.1) > LOUD
        assert pressed == (key.body.where == "phone")
        by_phone += pressed
        assert key_s < len(sound) / RATE < key_s + 3.0, "the leg's own stream ends in the conference"
    assert by_phone


@pytest.mark.models
async def test_a_spoken_call_is_the_same_each_time_and_tells_its_words(tmp_path, house):
    made = await generator(60)
    recorder = Recorder(made, house, 1, tmp_path)
    (coming,) = chosen(made, 1)
    once = recorder.call(coming)
    path = tmp_path / next(e.body.recording for e in once if isinstance(e.body, StreamStarted))
    sound = path.read_bytes()
    assert recorder.call(coming) == once
    assert path.read_bytes() == sound
    heard = {event.body.turn: event.body for event in once if isinstance(event.body, TurnHeard)}
    told = [event.body for event in once if isinstance(event.body, TurnWords)]
    assert told
    for words in told:
        turn = heard[words.turn]
        assert " ".join(word.text for word in words.words) == turn.text
        assert words.words[0].start_s == turn.start_s
        assert words.words[-1].end_s == pytest.approx(turn.end_s, abs=0.002)


def test_callers_make_pauses_in_short_answers_as_people_do():
    assert with_pauses("yes please") == "yes, please."
    assert with_pauses("no that's all thanks") == "no, that's all, thanks."
    assert with_pauses("yes") == "yes."
    assert with_pauses("nobody answers me") == "nobody answers me."
    assert with_pauses("Finally. Hello.") == "Finally. Hello."
    assert with_pauses("No, that was all. Thank you.") == "No, that was all. Thank you."
