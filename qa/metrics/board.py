"""All that the dashboard shows of one period: figures, trends, and how they break down. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from qa.metrics.capacity import by_hour
from qa.metrics.catalogue import BY_ID, METRICS
from qa.metrics.compare import Reckoned, compared, reckon
from qa.metrics.metric import Metric
from qa.metrics.period import Period
from qa.metrics.rules import Rules
from qa.metrics.sample import Choice, Sample, by_day, local_hours, sample_of
from qa.metrics.tables import Tables

TREND = ("containment", "csat_assistant", "repeat_contact", "calls", "answer_p50", "answer_p95")
"""Metrics that are drawn over time."""
OF_INTENT = ("containment", "repeat_contact", "csat_assistant", "handle_time_assistant", "answer_p95")
"""Metrics that are told of each intent."""
MOST_DAYS_DRAWN = 92
"""Of longer periods, weeks are drawn."""
MOST_INTENTS = 12
WEEK = 7


@dataclass(frozen=True)
class Moment:
    """One day, or one week from a day on, of the trend."""

    day: date
    values: dict[str, float | None]
    """By metric of `TREND`."""


@dataclass(frozen=True)
class IntentRow:
    """What callers wanted, and how that went."""

    intent: str
    """Empty: it was never understood."""
    calls: int
    share: float
    before: float | None
    """Its share of the period before."""
    figures: dict[str, Reckoned]
    """By metric of `OF_INTENT`."""


@dataclass(frozen=True)
class ReasonRow:
    """Transfers for one reason, and what came of them."""

    reason: str
    total: int
    outcomes: dict[str, int]
    """By the code of `handoff.transfer.types.Outcome`; empty: the log ends before."""


@dataclass(frozen=True)
class Hour:
    """One hour of the local day."""

    hour: int
    calls: int
    most_at_once: int
    refused: int


@dataclass(frozen=True)
class Board:
    """One period, compared with the one before."""

    period: Period
    before: Period
    sample: Sample
    figures: dict[str, Reckoned]
    """By the metric's id."""
    trend: tuple[Moment, ...]
    step: int
    """How many days a moment of the trend has."""
    intents: tuple[IntentRow, ...]
    reasons: tuple[ReasonRow, ...]
    heat: tuple[tuple[int, ...], ...]
    """Calls by weekday (Monday first) and hour."""
    hours: tuple[Hour, ...]


def board_of(tables: Tables, period: Period, choice: Choice, rules: Rules, now: datetime) -> Board:
    """The board of one period."""
    before = period.before()
    sample = compared(
        sample_of(tables, period, choice, rules, now), sample_of(tables, before, choice, rules, now)
    )
    step = 1 if period.length <= MOST_DAYS_DRAWN else WEEK
    return Board(
        period=period,
        before=before,
        sample=sample,
        figures={metric.id: reckon(metric, sample) for metric in METRICS},
        trend=trend_of(sample, period, step),
        step=step,
        intents=intents_of(sample),
        reasons=reasons_of(sample),
        heat=heat_of(sample, period),
        hours=tuple(Hour(*row) for row in by_hour(sample, period.zone)),
    )


def trend_of(sample: Sample, period: Period, step: int) -> tuple[Moment, ...]:
    """The metrics of `TREND` day by day."""
    drawn: Sequence[Metric] = [BY_ID[name] for name in TREND]
    return tuple(
        Moment(day, {metric.id: metric.reckon(one).value for metric in drawn})
        for day, one in by_day(sample.without_stages, period, step)
    )


def intents_of(sample: Sample, most: int = MOST_INTENTS) -> tuple[IntentRow, ...]:
    """What callers wanted, the commonest first."""
    sample = sample.without_stages
    calls = sample.tables.calls
    names, counts = np.unique(calls.intent.astype(str), return_counts=True)
    order = np.lexsort((names, -counts))[:most]
    rows = []
    for place in order:
        intent = str(names[place])
        of_it = sample.where(np.equal(calls.intent, intent).astype(np.bool_))
        share_before = None
        if sample.before is not None and len(sample.before.tables.calls):
            was = np.equal(sample.before.tables.calls.intent, intent).astype(np.bool_)
            of_it = compared(of_it, sample.before.where(was))
            share_before = float(was.mean())
        figures = {name: reckon(BY_ID[name], of_it) for name in OF_INTENT}
        count = int(counts[place])
        rows.append(IntentRow(intent, count, count / len(calls), share_before, figures))
    return tuple(rows)


def reasons_of(sample: Sample) -> tuple[ReasonRow, ...]:
    """Transfers by reason and outcome, the commonest reason first."""
    found: dict[str, dict[str, int]] = {}
    transfers = sample.tables.transfers
    for reason, outcome in zip(transfers.reason, transfers.outcome, strict=True):
        outcomes = found.setdefault(reason, {})
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    rows = [ReasonRow(reason, sum(outcomes.values()), outcomes) for reason, outcomes in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.total, row.reason)))


def heat_of(sample: Sample, period: Period) -> tuple[tuple[int, ...], ...]:
    """How many calls began in each hour of each weekday."""
    days, hours = local_hours(sample, period.zone)
    counts = np.bincount(days * 24 + hours, minlength=7 * 24).reshape(7, 24)
    return tuple(tuple(int(one) for one in row) for row in counts)
