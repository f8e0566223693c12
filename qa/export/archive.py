"""The recordings of calls as one ZIP file, made while it is sent: it never lies on a disk or in memory as a whole."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from qa.facts.types import CallFacts
from qa.recordings import find_recording

MOST = 200
"""Recordings in one archive: some 400 MB of calls of two minutes."""
CHUNK = 1 << 20
INDEX = "index.csv"
NONE_KEPT = "no recording was kept"

Note = Callable[[str], Awaitable[None]]
"""Notes that the recording of a call is handed out, before it is."""


async def archive(calls: Sequence[CallFacts], data_dir: Path, note: Note) -> AsyncIterator[bytes]:
    """The bytes of the ZIP: a WAV a call, and `index.csv`, which also tells of which calls there is none.

    Whoever stops reading has been handed what was noted, and at most one file more was noted.
    """
    sink = _Sink()
    lines: list[tuple[str, str, str]] = []
    with ZipFile(sink, "w", ZIP_STORED) as zipped:
        for call in calls:
            file = await asyncio.to_thread(_open, data_dir, call.recording)
            if file is None:
                lines.append((call.call_id, call.started_at.isoformat(), NONE_KEPT))
                continue
            with file:
                await note(call.call_id)
                info = ZipInfo(file_name(call), call.started_at.timetuple()[:6])
                lines.append((call.call_id, call.started_at.isoformat(), info.filename))
                # The size is not known beforehand: a recording may still grow.
                with zipped.open(info, "w", force_zip64=True) as entry:
                    while chunk := await asyncio.to_thread(file.read, CHUNK):
                        entry.write(chunk)
                        yield sink.take()
        zipped.writestr(INDEX, _index(lines))
    yield sink.take()


def file_name(call: CallFacts) -> str:
    """What a recording is called in the archive: the names sort by time."""
    return f"{call.started_at:%Y-%m-%d_%H-%M-%S}_{call.call_id}.wav"


def _open(data_dir: Path, name: str | None) -> BinaryIO | None:
    path = find_recording(data_dir, name)
    try:
        return path.open("rb") if path is not None else None
    except FileNotFoundError:  # retention was faster
        return None


def _index(lines: Sequence[tuple[str, str, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("call_id", "started_at", "recording"))
    writer.writerows(lines)
    return text.getvalue()


class _Sink(io.RawIOBase):
    """Takes what `ZipFile` writes until it is sent. It cannot seek, so nothing that was sent is changed."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """All that was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
