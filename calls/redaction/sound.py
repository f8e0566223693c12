"""Makes stretches of a recording silent. Blocks: not for the event loop."""

import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calls.wav import FRAME, HEADER, RATE, stored_samples

AT_ONCE = 60 * RATE


@dataclass(frozen=True)
class Silence:
    """A stretch of one channel (`calls.wav.CALLER`, `ASSISTANT`), seconds."""

    channel: int
    start_s: float
    end_s: float


def silence(path: Path, stretches: Iterable[Silence]) -> bool:
    """Have these stretches be digital silence. Returns whether there is such a recording.

    The file is replaced whole, so that whoever plays it meanwhile hears the one or the other, and a killed process
    leaves the old one; doing it again changes nothing.

    Raises:
        RecordingError: the file is not a recording of ours.
        OSError: the disk refuses.
    """
    wanted = list(stretches)
    if not path.exists():
        return False
    samples = stored_samples(path)
    if not wanted or not samples:
        return True
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        shutil.copyfile(path, beside)
        shutil.copymode(path, beside)
        with beside.open("r+b") as file:
            for one in wanted:
                _blank(file.fileno(), one, samples)
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    return True


def _blank(file: int, one: Silence, samples: int) -> None:
    at = max(0, int(one.start_s * RATE))
    end = min(samples, int(np.ceil(one.end_s * RATE)))
    while at < end:
        count = min(AT_ONCE, end - at)
        stored = os.pread(file, count * FRAME, HEADER + at * FRAME)
        both = np.frombuffer(stored, "<i2").reshape(-1, 2).copy()
        both[:, one.channel] = 0
        os.pwrite(file, both.tobytes(), HEADER + at * FRAME)
        at += count
