"""Real recordings run again through today's pipeline: how fast, whether twice the same, how well heard.

    python -m bench.rerun SEGMENTS.tsv AUDIO_DIR [--playbook FOLDER] [--models M] [--processes N] [--out F] [--json]

The table has HarperValleyBank's columns (`qa.rerun.imported`). Every call is run twice, in whatever process is free;
`identical` counts those of which both runs are the same, byte for byte. The speed is the sound that was carried over
the time that the processes took for it beside each other, without loading the models. Word errors of then are those of
the table's own recogniser, by the same measure.
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.report import print_table, tell
from qa.rerun.command import with_progress
from qa.rerun.imported import read_calls
from qa.rerun.many import Ordered, Ran, run_many
from qa.rerun.report import Report, write_report
from qa.rerun.sources import CallSource, ImportedCalls
from qa.virtual.today import EVERY_DAY, read_models
from settings import HOME


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    calls: int
    runs: int
    identical: int
    """Calls of which both runs were the same."""
    sound_s: float
    """Sound that was carried, both runs."""
    wall_s: float
    """On the clock, loading the models included."""
    speed: float
    """Sound over the clock, without the loading."""
    cpu_s: float
    speed_alone: float
    """Sound over processor time, with a core for each process: what a machine that does nothing else comes to."""
    word_errors_then: float | None
    word_errors_now: float | None
    worse: int
    better: int
    changed: int
    same: int


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("audio", type=Path)
    parser.add_argument("--playbook", type=Path, default=HOME / "playbooks" / "acme")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--out", type=Path, help="the report of the first run, .html or .json")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    choice = read_models(given.models) if given.models is not None else EVERY_DAY
    call_ids = tuple(call.call_id for call in read_calls(given.table, given.audio))
    source = ImportedCalls(given.table.resolve(), given.audio.resolve())
    twice = Ordered((*call_ids, *call_ids), given.playbook, choice, processes=given.processes)
    figures, report = measured(twice, source, len(call_ids))
    if given.out is not None:
        write_report(report, given.out)
    tell(figures, show, as_json=given.json)


def measured(twice: Ordered, source: CallSource, calls: int) -> tuple[dict[str, object], Report]:
    """Run every call twice. Returns the figures, and the report of one run of each."""
    ran: list[Ran] = []

    def work(done: Callable[[Ran], None]) -> Report:
        def both(one: Ran) -> None:
            ran.append(one)
            done(one)

        return run_many(twice, source, datetime.now(UTC), both)

    began = time.perf_counter()
    report = with_progress(len(twice.call_ids), work)
    wall_s = time.perf_counter() - began
    good = [(one.difference, one.measured) for one in ran if one.difference and one.measured]
    processes = min(twice.processes or os.cpu_count() or 1, len(twice.call_ids))
    sound_s = sum(found.seconds for found, _ in good)
    busy_s = sum(took.seconds for _, took in good) / processes
    cpu_s = sum(took.cpu_s for _, took in good)
    texts: dict[str, set[str]] = {}
    for one in ran:
        texts.setdefault(one.call_id, set()).add(one.rerun)
    errors = report.word_errors
    counts = report.counts
    figures = Figures(
        calls=calls,
        runs=len(good),
        identical=sum(len(found) == 1 and "" not in found for found in texts.values()),
        sound_s=round(sound_s, 1),
        wall_s=round(wall_s, 1),
        speed=round(sound_s / busy_s, 2) if busy_s else 0.0,
        cpu_s=round(cpu_s, 1),
        speed_alone=round(sound_s * processes / cpu_s, 2) if cpu_s else 0.0,
        word_errors_then=round(100 * errors[0], 1) if errors else None,
        word_errors_now=round(100 * errors[1], 1) if errors else None,
        worse=counts["worse"],
        better=counts["better"],
        changed=counts["changed"],
        same=counts["same"],
    )
    return asdict(figures), report


def show(console: Console, figures: dict[str, object]) -> None:
    """As a table."""
    print_table(console, "Calls run again", ("what", "measured"), list(figures.items()))


if __name__ == "__main__":
    main()
