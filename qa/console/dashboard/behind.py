"""The calls behind a figure, as rows of a page and as a list of calls where a filter says the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan

from qa.console.addresses import calls_url
from qa.facts.filter import CallFilter
from qa.facts.types import CallOutcome
from qa.metrics.figure import Figure
from qa.metrics.narrow import Cell
from qa.metrics.period import Period
from qa.metrics.sample import Choice, Sample
from qa.metrics.tables import Places

PAGE = 50
MOST_IN_AN_ADDRESS = 100
OVER = tuple(one for one in CallOutcome if one is not CallOutcome.OPEN)
SAME = {
    "calls": CallFilter(outcomes=OVER),
    "needless_transfers": CallFilter(outcomes=OVER, needless=True),
    "auto_fail": CallFilter(outcomes=OVER, auto_fail=True),
    "containment": CallFilter(outcomes=(CallOutcome.CONTAINED,)),
    **{
        outcome.value: CallFilter(outcomes=(outcome,))
        for outcome in (
            CallOutcome.ABANDONED,
            CallOutcome.HANDED_OVER,
            CallOutcome.CALL_BACK,
            CallOutcome.VOICEMAIL,
            CallOutcome.LOST,
            CallOutcome.REFUSED,
        )
    },
}
"""Metrics behind which are exactly the calls of a filter."""


@dataclass(frozen=True)
class Row:
    """One call. Nothing in it tells who called or what was said."""

    call_id: str
    started: datetime
    """In the company's zone."""
    outcome: str
    intent: str
    queue: str
    duration_s: float | None


def rows_of(sample: Sample, places: Places, period: Period, page: int) -> list[Row]:
    """One page of calls."""
    calls = sample.tables.calls
    return [
        Row(
            calls.call_id[place],
            datetime.fromtimestamp(calls.started[place], period.zone),
            calls.outcome[place],
            calls.intent[place],
            calls.queue[place],
            None if isnan(calls.duration_s[place]) else float(calls.duration_s[place]),
        )
        for place in places[(page - 1) * PAGE : page * PAGE]
    ]


def list_url(
    metric: str, found: Figure, sample: Sample, period: Period, choice: Choice, cell: Cell
) -> str | None:
    """The same calls in the list of calls; None where no filter says the same and they are too many for an address."""
    whole = not choice.playbook and cell == Cell()
    if whole and metric in SAME:
        wanted = SAME[metric].model_copy(
            update={
                "since": period.since,
                "until": period.until,
                "queue": choice.queue or None,
                "intent": choice.intent or None,
            }
        )
        return calls_url(wanted)
    ids: Sequence[str] = [sample.tables.calls.call_id[place] for place in found.behind]
    return calls_url(CallFilter(call_ids=tuple(ids))) if 0 < len(ids) <= MOST_IN_AN_ADDRESS else None
