"""Days counted from today: `tomorrow`, `next Friday`, `three weeks ago`."""

import calendar
import re
from datetime import date, timedelta

from dialog.grammar.number_words import number_at, words_of

WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
SHORT_WEEKDAYS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thurs": 3, "fri": 4}
NAMED = (
    (r"\bday after tomorrow\b|\bovermorrow\b", 2), (r"\bday before yesterday\b", -2), (r"\btomorrow\b", 1),
    (r"\byesterday\b|\blast night\b", -1), (r"\btoday\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b", 0),
)  # fmt: skip
COUNT = r"(a couple of|a few|a|an|one|\w+(?:[ -]\w+)?) (days?|weeks?|fortnights?|months?|years?)"
AGO = re.compile(rf"\b{COUNT} (?:ago|back|before today)\b")
AHEAD = re.compile(rf"\bin {COUNT}\b|\b{COUNT} (?:from (?:now|today)|later)\b")
END_OF_MONTH = re.compile(r"\bend of (?:the|this) month\b")
DAY_NAMES = "|".join([*WEEKDAYS, *SHORT_WEEKDAYS])
WEEKDAY = re.compile(
    rf"\b(?:(next|this|last|coming|this coming|on) )?({DAY_NAMES})\b(?: (week|next week|last week))?"
)


def days_in(text: str, today: date) -> list[tuple[date, float]]:
    """The days that a text counts from today, likeliest first; empty when it counts none."""
    lowered = text.lower().replace("’", "'")
    counted = _counted(lowered, today)
    if counted is not None:
        return counted
    weekday = WEEKDAY.search(lowered)
    if weekday is None or weekday[3] != "week":
        for pattern, days in NAMED:
            if re.search(pattern, lowered):
                return [(today + timedelta(days=days), 1.0)]
    if END_OF_MONTH.search(lowered):
        return [(today.replace(day=calendar.monthrange(today.year, today.month)[1]), 0.9)]
    return _weekday(today, weekday) if weekday is not None else []


def _counted(text: str, today: date) -> list[tuple[date, float]] | None:
    """`three weeks ago`, `in two days`; None when nothing is counted."""
    for pattern, sign in ((AGO, -1), (AHEAD, 1)):
        match = pattern.search(text)
        if match:
            count, unit = [group for group in match.groups() if group is not None][:2]
            day = _moved(today, count, unit, sign)
            return [(day, _sure(count))] if day is not None else []
    return None


def _weekday(today: date, match: re.Match[str]) -> list[tuple[date, float]]:
    """`Friday` is the coming one; `next Friday` rather that of next week, `last Friday` the one before today."""
    number = {**WEEKDAYS, **SHORT_WEEKDAYS}[match[2]]
    ahead = (number - today.weekday()) % 7
    coming = today + timedelta(days=ahead or 7)
    if match[1] == "last" or match[3] == "last week":
        before = today - timedelta(days=(today.weekday() - number) % 7 or 7)
        return [(before, 0.9)]
    monday = today - timedelta(days=today.weekday())
    next_week = monday + timedelta(days=7 + number)
    if match[3] == "week":
        return [(coming + timedelta(days=7), 0.9)]
    if match[3] == "next week":
        return [(next_week, 1.0)]
    if match[1] == "next":
        return [(next_week, 0.9)] if coming == next_week else [(next_week, 0.6), (coming, 0.4)]
    if ahead == 0:
        return [(today, 0.5), (coming, 0.5)] if match[1] != "coming" else [(coming, 0.9)]
    return [(coming, 0.95)]


def _sure(count: str) -> float:
    return 0.5 if count == "a few" else 0.95


def _moved(today: date, count: str, unit: str, sign: int) -> date | None:
    words = words_of(count)
    amount = {"a": 1, "an": 1, "a couple of": 2, "a few": 3}.get(count)
    if amount is None:
        number = next((found for at in range(len(words)) if (found := number_at(words, at))), None)
        if number is None or number.value > 1200:
            return None
        amount = number.value
    if unit.startswith(("month", "year")):
        return _months(today, sign * amount * (12 if unit.startswith("year") else 1))
    days = amount * {"d": 1, "w": 7, "f": 14}[unit[0]]
    return today + timedelta(days=sign * days)


def _months(today: date, months: int) -> date | None:
    """The same day of another month, or its last day."""
    at = today.year * 12 + today.month - 1 + months
    year, month = divmod(at, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
