"""The dates that a caller may mean: named, numbered, or counted from today."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from dialog.grammar.dates import MONTHS, PartialDate, dates_in
from dialog.grammar.days import days_in

AHEAD_YEARS = 10
"""Two-digit years up to this far ahead are in this century, unless the date is known to be past."""
NEAREST, OTHER = 0.85, 0.35
"""A date said without its year: the likelier of the two nearest ones, and the other."""
LAST = 0.4
"""The same where only past dates make sense: a date of birth has a year."""
CLEAR = 0.3
"""A date that nobody asked for is at least this sure."""
WRITTEN = re.compile(r"\b\d{1,4}([/.-])\d{1,2}\1\d{1,4}\b")
ROUND_YEAR = 0.85
"""Recognisers lose the last word of a year: `1980` for `1984`."""


class When(StrEnum):
    """Which dates make sense. Names never change meaning."""

    ANY = "any"
    PAST = "past"
    """Today or before, such as a date of birth."""
    FUTURE = "future"
    """Today or later, such as an appointment."""


def calendar_dates(
    text: str, today: date, *, day_first: bool, when: When, strict: bool
) -> list[tuple[str, float]]:
    """ISO dates with scores, likeliest first. Not `strict`: without a year in words only if day and month are."""
    found: dict[str, float] = {}
    named = _named(text, today, day_first=day_first, when=when, strict=strict)
    whole = [one for one in named if one.whole is not None]
    for one in whole:
        _keep(
            found, one.whole, one.score * (ROUND_YEAR if one.year is not None and one.year % 10 == 0 else 1.0)
        )
    if not whole:
        for day, score in days_in(text, today) or _without_year(named, today, when):
            _keep(found, day, score)
    if not found and strict:
        for day, score in _day_only(text, today, when):
            _keep(found, day, score)
    fitting = {
        value: score
        for value, score in found.items()
        if _makes_sense(value, today, when) and (strict or score >= CLEAR)
    }
    return sorted(fitting.items(), key=lambda item: -item[1])


def _named(text: str, today: date, *, day_first: bool, when: When, strict: bool) -> list[PartialDate]:
    """The dates that are said by month and day; where none was asked for, only with a month's name or written out."""
    words = re.findall(r"[a-z]+", text.lower())
    if not (strict or WRITTEN.search(text) or any(word in MONTHS for word in words)):
        return []
    latest = today.year if when is When.PAST else today.year + AHEAD_YEARS
    return dates_in(text, latest_year=latest, day_first=day_first, sound_alikes=strict)


def _keep(found: dict[str, float], day: date | None, score: float) -> None:
    if day is not None:
        iso = day.isoformat()
        found[iso] = max(found.get(iso, 0.0), score)


def _makes_sense(iso: str, today: date, when: When) -> bool:
    day = date.fromisoformat(iso)
    return when is When.ANY or (day <= today if when is When.PAST else day >= today)


def _without_year(named: Sequence[PartialDate], today: date, when: When) -> list[tuple[date, float]]:
    """`the 27th of September`: the next one, or the last one where only past dates make sense."""
    best = max(
        (one for one in named if one.year is None and one.month and one.day),
        key=lambda one: one.score,
        default=None,
    )
    if best is None or best.month is None or best.day is None or best.score < CLEAR:
        return []
    return _nearest(
        [_on(year, best.month, best.day) for year in range(today.year - 8, today.year + 9)], today, when
    )


def _day_only(text: str, today: date, when: When) -> list[tuple[date, float]]:
    """`the 27th`, as an answer to a question for a date: of this month or a neighbouring one."""
    if any(word in MONTHS for word in re.findall(r"[a-z]+", text.lower())):
        return []
    from_words = dates_in(f"{text} of january", latest_year=today.year, sound_alikes=False)
    days = {one.day for one in from_words if one.day is not None and one.year is None}
    if len(days) != 1 or not any(
        mark in text.lower() for mark in ("st", "nd", "rd", "th", "second", "third")
    ):
        return []
    day = days.pop()
    months = [divmod(today.year * 12 + today.month - 1 + step, 12) for step in (-2, -1, 0, 1, 2)]
    return _nearest([_on(year, month + 1, day) for year, month in months], today, when)


def _nearest(days: Sequence[date | None], today: date, when: When) -> list[tuple[date, float]]:
    known = [day for day in days if day is not None]
    ahead = min((day for day in known if day >= today), default=None)
    behind = max((day for day in known if day < today), default=None)
    if when is When.PAST:
        last = today if today in known else behind
        return [(last, LAST)] if last is not None else []
    found = [(ahead, NEAREST)] if ahead is not None else []
    if when is When.ANY and behind is not None:
        found.append((behind, OTHER))
    return found


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
