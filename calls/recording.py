"""The recording of a call: what caller and assistant sounded like, each sample at its place in time."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from loguru import logger

from calls.ids import check_call_id
from calls.wav import (
    ASSISTANT,
    CALLER,
    MOST_SAMPLES,
    RATE,
    Pcm,
    Piece,
    RecordingError,
    StereoWav,
    stored_samples,
)
from calls.window import Window

FOLDER = "recordings"
FLUSH_SAMPLES = RATE // 2
"""Sound of either channel after which the file is brought up to date."""
MOST_WAITING = 300 * RATE
"""Samples that may wait for a disk that does not take them: five minutes, some 10 MB."""


class RecordingFailure(StrEnum):
    """What is wrong with a recording. Names never change meaning."""

    UNWRITABLE = "unwritable"
    """The disk does not take the sound; it waits."""
    INCOMPLETE = "incomplete"
    """Sound was lost: the disk did not take it for too long."""


class Recording:
    """One call's stereo WAV. Positions are samples at 8 kHz since the recording's start, so time cannot drift.

    The methods that write are made to be called on the event loop every 20 ms: they copy into memory, and twice a
    second hand what is new to the process's one disk thread. At most one such job is under way for a recording. A
    killed process loses the sound of about the last second. A failing disk never disturbs the call: it is logged,
    told by `failure`, and tried again.
    """

    def __init__(self, path: Path, disk: ThreadPoolExecutor | None = None) -> None:
        self._path = path
        self._disk = disk or shared_disk()
        self._log = logger.bind(call=path.stem)
        self.next_sample = stored_samples(path)
        """The position behind all sound so far; where a resumed call goes on."""
        self.failure: RecordingFailure | None = None
        self._window = Window(self.next_sample)
        self._waiting: list[Piece] = []
        self._since_flush = 0
        self._closing: asyncio.Task[None] | None = None
        # Only the disk thread touches the file.
        self._file: StereoWav | None = None
        self._job: Future[None] | None = None
        self._in_job: list[Piece] = []
        self._flush()

    @classmethod
    def open(cls, data_dir: Path, call_id: str, day: date) -> Self:
        """The recording of a call that goes on or begins on `day`: `recordings/YYYY/MM/DD/<call_id>.wav`.

        One that began on `day` or the day before is appended to.

        Raises:
            InvalidCallIdError: the id breaks the rule of `calls.ids`.
            RecordingError: there is a file, but not a recording.
        """
        paths = [recording_path(data_dir, call_id, one) for one in (day, day - timedelta(days=1))]
        return cls(next((path for path in paths if path.exists()), paths[0]))

    @classmethod
    def resume(cls, path: Path) -> Self:
        """An existing recording, to be appended to at `next_sample`.

        Raises:
            RecordingError: there is no such file, or it is not a recording.
        """
        if not path.exists():
            raise RecordingError(f"{path.name} does not exist, so it cannot be resumed")
        return cls(path)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def name(self) -> str:
        """The file's name relative to the data directory, with `/`."""
        return "/".join(self._path.parts[-5:])

    def write_caller(self, at_sample: int, pcm: Pcm) -> None:
        """Put the caller's sound, int16 mono 8 kHz of any length, at `at_sample`; later calls win over earlier.

        Raises:
            RecordingError: closed, not int16 mono, or a position outside 0 to 37 hours.
        """
        self._write(CALLER, at_sample, pcm)

    def write_assistant(self, at_sample: int, pcm: Pcm) -> None:
        """Put what the caller heard of us; may come late. As `write_caller` otherwise."""
        self._write(ASSISTANT, at_sample, pcm)

    async def close(self) -> None:
        """Finish the file. The second time waits for the first. What the disk refuses now is lost: see `failure`."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._finish())
        # The end of a recording is not lost because whoever waits for it is cancelled.
        await asyncio.shield(self._closing)

    async def _finish(self) -> None:
        await self._settled()
        self._waiting += self._window.take_changed()
        self._start_job(last=True)
        await self._settled()
        if self._waiting:
            self.failure = RecordingFailure.INCOMPLETE
            self._log.error("the end of a recording is lost: the disk did not take it")

    def _write(self, channel: int, at: int, pcm: Pcm) -> None:
        if self._closing is not None:
            raise RecordingError("cannot write to a recording after `close`")
        if pcm.dtype != np.int16 or pcm.ndim != 1:
            raise RecordingError(f"sound must be int16 mono, not {pcm.dtype} with {pcm.ndim} dimensions")
        if at < 0 or at + pcm.size > MOST_SAMPLES:
            raise RecordingError(f"sound must lie in samples 0 to {MOST_SAMPLES}, not at {at}")
        self._waiting += self._window.write(channel, at, pcm)
        self.next_sample = max(self.next_sample, at + pcm.size)
        self._since_flush += pcm.size
        if self._since_flush >= FLUSH_SAMPLES:
            self._flush()

    def _flush(self) -> None:
        """Hand what is new to the disk thread, unless it is still busy with what was new before."""
        if self._job is not None:
            if not self._job.done():
                self._drop_excess()
                return
            self._end_job(self._job)
        self._since_flush = 0
        self._waiting += self._window.take_changed()
        self._drop_excess()
        self._start_job()

    def _start_job(self, *, last: bool = False) -> None:
        self._in_job, self._waiting = self._waiting, []
        self._job = self._disk.submit(self._put, tuple(self._in_job), last=last)

    def _end_job(self, job: Future[None]) -> None:
        """Note how a job ended; what it could not write waits for the next, before what came later."""
        self._job = None
        error = job.exception()
        if error is None:
            if self.failure is RecordingFailure.UNWRITABLE:
                self.failure = None
                self._log.info("the disk takes the recording again")
        elif isinstance(error, OSError | RecordingError):
            self._waiting[:0] = self._in_job
            if self.failure is not RecordingFailure.UNWRITABLE:
                self._log.error("a recording cannot be written: {}", type(error).__name__)
            self.failure = self.failure or RecordingFailure.UNWRITABLE
        else:
            raise error
        self._in_job = []

    async def _settled(self) -> None:
        if self._job is not None:
            job = self._job
            await asyncio.wait({asyncio.wrap_future(job)})
            self._end_job(job)

    def _drop_excess(self) -> None:
        excess = sum(len(piece.pcm) for piece in self._waiting) - MOST_WAITING
        if excess <= 0:
            return
        while excess > 0:
            excess -= len(self._waiting.pop(0).pcm)
        if self.failure is not RecordingFailure.INCOMPLETE:
            self._log.error("sound of a recording is lost: the disk does not take it")
        self.failure = RecordingFailure.INCOMPLETE

    def _put(self, pieces: Sequence[Piece], *, last: bool) -> None:
        """In the disk thread: write, then have the header tell it."""
        file = self._file or StereoWav(self._path)
        self._file = file
        try:
            for piece in pieces:
                piece.put(file)
            file.commit()
        finally:
            if last:
                self._file = None
                file.close()


@cache
def shared_disk() -> ThreadPoolExecutor:
    """The one thread of this process that writes recordings; idle until the first."""
    return ThreadPoolExecutor(1, thread_name_prefix="recordings")


def recording_path(data_dir: Path, call_id: str, day: date) -> Path:
    """Where the recording of a call that begins on `day` is kept.

    Raises:
        InvalidCallIdError: the id breaks the rule of `calls.ids`.
    """
    return data_dir / FOLDER / f"{day:%Y/%m/%d}" / f"{check_call_id(call_id)}.wav"
