"""How unlike two dates of birth are, when they were heard over a telephone."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Unlike = NDArray[np.float32]

FIRST_YEAR, LAST_YEAR = 1800, 2199
MONTH, DAY, YEAR = 2.2, 1.6, 1.6
"""Unlikeness of dates that differ in one part."""
UNKNOWN = 0.8
"""Unlikeness to any date of a part that was not understood."""
SWAPPED = 0.6
"""Day and month the other way round."""
MIXED_DAYS = (
    frozenset({13, 30}), frozenset({4, 5}), frozenset({5, 6}), frozenset({1, 5}), frozenset({1, 8}),
    frozenset({8, 18}), frozenset({9, 19}),
)  # fmt: skip
"""Days whose ordinals are heard for each other."""


class Births:
    """Dates of birth, arranged for comparing.

    Raises:
        ValueError: one is not written like 1979-09-27.
    """

    def __init__(self, dates: Sequence[str]) -> None:
        numbers = np.array([_numbers(one) for one in dates])
        if (numbers < 0).any():
            raise ValueError("a profile's date of birth must be whole, such as 1979-09-27")
        self._years, self._months, self._days = numbers.T

    def unlike(self, heard: str) -> Unlike:
        """How unlike a date is to each; ISO, with question marks for parts that were not understood."""
        year, month, day = _numbers(heard)
        years = _costs(_year_unlike, year, FIRST_YEAR, LAST_YEAR)[self._years - FIRST_YEAR]
        same_month = self._months == month
        parts = _costs(_day_unlike, day, 0, 31)[self._days]
        if month < 0:
            return np.asarray(years + parts + UNKNOWN, dtype=np.float32)
        parts = parts + np.where(same_month, 0.0, MONTH)
        swapped = (self._days == month) & (self._months == day) & ~same_month
        return np.asarray(years + np.where(swapped, SWAPPED, parts), dtype=np.float32)


def _numbers(iso: str) -> tuple[int, int, int]:
    """Year, month and day; -1 for what is not known."""
    parts = iso.split("-")
    if len(parts) != 3:
        raise ValueError("a date of birth must be written like 1979-09-27")
    year, month, day = (int(part) if part.isdigit() else -1 for part in parts)
    if year >= 0 and not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"a year of birth must be between {FIRST_YEAR} and {LAST_YEAR}")
    return year, month, day


@cache
def _costs(unlike: Callable[[int, int], float], one: int, first: int, last: int) -> Unlike:
    """Unlikeness of one number to all from `first` to `last`."""
    if one < 0:
        return np.full(last - first + 1, UNKNOWN, dtype=np.float32)
    return np.array([unlike(one, two) for two in range(first, last + 1)], dtype=np.float32)


def _day_unlike(one: int, two: int) -> float:
    """Recognisers lose tens (`twenty-first`, `first`), and mix ordinals that sound alike."""
    if one == two:
        return 0.0
    if one % 10 == two % 10 or frozenset({one, two}) in MIXED_DAYS:
        return 0.7
    return DAY


def _year_unlike(one: int, two: int) -> float:
    """Last digits are lost (`1980` of `1984`), teens are heard as tens (`1990` of `1919`)."""
    if one == two:
        return 0.0
    if one % 10 == 0 and one // 10 == two // 10:
        return 0.35
    if one % 10 == 0 and two % 100 == 10 + one % 100 // 10 and one // 100 == two // 100:
        return 0.5
    if sum(a != b for a, b in zip(str(one), str(two), strict=True)) == 1:
        return 1.0
    return YEAR
