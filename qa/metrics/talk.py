"""Metrics of how fast the assistant answered, how the talk went, and what quality assurance found of it."""

from dataclasses import replace
from functools import partial

import numpy as np

from qa.metrics import figure
from qa.metrics.figure import Figure
from qa.metrics.metric import Better, Group, Metric, Unit
from qa.metrics.sample import Sample
from qa.metrics.tables import Flags

PERCENTS = (50, 95, 99)
STAGES = {
    "end_of_turn": "End of turn",
    "transcript": "Transcript",
    "plan": "Plan",
    "action": "Action",
    "first_audio": "First audio",
}
"""By name in `turn.answered`, in the order in which they come; they may overlap."""


def _answered(sample: Sample, percent: int) -> Figure:
    answers = sample.tables.answers
    return figure.percentile_of(answers.seconds, percent, answers.call)


def _staged(sample: Sample, stage: str, percent: int) -> Figure:
    answers = sample.tables.stages.get(stage)
    return (
        figure.unknown() if answers is None else figure.percentile_of(answers.seconds, percent, answers.call)
    )


def _talked(sample: Sample) -> Flags:
    """Calls in which the caller had a turn."""
    return sample.offered & (sample.tables.calls.turns > 0)


def _interruptions(sample: Sample) -> Figure:
    return figure.mean(sample.tables.calls.interruptions, _talked(sample))


def _no_match(sample: Sample) -> Figure:
    calls = sample.tables.calls
    return figure.per(calls.no_match, calls.turns, _talked(sample))


def _turns(sample: Sample) -> Figure:
    return figure.mean(sample.tables.calls.turns, _talked(sample))


def _non_talk(sample: Sample) -> Figure:
    calls = sample.tables.calls
    with_assistant = np.maximum(calls.duration_s - calls.wait_s - calls.talk_s, 0.0)
    silent = np.maximum(with_assistant - calls.speech_s, 0.0)
    return figure.per(silent, with_assistant, _talked(sample))


def _scored(sample: Sample) -> Flags:
    return ~np.isnan(sample.tables.calls.score)


def _score(sample: Sample) -> Figure:
    # The worst first: those are the calls to look at.
    found = figure.mean(sample.tables.calls.score, _scored(sample) & ~sample.tables.calls.auto_fail)
    return replace(found, find=lambda: found.behind[::-1])


def _auto_fail(sample: Sample) -> Figure:
    return figure.share(sample.tables.calls.auto_fail, _scored(sample))


def _coverage(sample: Sample) -> Figure:
    return figure.share(_scored(sample), sample.offered)


ANSWER_METRICS = tuple(
    Metric(
        f"answer_p{percent}",
        f"Answer, p{percent}",
        f"The {percent}th percentile over all answers: from the caller's last sound to our first.",
        Unit.SECONDS,
        Better.LOWER,
        Group.ANSWERS,
        partial(_answered, percent=percent),
    )
    for percent in PERCENTS
)
STAGE_METRICS = tuple(
    Metric(
        f"{stage}_p{percent}",
        f"{name}, p{percent}",
        f"The {percent}th percentile of this stage over all answers that had it. Stages may overlap.",
        Unit.SECONDS,
        Better.LOWER,
        Group.ANSWERS,
        partial(_staged, stage=stage, percent=percent),
    )
    for stage, name in STAGES.items()
    for percent in PERCENTS
)
"""Shown as one table."""
METRICS = (
    *ANSWER_METRICS,
    Metric(
        "interruptions",
        "Interruptions",
        "Times that callers cut the assistant off ÷ calls in which the caller had a turn.",
        Unit.NUMBER,
        Better.LOWER,
        Group.TURNS,
        _interruptions,
    ),
    Metric(
        "no_match",
        "Not understood",
        "Turns of the caller that were not understood ÷ turns of the caller.",
        Unit.SHARE,
        Better.LOWER,
        Group.TURNS,
        _no_match,
    ),
    Metric(
        "turns",
        "Turns a call",
        "Turns of the caller, spoken, keyed or silent ÷ calls in which the caller had a turn.",
        Unit.NUMBER,
        Better.NEITHER,
        Group.TURNS,
        _turns,
        amazon="AVG_BOT_CONVERSATION_TURNS",
    ),
    Metric(
        "non_talk",
        "Nobody speaks",
        "Seconds with the assistant in which neither caller nor assistant spoke ÷ seconds with the "
        "assistant, hold not counted. Calls whose sentences have their places.",
        Unit.SHARE,
        Better.LOWER,
        Group.TURNS,
        _non_talk,
        amazon="PERCENT_NON_TALK_TIME",
    ),
    Metric(
        "qa_score",
        "QA score",
        "Points by the rules of the scorecard ÷ calls that have any. A call that fails automatically has "
        "none of its points.",
        Unit.SCORE,
        Better.HIGHER,
        Group.QUALITY,
        _score,
        amazon="AVG_EVALUATION_SCORE",
    ),
    Metric(
        "auto_fail",
        "Automatic fails",
        "Calls that broke a rule which must not be broken ÷ calls with a score.",
        Unit.SHARE,
        Better.LOWER,
        Group.QUALITY,
        _auto_fail,
        amazon="PERCENT_AUTOMATIC_FAILS",
    ),
    Metric(
        "qa_coverage",
        "Scored calls",
        "Calls with a score ÷ calls offered to the assistant.",
        Unit.SHARE,
        Better.HIGHER,
        Group.QUALITY,
        _coverage,
    ),
)
