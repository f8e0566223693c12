"""Handing out the sound of a call, piece by piece."""

import asyncio
from pathlib import Path

from fastapi import Response
from fastapi.responses import FileResponse
from loguru import logger

from calls.wav import RecordingError
from qa.replay.peaks import Peaks, peaks_of

WAV = "audio/wav"


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
