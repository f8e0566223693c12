"""How a turn is said, measured on sounds whose manner is known, and on real telephone speech."""

import csv
import time
import wave

import numpy as np
import pytest

from telephony.media import ulaw
from voice.hearing.prosody import Baseline, Manner, measure

RATE = 8000
USUAL = Manner(loudness_db=60.0, pitch_st=90.0, range_st=8.0, rate_hz=4.0)


def voice(pitch_hz, seconds=2.0, syllables_hz=4.0, loud=3000.0, glide_st=0.0):
    """A buzz with harmonics, in syllables; the pitch glides up by `glide_st` semitones."""
    at = np.arange(int(seconds * RATE)) / RATE
    hz = pitch_hz * 2.0 ** (glide_st / 12.0 * at / seconds)
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    tone = sum(np.sin(order * phase) / order for order in range(1, 8))
    envelope = 0.1 + 0.9 * np.sin(np.pi * syllables_hz * at) ** 2
    noise = np.random.default_rng(1).normal(0.0, 3.0, at.size)
    return (loud / 2 * tone * envelope + noise).astype(np.int16)


@pytest.mark.parametrize("pitch_hz", [85, 110, 160, 220, 330])
def test_the_pitch_of_a_voice_is_found_also_through_the_telephone(pitch_hz):
    for sound in (voice(pitch_hz), ulaw.decode(ulaw.encode(voice(pitch_hz)))):
        heard_hz = 2 ** (measure(sound).pitch_st / 12)
        assert heard_hz == pytest.approx(pitch_hz, rel=0.03)


def test_twice_the_amplitude_is_six_db_more():
    quiet, loud = measure(voice(150, loud=1500)), measure(voice(150, loud=3000))
    assert loud.loudness_db - quiet.loudness_db == pytest.approx(6.0, abs=0.3)
    assert loud.pitch_st == pytest.approx(quiet.pitch_st, abs=0.2)


def test_a_lively_voice_has_a_wider_range_than_a_flat_one():
    assert measure(voice(150)).range_st < 1.0
    assert measure(voice(150, glide_st=10.0)).range_st == pytest.approx(8.0, abs=1.5)


@pytest.mark.parametrize("syllables_hz", [2.0, 4.0, 6.0])
def test_syllables_are_counted(syllables_hz):
    assert measure(voice(150, syllables_hz=syllables_hz)).rate_hz == pytest.approx(syllables_hz, rel=0.2)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.int16),
        np.zeros(RATE, np.int16),
        np.random.default_rng(2).normal(0, 500, 2 * RATE).astype(np.int16),
        voice(150, seconds=0.1),
    ],
    ids=["nothing", "silence", "hiss", "a click of a voice"],
)
def test_too_little_voice_is_not_measured(sound):
    assert measure(sound) is None


def test_the_first_turn_has_nothing_to_be_compared_with():
    assert Baseline().prosody(USUAL) is None
    same = Baseline().after(USUAL).prosody(USUAL)
    assert same is not None
    assert (same.loudness, same.pitch, same.pitch_range, same.rate) == (0.0, 0.0, 0.0, 0.0)


def test_a_shout_after_calm_turns_stands_out():
    calm = Baseline()
    for loud in (2000, 2200, 1900):
        calm = calm.after(measure(voice(150, loud=loud)))
    shout = calm.prosody(measure(voice(210, loud=9000, syllables_hz=6.0)))
    assert shout.loudness > 2.0
    assert shout.pitch > 2.0
    assert shout.rate > 1.0


def test_running_mean_and_spread_are_those_of_all_turns():
    values = np.random.default_rng(3).normal((60, 90, 8, 4), (2, 1, 2, 0.5), (20, 4))
    baseline = Baseline()
    for row in values:
        baseline = baseline.after(Manner(*row))
    assert np.array(baseline.mean) == pytest.approx(values.mean(axis=0))
    assert np.array(baseline.squares) / 20 == pytest.approx(values.var(axis=0))


def test_a_baseline_is_a_value_so_two_calls_do_not_share_one():
    start = Baseline()
    start.after(USUAL)
    assert start.prosody(USUAL) is None


def test_nothing_stands_out_without_end():
    wild = Baseline().after(USUAL).prosody(Manner(100.0, 140.0, 60.0, 30.0))
    assert (wild.loudness, wild.pitch, wild.pitch_range, wild.rate) == (4.0, 4.0, 4.0, 4.0)


def test_three_seconds_take_a_few_milliseconds():
    sound = voice(150, seconds=3.0)
    took = []
    for _ in range(10):
        began = time.thread_time()
        measure(sound)
        took.append(time.thread_time() - began)
    assert min(took) < 0.005


def test_real_callers_have_voices_of_people(shared_data):
    folder = shared_data / "telephone_calls"
    measured, said = [], 0
    with (folder / "segments.tsv").open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            with wave.open(str(folder / row["speaker"] / f"{row['sid']}.wav")) as sound:
                pcm = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
            start = int(row["start_ms_in_channel_wav"]) * 8
            manner = measure(pcm[start : start + int(row["duration_ms"]) * 8])
            said += 1
            if manner is not None:
                measured.append(manner)
    assert len(measured) > 0.85 * said
    assert all(75 < 2 ** (one.pitch_st / 12) < 390 for one in measured)
    assert 2.5 < np.median([one.rate_hz for one in measured]) < 6.0
