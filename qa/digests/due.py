"""Which days' digests are due. Pure: days are local ones of the company, times are aware."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from qa.metrics.digest import yesterday

ONE_DAY = timedelta(days=1)
MOST_BEHIND = 7
"""So many days are made up for after a standstill. What is older is of use to nobody; its page is still there."""
FIRST_AGAIN = timedelta(minutes=5)
LONGEST_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Standing:
    """How far the digest of a day has come."""

    tries: int
    """Begun ones. Whoever has begun the last one may say what came of it."""
    not_before: datetime
    """Nobody takes it up sooner: a try is under way, or has failed."""
    done: bool


def beginning(now: datetime, zone: ZoneInfo) -> date:
    """The day that counts as done where digests have never been sent: the first to be sent is yesterday's."""
    return yesterday(now, zone) - ONE_DAY


def due_at(day: date, zone: ZoneInfo, hour: int) -> datetime:
    """When the digest of a day is due: at a full hour of the day after. An hour that summer time skips is the next."""
    return datetime.combine(day + ONE_DAY, time(hour), zone)


def due_days(known: Mapping[date, Standing], now: datetime, zone: ZoneInfo, hour: int) -> list[date]:
    """The days whose digest should be made now, the oldest first.

    Args:
        known: At least the last `MOST_BEHIND + 1` days of which anything is known, and one day.
        now: Aware.
        zone: The company's.
        hour: Of the local day, 0 to 23.
    """
    last = yesterday(now, zone)
    if now < due_at(last, zone, hour):
        last -= ONE_DAY
    first = max(min(known) + ONE_DAY, last - (MOST_BEHIND - 1) * ONE_DAY)
    days = (first + number * ONE_DAY for number in range((last - first).days + 1))
    return [day for day in days if _is_free(known.get(day), now)]


def again_after(tries: int) -> timedelta:
    """How long to wait after a try that failed, of so many."""
    return min(LONGEST_AGAIN, FIRST_AGAIN * (1 << min(tries - 1, 10)))


def _is_free(standing: Standing | None, now: datetime) -> bool:
    return standing is None or (not standing.done and standing.not_before <= now)
