"""The sound of a call: which file it is, and handing it out piece by piece."""

import asyncio
from pathlib import Path

from fastapi import Response
from fastapi.responses import FileResponse
from loguru import logger

from calls.recording import FOLDER
from calls.wav import RATE, RecordingError, stored_samples
from qa.replay.peaks import Peaks, peaks_of

WAV = "audio/wav"


def recording_file(data_dir: Path, name: str | None) -> Path | None:
    """The file of a recording, named relative to the data directory; None where there is none.

    Only a WAV file in the folder of recordings: a name in the record that leads elsewhere leads nowhere.
    """
    if name is None:
        return None
    folder = (data_dir / FOLDER).resolve()
    path = (data_dir / name).resolve()
    return path if path.is_relative_to(folder) and path.suffix == ".wav" and path.is_file() else None


def length_of(path: Path) -> float:
    """Seconds; 0 where it is no recording of ours. Reads 44 bytes."""
    try:
        return stored_samples(path) / RATE
    except RecordingError as error:
        logger.warning("a recording cannot be read: {}", error)
        return 0.0


def played(path: Path) -> Response:
    """The file, or the part of it that the request's `Range` asks for (206)."""
    return FileResponse(path, media_type=WAV)


async def loudness(path: Path) -> Peaks | None:
    """The peaks of a recording; None where it cannot be read."""
    try:
        return await asyncio.to_thread(peaks_of, path)
    except (FileNotFoundError, RecordingError) as error:
        logger.warning("a recording cannot be read: {}", type(error).__name__)
        return None
