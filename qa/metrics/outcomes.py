"""Metrics of what became of callers: contained, resolved, come back, lost."""

from functools import partial

import numpy as np

from qa.facts.types import CallOutcome
from qa.metrics import figure
from qa.metrics.figure import Figure
from qa.metrics.metric import Better, Group, Metric, Unit
from qa.metrics.sample import Sample
from qa.metrics.tables import Flags

DAY_S = 86400.0
WEEK_S = 7 * DAY_S


def ended(sample: Sample, outcome: CallOutcome) -> Flags:
    """The calls of one outcome."""
    return sample.ended(outcome)


def contained(sample: Sample) -> Flags:
    """Those that the assistant alone has brought to their end."""
    return ended(sample, CallOutcome.CONTAINED)


def followed(sample: Sample, window_s: float) -> Flags:
    """Those of which it is known by now whether the same person called again in time about the same."""
    calls = sample.tables.calls
    return ~np.isnan(calls.next_s) & (calls.started + window_s <= sample.now)


def not_back(sample: Sample, window_s: float) -> Flags:
    """Those after which nobody called again about the same. Where nobody can tell who called, nobody is known to."""
    return ~(sample.tables.calls.next_s <= window_s)


def resolved(sample: Sample) -> Flags:
    """Those whose matter was settled, as far as the call itself tells."""
    calls = sample.tables.calls
    by_assistant = contained(sample) & calls.useful
    unsolved = np.isin(calls.disposition.astype(str), sample.rules.unsolved)
    return by_assistant | (ended(sample, CallOutcome.HANDED_OVER) & ~unsolved)


def _calls(sample: Sample) -> Figure:
    return figure.counted(np.ones(len(sample.tables.calls), dtype=np.bool_))


def _automation(sample: Sample) -> Figure:
    return figure.share(sample.tables.calls.useful, sample.offered)


def _containment(sample: Sample) -> Figure:
    return figure.share(contained(sample), sample.offered)


def _verified(sample: Sample, window_s: float) -> Figure:
    ripe = sample.offered & (sample.tables.calls.started + window_s <= sample.now)
    return figure.share(contained(sample) & not_back(sample, window_s), ripe)


def _resolution(sample: Sample) -> Figure:
    return figure.share(resolved(sample), sample.offered)


def _confirmed(sample: Sample) -> Figure:
    by_assistant = contained(sample) & sample.tables.calls.useful
    return figure.share(by_assistant & sample.tables.calls.confirmed, by_assistant)


def _first_contact(sample: Sample) -> Figure:
    first = sample.offered & followed(sample, WEEK_S) & (sample.tables.calls.last_s > WEEK_S)
    return figure.share(resolved(sample) & not_back(sample, WEEK_S), first)


def _repeat(sample: Sample) -> Figure:
    return figure.share(sample.tables.calls.next_s <= WEEK_S, sample.offered & followed(sample, WEEK_S))


def _of_outcome(sample: Sample, outcome: CallOutcome) -> Figure:
    return figure.share(ended(sample, outcome), sample.offered)


def _outcome_metric(name: str, outcome: CallOutcome, formula: str, better: Better) -> Metric:
    reckon = partial(_of_outcome, outcome=outcome)
    return Metric(outcome.value, name, formula, Unit.SHARE, better, Group.OUTCOMES, reckon)


OFFERED = (
    "calls offered to the assistant (all that are over, without those that were refused for want of room)"
)
METRICS = (
    Metric(
        "calls",
        "Calls",
        "Calls that began in the period and are over.",
        Unit.COUNT,
        Better.NEITHER,
        Group.OUTCOMES,
        _calls,
        adds_up=True,
        amazon="CONTACTS_CREATED",
    ),
    Metric(
        "automation",
        "Automation rate",
        "Calls in which the assistant did or answered something (an action done, an answer from an "
        f"article) ÷ {OFFERED}.",
        Unit.SHARE,
        Better.HIGHER,
        Group.OUTCOMES,
        _automation,
    ),
    Metric(
        "containment",
        "Containment",
        f"Calls that the assistant alone brought to their end ÷ {OFFERED}. Not contained: talks with a "
        "human, call-backs, messages, callers who gave up, calls that broke off.",
        Unit.SHARE,
        Better.HIGHER,
        Group.OUTCOMES,
        _containment,
        amazon="PERCENT_BOT_CONVERSATIONS_OUTCOME",
    ),
    Metric(
        "verified_containment_24h",
        "Verified containment, 24 h",
        "Contained calls after which the same person did not call about the same intent within 24 hours ÷ "
        "calls offered at least 24 hours ago. The same person: the same number, or the same identified "
        "customer.",
        Unit.SHARE,
        Better.HIGHER,
        Group.OUTCOMES,
        partial(_verified, window_s=DAY_S),
    ),
    Metric(
        "verified_containment_7d",
        "Verified containment, 7 d",
        "Contained calls after which the same person did not call about the same intent within 7 days ÷ "
        "calls offered at least 7 days ago.",
        Unit.SHARE,
        Better.HIGHER,
        Group.OUTCOMES,
        partial(_verified, window_s=WEEK_S),
    ),
    Metric(
        "resolution",
        "Resolution",
        "Contained calls in which the assistant did or answered something, and talks with a human whose "
        f"disposition does not say that the matter is unsettled ÷ {OFFERED}.",
        Unit.SHARE,
        Better.HIGHER,
        Group.OUTCOMES,
        _resolution,
    ),
    Metric(
        "resolution_confirmed",
        "Resolution confirmed",
        "Resolved by the assistant and the caller said that nothing was left ÷ resolved by the assistant. "
        "The rest is assumed: the caller hung up without asking more.",
        Unit.SHARE,
        Better.HIGHER,
        Group.OUTCOMES,
        _confirmed,
    ),
    Metric(
        "first_contact_resolution",
        "First contact resolution",
        "Resolved calls without another call by the same person about the same intent in the 7 days after "
        "÷ first contacts (known caller and intent, no such call in the 7 days before) that are at least 7 "
        "days old.",
        Unit.SHARE,
        Better.HIGHER,
        Group.OUTCOMES,
        _first_contact,
        amazon="PERCENT_CASES_FIRST_CONTACT_RESOLVED",
    ),
    Metric(
        "repeat_contact",
        "Repeat contact",
        "Calls after which the same person called about the same intent within 7 days ÷ calls offered with "
        "known caller and intent that are at least 7 days old.",
        Unit.SHARE,
        Better.LOWER,
        Group.OUTCOMES,
        _repeat,
    ),
    _outcome_metric(
        "Abandoned with the assistant",
        CallOutcome.ABANDONED,
        "Callers who hung up in the middle of a matter, after a question that nothing answered, or before "
        f"anything had come of the call ÷ {OFFERED}.",
        Better.LOWER,
    ),
    _outcome_metric(
        "Talked with a human",
        CallOutcome.HANDED_OVER,
        f"Calls in which the caller talked with a human, or was put through ÷ {OFFERED}.",
        Better.NEITHER,
    ),
    _outcome_metric(
        "Call-backs promised",
        CallOutcome.CALL_BACK,
        f"Calls that ended with the promise of a call-back ÷ {OFFERED}.",
        Better.NEITHER,
    ),
    _outcome_metric(
        "Messages left",
        CallOutcome.VOICEMAIL,
        f"Calls that ended with a message ÷ {OFFERED}.",
        Better.NEITHER,
    ),
    _outcome_metric("Broken off", CallOutcome.LOST, f"Calls that broke off ÷ {OFFERED}.", Better.LOWER),
)
