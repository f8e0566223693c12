"""How callers speak: raised in anger, drowned in noise, or with an accent. Sounds are int16 mono 8 kHz."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr

from demo.sip.telephone import RATE, Sound
from models.shelf import ModelShelf
from voice.speaking.piper_stream import PiperStream
from voice.speaking.renderer import Renderer

FULL_SCALE = 32767.0
SHOUT_SPEED = 1.25
"""A shout is so much faster and higher than plain speech: a quarter is four semitones."""
SHOUT_DB = 12.0
SPEECH_BAND_HZ = (150.0, 3400.0)
SWELL_HZ = (0.5, 6.0)
"""How fast noise comes and goes: what passes by, and the beat of other people's syllables."""

GERMAN = (
    ("θ", "s"),
    ("ð", "z"),
    ("w", "v"),
    ("ɹ", "r"),
    ("æ", "ɛ"),
    ("ʌ", "a"),
    ("ɐ", "a"),
    ("oʊ", "oː"),
    ("ɚ", "ɐ"),
)
SPANISH = (
    ("ɪ", "i"),
    ("ʊ", "u"),
    ("æ", "a"),
    ("ʌ", "a"),
    ("ə", "e"),
    ("z", "s"),
    ("ɹ", "r"),
    ("v", "b"),
    ("dʒ", "ʝ"),
)
"""Sounds that a speaker of another language puts in the place of English ones, in order."""


def raised(speech: Sound, by: float) -> Sound:
    """Speech in anger: louder, higher and faster. `by` goes from 0, as it was, to 1, a shout."""
    speed = 1.0 + (SHOUT_SPEED - 1.0) * by
    faster = soxr.resample(speech.astype(np.float64) / FULL_SCALE, speed, 1.0, quality="HQ")
    # A telephone that is shouted into does not get louder without end: it bends the tops.
    return _telephone(np.tanh(faster * 10 ** (SHOUT_DB * by / 20)))


def in_noise(speech: Sound, noise: Sound, snr_db: float) -> Sound:
    """`speech` with `noise` over all of it, which is `snr_db` weaker than the speech where somebody speaks."""
    if noise.size < speech.size:
        noise = np.tile(noise, -(-speech.size // noise.size))
    cut = noise[: speech.size].astype(np.float64)
    voice = speech.astype(np.float64)
    spoken = np.abs(voice) > 0.02 * np.abs(voice).max()
    gain = np.sqrt((voice[spoken] ** 2).mean() / (cut**2).mean()) * 10 ** (-snr_db / 20)
    return _telephone(np.tanh((voice + gain * cut) / FULL_SCALE))


def street(seconds: float, seed: int = 0) -> Sound:
    """Noise of a street: as loud in low tones as traffic, and swelling like voices that pass by."""
    random = np.random.default_rng(seed)
    size = int(seconds * RATE)
    hertz = np.fft.rfftfreq(size, 1.0 / RATE)
    shape = np.where(
        (hertz > SPEECH_BAND_HZ[0]) & (hertz < SPEECH_BAND_HZ[1]), 1.0 / np.sqrt(hertz + 50.0), 0.0
    )
    noise = np.fft.irfft(np.fft.rfft(random.normal(size=size)) * shape, size)
    slow = np.where((hertz > SWELL_HZ[0]) & (hertz < SWELL_HZ[1]), 1.0, 0.0)
    swell = np.fft.irfft(np.fft.rfft(random.normal(size=size)) * slow, size)
    noise *= np.exp(0.5 * swell / swell.std())
    return _telephone(0.1 * noise / noise.std())


def with_accent(sounds: Sequence[tuple[str, str]]) -> Renderer:
    """The house voice with the sounds of another language."""
    return Renderer(_Accented(ModelShelf().voice_path(), sounds))


class _Accented(PiperStream):
    def __init__(self, folder: Path, sounds: Sequence[tuple[str, str]]) -> None:
        super().__init__(folder)
        self._sounds = sounds

    def phonemes(self, text: str) -> list[list[str]]:
        return [self._spoken(sentence) for sentence in super().phonemes(text)]

    def _spoken(self, sentence: list[str]) -> list[str]:
        whole = "".join(sentence)
        for english, other in self._sounds:
            whole = whole.replace(english, other)
        return list(whole)


def _telephone(sound: np.ndarray) -> Sound:
    return np.rint(np.clip(sound, -1.0, 1.0) * FULL_SCALE).astype(np.int16)
