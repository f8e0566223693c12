"""When a voice under ours is the caller cutting in."""

import numpy as np

from voice.turns.cut_in import CutIn, Evidence, is_hum

TIME = np.arange(512) / 16000
HUM = (3000 * np.sin(2 * np.pi * 140 * TIME) + 800 * np.sin(2 * np.pi * 280 * TIME)).astype(np.int16)
VOWEL = sum(2000 / n * np.sin(2 * np.pi * 140 * n * TIME) for n in range(1, 18)).astype(np.int16)


def windows_until_cut_in(sound, probability=0.9, echo=False, most=40):
    evidence = CutIn()
    for number in range(1, most + 1):
        if evidence.window(sound, probability, echo=echo) is Evidence.LIKELY:
            return number
    return None


def test_a_voice_cuts_in_within_a_sixth_of_a_second():
    assert windows_until_cut_in(VOWEL) == 5


def test_it_tells_once_that_it_is_likely_and_once_that_it_is_certain():
    evidence = CutIn()
    told = [evidence.window(VOWEL, 0.9, echo=False) for _ in range(30)]
    assert [(at + 1, one) for at, one in enumerate(told) if one] == [
        (5, Evidence.LIKELY),
        (16, Evidence.CERTAIN),
    ]


def test_a_hum_takes_four_times_as_long():
    assert is_hum(HUM)
    assert not is_hum(VOWEL)
    assert windows_until_cut_in(HUM) == 20


def test_breath_and_our_own_echo_never_do():
    assert windows_until_cut_in(VOWEL, probability=0.3) is None
    assert windows_until_cut_in(VOWEL, echo=True) is None


def test_single_clicks_add_up_to_nothing():
    evidence = CutIn()
    for _ in range(50):
        assert not evidence.window(VOWEL, 0.9, echo=False)
        assert not evidence.window(VOWEL, 0.0, echo=False)
