"""Many calls at once: a process for each core, each with the models loaded once."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from calls.wav import RecordingError
from classifiers import check_labels
from dialog.load import load_playbook
from models.prepare import check_all_ready
from qa.learning.versions import Version
from qa.rerun.between import between
from qa.rerun.difference import CallDifference, difference
from qa.rerun.imported import UnreadableCallsError
from qa.rerun.report import NotRun, Report, joined
from qa.rerun.run import Measured, run_again
from qa.rerun.sources import CallSource, NoSuchCallError
from qa.virtual.loop import NothingLeftError
from qa.virtual.processes import open_pool, processes_for
from qa.virtual.today import EVERY_DAY, ModelChoice, Today, stand_ins_of


@dataclass(frozen=True)
class Ordered:
    """What is to be run again, and with what."""

    call_ids: tuple[str, ...]
    playbook: Path
    choice: ModelChoice = EVERY_DAY
    learnt: Version | None = None
    """What today's assistant has learnt; None: nothing."""
    against: Version | None = None
    """Compare with a run of this version, and not with the record."""
    processes: int | None = None
    """None: as many as there are cores, and no more than calls."""


@dataclass(frozen=True)
class Ran:
    """One call that is done."""

    call_id: str
    difference: CallDifference | None
    why_not: str | None
    measured: Measured | None
    models: dict[str, str]
    version: str
    rerun: str = ""
    """What came of it, as JSON: to see whether two runs are the same."""
    loading_s: float = 0.0
    """What its process needed for the models, once for all its calls."""


class _Process:
    """What one process keeps."""

    today: Today | None = None
    other: Today | None = None
    """What it is compared with; None: the record."""
    source: CallSource | None = None
    loading_s = 0.0


def run_many(
    ordered: Ordered, source: CallSource, now: datetime, on_done: Callable[[Ran], None] = lambda _: None
) -> Report:
    """Run calls again; `on_done` is told of each.

    Raises:
        PlaybookError, ModelFileError, ClassifierSettingError: before anything is started, with what to do.
    """
    playbook = load_playbook(ordered.playbook)
    check_labels(playbook, stand_ins_of(ordered.choice))
    check_all_ready()
    done: list[Ran] = []
    processes = processes_for(len(ordered.call_ids), ordered.processes)
    with open_pool(processes, _open, ordered, source) as pool:
        runs = {pool.submit(_run, call_id): call_id for call_id in ordered.call_ids}
        for future in as_completed(runs):
            try:
                ran = future.result()
            except BrokenProcessPool:
                why = "its process has ended"
                ran = Ran(runs[future], None, why, None, {}, "")
            done.append(ran)
            on_done(ran)
    return _report(done, ordered, playbook.version, now)


def _report(done: Sequence[Ran], ordered: Ordered, version: str, now: datetime) -> Report:
    order = ordered.call_ids
    failed = {ran.call_id: ran.why_not for ran in done if ran.why_not is not None}
    return Report(
        playbook=next((ran.version for ran in done if ran.version), version),
        models=next((ran.models for ran in done if ran.models), {}),
        against=ordered.against.name if ordered.against is not None else None,
        made_at=now,
        calls=joined([ran.difference for ran in done if ran.difference is not None], order),
        not_run=tuple(NotRun(call_id=one, why=failed[one]) for one in order if one in failed),
    )


def _open(ordered: Ordered, source: CallSource) -> None:
    """In a new process: load what every call needs."""
    began = time.perf_counter()
    today = _Process.today = Today(ordered.playbook, ordered.choice, learnt=ordered.learnt)
    _Process.other = today.having_learnt(ordered.against) if ordered.against is not None else None
    _Process.source = source
    _Process.loading_s = time.perf_counter() - began


def _run(call_id: str) -> Ran:
    today, other, source = _Process.today, _Process.other, _Process.source
    if today is None or source is None:
        raise RuntimeError("a process that runs calls again was not opened")
    version = today.thinking.dialog.playbook_version
    try:
        call, known = source.load(call_id)
        before = run_again(call, other)[0] if other is not None else None
        rerun, measured = run_again(call, today)
    except (NoSuchCallError, UnreadableCallsError, RecordingError, NothingLeftError) as error:
        return Ran(call_id, None, str(error), None, today.versions, version)
    found = between(before, rerun, known) if before is not None else difference(call.events, rerun, known)
    # The sound stays here: nobody asks for it, and it is the largest part.
    measured = replace(measured, recording=measured.recording[:0])
    told = rerun.model_dump_json()
    return Ran(call_id, found, None, measured, today.versions, version, told, _Process.loading_s)
