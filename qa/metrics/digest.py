"""One day in figures, against the same weekday of the weeks before: what got worse stands first. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from qa.metrics.board import IntentRow, Moment, ReasonRow, intents_of, reasons_of, trend_of
from qa.metrics.catalogue import BY_ID, SHOWN
from qa.metrics.compare import Course, Reckoned, compared, reckon, worst_first
from qa.metrics.period import CUSTOM, Period, midnight, one_day
from qa.metrics.rules import Alert, Rules
from qa.metrics.sample import Choice, Sample, sample_of, weekday_sample
from qa.metrics.tables import Tables

WEEKS = 4
"""So many days of the same weekday are what a day is compared with."""
TREND_DAYS = 28
BACK = timedelta(days=WEEKS * 7)
"""How far back a digest looks."""
MOST_INTENTS = 8


@dataclass(frozen=True)
class Rung:
    """An alert whose metric is beyond its limit."""

    alert: Alert
    figure: Reckoned


@dataclass(frozen=True)
class Digest:
    """One day."""

    day: date
    compared_days: int
    """How many of the weekdays before had any calls."""
    period: Period
    sample: Sample
    alerts: tuple[Rung, ...]
    figures: tuple[Reckoned, ...]
    """What got worse first, then what got better, then the rest."""
    trend: tuple[Moment, ...]
    """The four weeks up to this day."""
    trend_period: Period
    intents: tuple[IntentRow, ...]
    reasons: tuple[ReasonRow, ...]

    def of_course(self, *courses: Course) -> list[Reckoned]:
        """The figures that went one of these ways."""
        return [one for one in self.figures if one.course in courses]


def yesterday(now: datetime, zone: ZoneInfo) -> date:
    """The last whole local day."""
    return now.astimezone(zone).date() - timedelta(days=1)


def digest_of(tables: Tables, day: date, zone: ZoneInfo, rules: Rules, now: datetime) -> Digest:
    """The digest of one local day. `tables` reaches `BACK` before it."""
    period = one_day(day, zone)
    before = weekday_sample(tables, day, WEEKS, zone, rules, now)
    sample = compared(sample_of(tables, period, Choice(), rules, now), before)
    days = _days_with_calls(before, day, zone)
    figures = {metric.id: _averaged(reckon(metric, sample), days) for metric in SHOWN}
    rung = (
        Rung(alert, figures.get(alert.metric) or reckon(BY_ID[alert.metric], sample))
        for alert in rules.alerts
    )
    trend_period = Period(CUSTOM, day - timedelta(days=TREND_DAYS - 1), day, period.until)
    trend = trend_of(sample_of(tables, trend_period, Choice(), rules, now), trend_period, 1)
    return Digest(
        day=day,
        compared_days=days,
        period=period,
        sample=sample,
        alerts=tuple(one for one in rung if one.alert.rings(one.figure.now.value)),
        figures=tuple(worst_first(figures.values())),
        trend=trend,
        trend_period=trend_period,
        intents=intents_of(sample, MOST_INTENTS),
        reasons=reasons_of(sample),
    )


def _days_with_calls(before: Sample, day: date, zone: ZoneInfo) -> int:
    started = before.tables.calls.started
    begins = [midnight(day - timedelta(weeks=week), zone).timestamp() for week in range(WEEKS, 0, -1)]
    return len(np.unique(np.searchsorted(np.array(begins), started, side="right")))


def _averaged(one: Reckoned, days: int) -> Reckoned:
    """What adds up over days, as its mean of a day."""
    if not one.metric.adds_up or one.before is None or one.before.value is None or not days:
        return one
    return replace(one, before=replace(one.before, value=one.before.value / days))
