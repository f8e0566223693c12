"""Fewer frames while nobody speaks, and not a sample lost or moved."""

import numpy as np
import pytest
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import InputDTMFFrame

from telephony.media.frames import CallerAudioFrame
from telephony.media.gathering import Gathering


def frame(number, at_sample=None):
    narrowband = np.full(160, number, dtype=np.int16)
    return CallerAudioFrame(
        audio=np.repeat(narrowband, 2).tobytes(),
        sample_rate=16000,
        num_channels=1,
        narrowband=narrowband,
        at_sample=160 * number if at_sample is None else at_sample,
    )


@pytest.fixture
def quiet():
    gathering = Gathering()
    gathering.may = lambda: True
    return gathering


def test_while_somebody_speaks_each_frame_goes_on_at_once():
    gathering = Gathering()
    first = frame(1)
    assert gathering.take(first) == [first]


def test_in_a_silence_ten_frames_become_one(quiet):
    for number in range(1, 10):
        assert quiet.begins_anew is (number == 1)
        assert quiet.take(frame(number)) == []
    (joined,) = quiet.take(frame(10))
    assert joined.at_sample == 160
    assert np.array_equal(joined.narrowband, np.repeat(range(1, 11), 160))
    assert np.array_equal(np.frombuffer(joined.audio, np.int16), np.repeat(range(1, 11), 320))
    assert quiet.begins_anew
    assert quiet.take(frame(11)) == []


def test_what_was_held_goes_on_as_soon_as_somebody_may_speak(quiet):
    quiet.take(frame(1))
    quiet.may = lambda: False
    (joined,) = quiet.take(frame(2))
    assert joined.narrowband.size == 320


def test_a_key_finds_the_sound_before_it_in_place(quiet):
    quiet.take(frame(1))
    key = InputDTMFFrame(KeypadEntry.ONE)
    sound, second = quiet.take(key)
    assert (sound.at_sample, second) == (160, key)


def test_sound_from_behind_a_gap_is_not_joined_to_what_was_before_it(quiet):
    quiet.take(frame(1))
    (before,) = quiet.take(frame(20))
    assert (before.at_sample, before.narrowband.size) == (160, 160)
    for number in range(21, 29):
        assert quiet.take(frame(number)) == []
    (after,) = quiet.take(frame(29))
    assert (after.at_sample, after.narrowband.size) == (3200, 1600)
