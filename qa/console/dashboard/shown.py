"""A board as its page shows it: tiles, tables and charts with their words and links. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from calls.words import OUTCOMES, readable
from qa.console.dashboard.query import Asked
from qa.metrics.board import OF_INTENT, Board, IntentRow
from qa.metrics.catalogue import BY_ID, HEADLINES, SHOWN
from qa.metrics.charts import Chart, bar_chart, line_chart
from qa.metrics.compare import Course, Reckoned
from qa.metrics.metric import Group, Metric, Unit
from qa.metrics.narrow import Cell
from qa.metrics.period import Period
from qa.metrics.talk import PERCENTS, STAGES
from qa.metrics.words import arrow, change_words, course_words, value_words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WARMTHS = 5
"""How many shades the heat map has besides none."""
NOT_UNDERSTOOD = "Never understood"
UNENDED = "The caller has hung up"
NO_COSTS = "set what things cost (WARMLINE_METRICS)"


@dataclass(frozen=True)
class Tile:
    """One figure."""

    metric: Metric
    value: str
    change: str
    arrow: str
    course: Course
    course_words: str
    basis: str
    """What it is reckoned from."""
    url: str


@dataclass(frozen=True)
class Entry:
    """One cell of a table."""

    text: str
    url: str | None = None


@dataclass(frozen=True)
class Table:
    """A table with a heading to each row."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart and the same as a table."""

    chart: Chart
    table: Table


@dataclass(frozen=True)
class Warm:
    """One hour of one weekday."""

    calls: int
    warmth: int
    url: str | None
    title: str


def tile_of(one: Reckoned, asked: Asked, currency: str) -> Tile:
    """A figure as a tile."""
    basis = f"of {one.now.count:,}" if one.metric.unit is not Unit.COUNT else ""
    if one.metric.unit is Unit.MONEY and not currency:
        basis = NO_COSTS
    return Tile(
        one.metric,
        value_words(one.now.value, one.metric.unit, currency),
        change_words(one, currency),
        arrow(one),
        one.course,
        course_words(one),
        basis,
        asked.figure_url(one.metric.id),
    )


def headlines(board: Board, asked: Asked, currency: str) -> list[Tile]:
    """What stands first."""
    return [tile_of(board.figures[name], asked, currency) for name in HEADLINES]


def groups(board: Board, asked: Asked, currency: str) -> list[tuple[Group, list[Tile]]]:
    """All figures by their group."""
    return [
        (
            group,
            [tile_of(board.figures[metric.id], asked, currency) for metric in SHOWN if metric.group is group],
        )
        for group in Group
    ]


def pictures(board: Board) -> list[Picture]:
    """The trends."""
    days = [_day_words(moment.day) for moment in board.trend]

    def drawn(title: str, names: Iterable[str], unit: Unit) -> Picture:
        lines = {BY_ID[name].name: [moment.values[name] for moment in board.trend] for name in names}
        rows = tuple(
            (Entry(days[place]), *(Entry(value_words(values[place], unit)) for values in lines.values()))
            for place in range(len(days))
        )
        head = "Day" if board.step == 1 else "Week from"
        return Picture(line_chart(title, days, lines, unit), Table(title, (head, *lines), rows))

    return [
        drawn(
            "Containment, satisfaction and repeat contact",
            ("containment", "csat_assistant", "repeat_contact"),
            Unit.SHARE,
        ),
        drawn("How fast the assistant answered", ("answer_p50", "answer_p95"), Unit.SECONDS),
        drawn("Calls", ("calls",), Unit.COUNT),
    ]


def one_picture(metric: Metric, days: Sequence[date], values: Sequence[float | None]) -> Picture:
    """One metric over days."""
    names = [_day_words(day) for day in days]
    rows = tuple(
        (Entry(name), Entry(value_words(value, metric.unit)))
        for name, value in zip(names, values, strict=True)
    )
    chart = line_chart(metric.name, names, {metric.name: values}, metric.unit)
    return Picture(chart, Table(metric.name, ("Day", metric.name), rows))


def span_words(period: Period) -> str:
    """A period in words."""
    if period.first == period.last:
        return f"{WEEKDAYS[period.first.weekday()]}, {period.first.day} {period.first:%B %Y}"
    return f"{period.first.day} {period.first:%B} to {period.last.day} {period.last:%B %Y}"


