"""Metrics of waiting for people and of handing over to them."""

import numpy as np

from handoff.transfer.types import Kind, Outcome
from qa.facts.details import TALKED
from qa.metrics import figure
from qa.metrics.figure import Figure
from qa.metrics.metric import Better, Group, Metric, Unit
from qa.metrics.sample import Sample
from qa.metrics.tables import Flags, Names

WAITING = (Kind.WARM.value, Kind.COLD.value)
"""Kinds of transfers in which a caller waits for somebody to talk with."""
GONE = (Outcome.CALLER_GONE.value, "")
"""Outcomes that say that the caller hung up; a call that is over while its transfer was not is one of those."""


def among(names: Names, of: tuple[str, ...]) -> Flags:
    """Which names are among some."""
    found = np.zeros(len(names), dtype=np.bool_)
    for one in of:
        found |= np.equal(names, one).astype(np.bool_)
    return found


def queued(sample: Sample) -> Flags:
    """The transfers in which a caller waited."""
    return among(sample.tables.transfers.kind, WAITING)


def taken(sample: Sample) -> Flags:
    """The transfers after which caller and human talked."""
    answered = among(sample.tables.transfers.outcome, tuple(one.value for one in TALKED))
    return queued(sample) & answered


def _gone(sample: Sample) -> Flags:
    return queued(sample) & among(sample.tables.transfers.outcome, GONE)


def _asa(sample: Sample) -> Figure:
    transfers = sample.tables.transfers
    return figure.mean(transfers.wait_s, taken(sample), transfers.call)


def _abandonment(sample: Sample) -> Figure:
    return figure.share(_gone(sample), queued(sample), sample.tables.transfers.call)


def _service_level(sample: Sample) -> Figure:
    transfers, level = sample.tables.transfers, sample.rules.service_level
    answered = taken(sample)
    waited = _gone(sample) & ~(transfers.wait_s < level.short_abandon_s)
    in_time = answered & (transfers.wait_s <= level.within_s)
    return figure.share(in_time, answered | waited, transfers.call)


def _transfers(sample: Sample) -> Figure:
    every = np.ones(len(sample.tables.transfers), dtype=np.bool_)
    return figure.counted(every, sample.tables.transfers.call)


def _rate(sample: Sample) -> Figure:
    with_one = np.zeros(len(sample.tables.calls), dtype=np.bool_)
    with_one[sample.tables.transfers.call[queued(sample)]] = True
    return figure.share(with_one, sample.offered)


def _success(sample: Sample) -> Figure:
    return figure.share(taken(sample), queued(sample), sample.tables.transfers.call)


def _declined(sample: Sample) -> Figure:
    transfers = sample.tables.transfers
    rung, declined = float(transfers.rung.sum()), float(transfers.declined.sum())
    if not rung:
        return figure.unknown()
    with_one = figure.counted(transfers.declined > 0, transfers.call)
    return Figure(declined / rung, int(rung), with_one.find)


def _briefing(sample: Sample) -> Figure:
    transfers = sample.tables.transfers
    every = np.ones(len(transfers), dtype=np.bool_)
    return figure.mean(transfers.briefing_s, every, transfers.call)


def _needless(sample: Sample) -> Figure:
    needless = sample.tables.calls.needless
    return figure.share(needless == 1, ~np.isnan(needless))


METRICS = (
    Metric(
        "average_speed_of_answer",
        "ASA, average speed of answer",
        "Seconds on hold of callers who then talked with a human ÷ their number. Warm and cold transfers.",
        Unit.SECONDS,
        Better.LOWER,
        Group.QUEUE,
        _asa,
        amazon="AVG_QUEUE_ANSWER_TIME",
    ),
    Metric(
        "service_level",
        "Service level",
        "Callers who talked with a human after at most X s ÷ (callers who did + callers who hung up while "
        "they waited, without those who hung up within the first seconds). X and the seconds are set by "
        "the operator (20 s and 5 s).",
        Unit.SHARE,
        Better.HIGHER,
        Group.QUEUE,
        _service_level,
        amazon="SERVICE_LEVEL",
    ),
    Metric(
        "abandonment",
        "Abandonment in the queue",
        "Callers who hung up while they waited for a human ÷ callers who waited. A wish for a call-back, a "
        "message, or to stay with the assistant is no abandonment. Who gave up with the assistant is "
        "counted apart.",
        Unit.SHARE,
        Better.LOWER,
        Group.QUEUE,
        _abandonment,
        amazon="ABANDONMENT_RATE",
    ),
    Metric(
        "transfers",
        "Transfers",
        "Transfers that were asked for, of every kind, call-backs and consultations included.",
        Unit.COUNT,
        Better.NEITHER,
        Group.QUEUE,
        _transfers,
        adds_up=True,
    ),
    Metric(
        "transfer_rate",
        "Transfer rate",
        "Calls with a warm or cold transfer ÷ calls offered to the assistant.",
        Unit.SHARE,
        Better.NEITHER,
        Group.QUEUE,
        _rate,
    ),
    Metric(
        "transfer_success",
        "Transfer success",
        "Warm and cold transfers after which caller and human talked ÷ warm and cold transfers.",
        Unit.SHARE,
        Better.HIGHER,
        Group.QUEUE,
        _success,
    ),
    Metric(
        "declines",
        "Declined by agents",
        "Times that an agent declined ÷ times that an agent was rung.",
        Unit.SHARE,
        Better.LOWER,
        Group.QUEUE,
        _declined,
    ),
    Metric(
        "briefing",
        "Length of the briefing",
        "Seconds of the last briefing of each transfer that had one ÷ their number.",
        Unit.SECONDS,
        Better.LOWER,
        Group.QUEUE,
        _briefing,
    ),
    Metric(
        "needless_transfers",
        "Needless transfers",
        "Calls of which the agent says that the assistant could have done it ÷ calls of which an agent has "
        "said anything.",
        Unit.SHARE,
        Better.LOWER,
        Group.QUEUE,
        _needless,
    ),
)
