"""The calls that figures are reckoned from: those of a period that are over and were chosen. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from qa.facts.types import CallOutcome
from qa.metrics.period import Period, midnight
from qa.metrics.rules import Rules
from qa.metrics.tables import Flags, Places, Tables

CODES: dict[str, int] = {outcome.value: number for number, outcome in enumerate(CallOutcome)}
HOUR_S = 3600
DAY_S = 86400


@dataclass(frozen=True)
class Choice:
    """Which calls of a period are meant; empty leaves a condition out."""

    queue: str = ""
    intent: str = ""
    playbook: str = ""
    """Name and version."""


@dataclass(frozen=True)
class Sample:
    """Calls that are over, and what is known beside them."""

    tables: Tables
    rules: Rules
    now: float
    """Seconds since the epoch: what can be known of who calls again."""
    days_a_call: float
    """The length of the period by all its calls, whichever of them were chosen: what a call bears of fixed costs."""
    before: "Sample | None" = field(default=None, repr=False)
    """The period that it is compared with."""

    @cached_property
    def offered(self) -> Flags:
        """Calls that the assistant was offered: all but those for which there was no room."""
        return ~self.ended(CallOutcome.REFUSED)

    def ended(self, outcome: CallOutcome) -> Flags:
        """The calls of one outcome."""
        return np.equal(self.outcomes, CODES[outcome])

    @cached_property
    def outcomes(self) -> Places:
        """The outcome of each call by `CODES`: numbers are compared faster than names, and metrics compare often."""
        return np.array([CODES[outcome] for outcome in self.tables.calls.outcome], dtype=np.intp)

    @property
    def without_stages(self) -> "Sample":
        """The same without the stages of answers, for figures of many parts that do not need them."""
        before = self.before.without_stages if self.before is not None else None
        return replace(self, tables=replace(self.tables, stages={}), before=before)

    def where(self, wanted: Flags) -> "Sample":
        """Some of the calls, compared with nothing."""
        return replace(self, tables=self.tables.where(wanted), before=None)


def sample_of(tables: Tables, period: Period, choice: Choice, rules: Rules, now: datetime) -> Sample:
    """The calls of one period. Calls that go on are not counted until they are over."""
    calls = tables.calls
    since, until = period.since.timestamp(), period.until.timestamp()
    wanted = (calls.started >= since) & (calls.started < until) & (calls.outcome != CallOutcome.OPEN.value)
    every = int(wanted.sum())
    for column, value in (
        (calls.queue, choice.queue),
        (calls.intent, choice.intent),
        (calls.playbook, choice.playbook),
    ):
        if value:
            wanted &= column == value
    return Sample(tables.where(wanted), rules, now.timestamp(), _a_call((until - since) / DAY_S, every))


def weekday_sample(
    tables: Tables, day: date, weeks: int, zone: ZoneInfo, rules: Rules, now: datetime
) -> Sample:
    """The same weekday of the weeks before a day, taken together."""
    started = tables.calls.started
    wanted = np.zeros(len(tables.calls), dtype=np.bool_)
    for week in range(1, weeks + 1):
        then = day - timedelta(weeks=week)
        begin, end = midnight(then, zone).timestamp(), midnight(then + timedelta(days=1), zone).timestamp()
        wanted |= (started >= begin) & (started < end)
    wanted &= tables.calls.outcome != CallOutcome.OPEN.value
    return Sample(tables.where(wanted), rules, now.timestamp(), _a_call(weeks, int(wanted.sum())))


def by_day(sample: Sample, period: Period, step: int = 1) -> list[tuple[date, Sample]]:
    """The sample day by day, or so many days at a time, each by its first; days without calls included."""
    firsts = period.days[::step]
    edges = np.array([midnight(day, period.zone).timestamp() for day in firsts])
    place = np.searchsorted(edges, sample.tables.calls.started, side="right") - 1
    return [(day, sample.where(place == at)) for at, day in enumerate(firsts)]


def local_hours(sample: Sample, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray]:
    """Weekday (0 is Monday) and hour of the start of each call, by the company's clock."""
    started = sample.tables.calls.started
    if not len(started):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    # An offset holds for a quarter of an hour at least, in every zone of today.
    quarters, place = np.unique(started // (HOUR_S // 4), return_inverse=True)
    offsets = np.array([_offset(quarter * (HOUR_S // 4), zone) for quarter in quarters])
    local = started + offsets[place]
    # The epoch began on a Thursday.
    return ((local // DAY_S + 3) % 7).astype(np.intp), ((local // HOUR_S) % 24).astype(np.intp)


def _a_call(days: float, calls: int) -> float:
    return days / calls if calls else 0.0


def _offset(seconds: float, zone: ZoneInfo) -> float:
    offset = datetime.fromtimestamp(seconds, zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0
