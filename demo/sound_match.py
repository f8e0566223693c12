"""Whether one sound is in another: what was played here was heard there."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import fftconvolve

from demo.sip.telephone import RATE, Sound

PART_S = 1.0
"""Sounds are looked for in parts of this length: a clock may slip by a sample in a long one."""
QUIET_RMS = 50.0
"""Parts quieter than this tell nothing."""


@dataclass(frozen=True)
class Match:
    """How well a sound was found, and where."""

    share: float
    """Of its parts that are loud enough to be looked for, so many are there: 0 to 1."""
    at_s: float | None
    """Where the first of them begins, in seconds; None where none is there."""
    best: float
    """The highest correlation of any part, 0 to 1."""


def find(played: Sound, heard: Sound, alike: float = 0.6) -> Match:
    """Look for `played` in `heard`, both int16 mono 8 kHz: normalised cross-correlation, part by part."""
    size = int(PART_S * RATE)
    parts = [played[start : start + size] for start in range(0, played.size - size + 1, size)]
    loud = [part for part in parts if _rms(part) > QUIET_RMS]
    found = [correlate(part, heard) for part in loud]
    there = [(score, at) for score, at in found if score >= alike]
    return Match(
        share=len(there) / len(loud) if loud else 0.0,
        at_s=min(at for _, at in there) / RATE if there else None,
        best=max((score for score, _ in found), default=0.0),
    )


def correlate(part: Sound, whole: Sound) -> tuple[float, int]:
    """The highest normalised correlation of `part` anywhere in `whole`, and where it begins, in samples."""
    if whole.size < part.size or not part.size:
        return 0.0, 0
    sought = part.astype(np.float64) - part.mean()
    sound = whole.astype(np.float64)
    products = fftconvolve(sound, sought[::-1], mode="valid")
    energy = np.cumsum(np.concatenate(([0.0], sound**2)))
    power = np.maximum(energy[part.size :] - energy[: -part.size], 1.0)
    scores = products / np.sqrt(power * np.maximum((sought**2).sum(), 1.0))
    # Where nothing is played, rounding makes anything fit.
    scores[power < part.size * QUIET_RMS**2 / 4] = 0.0
    at = int(np.argmax(scores))
    return float(scores[at]), at


def longest_silence_s(sound: Sound, loud: int = 60) -> float:
    """The longest stretch in which nothing is heard, in seconds. `loud`: peak of a 20 ms frame, int16."""
    frames = sound[: sound.size // 160 * 160].reshape(-1, 160).astype(np.int32)
    loudly = np.flatnonzero(np.abs(frames).max(axis=1, initial=0) > loud)
    edges = np.concatenate(([-1], loudly, [len(frames)]))
    return float(np.diff(edges).max() - 1) * 0.02


def _rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
