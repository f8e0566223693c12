"""Our own voice, sent back by the caller's telephone."""

import numpy as np
import pytest

from telephony.media import ulaw
from voice.turns.echo import EchoReference, is_echo

RATE = 8000


def voice(seed, seconds=3.0):
    """Something with the rhythm and the spectrum of speech."""
    chance = np.random.default_rng(seed)
    size = int(seconds * RATE)
    loud = np.repeat(chance.uniform(0.05, 1.0, size // 800 + 1), 800)[:size]
    coloured = np.convolve(chance.normal(0, 1, size), np.exp(-np.arange(12) / 3), mode="same")
    return (coloured * loud * 1500).astype(np.int16)


def heard(reference, sound, start):
    """What the reference says of each 20 ms of the caller's `sound`."""
    verdicts = []
    for at in range(0, sound.size - 160, 160):
        reference.heard(start + at, ulaw.decode(ulaw.encode(sound[at : at + 160])))
        verdicts.append(reference.explains)
    return verdicts[15:]


@pytest.mark.parametrize(("delay_s", "decibels"), [(0.05, -10), (0.2, -20), (0.5, -25)])
def test_an_echo_is_explained_at_any_delay_and_loudness(delay_s, decibels):
    ours = voice(1)
    reference = EchoReference()
    delay = int(delay_s * RATE)
    echo = np.concatenate((np.zeros(delay), ours[:-delay] * 10 ** (decibels / 20))).astype(np.int16)
    verdicts = []
    for at in range(0, ours.size - 160, 160):
        reference.played(at, ours[at : at + 160])
        reference.heard(at, ulaw.decode(ulaw.encode(echo[at : at + 160])))
        verdicts.append(reference.explains)
    assert np.mean(verdicts[40:]) > 0.9


def test_another_voice_is_not():
    reference = EchoReference()
    ours, caller = voice(1), voice(2)
    verdicts = []
    for at in range(0, ours.size - 160, 160):
        reference.played(at, ours[at : at + 160])
        reference.heard(at, caller[at : at + 160])
        verdicts.append(reference.explains)
    assert np.mean(verdicts) < 0.05


def test_where_we_are_silent_nothing_is_an_echo():
    assert not any(heard(EchoReference(), voice(2), 0))


def test_our_words_in_our_order_are_an_echo_and_an_answer_with_them_is_not():
    ours = "Your order is on its way. Is that right, yes or no?"
    assert is_echo("order is on its way", ours)
    assert not is_echo("yes", ours)
    assert not is_echo("No, my order never came.", ours)
