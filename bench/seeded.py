"""Generated calls run again through the version that had them: how many are the same, how fast, whether twice the same.

    python -m bench.seeded DIR [--calls 200] [--twice 40] [--most 50] [--seed 3] [--processes N]
                               [--playbook FOLDER] [--models M] [--name today] [--out F] [--json]

DIR is filled with calls at first (`warmline seed-demo`, twice as many as are spoken): today's version has the spoken
ones, so whatever is different when they are run again is due to running them again, or to another playbook or models.
All spoken calls are run, and the first of them twice. What was run is kept line by line in DIR/reruns-NAME.jsonl, so
the work can be done in pieces: each start runs `--most` further calls and tells the figures of all so far; `--most 0`
only tells them. Give another name to what is run with another playbook or other models.

A call is *alike* where nothing but the words that were heard is different: understood, decided, done, said and handed
over are the same. Word errors are those against what was heard when the call was had. The speed is that of
`bench.rerun`; loading is told apart.
"""

import argparse
import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from sqlalchemy import select

from bench.report import print_table, tell
from calls.database import open_engine
from calls.tables import calls
from qa.corrected import CorrectedCalls
from qa.rerun.command import with_progress
from qa.rerun.difference import CallDifference, Verdict
from qa.rerun.many import Ordered, Ran, run_many
from qa.rerun.report import Report, write_report
from qa.rerun.words import errors, words_of
from qa.seed.command import DATABASE, run_seed_demo
from qa.virtual.today import EVERY_DAY, read_models
from settings import HOME

DAYS = 60
HEARD, SPOKEN = "heard", "spoken"


class Line(BaseModel):
    """One run of one call."""

    model_config = ConfigDict(frozen=True)

    call: str
    why_not: str | None = None
    """Why it was not run."""
    digest: str = ""
    """Of all that came of it."""
    verdict: str = ""
    alike: bool = False
    sound_s: float = 0.0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    processes: int = 1
    """So many were at work beside each other."""
    loading_s: float = 0.0
    """What its process needed before the first call."""
    piece: str = ""
    """The start at which it was run."""
    words: int = 0
    """Said by the caller, where a turn of today's stands beside one of then."""
    word_errors: int = 0
    aspects: dict[str, int] = {}
    """Differences by aspect and verdict, such as `heard changed`."""


@dataclass(frozen=True)
class Figures:
    """What was measured, over the first run of each call where nothing else is said."""

    calls: int
    not_run: int
    same: int
    alike: int
    """The same but for the words that were heard; those that are the same among them."""
    changed: int
    better: int
    worse: int
    same_percent: float | None
    alike_percent: float | None
    twice: int
    """Calls that were run twice or more."""
    identical: int
    """Of these, the same each time, byte for byte."""
    sound_s: float
    """Carried in all runs."""
    speed: float | None
    """Sound over the clock, all processes beside each other, without the loading."""
    speed_alone: float | None
    """Sound over processor time, with a core for each process."""
    loading_s: float | None
    """Of one process, on the average."""
    word_errors_percent: float | None
    aspects: dict[str, int]


