"""Whether what comes from the caller is our own voice, sent back by their telephone."""

from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from voice.turns.pause import words

RATE = 8000
WINDOW_S = 0.2
"""How much of the caller's sound is compared at a time."""
LONGEST_WAY_S = 0.6
"""There and back through two networks and a room."""
ENOUGH = 0.33
"""Normalised correlation from which on our voice explains the sound. Measured over µ-law: other voices stay below it
in 97 % of windows; an echo at -20 dB is above it always, at -30 dB in 92 %, from a reverberant room in 80 %."""
SILENCE = 1.0
"""Root of the energy below which there is nothing to compare."""

FEWEST_WORDS = 3
"""A word or two that we have just said may well be the caller's answer."""
OURS = 0.8

Pcm = NDArray[np.int16]
Wave = NDArray[np.float64]


class EchoReference:
    """What the caller has heard of us in the last moments, and what they sent."""

    def __init__(self) -> None:
        self._ours = _Ring(WINDOW_S + LONGEST_WAY_S)
        self._caller = _Ring(WINDOW_S)

    def played(self, at_sample: int, pcm: Pcm) -> None:
        """The caller has heard `pcm`, 8 kHz, at this place of the call's axis."""
        self._ours.write(at_sample, pcm)

    def heard(self, at_sample: int, pcm: Pcm) -> None:
        """The caller's own sound at this place."""
        self._caller.write(at_sample, pcm)

    @property
    def explains(self) -> bool:
        """Whether the caller's last sound is ours again, at any delay and loudness."""
        end = self._caller.end
        caller = self._caller.read(end - int(WINDOW_S * RATE), end)
        ours = self._ours.read(end - int((WINDOW_S + LONGEST_WAY_S) * RATE), end)
        return likeness(caller, ours) >= ENOUGH


def likeness(short: Pcm, long: Pcm) -> float:
    """The highest normalised correlation of `short` with any stretch of `long`, 0 to 1.

    Both are differentiated first, so that hum and low vowels, which all voices share, count for less.
    """
    x, y = np.diff(short.astype(np.float64)), np.diff(long.astype(np.float64))
    energy = float(np.sqrt((x**2).sum()))
    if energy < SILENCE or not y.any():
        return 0.0
    size = 1 << (x.size + y.size - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(y, size) * np.conj(np.fft.rfft(x, size)), size)[: y.size - x.size + 1]
    squares = np.concatenate(([0.0], np.cumsum(y**2)))
    energies = np.sqrt(np.maximum(squares[x.size :] - squares[: -x.size], SILENCE))
    best: float = np.max(np.abs(product) / (energies * energy))
    return min(1.0, best)


def is_echo(text: str, ours: str) -> bool:
    """Whether the words heard are ours, said just now: four in five of them, in our order."""
    heard, said = words(text), words(ours)
    if len(heard) < FEWEST_WORDS:
        return False
    matcher = SequenceMatcher(None, heard, said, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) >= OURS * len(heard)


class _Ring:
    """The last moments of one side, by their place on the axis; silence where nothing was written."""

    def __init__(self, seconds: float) -> None:
        self._samples: Pcm = np.zeros(int(seconds * RATE), dtype=np.int16)
        self.end = 0

    def write(self, at_sample: int, pcm: Pcm) -> None:
        end = at_sample + pcm.size
        self._move(end)
        size = self._samples.size
        first = max(at_sample, self.end - size)
        if first < end:
            place = first - (self.end - size)
            self._samples[place : place + end - first] = pcm[first - at_sample :]

    def read(self, start: int, end: int) -> Pcm:
        begin = self.end - self._samples.size
        out = np.zeros(end - start, dtype=np.int16)
        first, last = max(start, begin), min(end, self.end)
        if first < last:
            out[first - start : last - start] = self._samples[first - begin : last - begin]
        return out

    def _move(self, end: int) -> None:
        step = end - self.end
        if step <= 0:
            return
        self._samples = np.concatenate(
            (self._samples[step:], np.zeros(min(step, self._samples.size), np.int16))
        )
        self.end = end
