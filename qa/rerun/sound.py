"""The caller's sound: what they said then, and their line's noise for as long as it takes today."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from calls.wav import Pcm, read_caller, stored_samples
from qa.rerun.deeds import Deed
from qa.virtual.party import FRAME, in_frames
from telephony.media.playout import RATE

AUDIBLE = 40.0
"""Loudest sample of a stretch in which something was recorded at all: a redacted or never recorded one is silent."""
BED_S = 0.5
STAND_IN_LEVEL = 0.5
"""A stand-in is 6 dB quieter than our own voice, as callers are."""
LEAST_NOISE = 2.0


class CallerSound:
    """What one caller's line carries. int16 mono 8 kHz.

    Between what they say goes on what was recorded there; when that is used up, the quietest half second of the
    line is repeated, forwards and backwards so that nothing clicks.
    """

    def __init__(self, recorded: Pcm, deeds: Sequence[Deed], stand_in: Callable[[str], Pcm]) -> None:
        """`stand_in` speaks a text where the caller's own sound was not kept."""
        self._recorded = recorded
        self._stand_in = stand_in
        self._spans = [(deed.start_s, deed.end_s) for deed in deeds if deed.end_s > deed.start_s]
        self._bed = _bed(recorded, self._spans)
        self._gap = recorded[: self._next_start(0)]
        self._at_bed = 0
        self.stood_in: list[str] = []
        """What a stand-in has said."""

    def of(self, deed: Deed) -> Pcm:
        """The sound of what they do now, in whole frames of 20 ms."""
        first, last = round(deed.start_s * RATE), round(deed.end_s * RATE)
        sound = self._recorded[first:last]
        if deed.text and (sound.size < FRAME or np.abs(sound.astype(np.int32)).max() < AUDIBLE):
            self.stood_in.append(deed.text)
            sound = (self._stand_in(deed.text) * STAND_IN_LEVEL).astype(np.int16)
        self._gap = self._recorded[last : self._next_start(last)]
        return in_frames(sound)

    def between(self) -> Pcm:
        """The next frame of the line's own sound."""
        if self._gap.size >= FRAME:
            frame, self._gap = self._gap[:FRAME], self._gap[FRAME:]
            return frame
        at = self._at_bed % self._bed.size
        self._at_bed += FRAME
        return self._bed[at : at + FRAME]

    def _next_start(self, sample: int) -> int:
        starts = (round(start_s * RATE) for start_s, _ in self._spans)
        return min((start for start in starts if start >= sample), default=self._recorded.size)


def read_recording(path: Path | None) -> Pcm:
    """The caller's channel of a recording; empty where there is none.

    Raises:
        RecordingError: the file is no recording of ours.
    """
    if path is None or not path.is_file():
        return np.zeros(0, np.int16)
    return read_caller(path, 0, stored_samples(path))


def _bed(recorded: Pcm, spans: Sequence[tuple[float, float]]) -> Pcm:
    """The line's noise to be repeated, whole frames of 20 ms."""
    frames = recorded[: recorded.size // FRAME * FRAME].reshape(-1, FRAME)
    free = np.ones(len(frames), bool)
    for start_s, end_s in spans:
        free[int(start_s * 50) : int(end_s * 50) + 1] = False
    length = round(BED_S * 50)
    levels = (frames.astype(np.float64) ** 2).mean(axis=1)
    levels = np.where(free & (levels > 0), levels, np.inf)
    if len(frames) >= length:
        sums = np.convolve(levels, np.ones(length), mode="valid")
        best = int(np.argmin(sums))
        if np.isfinite(sums[best]):
            piece = frames[best : best + length].reshape(-1)
            return np.concatenate((piece, piece[::-1]))
    noise = np.random.default_rng(0).normal(0.0, LEAST_NOISE, length * FRAME)
    return np.rint(noise).astype(np.int16)