def main() -> None:
    """Run a piece of the bench, and tell all so far."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--twice", type=int, default=40)
    parser.add_argument("--most", type=int, default=50, help="so many runs at this start")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--playbook", type=Path, default=HOME / "playbooks" / "acme")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--name", default="today")
    parser.add_argument("--out", type=Path, help="the report of what this start has run, .html or .json")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not (given.folder / DATABASE).is_file():
        console = Console(stderr=True)
        run_seed_demo(
            console, 2 * given.calls, given.calls, given.calls, given.seed, DAYS, None, given.folder
        )
    kept = given.folder / f"reruns-{given.name}.jsonl"
    meant = spoken(given.folder, given.calls)
    meant = [*meant[: given.twice], *meant]
    left = still_to_run(meant, read(kept))[: given.most]
    if left:
        choice = read_models(given.models) if given.models is not None else EVERY_DAY
        ordered = Ordered(tuple(left), given.playbook, choice, processes=given.processes)
        run(ordered, given.folder, kept, given.out)
    tell(figures(read(kept)), show, as_json=given.json)
    more = len(still_to_run(meant, read(kept)))
    if more:
        Console(stderr=True).print(f"{more} runs are left: start it again.")


def spoken(folder: Path, most: int) -> list[str]:
    """The ids of calls with sound, always in the same order: that of their ids, which follows nothing else."""
    return asyncio.run(_spoken(folder))[:most]


async def _spoken(folder: Path) -> list[str]:
    engine = open_engine(f"sqlite:///{folder / DATABASE}")
    statement = select(calls.c.call_id).where(calls.c.recording.is_not(None)).order_by(calls.c.call_id)
    try:
        async with engine.connect() as connection:
            return list((await connection.scalars(statement)).all())
    finally:
        await engine.dispose()


def read(kept: Path) -> list[Line]:
    """What was run so far. A last line that broke off in the middle is as good as none."""
    if not kept.is_file():
        return []
    return [Line.model_validate_json(line) for line in kept.read_text().split("\n")[:-1]]


def still_to_run(meant: Sequence[str], lines: Iterable[Line]) -> list[str]:
    """Of the runs that are meant, those that no line tells of; a call may be meant twice."""
    done = Counter(line.call for line in lines)
    left = []
    for call_id in meant:
        if done[call_id]:
            done[call_id] -= 1
        else:
            left.append(call_id)
    return left


def run(ordered: Ordered, folder: Path, kept: Path, out: Path | None) -> None:
    """Run a piece; each run is kept as soon as it is done."""
    piece = datetime.now(UTC).isoformat(timespec="seconds")
    processes = min(ordered.processes or 1, len(ordered.call_ids))
    source = CorrectedCalls(f"sqlite:///{folder / DATABASE}", folder.resolve())
    whole = read(kept)
    with kept.open("w") as file:
        file.writelines(line.model_dump_json() + "\n" for line in whole)

        def note(ran: Ran) -> None:
            file.write(line_of(ran, processes, piece).model_dump_json() + "\n")
            file.flush()

        def work(done: Callable[[Ran], None]) -> Report:
            def both(ran: Ran) -> None:
                note(ran)
                done(ran)

            return run_many(ordered, source, datetime.now(UTC), both)

        report = with_progress(len(ordered.call_ids), work)
    if out is not None:
        write_report(report, out)


def line_of(ran: Ran, processes: int, piece: str) -> Line:
    """One run, as it is kept."""
    found, took = ran.difference, ran.measured
    if found is None or took is None:
        return Line(call=ran.call_id, why_not=ran.why_not or "unknown", piece=piece)
    spoken_in_both = ((turn.then, turn.now) for turn in found.turns)
    said = [
        (words_of(then.text), words_of(now.text))
        for then, now in spoken_in_both
        if then is not None and now is not None and then.kind == now.kind == SPOKEN
    ]
    return Line(
        call=ran.call_id,
        digest=hashlib.sha256(ran.rerun.encode()).hexdigest(),
        verdict=found.verdict.value,
        alike=is_alike(found),
        sound_s=found.seconds,
        wall_s=round(took.seconds, 3),
        cpu_s=round(took.cpu_s, 3),
        processes=processes,
        loading_s=round(ran.loading_s, 2),
        piece=piece,
        words=sum(len(then) for then, _ in said),
        word_errors=sum(errors(then, now) for then, now in said),
        aspects=dict(Counter(_changes(found))),
    )


def is_alike(found: CallDifference) -> bool:
    """Whether nothing but the words that were heard is different, turn by turn."""
    return not found.changes and all(
        turn.then is not None and turn.now is not None and change.aspect == HEARD
        for turn in found.turns
        for change in turn.changes
        if change.verdict is not Verdict.SAME
    )


def _changes(found: CallDifference) -> Iterator[str]:
    for change in (*found.changes, *(one for turn in found.turns for one in turn.changes)):
        if change.verdict is not Verdict.SAME:
            yield f"{change.aspect} {change.verdict.value}"


def figures(lines: Sequence[Line]) -> dict[str, object]:
    """All so far."""
    runs: dict[str, list[Line]] = {}
    for line in lines:
        runs.setdefault(line.call, []).append(line)
    good = [line for line in lines if line.why_not is None]
    first = [some[0] for some in runs.values() if some[0].why_not is None]
    verdicts = Counter(line.verdict for line in first)
    twice = [some for some in runs.values() if len(some) > 1]
    sound_s, cpu_s = sum(line.sound_s for line in good), sum(line.cpu_s / line.processes for line in good)
    busy_s = sum(line.wall_s / line.processes for line in good)
    words = sum(line.words for line in first)
    aspects: Counter[str] = Counter()
    for line in first:
        aspects.update(line.aspects)
    alike = sum(line.alike for line in first)
    found = Figures(
        calls=len(runs),
        not_run=len(runs) - len(first),
        same=verdicts["same"],
        alike=alike,
        changed=verdicts["changed"],
        better=verdicts["better"],
        worse=verdicts["worse"],
        same_percent=_percent(verdicts["same"], len(first)),
        alike_percent=_percent(alike, len(first)),
        twice=len(twice),
        identical=sum(len({line.digest for line in some}) == 1 and some[0].digest != "" for some in twice),
        sound_s=round(sound_s, 1),
        speed=round(sound_s / busy_s, 2) if busy_s else None,
        speed_alone=round(sound_s / cpu_s, 2) if cpu_s else None,
        loading_s=_mean({(line.piece, line.loading_s) for line in good}),
        word_errors_percent=_percent(sum(line.word_errors for line in first), words),
        aspects=dict(aspects.most_common()),
    )
    return asdict(found)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _mean(loads: Collection[tuple[str, float]]) -> float | None:
    """Each process has loaded once a piece."""
    return round(sum(seconds for _, seconds in loads) / len(loads), 1) if loads else None


def show(console: Console, told: dict[str, object]) -> None:
    """As a table."""
    print_table(console, "Generated calls run again", ("what", "measured"), list(told.items()))


if __name__ == "__main__":
    main()
