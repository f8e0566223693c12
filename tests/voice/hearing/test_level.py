"""A voice that falls off, by its loudness."""

import numpy as np
import pytest

from voice.hearing.level import DROP_DB, Level


def tone(seconds, db):
    """Noise of a loudness in dB over one unit of int16."""
    size = int(seconds * 8000)
    return np.random.default_rng(1).normal(0.0, 10 ** (db / 20), size).astype(np.int16)


def test_nobody_has_spoken_so_nothing_has_fallen_off():
    level = Level()
    level.add(tone(0.5, 10))
    assert level.low_s == 0.0


@pytest.mark.parametrize("loud_db", [50, 70])
def test_a_voice_falls_off_however_loud_it_was(loud_db):
    level = Level()
    level.add(tone(0.5, loud_db))
    assert level.low_s == 0.0
    level.add(tone(0.1, loud_db - DROP_DB - 6))
    assert level.low_s == pytest.approx(0.1)
    level.add(tone(0.02, loud_db - 6))
    assert level.low_s == 0.0, "it has come back"


def test_on_a_noisy_line_it_never_does():
    level = Level()
    level.add(tone(0.5, 60))
    level.add(tone(0.2, 50))
    assert level.low_s == 0.0


def test_the_size_of_the_pieces_does_not_matter():
    whole, pieces = Level(), Level()
    sound = np.concatenate((tone(0.3, 60), tone(0.057, 20)))
    whole.add(sound)
    for start in range(0, sound.size, 33):
        pieces.add(sound[start : start + 33])
    assert pieces.low_s == whole.low_s == pytest.approx(0.05)
