"""Metrics of what callers said: satisfaction with each part, how many answered, and how it has changed."""

from functools import partial
from math import sqrt

import numpy as np

from qa.facts.types import CallOutcome
from qa.metrics import figure
from qa.metrics.figure import NORMAL_95, Figure
from qa.metrics.metric import Better, Group, Metric, Unit
from qa.metrics.outcomes import contained, ended
from qa.metrics.sample import Sample
from qa.metrics.tables import Flags, Numbers, Places

SATISFIED = 4
"""Of 5: this and more."""
ASSISTANT, AGENT = "assistant", "agent"


def scores(sample: Sample, part: str) -> Numbers:
    """What callers keyed, 1 to 5; not a number where they did not."""
    calls = sample.tables.calls
    return calls.csat_assistant if part == ASSISTANT else calls.csat_agent


def asked(sample: Sample, part: str) -> Flags:
    """Who was asked, from the beginning of the question on."""
    calls = sample.tables.calls
    return calls.asked_assistant if part == ASSISTANT else calls.asked_agent


def csat(sample: Sample, part: str) -> Figure:
    """The share of the satisfied among those who answered."""
    keyed = scores(sample, part)
    return figure.share(keyed >= SATISFIED, ~np.isnan(keyed))


def _response(sample: Sample, part: str) -> Figure:
    return figure.share(~np.isnan(scores(sample, part)), asked(sample, part))


def _of_contained(sample: Sample) -> Figure:
    keyed = scores(sample, ASSISTANT)
    return figure.share(keyed >= SATISFIED, ~np.isnan(keyed) & contained(sample))


def _of_transferred(sample: Sample) -> Figure:
    keyed = scores(sample, ASSISTANT)
    return figure.share(keyed >= SATISFIED, ~np.isnan(keyed) & ended(sample, CallOutcome.HANDED_OVER))


def _strata(sample: Sample, part: str) -> dict[tuple[str, str], Places]:
    """The answers by queue and intent: those that can be compared with each other."""
    calls = sample.tables.calls
    found: dict[tuple[str, str], list[int]] = {}
    for place in np.flatnonzero(~np.isnan(scores(sample, part))):
        found.setdefault((calls.queue[place], calls.intent[place]), []).append(int(place))
    return {key: np.array(places, dtype=np.intp) for key, places in found.items()}


def change(sample: Sample, part: str) -> Figure:
    """How satisfaction has changed since the period before, as if callers had called for the same as now.

    Within each queue and intent that has answers in both periods, the difference of the shares; their mean, weighted by
    the answers of now. The interval is the weighted sum's, each share with one more answer of each kind (Agresti and
    Caffo), so that few answers make it wide.
    """
    if sample.before is None:
        return figure.unknown()
    now, then = _strata(sample, part), _strata(sample.before, part)
    both = [key for key in now if key in then]
    total = sum(len(now[key]) for key in both)
    if not total:
        return figure.unknown()
    value = variance = 0.0
    for key in both:
        weight = len(now[key]) / total
        of_now = scores(sample, part)[now[key]] >= SATISFIED
        of_then = scores(sample.before, part)[then[key]] >= SATISFIED
        value += weight * float(of_now.mean() - of_then.mean())
        variance += weight**2 * (_variance(of_now) + _variance(of_then))
    error = sqrt(variance)
    behind = np.sort(np.concatenate([now[key] for key in both]))
    low, high = max(-1.0, value - NORMAL_95 * error), min(1.0, value + NORMAL_95 * error)
    return Figure(value, total, lambda: behind, error=error, low=low, high=high)


def _variance(satisfied: Flags) -> float:
    count = len(satisfied) + 2
    part = (float(satisfied.sum()) + 1) / count
    return part * (1 - part) / count


def _both(part: str, whose: str) -> tuple[Metric, ...]:
    return (
        Metric(
            f"csat_{part}",
            f"CSAT, {whose}",
            f"Answers of 4 or 5 ÷ answers to the question how {whose} was.",
            Unit.SHARE,
            Better.HIGHER,
            Group.SATISFACTION,
            partial(csat, part=part),
        ),
        Metric(
            f"csat_response_{part}",
            f"Response rate, {whose}",
            f"Callers who answered ÷ callers who were asked how {whose} was, from the beginning of the question on.",
            Unit.SHARE,
            Better.HIGHER,
            Group.SATISFACTION,
            partial(_response, part=part),
        ),
        Metric(
            f"csat_change_{part}",
            f"Change of CSAT, {whose}",
            "CSAT now − CSAT in the period before, within the same queue and intent, weighted by how often "
            "each is answered now; only queues and intents with answers in both periods. With a 95 % "
            "interval.",
            Unit.POINTS,
            Better.HIGHER,
            Group.SATISFACTION,
            partial(change, part=part),
        ),
    )


METRICS = (
    *_both(ASSISTANT, "the assistant"),
    Metric(
        "csat_contained",
        "CSAT of contained calls",
        "Answers of 4 or 5 ÷ answers to the question how the assistant was, in contained calls.",
        Unit.SHARE,
        Better.HIGHER,
        Group.SATISFACTION,
        _of_contained,
    ),
    Metric(
        "csat_transferred",
        "CSAT of calls handed over",
        "Answers of 4 or 5 ÷ answers to the question how the assistant was, in calls that a human talked in.",
        Unit.SHARE,
        Better.HIGHER,
        Group.SATISFACTION,
        _of_transferred,
    ),
    *_both(AGENT, "the agent"),
)
