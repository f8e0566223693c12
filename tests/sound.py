"""What tests ask of sounds and recordings."""

import wave

import numpy as np

RATE = 8000


def read_recording(path):
    """A call's recording as Python's own reader sees it, shape (samples, 2): caller, assistant."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


def lag_s(late, early):
    """By how much `late` is later than `early`, from where they are most alike."""
    found = _correlation(late, early)
    best = int(np.argmax(found))
    return (best - found.size if best > found.size // 2 else best) / RATE


def contains(sound, part):
    """How much of `part` is in `sound` as it was spoken: 1.0 is all of it, whenever it came."""
    return float(_correlation(sound, part).max() / (_energy(part) + 1e-9))


def _correlation(one, other):
    size = one.size + other.size
    return np.fft.irfft(
        np.fft.rfft(one.astype(float), size) * np.conj(np.fft.rfft(other.astype(float), size)), size
    )


def _energy(sound):
    return (sound.astype(float) ** 2).sum()