def hours_picture(board: Board) -> Picture:
    """Calls at once by hour, beside those for which there was no room."""
    names = [f"{row.hour:02d}" for row in board.hours]
    bars = {
        "at once": [row.most_at_once for row in board.hours],
        "without room": [row.refused for row in board.hours],
    }
    title = "Most calls at once by hour, and calls without room"
    rows = tuple(
        (
            Entry(f"{row.hour:02d}:00"),
            Entry(f"{row.calls:,}"),
            Entry(str(row.most_at_once)),
            Entry(str(row.refused)),
        )
        for row in board.hours
    )
    table = Table(title, ("Hour", "Served", "Most at once", "No room"), rows)
    return Picture(bar_chart(title, names, bars), table)


def intents_table(board: Board, asked: Asked, intent_words: Callable[[str], str]) -> Table:
    """What callers wanted most."""
    heads = ("Intent", "Calls", "Share", "Change", *(BY_ID[name].name for name in OF_INTENT))
    rows = tuple(_intent_row(row, asked, intent_words) for row in board.intents)
    return Table("What callers wanted most", heads, rows)


def _intent_row(row: IntentRow, asked: Asked, intent_words: Callable[[str], str]) -> tuple[Entry, ...]:
    of_it = asked.of_intent(row.intent)
    known = bool(row.intent)
    change = "" if row.before is None else value_words(row.share - row.before, Unit.POINTS)
    return (
        Entry(intent_words(row.intent) if known else NOT_UNDERSTOOD, of_it.url if known else None),
        Entry(f"{row.calls:,}", of_it.figure_url("calls") if known else None),
        Entry(value_words(row.share, Unit.SHARE)),
        Entry(change),
        *(
            Entry(
                value_words(row.figures[name].now.value, BY_ID[name].unit),
                of_it.figure_url(name) if known else None,
            )
            for name in OF_INTENT
        ),
    )


def reasons_table(board: Board, asked: Asked) -> Table:
    """Transfers by reason and by what came of them."""
    codes = sorted({code for row in board.reasons for code in row.outcomes}, key=outcome_words)
    heads = ("Reason", "Transfers", *(outcome_words(code) for code in codes))
    rows = tuple(
        (
            Entry(_capital(readable(row.reason))),
            Entry(f"{row.total:,}", asked.figure_url("transfers", Cell(reason=row.reason))),
            *(
                Entry(
                    f"{row.outcomes[code]:,}",
                    asked.figure_url("transfers", Cell(reason=row.reason, outcome=code)),
                )
                if code in row.outcomes
                else Entry("0")
                for code in codes
            ),
        )
        for row in board.reasons
    )
    return Table("Transfers by reason and outcome", heads, rows, "" if rows else "No call was handed over.")


def stages_table(board: Board, asked: Asked) -> Table:
    """The latency of answers, by stage."""
    rows = tuple(
        (Entry(name), *(_stage_entry(board, asked, f"{stage}_p{percent}") for percent in PERCENTS))
        for stage, name in {"answer": "The whole answer", **STAGES}.items()
    )
    heads = ("Stage", *(f"p{percent}" for percent in PERCENTS))
    return Table("Where the time of an answer goes", heads, rows, "Stages may overlap, and do not add up.")


def _stage_entry(board: Board, asked: Asked, name: str) -> Entry:
    value = board.figures[name].now.value
    return Entry(value_words(value, Unit.SECONDS), asked.figure_url(name) if value is not None else None)


def heat_map(board: Board, asked: Asked) -> list[tuple[str, list[Warm]]]:
    """Calls by weekday and hour."""
    most = max((calls for row in board.heat for calls in row), default=0)
    return [
        (
            WEEKDAYS[weekday],
            [
                Warm(
                    calls,
                    -(-calls * WARMTHS // most) if calls else 0,
                    asked.figure_url("calls", Cell(weekday=weekday, hour=hour)) if calls else None,
                    f"{WEEKDAYS[weekday]}, {hour}:00 to {hour + 1}:00",
                )
                for hour, calls in enumerate(row)
            ],
        )
        for weekday, row in enumerate(board.heat)
    ]


def _day_words(day: date) -> str:
    return f"{day.day} {day:%b}"


def outcome_words(code: str) -> str:
    """What came of a transfer, by its code; empty where the log ends before."""
    return OUTCOMES.get(code, _capital(readable(code))) if code else UNENDED


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
