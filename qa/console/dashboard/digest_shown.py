"""A digest as its page and its file show it. Pure."""

from collections.abc import Callable
from datetime import date
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from calls.words import readable
from qa.console import FOLDER
from qa.console.dashboard.query import Asked
from qa.console.dashboard.shown import WEEKDAYS, Entry, Table, outcome_words, tile_of
from qa.metrics.catalogue import BY_ID
from qa.metrics.charts import Chart, line_chart
from qa.metrics.compare import Course, Reckoned
from qa.metrics.digest import Digest
from qa.metrics.metric import Unit
from qa.metrics.period import CUSTOM
from qa.metrics.words import UNKNOWN, value_words

CHARTS = (
    (("containment", "csat_assistant", "repeat_contact"), Unit.SHARE),
    (("answer_p50", "answer_p95"), Unit.SECONDS),
    (("calls",), Unit.COUNT),
)
TEMPLATES = FOLDER / "templates"
STYLES = FOLDER / "static" / "dashboard.css"
PAPER = """
:root { color-scheme: light dark; --ground: #f4f1ec; --card: #fffdfa; --sunk: #f0ebe3; --ink: #23201c; --soft: #655d53;
  --line: #ddd5c9; --edge: #8c8375; --warm: #ae431a; --good: #1b6b42; --bad: #a3261f; --bad-ground: #fbe6e2;
  --caller: #fbe7dc; --focus: #1d5fbf; --shadow: none; --round: 12px; --gap: 0.75rem; }
@media (prefers-color-scheme: dark) { :root { --ground: #171513; --card: #22201d; --sunk: #2b2824; --ink: #f3eee7;
  --soft: #b8aea1; --line: #3d3833; --edge: #857b6e; --warm: #f0834f; --good: #7fd6a8; --bad: #ff9d92;
  --bad-ground: #40211e; --caller: #4a2d20; --focus: #8ab8ff; } }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--card); color: var(--ink);
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
a { color: var(--warm); }
.soft { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""
"""What the file has in place of base.css: the same colours, and what paper needs."""


def digest_values(
    digest: Digest, currency: str, intent_words: Callable[[str], str], base: str | None = ""
) -> dict[str, Any]:
    """What its templates show. `base` stands before each link, because a file has no server; None: no links."""
    day = digest.day.isoformat()
    asked = Asked(CUSTOM, day, day)

    def shown(found: list[Reckoned]) -> list[dict[str, Any]]:
        return [_row(one, asked, currency) for one in found]

    weekday = WEEKDAYS[digest.day.weekday()]
    calls = len(digest.sample.tables.calls)
    return {
        "base": base,
        "calls": calls,
        "day_words": day_words(digest.day),
        "weekday": weekday,
        "summary": _summary(digest, calls, weekday),
        "alerts": [
            {
                "name": one.figure.metric.name,
                "value": value_words(one.figure.now.value, one.figure.metric.unit, currency),
                "sign": one.alert.sign.value,
                "limit": value_words(one.alert.limit, one.figure.metric.unit, currency),
                "url": asked.figure_url(one.figure.metric.id),
            }
            for one in digest.alerts
        ],
        "worse": shown(digest.of_course(Course.WORSE)),
        "better": shown(digest.of_course(Course.BETTER)),
        "rest": shown(digest.of_course(Course.CHANGED, Course.STEADY, Course.UNKNOWN)),
        "charts": _charts(digest),
        "intents_table": _intents(digest, intent_words),
        "reasons_table": _reasons(digest),
    }


def digest_file(
    digest: Digest, currency: str, intent_words: Callable[[str], str], base: str | None = ""
) -> str:
    """The digest as one HTML file that needs nothing else."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    values = digest_values(digest, currency, intent_words, base)
    styles = PAPER + STYLES.read_text(encoding="utf-8")
    return environment.get_template("qa/digest_file.html").render(styles=styles, **values)


def day_words(day: date) -> str:
    """A day for people."""
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {day:%B %Y}"


def _row(one: Reckoned, asked: Asked, currency: str) -> dict[str, Any]:
    tile = tile_of(one, asked, currency)
    before = one.before.value if one.before is not None else None
    return {
        "metric": one.metric,
        "url": tile.url,
        "value": tile.value,
        "before": value_words(before, one.metric.unit, currency)
        if one.metric.unit is not Unit.POINTS
        else UNKNOWN,
        "change": tile.change,
        "arrow": tile.arrow,
        "course": tile.course,
    }


def _summary(digest: Digest, calls: int, weekday: str) -> str:
    if not calls:
        return "No calls on this day."
    worse = len(digest.of_course(Course.WORSE))
    told = f"{calls:,} calls. Compared with the {digest.compared_days} {weekday}s before that had calls."
    if not digest.compared_days:
        told = f"{calls:,} calls. There is no {weekday} before to compare them with."
    elif worse:
        told += f" {worse} figures got worse by more than chance."
    return told + " What needs days to be known, such as who calls again, is told on the dashboard later."


def _charts(digest: Digest) -> list[Chart]:
    days = [f"{moment.day.day} {moment.day:%b}" for moment in digest.trend]
    return [
        line_chart(
            ", ".join(BY_ID[name].name for name in names),
            days,
            {BY_ID[name].name: [moment.values[name] for moment in digest.trend] for name in names},
            unit,
        )
        for names, unit in CHARTS
    ]


def _intents(digest: Digest, intent_words: Callable[[str], str]) -> Table:
    rows = tuple(
        (
            Entry(intent_words(row.intent) if row.intent else "Never understood"),
            Entry(f"{row.calls:,}"),
            Entry(value_words(row.share, Unit.SHARE)),
            Entry(UNKNOWN if row.before is None else value_words(row.before, Unit.SHARE)),
            Entry(value_words(row.figures["containment"].now.value, Unit.SHARE)),
        )
        for row in digest.intents
    )
    return Table("What callers wanted most", ("Intent", "Calls", "Share", "Usual share", "Containment"), rows)


def _reasons(digest: Digest) -> Table:
    rows = tuple(
        (
            Entry(readable(row.reason)),
            Entry(f"{row.total:,}"),
            Entry(
                ", ".join(f"{outcome_words(code)}: {count}" for code, count in sorted(row.outcomes.items()))
            ),
        )
        for row in digest.reasons
    )
    return Table("Transfers by reason", ("Reason", "Transfers", "What came of them"), rows)
