"""How loud a recording is along its time: what a waveform is drawn from. Kept beside the recording.

What is kept names the size and time of the recording it was made of, so that a recording that goes on, or of which
something was silenced, is measured anew. Everything here reads disks and may not run on the event loop.
"""

import json
import os
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from calls.wav import FRAME, HEADER, RATE, stored_samples

MOST_PEAKS = 2000
"""For each channel: two for each pixel of a laptop."""
LEAST_SAMPLES = 80
"""10 ms: a peak of less would show single periods of a voice."""
FULL = 127
"""The loudest sample there can be."""
SUFFIX = ".peaks.json"


class Peaks(BaseModel):
    """The loudest sample of each stretch, 0 to `FULL`, of both channels: caller, then assistant and agent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    """Of the recording, in bytes."""
    changed_ns: int
    """When the recording was last written."""
    duration_s: float
    channels: tuple[tuple[int, ...], tuple[int, ...]]


def peaks_path(recording: Path) -> Path:
    """Where the peaks of a recording are kept. Whoever deletes a recording deletes this as well."""
    return recording.with_name(recording.name + SUFFIX)


def peaks_of(recording: Path) -> Peaks:
    """The peaks of a recording, from where they are kept or measured.

    Raises:
        FileNotFoundError: there is no recording.
        RecordingError: the file is not one of ours.
    """
    state = recording.stat()
    kept = _kept(peaks_path(recording))
    if kept is not None and (kept.size, kept.changed_ns) == (state.st_size, state.st_mtime_ns):
        return kept
    measured = measure(recording, state)
    _keep(peaks_path(recording), measured)
    return measured


def measure(recording: Path, state: os.stat_result) -> Peaks:
    """Measure a recording, whose `state` was taken before."""
    samples = stored_samples(recording)
    each = max(LEAST_SAMPLES, -(-samples // MOST_PEAKS))
    with recording.open("rb") as file:
        file.seek(HEADER)
        stored = np.frombuffer(file.read(samples * FRAME), "<i2").reshape(-1, 2)
    # -32768 has no positive counterpart in 16 bits.
    loud = np.abs(stored.astype(np.int32))
    starts = np.arange(0, len(loud), each)
    top = np.maximum.reduceat(loud, starts, axis=0) if len(loud) else np.zeros((0, 2), np.int32)
    left, right = (np.minimum(top * FULL // 32767, FULL)).T.tolist()
    return Peaks(
        size=state.st_size,
        changed_ns=state.st_mtime_ns,
        duration_s=round(samples / RATE, 3),
        channels=(tuple(left), tuple(right)),
    )


def _kept(path: Path) -> Peaks | None:
    try:
        return Peaks.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _keep(path: Path, peaks: Peaks) -> None:
    """Keep them if the disk takes them: without, they are measured again the next time."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        part.write_text(json.dumps(peaks.model_dump(), separators=(",", ":")), encoding="utf-8")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
