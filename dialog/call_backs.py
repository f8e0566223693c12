"""When a caller is called back: the first moment that suits them and the hours of the queue. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from actions.desk.promises import Appointment
from dialog.hours import DAYS_AHEAD, is_open, opens_at
from dialog.playbook import Playbook
from dialog.schema.queues import Hours

ANY_TIME = "any_time"
WINDOWS = {
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
}
CLOCK = re.compile(r"\d\d:\d\d")


class PlaybookDiary:
    """The hours and queues of a playbook, for call-backs."""

    def __init__(self, playbook: Playbook) -> None:
        self._queues = playbook.queues
        self._default = playbook.escalation.default_queue

    @property
    def region(self) -> str | None:
        """The country of numbers that are keyed in without a country code."""
        return self._queues.region

    def appoint(self, queue: str, when: str, now: datetime) -> Appointment:
        """Who calls back from when on. `now` is aware; a queue that there is not is the default queue.

        Raises:
            ValueError: `when` is no time that one can wish for.
        """
        name = queue if queue in self._queues.queues else self._default or ""
        found = self._queues.queues.get(name)
        hours = self._queues.hours if found is None or found.hours is None else found.hours
        zone = ZoneInfo(self._queues.timezone)
        due = due_at(hours, when, now.astimezone(zone).replace(tzinfo=None))
        return Appointment(name, due.replace(tzinfo=zone).astimezone(UTC))


def due_at(hours: Hours, when: str, now: datetime) -> datetime:
    """The first moment from `now` on that is wished for and open; local times without a zone.

    A wish that the hours never grant within two weeks is read as `any_time`; where it never opens, it is `now`.

    Raises:
        ValueError: `when` is neither a part of the day, a time, nor a date.
    """
    if when in {"", ANY_TIME}:
        return opens_at(hours, now) or now
    if when in WINDOWS:
        return _within(hours, *WINDOWS[when], now) or due_at(hours, ANY_TIME, now)
    if CLOCK.fullmatch(when):
        return _at(hours, time.fromisoformat(when), now) or due_at(hours, ANY_TIME, now)
    return due_at(hours, ANY_TIME, max(now, datetime.fromisoformat(when).replace(tzinfo=None)))


def _within(hours: Hours, first: time, last: time, now: datetime) -> datetime | None:
    for day in _days(now):
        if day in hours.closed_on:
            continue
        for opens, closes in hours.spans(day.weekday()):
            begin, end = max(opens, first), min(closes, last)
            moment = max(datetime.combine(day, begin), now)
            if begin < end and moment < datetime.combine(day, end):
                return moment
    return None


def _at(hours: Hours, clock: time, now: datetime) -> datetime | None:
    moments = (datetime.combine(day, clock) for day in _days(now))
    return next((one for one in moments if one >= now and is_open(hours, one)), None)


def _days(now: datetime) -> Iterator[date]:
    return (now.date() + timedelta(days=ahead) for ahead in range(DAYS_AHEAD))
