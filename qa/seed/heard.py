"""Calls that are really had, many beside each other, in processes that each have the models."""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from calls.events import CallEvent
from models.prepare import check_all_ready
from qa.seed.generate import Generator
from qa.seed.recorder import Recorder
from qa.seed.sound import House
from qa.seed.telephone import Telephone
from qa.seed.traffic import Coming
from qa.virtual.processes import open_pool, processes_for
from qa.virtual.today import Today
from settings import HOME

ACME = HOME / "playbooks" / "acme"
"""The demo company, whose scripts there are."""
Made = Mapping[int, Future[list[CallEvent]]]
"""By the number of a call: its events, once it is made. Its sound is then on the disk."""


@contextmanager
def heard_calls(
    generator: Generator, coming: Collection[Coming], seed: int, data_dir: Path
) -> Iterator[Made]:
    """Begin to make these calls of the demo company.

    Raises:
        ModelFileError: a model is not prepared or is damaged.
    """
    check_all_ready()
    pool = open_pool(processes_for(len(coming)), _open, generator, seed, data_dir)
    try:
        yield {one.number: pool.submit(_make, one) for one in coming}
    finally:
        pool.shutdown(cancel_futures=True)


class _Process:
    """What one process keeps."""

    recorder: Recorder | None = None


def _open(generator: Generator, seed: int, data_dir: Path) -> None:
    """In a new process: load what every call needs."""
    today = Today(ACME)
    _Process.recorder = Recorder(generator, House(today.speech.voice), seed, data_dir, Telephone(today))


def _make(coming: Coming) -> list[CallEvent]:
    if _Process.recorder is None:
        raise RuntimeError("a process that makes calls was not opened")
    return _Process.recorder.call(coming)
