"""The music that callers hear on hold: Warmline's own, or the playbook's."""

import wave
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from dialog.checks import wav_problem
from dialog.playbook import Playbook
from handoff.hold.composition import LEVEL_DBFS, hold_music
from telephony.media.playout import RATE
from telephony.media.ulaw import Pcm

CEILING = 0.5
"""Peaks of a playbook's music that would go beyond this make all of it quieter."""
WIDTHS = (1, 2, 3, 4)


class MusicError(ValueError):
    """A playbook's music that cannot be played; the text names file and rule."""


class HoldMusic:
    """One piece, repeated without end. Shared by all calls: holds no call's state."""

    def __init__(self, loop: Pcm) -> None:
        """`loop`: int16 mono 8 kHz, one time through.

        Raises:
            MusicError: it is empty.
        """
        if not loop.size:
            raise MusicError("hold music must not be empty")
        self._loop = loop

    @classmethod
    def of(cls, playbook: Playbook) -> "HoldMusic":
        """The playbook's music, or Warmline's own where it brings none.

        Raises:
            MusicError: its file cannot be played.
        """
        name = playbook.queues.hold_music
        return cls(hold_music() if name is None else read_music(playbook.folder / name))

    @property
    def seconds(self) -> float:
        """How long it is, one time through."""
        return self._loop.size / RATE

    def piece(self, start_sample: int, samples: int) -> Pcm:
        """`samples` of it, from `start_sample` on, 8 kHz; whatever the start, there is always more."""
        places = (start_sample + np.arange(samples)) % self._loop.size
        return self._loop[places]


def read_music(path: Path) -> Pcm:
    """A WAV file as hold music: int16 mono 8 kHz, as loud as ours.

    Raises:
        MusicError: there is none, it is no WAV, or too short or too long.
    """
    wrong = wav_problem(path)
    if wrong is not None:
        raise MusicError(wrong)
    with wave.open(str(path)) as file:
        rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
        data = file.readframes(file.getnframes())
    if width not in WIDTHS:
        raise MusicError(f"{path.name} must have 8, 16, 24 or 32 bits a sample")
    mono = _samples(data, width).reshape(-1, channels).mean(axis=1)
    sound = soxr.resample(mono, rate, RATE, quality="HQ") if rate != RATE else mono
    return _levelled(sound)


def _samples(data: bytes, width: int) -> NDArray[np.float64]:
    """PCM of any width, -1 to 1."""
    if width == 1:  # the only one that is unsigned
        return (np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128
    whole = np.frombuffer(data, np.uint8).reshape(-1, width)
    padded = np.zeros((len(whole), 4), np.uint8)
    padded[:, 4 - width :] = whole
    return padded.reshape(-1).view("<i4").astype(np.float64) / 2**31


def _levelled(sound: NDArray[np.float64]) -> Pcm:
    rms = float(np.sqrt(np.mean(sound**2)))
    if rms == 0.0:
        return np.zeros(sound.size, dtype=np.int16)
    gain = min(10 ** (LEVEL_DBFS / 20) / rms, CEILING / float(np.abs(sound).max()))
    music: Pcm = np.rint(sound * gain * 32767).astype(np.int16)
    return music
