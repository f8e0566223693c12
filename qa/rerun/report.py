"""Many calls run again in one report: what got better, what got worse, with the calls."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

import web
from qa.console import FOLDER
from qa.rerun.difference import CallDifference, Verdict
from qa.rerun.words import errors, words_of

STATIC = Path(web.__file__).with_name("static")
ORDER = (Verdict.WORSE, Verdict.BETTER, Verdict.CHANGED, Verdict.SAME)
"""What a reader wants to see first."""


class NotRun(BaseModel):
    """A call that could not be run again. Not run is not passed."""

    model_config = ConfigDict(frozen=True)

    call_id: str
    why: str


class Report(BaseModel):
    """What came of running calls again with one playbook and one set of models."""

    model_config = ConfigDict(frozen=True)

    playbook: str
    models: dict[str, str] = {}
    against: str | None = None
    """The version whose runs stand in the place of then; None: the record."""
    made_at: datetime
    calls: tuple[CallDifference, ...] = ()
    not_run: tuple[NotRun, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many calls are worse, better, changed, the same."""
        return {one.value: sum(call.verdict is one for call in self.calls) for one in ORDER}

    @property
    def turn_counts(self) -> dict[str, int]:
        """The same of turns."""
        return {one.value: sum(call.counts[one.value] for call in self.calls) for one in ORDER}

    @property
    def by_aspect(self) -> dict[str, dict[str, int]]:
        """How often each aspect got better, worse or changed."""
        counted: dict[str, dict[str, int]] = {}
        for call in self.calls:
            for change in (*call.changes, *(one for turn in call.turns for one in turn.changes)):
                if change.verdict is Verdict.SAME:
                    continue
                aspect = counted.setdefault(change.aspect, dict.fromkeys((one.value for one in ORDER[:3]), 0))
                aspect[change.verdict.value] += 1
        return counted

    @property
    def word_errors(self) -> tuple[float, float] | None:
        """Word error rates of then and now over all turns whose truth is known; None where none is."""
        then = now = words = 0
        for turn in (turn for call in self.calls for turn in call.turns if turn.truth):
            said = words_of(turn.truth or "")
            words += len(said)
            then += errors(said, words_of(turn.then.text if turn.then is not None else ""))
            now += errors(said, words_of(turn.now.text if turn.now is not None else ""))
        return (then / words, now / words) if words else None

    def of(self, verdict: Verdict) -> list[CallDifference]:
        """The calls with this verdict."""
        return [call for call in self.calls if call.verdict is verdict]

    def without(self, call_ids: Iterable[str]) -> "Report":
        """The report as if these calls had never been run."""
        gone = set(call_ids)
        return self.model_copy(
            update={
                "calls": tuple(call for call in self.calls if call.call_id not in gone),
                "not_run": tuple(one for one in self.not_run if one.call_id not in gone),
            }
        )


def as_html(report: Report) -> str:
    """The report as one file that needs nothing else."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    styles = (STATIC / "base.css", FOLDER / "static" / "reruns.css")
    # Ours, and no caller's: what is written in them needs no escaping.
    style = Markup("\n".join(path.read_text() for path in styles))  # noqa: S704
    template = environment.get_template("qa/reruns/alone.html")
    return template.render(report=report, order=ORDER, style=style, address=None)


def write_report(report: Report, path: Path) -> None:
    """Write it as JSON or, by the file's name, as HTML."""
    html = path.suffix.lower() in {".html", ".htm"}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_html(report) if html else report.model_dump_json(indent=1))


def joined(reports: Sequence[CallDifference], order: Sequence[str]) -> tuple[CallDifference, ...]:
    """The calls as they were asked for, whichever was done first."""
    by_id = {one.call_id: one for one in reports}
    return tuple(by_id[call_id] for call_id in order if call_id in by_id)
