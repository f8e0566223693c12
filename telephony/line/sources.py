"""What the caller hears besides a media stream: spoken text, files, keypad tones, silence."""

import asyncio
import io
import wave
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from telephony.line.leg import FRAME_BYTES
from telephony.media import ulaw
from telephony.media.playout import RATE
from telephony.media.ulaw import Pcm

TONE_S = 0.1
GAP_S = 0.1
WAIT_S = 0.5
"""`w` in the digits of `<Play>`."""
LOUDNESS = 6000
ROWS = (697, 770, 852, 941)
COLUMNS = (1209, 1336, 1477)
KEYS = "123456789*0#"
BEEP_HZ, BEEP_S = 880, 0.15
RINGBACK_HZ, RINGBACK_ON_S, RINGBACK_OFF_S = (440, 480), 2.0, 4.0
"""What a caller hears while it rings (North American plan)."""
HARP_HZ = (262, 330, 392, 523, 440, 349, 392, 294)
"""The line's own music: one broken chord after the other, for a conference without a `waitUrl`."""
HARP_NOTE_S = 0.5


class SoundFileError(Exception):
    """A file that cannot be played."""


class Source(Protocol):
    """Something on the other end of the call's sound."""

    def exchange(self, heard: bytes) -> bytes | None:
        """Take the caller's 20 ms and give ours; None for silence. Called on every beat."""

    def press(self, digit: str) -> None:
        """The caller has pressed a key."""


class Player:
    """Plays µ-law audio to its end, any number of times."""

    def __init__(self, audio: bytes, loop: int = 1) -> None:
        self._frames = [
            audio[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\xff")
            for start in range(0, len(audio), FRAME_BYTES)
        ]
        self._left = loop if self._frames else 1
        self._forever = loop == 0 and bool(self._frames)
        self._index = 0
        self.done = asyncio.Event()

    def exchange(self, _heard: bytes) -> bytes | None:
        """The next frame."""
        if self._index >= len(self._frames):
            self._index = 0
            self._left -= 1
            if self._left <= 0 and not self._forever:
                self.done.set()
        if self.done.is_set():
            return None
        frame = self._frames[self._index]
        self._index += 1
        return frame

    def press(self, _digit: str) -> None:
        """Keys mean nothing here."""


def read_wav(data: bytes) -> Pcm:
    """A 16-bit PCM WAV file of any rate as 8 kHz mono: its first channel, resampled.

    Raises:
        SoundFileError: it is no such file.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise SoundFileError(f"must be a PCM WAV file ({error})") from None
    if width != 2:
        raise SoundFileError(f"must have 16-bit samples, not {8 * width}-bit")
    pcm = np.frombuffer(frames, np.int16)[::channels]
    if rate != RATE:
        pcm = np.asarray(soxr.resample(pcm, rate, RATE, quality="HQ"), np.int16)
    return np.ascontiguousarray(pcm)


def tones(digits: str) -> bytes:
    """DTMF as µ-law: 0.1 s a key, 0.1 s between keys."""
    parts: list[NDArray[np.int16]] = []
    for digit in digits:
        if digit in "wW":
            parts.append(np.zeros(int(WAIT_S * RATE), np.int16))
            continue
        row, column = divmod(KEYS.index(digit), len(COLUMNS))
        times = np.arange(int(TONE_S * RATE)) / RATE
        tone = np.sin(2 * np.pi * ROWS[row] * times) + np.sin(2 * np.pi * COLUMNS[column] * times)
        parts.append((LOUDNESS * tone).astype(np.int16))
        parts.append(np.zeros(int(GAP_S * RATE), np.int16))
    return ulaw.encode(np.concatenate(parts)) if parts else b""


def beep() -> bytes:
    """A short tone, µ-law."""
    return ulaw.encode(_tone((BEEP_HZ,), BEEP_S))


def ringback() -> bytes:
    """One ring and the pause behind it, µ-law."""
    silence = np.zeros(int(RINGBACK_OFF_S * RATE), np.int16)
    return ulaw.encode(np.concatenate([_tone(RINGBACK_HZ, RINGBACK_ON_S), silence]))


def own_music() -> bytes:
    """The line's own music, to be repeated, µ-law."""
    fading = np.exp(-4 * np.arange(int(HARP_NOTE_S * RATE)) / RATE)
    notes = [(_tone((hertz,), HARP_NOTE_S) * fading).astype(np.int16) for hertz in HARP_HZ]
    return ulaw.encode(np.concatenate(notes))


def _tone(hertz: tuple[int, ...], seconds: float) -> Pcm:
    times = np.arange(int(seconds * RATE)) / RATE
    waves = np.sum([np.sin(2 * np.pi * one * times) for one in hertz], axis=0)
    return np.asarray(LOUDNESS / len(hertz) * waves, np.int16)
