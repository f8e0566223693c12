"""Stretches of the company's local days, and what they are compared with. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = {"today": 1, "7d": 7, "28d": 28}
"""Periods that end today, by name: so many local days."""
CUSTOM = "custom"
MOST_DAYS = 366


class PeriodError(ValueError):
    """Dates that make no period. The text says what is wrong, for whoever chose them."""


@dataclass(frozen=True)
class Period:
    """Whole local days, the last one up to now. `since` and `until` are aware, in the company's zone."""

    name: str
    first: date
    last: date
    until: datetime
    """Not included."""

    @property
    def zone(self) -> ZoneInfo:
        """The company's."""
        zone = self.until.tzinfo
        if not isinstance(zone, ZoneInfo):
            raise TypeError("a period has a zone with a name")
        return zone

    @property
    def since(self) -> datetime:
        """The first midnight."""
        return midnight(self.first, self.zone)

    @property
    def length(self) -> int:
        """In days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> tuple[date, ...]:
        """Each of them."""
        return tuple(self.first + timedelta(days=one) for one in range(self.length))

    def before(self) -> "Period":
        """As many days, right before: where the last day goes on, up to the same time of day."""
        back = timedelta(days=self.length)
        # Arithmetic on an aware time keeps its clock and takes the offset of the new day.
        return Period("before", self.first - back, self.last - back, self.until - back)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), zone)


def one_day(day: date, zone: ZoneInfo) -> Period:
    """A whole local day."""
    return Period(CUSTOM, day, day, midnight(day + timedelta(days=1), zone))


def choose(name: str, first: str, last: str, now: datetime, zone: ZoneInfo) -> Period:
    """The period of a page's address: a name of `DAYS`, or `custom` with two ISO dates, both included.

    Raises:
        PeriodError: there is none of that name, or the dates do not fit.
    """
    local = now.astimezone(zone)
    today = local.date()
    if name in DAYS:
        return Period(name, today - timedelta(days=DAYS[name] - 1), today, local)
    if name != CUSTOM:
        raise PeriodError(f"A period is one of {', '.join((*DAYS, CUSTOM))}.")
    begin, end = _date(first, "first"), _date(last, "last")
    if end < begin:
        raise PeriodError("The last day is before the first.")
    if (end - begin).days >= MOST_DAYS:
        raise PeriodError(f"A period has at most {MOST_DAYS} days.")
    if begin > today:
        raise PeriodError("The first day is still to come.")
    end = min(end, today)
    return Period(CUSTOM, begin, end, min(local, midnight(end + timedelta(days=1), zone)))


def _date(text: str, which: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeriodError(f"The {which} day must be a date such as 2026-11-27.") from None
