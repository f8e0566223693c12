"""How a turn is said: loudness, pitch, pitch range and speaking rate, against the same caller's turns before.

Nothing here knows what a loud or a high voice is: telephones and voices differ too much. A turn is only compared with
the earlier turns of its own call, and the first one has nothing to be compared with.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialog.types import Prosody

RATE = 8000
HOP = 80
"""10 ms."""
WINDOW = 320
"""40 ms: three periods of the lowest voice."""
SPECTRUM = 512
"""Window and longest lag together fit into it, so that the correlation does not wrap around."""
LOWEST_HZ, HIGHEST_HZ = 70.0, 400.0
VOICED = 0.5
"""Normalised autocorrelation from which a frame counts as a vowel or a hum."""
OCTAVE_COST = 0.05
"""Taken off a peak for each doubling of its lag: two periods correlate as well as one."""
FAINTEST_DB = 25.0
"""Line noise lies below, dB over one step of a 16-bit sample."""
BELOW_PEAK_DB = 30.0
"""What is so far below the loudest frame is no voice of the caller's."""
LEAST_VOICED_S = 0.2
SMOOTH = 5
"""Frames over which the syllables' energy is smoothed: 50 ms."""
PROMINENCE_DB = 3.0
"""A syllable rises so far above the dips on both of its sides."""
MOST_DEVIATIONS = 4.0
USUAL_TURNS = 2.0
"""How many turns the usual spread below weighs: the spread of two turns says little."""

Sound = NDArray[np.int16]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Manner:
    """How one turn was said, in absolute terms."""

    loudness_db: float
    """Mean power of the voiced frames, dB over one step of a 16-bit sample."""
    pitch_st: float
    """Median pitch in semitones over 1 Hz."""
    range_st: float
    """From the 10th to the 90th percentile of the pitch, semitones."""
    rate_hz: float
    """Syllable-like peaks of energy a second, from the first voiced frame to the last."""

    def values(self) -> Floats:
        """The four of them in this order."""
        return np.array([self.loudness_db, self.pitch_st, self.range_st, self.rate_hz])


USUAL_SPREAD = np.array([2.0, 1.75, 3.0, 0.75])
"""From turn to turn of one caller, in the units of `Manner`; rounded from the callers of four telephone calls."""


def measure(sound: Sound) -> Manner | None:
    """The manner of one turn: int16 mono 8 kHz of any length. None where there is too little voice to tell."""
    if sound.size < WINDOW:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP].astype(np.float64)
    frames = frames - frames.mean(axis=1, keepdims=True)
    level_db = 10.0 * np.log10((frames**2).mean(axis=1) + 1.0)
    pitch_hz = _pitch(frames)
    heard = level_db > max(FAINTEST_DB, float(level_db.max()) - BELOW_PEAK_DB)
    voiced = heard & (pitch_hz > 0.0)
    if voiced.sum() * HOP < LEAST_VOICED_S * RATE:
        return None
    semitones = 12.0 * np.log2(pitch_hz[voiced])
    low, middle, high = np.percentile(semitones, (10, 50, 90))
    power = 10.0 ** (level_db[voiced] / 10.0)
    first, last = np.flatnonzero(voiced)[[0, -1]]
    seconds = (last - first + 1) * HOP / RATE
    return Manner(
        loudness_db=float(10.0 * np.log10(power.mean())),
        pitch_st=float(middle),
        range_st=float(high - low),
        rate_hz=_syllables(level_db[first : last + 1]) / float(seconds),
    )


@dataclass(frozen=True)
class Baseline:
    """How this caller has spoken so far: running mean and spread of each measure (Welford 1962)."""

    turns: int = 0
    mean: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    squares: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    """Sums of squared deviations from the mean."""

    def prosody(self, manner: Manner) -> Prosody | None:
        """`manner` in standard deviations, -4 to 4; None while there is no earlier turn."""
        if self.turns == 0:
            return None
        usual = USUAL_TURNS * USUAL_SPREAD**2
        spread = np.sqrt((usual + np.array(self.squares)) / (USUAL_TURNS + self.turns - 1))
        away = np.clip((manner.values() - np.array(self.mean)) / spread, -MOST_DEVIATIONS, MOST_DEVIATIONS)
        loudness, pitch, pitch_range, rate = (round(float(value), 2) for value in away)
        return Prosody(loudness=loudness, pitch=pitch, pitch_range=pitch_range, rate=rate)

    def after(self, manner: Manner) -> "Baseline":
        """The baseline with one more turn."""
        turns = self.turns + 1
        values, mean = manner.values(), np.array(self.mean)
        moved = mean + (values - mean) / turns
        squares = np.array(self.squares) + (values - mean) * (values - moved)
        return Baseline(turns, tuple(map(float, moved)), tuple(map(float, squares)))


def _pitch(frames: Floats) -> Floats:
    """Hz of each frame, 0 where it has none: the autocorrelation over that of its window (Boersma 1993)."""
    hann = np.hanning(WINDOW)
    longest = int(RATE / LOWEST_HZ) + 2
    lags = np.arange(int(RATE / HIGHEST_HZ), longest - 1)
    likeness = _autocorrelation(frames * hann)[:, :longest] / _autocorrelation(hann[np.newaxis])[:, :longest]
    likeness = likeness / np.maximum(likeness[:, :1], 1e-9)
    here, before, behind = (likeness[:, lags + shift] for shift in (0, -1, 1))
    peaks = (here >= before) & (here > behind)
    worth = np.where(peaks, here - OCTAVE_COST * np.log2(lags / lags[0]), 0.0)
    best = worth.argmax(axis=1)
    rows = np.arange(len(frames))
    left, top, right = before[rows, best], here[rows, best], behind[rows, best]
    curve = left - 2.0 * top + right
    between = np.where(curve < 0.0, 0.5 * (left - right) / np.where(curve < 0.0, curve, -1.0), 0.0)
    found = (worth[rows, best] > 0.0) & (top >= VOICED)
    return np.where(found, RATE / (lags[best] + between), 0.0)


def _autocorrelation(frames: Floats) -> Floats:
    spectrum = np.fft.rfft(frames, SPECTRUM, axis=1)
    return np.fft.irfft(spectrum.real**2 + spectrum.imag**2, SPECTRUM, axis=1)


def _syllables(level_db: Floats) -> int:
    """How many peaks stand out of the energy of a turn."""
    padded = np.pad(level_db, SMOOTH // 2, mode="edge")
    smooth = np.convolve(padded, np.ones(SMOOTH) / SMOOTH, mode="valid")
    count, dip, peak = 0, float(smooth[0]) - PROMINENCE_DB, float(smooth[0])
    rising = True
    for level in smooth.tolist():
        if rising:
            peak = max(peak, level)
            if level < peak - PROMINENCE_DB:
                count, rising, dip = count + 1, False, level
        else:
            dip = min(dip, level)
            if level > dip + PROMINENCE_DB:
                rising, peak = True, level
    return count + rising
