"""The stereo WAV file of a recording: PCM, 16 bit, 8 kHz, caller left, assistant right.

Nothing here may run on the event loop, except `stored_samples`, which reads 44 bytes.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
CALLER = 0
ASSISTANT = 1
FRAME = 4
"""Bytes of one sample of both channels."""
HEADER = 44
MOST_SAMPLES = (2**32 - 1 - HEADER) // FRAME
"""What the header's 32-bit sizes can tell: 37 hours."""

Pcm = NDArray[np.int16]
"""Samples of one channel, shape (n,), or of both, shape (n, 2)."""


class RecordingError(Exception):
    """A recording is used against a rule, which the text names, or its file is not one of ours."""


@dataclass(frozen=True)
class Block:
    """Both channels from `start` on."""

    start: int
    pcm: Pcm

    def put(self, file: "StereoWav") -> None:
        """Write it."""
        file.write(self.start, self.pcm)


@dataclass(frozen=True)
class Overlay:
    """One channel from `start` on; the other stays as it is."""

    start: int
    channel: int
    pcm: Pcm

    def put(self, file: "StereoWav") -> None:
        """Write it."""
        both = file.read(self.start, len(self.pcm))
        both[:, self.channel] = self.pcm
        file.write(self.start, both)


Piece = Block | Overlay


def header(samples: int) -> bytes:
    """The 44 bytes before `samples` samples (of both channels)."""
    size = samples * FRAME
    chunk = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, RATE, RATE * FRAME, FRAME, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", HEADER - 8 + size, b"WAVE")
        + chunk
        + struct.pack("<4sI", b"data", size)
    )


def stored_samples(path: Path) -> int:
    """How many samples a recording holds, by its size: a killed process may leave sound that the header lacks.

    Raises:
        RecordingError: the file is not a recording of ours.
    """
    try:
        with path.open("rb") as file:
            start = file.read(HEADER)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return 0
    if len(start) < HEADER:
        # Killed before the header was out: nothing is lost by starting over.
        return 0
    told = struct.unpack("<I", start[-4:])[0]
    if start != header(told // FRAME):
        raise RecordingError(f"{path.name} is not a recording: its header is not that of 8 kHz stereo PCM")
    return min((size - HEADER) // FRAME, MOST_SAMPLES)


def read_caller(path: Path, start: int, count: int) -> Pcm:
    """The caller's channel of a recording that may still be written: what is there of `count` samples from `start`."""
    with path.open("rb") as file:
        file.seek(HEADER + start * FRAME)
        stored = np.frombuffer(file.read(count * FRAME), np.uint8)
    whole = stored.size // FRAME * FRAME
    return np.ascontiguousarray(stored[:whole].view("<i2").reshape(-1, 2)[:, CALLER])


class StereoWav:
    """The open file. Created with its folders when there is none; positions are samples."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._samples = stored_samples(path)
        # Unbuffered: what is written is the system's, and outlives this process.
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
        self.commit()

    def read(self, start: int, count: int) -> Pcm:
        """Both channels, shape (count, 2), silent where nothing was written."""
        both = np.zeros((count, 2), np.int16)
        stored = np.frombuffer(os.pread(self._file, count * FRAME, HEADER + start * FRAME), np.uint8)
        whole = stored.size // FRAME * FRAME
        both[: whole // FRAME] = stored[:whole].view("<i2").reshape(-1, 2)
        return both

    def write(self, start: int, both: Pcm) -> None:
        """Put both channels, shape (n, 2), over what is there; a gap before them is silence."""
        rest = memoryview(np.ascontiguousarray(both, "<i2").tobytes())
        at = HEADER + start * FRAME
        while rest:
            written = os.pwrite(self._file, rest, at)
            rest, at = rest[written:], at + written
        self._samples = max(self._samples, start + len(both))

    def commit(self) -> None:
        """Have the header tell what is there. After the sound, so that it never promises more than there is."""
        os.pwrite(self._file, header(self._samples), 0)

    def close(self) -> None:
        """Bring everything to the disk and close."""
        try:
            os.fsync(self._file)
        finally:
            os.close(self._file)
