"""Metrics of room for calls: how many went on at once, and for how many there was no room."""

from zoneinfo import ZoneInfo

import numpy as np

from qa.facts.types import CallOutcome
from qa.metrics import figure
from qa.metrics.figure import Figure
from qa.metrics.metric import Better, Group, Metric, Unit
from qa.metrics.outcomes import ended
from qa.metrics.sample import Sample, local_hours
from qa.metrics.tables import Numbers


def at_once(sample: Sample) -> Numbers:
    """For each call, how many went on when it began, itself included; calls that began earlier in the "
    "sample count."""
    calls = sample.tables.calls
    served = sample.offered & ~np.isnan(calls.ended)
    began, over = np.sort(calls.started[served]), np.sort(calls.ended[served])
    # A call that ends at the very moment has made room.
    going_on = np.searchsorted(began, calls.started, side="right") - np.searchsorted(
        over, calls.started, side="right"
    )
    return np.where(served, np.maximum(going_on, 1), np.nan)


def _peak(sample: Sample) -> Figure:
    going_on = at_once(sample)
    if np.isnan(going_on).all():
        return figure.unknown()
    most = float(np.nanmax(going_on))
    return Figure(most, int((~np.isnan(going_on)).sum()), lambda: np.flatnonzero(going_on == most))


def _refused(sample: Sample) -> Figure:
    every = np.ones(len(sample.tables.calls), dtype=np.bool_)
    return figure.share(ended(sample, CallOutcome.REFUSED), every)


def by_hour(sample: Sample, zone: ZoneInfo) -> list[tuple[int, int, int, int]]:
    """For each hour of the local day: calls served, the most at once, and those refused."""
    going_on, refused = at_once(sample), ended(sample, CallOutcome.REFUSED)
    _, hours = local_hours(sample, zone)
    rows = []
    for hour in range(24):
        then = hours == hour
        most = going_on[then & ~np.isnan(going_on)]
        rows.append((hour, len(most), int(most.max()) if len(most) else 0, int((refused & then).sum())))
    return rows


METRICS = (
    Metric(
        "peak_calls",
        "Most calls at once",
        "The most calls that went on at the same time. Behind it are the calls that began at that moment.",
        Unit.COUNT,
        Better.NEITHER,
        Group.CAPACITY,
        _peak,
    ),
    Metric(
        "refused",
        "No room",
        "Calls for which there was no room (they waited elsewhere or were called back) ÷ all calls that are over.",
        Unit.SHARE,
        Better.LOWER,
        Group.CAPACITY,
        _refused,
    ),
)
