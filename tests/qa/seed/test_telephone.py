"""Made-up calls that are really had: today's assistant hears them, and running them again brings nothing new."""

import asyncio

import numpy as np
import pytest

from calls.events import StreamStarted, TransferEnded, TurnHeard, TurnSaid
from calls.wav import ASSISTANT, CALLER, RATE
from demo.qa import generator
from qa.rerun.difference import Verdict, difference
from qa.rerun.run import run_again
from qa.rerun.sources import call_of
from qa.seed.recorder import Recorder, chosen
from qa.seed.sound import House
from qa.seed.telephone import Telephone
from qa.virtual.today import Today
from settings import HOME
from tests.sound import read_recording

pytestmark = [pytest.mark.models, pytest.mark.timeout(400)]  # four calls are had, and two run again
CALLS = 2


@pytest.fixture(scope="module")
def today():
    one = Today(HOME / "playbooks" / "acme")
    yield one
    one.close()


@pytest.fixture(scope="module")
def season():
    return asyncio.run(generator(200))


def of(kind, events):
    return [body for event in events if isinstance(body := event.body, kind)]


def recorder(season, today, folder):
    return Recorder(season, House(today.speech.voice), 1, folder, Telephone(today))


def test_what_was_had_is_kept_as_it_was_heard_and_comes_out_the_same_when_it_is_run_again(
    season, today, tmp_path
):
    make = recorder(season, today, tmp_path)
    calls = [make.call(coming) for coming in chosen(season, CALLS)]
    heard = [turn for events in calls for turn in of(TurnHeard, events)]
    assert len(heard) >= CALLS
    for events in calls:
        told_apart_by_sound(events, tmp_path)
        call = call_of(events, tmp_path)
        assert difference(events, run_again(call, today)[0]).verdict is Verdict.SAME


def told_apart_by_sound(events, folder):
    (name,) = [one.recording for one in of(StreamStarted, events)]
    both = read_recording(folder / name)
    for channel, spoken in ((CALLER, of(TurnHeard, events)), (ASSISTANT, of(TurnSaid, events))):
        for one in spoken:
            stretch = both[round(one.start_s * RATE) : round(one.end_s * RATE), channel].astype(float)
            assert np.sqrt((stretch**2).mean()) > 300.0, one


def test_the_same_seed_has_the_same_call_byte_for_byte_and_a_hand_over_goes_on_from_what_was_had(
    season, today, tmp_path
):
    coming = next(one for one in chosen(season, 12) if of(TransferEnded, season.call(one)))
    first, second = tmp_path / "first", tmp_path / "second"
    events = recorder(season, today, first).call(coming)
    assert recorder(season, today, second).call(coming) == events
    (name,) = [one.recording for one in of(StreamStarted, events)]
    assert (first / name).read_bytes() == (second / name).read_bytes()
    assert of(TransferEnded, events)
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    assert [one.at for one in events] == sorted(one.at for one in events)
