"""Metrics of how long calls took whom, and what that cost."""

from dataclasses import replace

import numpy as np

from qa.metrics import figure
from qa.metrics.figure import Figure
from qa.metrics.metric import Better, Group, Metric, Unit
from qa.metrics.outcomes import DAY_S, contained, not_back, resolved
from qa.metrics.sample import Sample
from qa.metrics.tables import Flags, Numbers

MINUTE_S = 60.0
MILLION = 1e6


def with_human(sample: Sample) -> Flags:
    """Calls in which somebody talked with the caller."""
    return sample.tables.calls.talk_s > 0


def after_call(sample: Sample) -> Numbers:
    """Seconds of after-call work: none where nobody has written down anything."""
    return np.minimum(np.nan_to_num(sample.tables.calls.wrap_up_s), sample.rules.wrap_up_most_s)


def _handling_assistant(sample: Sample) -> Figure:
    calls = sample.tables.calls
    return figure.mean(np.maximum(calls.duration_s - calls.talk_s, 0.0), sample.offered)


def _handling_human(sample: Sample) -> Figure:
    return figure.mean(sample.tables.calls.talk_s + after_call(sample), with_human(sample))


def _handling(sample: Sample) -> Figure:
    return figure.mean(sample.tables.calls.duration_s + after_call(sample), sample.offered)


def language_model_costs_of(sample: Sample) -> Numbers | None:
    """What the language model of each call cost, by the tokens that are told; None where no price is."""
    rates, calls = sample.rules.costs, sample.tables.calls
    if rates is None or rates.language_model is None or not len(calls):
        return None
    prices = rates.language_model
    return calls.tokens_in / MILLION * prices.million_in + calls.tokens_out / MILLION * prices.million_out


def costs_of(sample: Sample) -> Numbers | None:
    """What each call cost; None where nobody has said what things cost.

    The fixed part of a period is shared by all its calls alike.
    """
    rates, calls = sample.rules.costs, sample.tables.calls
    if rates is None or not len(calls):
        return None
    duration = np.nan_to_num(calls.duration_s)
    with_assistant = np.maximum(duration - calls.wait_s - calls.talk_s, 0.0)
    human = calls.briefing_s + calls.talk_s + after_call(sample)
    language_model = language_model_costs_of(sample)
    return (
        duration / MINUTE_S * rates.telephony_minute
        + with_assistant / MINUTE_S * rates.compute_minute
        + human / MINUTE_S * rates.human_minute
        + (0.0 if language_model is None else language_model)
        + sample.days_a_call * rates.fixed_day
    )


def _cost(sample: Sample) -> Figure:
    costs = costs_of(sample)
    if costs is None:
        return figure.unknown()
    found = figure.mean(costs, np.ones(len(costs), dtype=np.bool_))
    total = float(costs.sum())
    return Figure(total, found.count, found.find)


def _cost_per_contact(sample: Sample) -> Figure:
    costs = costs_of(sample)
    return figure.unknown() if costs is None else figure.mean(costs, np.ones(len(costs), dtype=np.bool_))


def _cost_per_resolution(sample: Sample) -> Figure:
    costs = costs_of(sample)
    if costs is None:
        return figure.unknown()
    ripe = sample.tables.calls.started + DAY_S <= sample.now
    settled = resolved(sample) & not_back(sample, DAY_S)
    return figure.per(costs, settled.astype(np.float64), ripe)


def _language_model_cost(sample: Sample) -> Figure:
    costs, calls = language_model_costs_of(sample), sample.tables.calls
    if costs is None:
        return figure.unknown()
    found = figure.mean(costs, np.ones(len(costs), dtype=np.bool_))
    # All calls bear it; to look at are those in which one was asked, the dearest first.
    return replace(found, find=lambda: found.behind[calls.language_model_asked[found.behind] > 0])


def _language_model_untold(sample: Sample) -> Figure:
    calls = sample.tables.calls
    asked = calls.language_model_asked > 0
    found = figure.per(calls.language_model_untold, calls.language_model_asked, asked)
    return replace(found, find=lambda: found.behind[calls.language_model_untold[found.behind] > 0])


def _contained_cost(sample: Sample) -> Figure:
    costs = costs_of(sample)
    return figure.unknown() if costs is None else figure.mean(costs, contained(sample))


METRICS = (
    Metric(
        "handle_time_assistant",
        "AHT, assistant",
        "Seconds of the call without the talk with a human (hold included) ÷ calls offered to the assistant.",
        Unit.SECONDS,
        Better.LOWER,
        Group.TIME,
        _handling_assistant,
    ),
    Metric(
        "handle_time_human",
        "AHT, human",
        "Seconds of talk with a human and of after-call work ÷ calls with such a talk. After-call work is "
        "from the end of the talk to the disposition, and counts up to a limit that the operator sets (10 "
        "minutes).",
        Unit.SECONDS,
        Better.LOWER,
        Group.TIME,
        _handling_human,
    ),
    Metric(
        "handle_time",
        "AHT, blended",
        "Seconds of the whole call and of after-call work ÷ calls offered to the assistant.",
        Unit.SECONDS,
        Better.LOWER,
        Group.TIME,
        _handling,
        amazon="AVG_HANDLE_TIME",
    ),
    Metric(
        "cost",
        "Cost",
        "Over all calls: minutes × telephony rate + minutes with the assistant (without hold) × compute "
        "rate + minutes of briefing, talk and after-call work × human rate + millions of a language model's "
        "tokens × their prices; and days × fixed costs.",
        Unit.MONEY,
        Better.NEITHER,
        Group.COST,
        _cost,
        adds_up=True,
    ),
    Metric(
        "cost_per_contact",
        "Cost per contact",
        "Cost ÷ calls.",
        Unit.MONEY,
        Better.LOWER,
        Group.COST,
        _cost_per_contact,
    ),
    Metric(
        "cost_contained",
        "Cost of a contained call",
        "Cost of contained calls ÷ contained calls.",
        Unit.MONEY,
        Better.LOWER,
        Group.COST,
        _contained_cost,
    ),
    Metric(
        "cost_per_verified_resolution",
        "Cost per verified resolution",
        "Cost of calls that are at least 24 hours old ÷ those of them that were resolved and after which "
        "the same person did not call about the same intent within 24 hours.",
        Unit.MONEY,
        Better.LOWER,
        Group.COST,
        _cost_per_resolution,
    ),
    Metric(
        "language_model_cost",
        "Language model, cost per contact",
        "Millions of tokens that a language model read and wrote, as its provider counted them, × their "
        "prices ÷ calls. Known where the operator has set the prices; of an answer that nobody waited for, "
        "nobody knows the tokens.",
        Unit.MONEY,
        Better.LOWER,
        Group.COST,
        _language_model_cost,
    ),
    Metric(
        "language_model_untold",
        "Language model, tokens not known",
        "Times that a language model was asked and no tokens were told (the answer came too late, it failed, "
        "or its provider does not count) ÷ times that one was asked. So much is missing in its cost.",
        Unit.SHARE,
        Better.LOWER,
        Group.COST,
        _language_model_untold,
    ),
)
