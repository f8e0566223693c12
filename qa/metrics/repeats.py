"""Who called again about the same."""

from collections.abc import Callable, Sequence
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from qa.metrics.rows import CallRow

Seconds = NDArray[np.float64]


def returns(rows: Sequence[CallRow]) -> tuple[Seconds, Seconds]:
    """For each call, the seconds to the next and from the last call by the same person about the same intent.

    Two calls are the same person's when they have the caller's number or the identified customer in common. Infinite
    where there is no such call; not a number where the caller or the intent is not known. From start to start.
    """
    following, preceding = np.full(len(rows), nan), np.full(len(rows), nan)
    for who in (_number, _customer):
        for places in _same(rows, who):
            _measure(rows, places, following, preceding)
    return following, preceding


def _number(row: CallRow) -> str:
    return row.caller


def _customer(row: CallRow) -> str:
    return row.customer


def _same(rows: Sequence[CallRow], who: Callable[[CallRow], str]) -> list[list[int]]:
    """The places of calls by the same person about the same, each group in the order of time."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        if row.intent and who(row):
            groups.setdefault((who(row), row.intent), []).append(place)
    for places in groups.values():
        places.sort(key=lambda place: (rows[place].started, rows[place].call_id))
    return list(groups.values())


def _measure(rows: Sequence[CallRow], places: list[int], following: Seconds, preceding: Seconds) -> None:
    for at, place in enumerate(places):
        started = rows[place].started
        after = rows[places[at + 1]].started - started if at + 1 < len(places) else inf
        before = started - rows[places[at - 1]].started if at else inf
        following[place] = np.fmin(following[place], after)
        preceding[place] = np.fmin(preceding[place], before)
