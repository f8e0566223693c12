"""A person takes over when one is due, and only then."""

from collections.abc import Iterator

from calls.events import CallDisposed, EscalationJudged, TransferRequested, TurnPlanned
from dialog.reasons import Reason
from qa.facts.types import CallOutcome
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call
from qa.scorecards.rules.promises import promises

HAND_OVER = "hand_over"
BY_PROMISE = "call_back"
"""The kind of a transfer that keeps a promise: it was due when it was made."""


def hand_over(call: Call) -> Finding:
    """By what the dialog and escalation found, by what the caller asked for, and by what the agent says of it."""
    needless = next((one for one in call.of(CallDisposed) if one.body.needless), None)
    if needless is not None:
        evidence = (Evidence(seq=needless.seq, words=f"needless, says {needless.body.agent}"),)
        return Finding(Grade.NO, "The agent says that the assistant could have done it.", evidence)
    due = tuple(sorted(_due(call), key=lambda one: one.seq))
    requested = [one for one in call.of(TransferRequested) if one.body.kind != BY_PROMISE]
    if not due and not requested:
        return not_applicable("No person was due, and none was asked to take over.")
    if not due:
        return _uncalled_for(call)
    reached = [*(one.seq for one in requested), *(one.seq for one in promises(call))]
    if any(seq >= due[0].seq for seq in reached):
        return Finding(Grade.YES, "A person was due, and was asked to take over.", due[:1])
    if call.facts.outcome is CallOutcome.CONTAINED and call.facts.useful:
        return Finding(Grade.PARTLY, "A person was due; the matter ended without one.", due[:1])
    return Finding(Grade.NO, "A person was due, and none was asked to take over.", due[:1])


def _due(call: Call) -> Iterator[Evidence]:
    asked = 0
    for planned in call.of(TurnPlanned):
        body = planned.body
        if body.hand_over is not None and body.reason != Reason.FAULT:
            yield Evidence(seq=planned.seq, words=f"handed over: {_readable(body.reason)}")
        count = body.state.get("asked_for_person")
        if isinstance(count, int) and count > asked:
            asked = count
            yield Evidence(seq=planned.seq, words="the caller asks for a person")
    for judged in call.of(EscalationJudged):
        if judged.body.level == HAND_OVER:
            yield Evidence(seq=judged.seq, words=judged.body.words or _readable(judged.body.reasons[0]))


def _uncalled_for(call: Call) -> Finding:
    requested = [one for one in call.of(TransferRequested) if one.body.kind != BY_PROMISE]
    evidence = tuple(Evidence(seq=one.seq, words=_readable(one.body.reason)) for one in requested)
    return Finding(
        Grade.NO, "A person was asked to take over, and nothing before it called for one.", evidence
    )


def _readable(reason: str | None) -> str:
    return (reason or "no reason is told").replace("_", " ")
