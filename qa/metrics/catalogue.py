"""All metrics, in the order in which they are shown."""

from collections.abc import Mapping

from qa.metrics import capacity, outcomes, people, satisfaction, talk, time_and_cost
from qa.metrics.metric import Metric

SHOWN: tuple[Metric, ...] = (
    *outcomes.METRICS,
    *satisfaction.METRICS,
    *time_and_cost.METRICS,
    *people.METRICS,
    *talk.METRICS,
    *capacity.METRICS,
)
"""Those with a place of their own on the page."""
METRICS: tuple[Metric, ...] = (*SHOWN, *talk.STAGE_METRICS)
BY_ID: Mapping[str, Metric] = {metric.id: metric for metric in METRICS}
HEADLINES = (
    "containment",
    "csat_assistant",
    "repeat_contact",
    "verified_containment_24h",
    "first_contact_resolution",
    "answer_p95",
)
"""First of all, and containment never without the two beside it: much containment that sinks satisfaction, or brings
callers back, is no success."""
