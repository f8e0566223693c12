"""What `warmline rerun` does."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from calls.store import open_store
from qa.corrected import CorrectedCalls
from qa.learning.versions import VersionError, Versions
from qa.rerun.difference import CallDifference, Verdict
from qa.rerun.many import Ordered, Ran, run_many
from qa.rerun.report import ORDER, Report, write_report
from qa.rerun.reports import Reports
from qa.virtual.today import EVERY_DAY, read_models
from settings import PlaybookSettings

STYLES = {"worse": "red", "better": "green", "changed": "yellow", "same": "dim"}


class RerunCommandError(Exception):
    """What was given to `warmline rerun` cannot be used; the text says what to mend."""


@dataclass(frozen=True)
class RerunOptions:
    """What was given to `warmline rerun`."""

    calls: tuple[str, ...]
    """Ids, or the starts of them."""
    playbook: Path | None = None
    models: Path | None = None
    processes: int | None = None
    out: Path | None = None
    json_out: bool = False
    progress_lines: bool = False
    """One JSON object a call on the standard output, for a program that waits."""
    report_id: str | None = None


async def found_calls(store_url: str, prefixes: tuple[str, ...], newest: int | None) -> tuple[str, ...]:
    """The ids of the calls that are meant: by their beginning, or the newest.

    Raises:
        CallNotFoundError: none, or more than one, begins so.
    """
    async with await open_store(store_url) as store:
        if newest is not None:
            return tuple(one.call_id for one in await store.summaries(newest))
        return tuple([await store.find(prefix) for prefix in prefixes])


def rerun(options: RerunOptions, settings: PlaybookSettings, now: datetime, console: Console) -> Report:
    """Run calls again, keep the report, and print it. `options.calls` are whole ids.

    Raises:
        RerunCommandError: there is no call, or what was learnt cannot be read.
        ModelsError, PlaybookError, ModelFileError: with what to do.
    """
    if not options.calls:
        raise RerunCommandError("there is no call to be run again")
    choice = read_models(options.models) if options.models is not None else EVERY_DAY
    folder = options.playbook or settings.warmline_playbook
    try:
        learnt = Versions(settings.warmline_data_dir).current()
    except VersionError as error:
        raise RerunCommandError(str(error)) from None
    ordered = Ordered(options.calls, folder, choice, learnt, processes=options.processes)
    source = CorrectedCalls(settings.store_url, settings.warmline_data_dir)
    if options.progress_lines:
        report = run_many(ordered, source, now, _line)
    else:
        report = with_progress(len(options.calls), lambda done: run_many(ordered, source, now, done))
    reports = Reports(settings.warmline_data_dir)
    reports.keep(options.report_id or reports.new_id(now), report)
    if options.out is not None:
        write_report(report, options.out)
    if options.json_out:
        console.out(report.model_dump_json(), highlight=False)
    elif not options.progress_lines:
        print_report(report, console)
    return report


def with_progress(count: int, work: Callable[[Callable[[Ran], None]], Report]) -> Report:
    """Do the work with a bar on the standard error that tells how many calls are done, and how they went."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counted]}"),
    )
    counted: dict[str, int] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("running calls again", total=count, counted="")

        def done(ran: Ran) -> None:
            name = ran.difference.verdict.value if ran.difference is not None else "not run"
            counted[name] = counted.get(name, 0) + 1
            told = ", ".join(f"{number} {name}" for name, number in counted.items())
            progress.update(task, advance=1, counted=told)

        return work(done)


def print_report(report: Report, console: Console) -> None:
    """A line for each call, and what changed in those that are not the same."""
    table = Table(box=None, pad_edge=False)
    for title in ("call", "verdict", "turns", "what changed"):
        table.add_column(title, overflow="fold")
    for verdict in ORDER:
        for call in report.of(verdict):
            told = Text(verdict.value, style=STYLES[verdict.value])
            table.add_row(call.call_id, told, str(len(call.turns)), _told(call))
    console.print(table)
    for one in report.not_run:
        console.print(Text(f"{one.call_id}: not run: {one.why}", style="red"), soft_wrap=True)
    errors = report.word_errors
    if errors is not None:
        console.print(f"word errors: {errors[0]:.1%} then, {errors[1]:.1%} today")
    counts = ", ".join(f"{number} {name}" for name, number in report.counts.items())
    console.print(Text(f"{report.playbook}: {counts}"))


def _told(call: CallDifference) -> str:
    whole = [change.reason for change in call.changes]
    turns = [
        f"turn {(turn.then or turn.now).number}: {change.aspect}, {change.reason}"  # type: ignore[union-attr]
        for turn in call.turns
        for change in turn.changes
        if change.verdict is turn.verdict is not Verdict.SAME and change.aspect != "said"
    ]
    lines = [*whole, *turns]
    return "; ".join(lines[:4]) + (f"; {len(lines) - 4} more" if len(lines) > 4 else "")


def _line(ran: Ran) -> None:
    verdict = ran.difference.verdict.value if ran.difference is not None else "not_run"
    sys.stdout.write(json.dumps({"call": ran.call_id, "verdict": verdict}) + "\n")
    sys.stdout.flush()
