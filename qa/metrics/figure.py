"""A figure: its value, how sure it is, and the calls behind it. How shares, means and percentiles become one. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np

from qa.metrics.tables import Flags, Numbers, Places

NORMAL_95 = 1.959964
"""How many standard errors 95 % of a normal distribution lie within."""


Find = Callable[[], Places]
"""Finds calls, as places in the sample's table. Not before somebody wants to see them: a trend has many figures."""


def nobody() -> Places:
    """No calls."""
    return np.zeros(0, dtype=np.intp)


@dataclass(frozen=True)
class Figure:
    """What a metric comes to."""

    value: float | None
    """None where there is nothing to reckon it from: an unknown is never a zero."""
    count: int
    """How many calls, transfers or answers it is reckoned from."""
    find: Find = nobody
    find_others: Find = nobody
    error: float | None = None
    """The standard error; None where there is none to speak of."""
    low: float | None = None
    high: float | None = None
    """A 95 % interval, of metrics that are a change."""

    @property
    def behind(self) -> Places:
        """The calls behind it: of a mean, the largest first."""
        return self.find()

    @property
    def others(self) -> Places:
        """Of a share: the calls that were counted and are not in it."""
        return self.find_others()


def unknown(count: int = 0) -> Figure:
    """Nobody can tell."""
    return Figure(None, count)


def counted(wanted: Flags, call: Places | None = None) -> Figure:
    """How many there are."""
    return Figure(float(wanted.sum()), int(wanted.sum()), partial(_calls, wanted, call))


def share(hits: Flags, of: Flags, call: Places | None = None) -> Figure:
    """Which part of some are so: 0 to 1. `call` gives the call of each row, where rows are no calls."""
    hits = hits & of
    count = int(of.sum())
    if not count:
        return unknown()
    found = int(hits.sum())
    # With one more of each kind, so that three of three are not certain.
    shrunk = (found + 1) / (count + 2)
    error = sqrt(shrunk * (1 - shrunk) / (count + 2))
    return Figure(found / count, count, partial(_calls, hits, call), partial(_calls, of & ~hits, call), error)


def mean(values: Numbers, of: Flags, call: Places | None = None) -> Figure:
    """The mean of those values that are known."""
    known = of & ~np.isnan(values)
    count = int(known.sum())
    if not count:
        return unknown()
    of_these = values[known]
    error = float(of_these.std(ddof=1)) / sqrt(count) if count > 1 else None
    return Figure(float(of_these.mean()), count, partial(_largest, values, known, call), error=error)


def per(parts: Numbers, whole: Numbers, of: Flags) -> Figure:
    """The sum of one by the sum of the other, over calls that have both."""
    known = of & ~np.isnan(parts) & ~np.isnan(whole)
    below = float(whole[known].sum())
    if not below:
        return unknown(int(known.sum()))
    value = float(parts[known].sum()) / below
    error = None
    count = int(known.sum())
    if count > 1:
        # Of a ratio of sums: the spread of what each call has more or less than its part of the whole.
        rest = parts[known] - value * whole[known]
        error = sqrt(count * float(rest.var(ddof=1))) / below
    return Figure(value, count, partial(_largest, parts, known, None), error=error)


def percentile_of(values: Numbers, percent: float, call: Places) -> Figure:
    """A percentile of some answers. Behind it are the calls with an answer that took at least so long."""
    count = len(values)
    if not count:
        return unknown()
    value = float(np.percentile(values, percent))
    part = percent / 100
    # The ranks between which the percentile lies with 95 %, by the binomial distribution.
    spread = NORMAL_95 * sqrt(count * part * (1 - part))
    ordered = np.sort(values)
    low, high = (min(count - 1, max(0, round(count * part + sign * spread))) for sign in (-1, 1))
    error = float(ordered[high] - ordered[low]) / (2 * NORMAL_95)
    return Figure(round(value, 3), count, partial(_largest, values, values >= value, call), error=error)


def _calls(wanted: Flags, call: Places | None) -> Places:
    return np.flatnonzero(wanted) if call is None else np.unique(call[wanted])


def _largest(values: Numbers, wanted: Flags, call: Places | None) -> Places:
    places = np.flatnonzero(wanted)
    places = places[np.argsort(-values[places], kind="stable")]
    if call is None:
        return places
    calls = call[places]
    _, first = np.unique(calls, return_index=True)
    return calls[np.sort(first)]
