"""Real recordings run again through today's pipeline: how fast, whether twice the same, how well heard.

    python -m bench.rerun SEGMENTS.tsv AUDIO_DIR [--playbook FOLDER] [--models M] [--processes N] [--out FILE] [--json]

The table has HarperValleyBank's columns (`qa.rerun.imported`). Every call is run twice, in whatever process comes first;
`identical` counts those of which both runs are the same, byte for byte. The speed is the sound that was carried over the
clock on the wall, models loaded and idle processes included only where `loading` says so. Word errors of then are those
of the table's own recogniser, by the same measure.
"""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.report import print_table, tell
from qa.rerun.command import with_progress
from qa.rerun.imported import read_calls
from qa.rerun.many import Ordered, Ran, run_many
from qa.rerun.models import EVERY_DAY, read_models
from qa.rerun.report import Report, write_report
from qa.rerun.sources import ImportedCalls
from settings import HOME


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
    ordered = Ordered(call_ids + call_ids, given.playbook, choice, given.processes)
    ran: list[Ran] = []
    first: list[float] = []

    def run(done: "Callable[[Ran], None]") -> Report:
        def both(one: Ran) -> None:
            if not first:
                first.append(time.perf_counter())
            ran.append(one)
            done(one)

        return run_many(ordered, source, datetime.now(UTC), both)

    began = time.perf_counter()
    report = with_progress(len(ordered.call_ids), run)
    wall_s = time.perf_counter() - began
    figures = measured(ran, report, wall_s)
    if given.out is not None:
        write_report(report, given.out)
    tell(figures, sys.stdout) if given.json else print_table(Console(), "calls run again", figures)


if __name__ == "__main__":
    main()
