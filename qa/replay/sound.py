"""Which file the sound of a call is."""

from pathlib import Path

from loguru import logger

from calls.recording import FOLDER
from calls.wav import RATE, RecordingError, stored_samples


def recording_file(data_dir: Path, name: str | None) -> Path | None:
    """The file of a recording, named relative to the data directory; None where there is none.

    Only a WAV file in the folder of recordings: a name in the record that leads elsewhere leads nowhere.
    """
    if name is None:
        return None
    folder = (data_dir / FOLDER).resolve()
    path = (data_dir / name).resolve()
    return path if path.is_relative_to(folder) and path.suffix == ".wav" and path.is_file() else None


def length_of(path: Path | None) -> float:
    """Seconds; 0 where there is no file, or it is no recording of ours. Reads 44 bytes."""
    if path is None:
        return 0.0
    try:
        return stored_samples(path) / RATE
    except RecordingError as error:
        logger.warning("a recording cannot be read: {}", error)
        return 0.0
