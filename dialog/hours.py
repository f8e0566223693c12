"""Whether people are there: opening hours of the company and its queues."""

from datetime import datetime, timedelta

from dialog.phrasing import spoken_date
from dialog.schema.queues import Hours

DAYS_AHEAD = 14


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether `at`, local time, lies within the hours."""
    if at.date() in hours.closed_on:
        return False
    return any(first <= at.time() < last for first, last in hours.spans(at.weekday()))


def opens_at(hours: Hours, at: datetime) -> datetime | None:
    """When it opens next, `at` itself where it is open; None where it does not within two weeks."""
    if is_open(hours, at):
        return at
    for ahead in range(DAYS_AHEAD):
        day = at.date() + timedelta(days=ahead)
        if day in hours.closed_on:
            continue
        for first, _ in hours.spans(day.weekday()):
            opening = datetime.combine(day, first)
            if opening > at:
                return opening
    return None


def spoken_opening(hours: Hours, at: datetime) -> str:
    """When it opens next, as said: `tomorrow at 8:00`, `Monday, November the thirtieth at 8:00`."""
    opening = opens_at(hours, at)
    if opening is None:
        return "another day"
    days = (opening.date() - at.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days) or spoken_date(opening.date().isoformat())
    return f"{day} at {opening:%H:%M}"
