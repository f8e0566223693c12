"""Where the recording of a call is. Nothing outside the folder of recordings is ever opened."""

from pathlib import Path

from calls.recording import FOLDER


def find_recording(data_dir: Path, name: str | None) -> Path | None:
    """The file of a recording, by its name in the call's log (relative to the data directory, with `/`).

    None where there is no such file, or it lies elsewhere: names come from a database, and links may point anywhere.
    """
    if name is None or "\0" in name:
        return None
    folder = (data_dir / FOLDER).resolve()
    path = (data_dir / name).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None
