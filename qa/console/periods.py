"""Stretches of time that a list of calls is asked for by name, so that an address or a saved view stays up to date."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Period(StrEnum):
    """A stretch of time that ends now, or ended with a day of UTC. Names never change meaning."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"

    def span(self, now: datetime) -> tuple[datetime, datetime | None]:
        """From when until before when, in UTC; None: without an end."""
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        match self:
            case Period.TODAY:
                return midnight, None
            case Period.YESTERDAY:
                return midnight - timedelta(days=1), midnight
        return now - DAYS[self], None


DAYS = {
    Period.WEEK: timedelta(days=7),
    Period.MONTH: timedelta(days=30),
    Period.QUARTER: timedelta(days=90),
}
WORDS = {
    Period.TODAY: "Today (UTC)",
    Period.YESTERDAY: "Yesterday (UTC)",
    Period.WEEK: "Last 7 days",
    Period.MONTH: "Last 30 days",
    Period.QUARTER: "Last 90 days",
}
"""For people."""
