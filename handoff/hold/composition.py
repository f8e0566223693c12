"""Warmline's own hold music: sixteen calm bars, made of sines. No samples, nobody's rights but the project's.

Made for the telephone: all of it lies between 300 and 3400 Hz, so nothing is lost on the way; it is quieter than our
voice, so that a caller can be spoken to over it; and it is a circle: what sounds on at the end sounds on at the
beginning, so the loop has no seam.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from telephony.media.playout import RATE
from telephony.media.ulaw import Pcm

SEED = 20
BEATS_A_MINUTE = 80
BARS = 16
BEAT_S = 60 / BEATS_A_MINUTE
BAR_S = 4 * BEAT_S
LENGTH = round(BARS * BAR_S * RATE)
"""48 s."""
LEVEL_DBFS = -30.0
"""RMS; our voice speaks at -22 dBFS."""
BAND_HZ = (300.0, 3400.0)
EDGE_HZ = 60.0

Sound = NDArray[np.float64]
Chord = tuple[int, ...]
"""MIDI notes, the lowest first."""

C, AM, F, G = (64, 67, 71, 72), (64, 67, 69, 72), (65, 69, 72, 76), (62, 67, 71, 74)
EM, DM, FC, GS = (64, 67, 71, 74), (65, 69, 72, 74), (65, 69, 72, 76), (62, 67, 72, 74)
CHORDS: Sequence[Chord] = (C, AM, F, G, C, EM, F, GS, AM, EM, F, C, DM, G, FC, G)
"""One a bar, near each other, so that none stands out; the last leads back to the first."""
SCALE = (72, 74, 76, 79, 81, 84, 86, 88)
"""The melody's notes: a pentatonic, of which none is wrong over any of the chords."""
ARPEGGIO = (0, 1, 2, 3, 2, 1, 2, 3)
MELODY_BARS = frozenset({0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 15})
"""The others breathe; the last one leads back to the first."""


@cache
def hold_music() -> Pcm:
    """The piece, int16 mono 8 kHz, the same in every process. To be repeated as it is."""
    chance = np.random.default_rng(SEED)
    track = np.zeros(LENGTH)
    for bar, chord in enumerate(CHORDS):
        _play(track, bar * BAR_S, _pads(chord))
        for start, sound in (*_arpeggio(chord, chance), *_melody(bar, chord, chance)):
            _play(track, bar * BAR_S + start, sound)
    limited = within_band(track)
    gain = 10 ** (LEVEL_DBFS / 20) / float(np.sqrt(np.mean(limited**2)))
    music: Pcm = np.rint(limited * gain * 32767).astype(np.int16)
    music.setflags(write=False)
    return music


def within_band(track: Sound) -> Sound:
    """A loop without what a telephone does not carry. In a circle: the loop stays one."""
    spectrum = np.fft.rfft(track)
    hertz = np.fft.rfftfreq(track.size, 1 / RATE)
    low, high = BAND_HZ
    up = np.clip((hertz - low) / EDGE_HZ, 0.0, 1.0)
    down = np.clip((high - hertz) / EDGE_HZ, 0.0, 1.0)
    kept = np.sin(np.pi / 2 * up) * np.sin(np.pi / 2 * down)
    limited: Sound = np.fft.irfft(spectrum * kept, track.size)
    return limited


def _play(track: Sound, start_s: float, sound: Sound) -> None:
    """Add a sound; what goes beyond the end goes on at the beginning."""
    places = (round(start_s * RATE) + np.arange(sound.size)) % track.size
    np.add.at(track, places, sound)


# The instruments


def _seconds(length_s: float) -> Sound:
    return np.arange(round(length_s * RATE)) / RATE


def _hertz(note: int) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _pads(chord: Chord) -> Sound:
    """The chord, swelling and fading into the next one."""
    t = _seconds(BAR_S + 1.2)
    swell = np.minimum(t / 0.7, 1.0) * np.minimum((t[-1] - t) / 1.4, 1.0)
    sound: Sound = 0.16 * swell**2 * sum((_pad(t, _hertz(note)) for note in chord), np.zeros(t.size))
    return sound


def _pad(t: Sound, hertz: float) -> Sound:
    """Two tones a hair apart, which beat slowly."""
    beating = np.sin(2 * np.pi * hertz * 0.9985 * t) + np.sin(2 * np.pi * hertz * 1.0015 * t)
    return beating + 0.45 * np.sin(2 * np.pi * 2 * hertz * t) + 0.12 * np.sin(2 * np.pi * 3 * hertz * t)


def _arpeggio(chord: Chord, chance: np.random.Generator) -> Iterator[tuple[float, Sound]]:
    """Eighths, plucked softly, none as loud as the one before."""
    for step, index in enumerate(ARPEGGIO):
        loudness = (0.5 if step % 4 == 0 else 0.34) * chance.uniform(0.8, 1.1)
        yield step * BEAT_S / 2, loudness * _pluck(_hertz(chord[index] + 12))


def _pluck(hertz: float) -> Sound:
    t = _seconds(1.6)
    body = np.exp(-t / 0.38)
    tone = np.sin(2 * np.pi * hertz * t) + 0.3 * np.exp(-t / 0.15) * np.sin(2 * np.pi * 2 * hertz * t)
    return _softly(t) * body * tone


def _melody(bar: int, chord: Chord, chance: np.random.Generator) -> Iterator[tuple[float, Sound]]:
    """Two or three long notes a bar: the first one of the chord, the next ones near it."""
    if bar not in MELODY_BARS:
        return
    fits = [i for i, note in enumerate(SCALE) if note % 12 in {one % 12 for one in chord}]
    place = int(chance.choice(fits))
    for beat in (0.0, 1.5, 3.0) if bar % 4 == 2 else (0.0, 2.0):
        yield beat * BEAT_S, 0.5 * _bell(_hertz(SCALE[place]))
        place = int(np.clip(place + chance.choice((-1, 1, 1, -1, 2, -2)), 0, len(SCALE) - 1))


def _bell(hertz: float) -> Sound:
    t = _seconds(2.6)
    tone = np.sin(2 * np.pi * hertz * t) + 0.22 * np.exp(-t / 0.3) * np.sin(2 * np.pi * 2.002 * hertz * t)
    return _softly(t) * np.exp(-t / 0.75) * tone


def _softly(t: Sound) -> Sound:
    """Without a click at either end."""
    envelope: Sound = np.minimum(t / 0.012, 1.0) * np.minimum((t[-1] - t) / 0.05, 1.0)
    return envelope
