"""The caller's matter is settled. Where a human took over, they settle it, and `hand_over` judges whether rightly."""

from qa.facts.types import CallOutcome
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call
from qa.scorecards.rules.promises import promises

UNSAID = {
    CallOutcome.OPEN: "The call is not over.",
    CallOutcome.HANDED_OVER: "A human took over.",
    CallOutcome.REFUSED: "There was no room for the call.",
    CallOutcome.LOST: "The call broke off.",
}
"""Outcomes that say nothing about the matter."""
GAVE_UP = {
    CallOutcome.ABANDONED: "The caller hung up before their matter was settled.",
    CallOutcome.ABANDONED_WAITING: "The caller hung up while a human was being reached.",
}


def resolved(call: Call) -> Finding:
    """By how the call ended for its caller."""
    outcome = call.facts.outcome
    last = (Evidence(seq=call.events[-1].seq, words=outcome.value.replace("_", " ")),)
    if outcome in UNSAID:
        return not_applicable(UNSAID[outcome])
    if outcome in GAVE_UP:
        return Finding(Grade.NO, GAVE_UP[outcome], last)
    promised = promises(call)
    if promised or outcome is not CallOutcome.CONTAINED:
        return _promised(call, promised or last)
    if not call.facts.useful:
        return Finding(Grade.NO, "The call ended, and nothing had been done or answered.", last)
    return Finding(Grade.YES, "The assistant brought the matter to its end.", last)


def _promised(call: Call, evidence: tuple[Evidence, ...]) -> Finding:
    match call.facts.call_back_kept:
        case True:
            return Finding(Grade.YES, "The caller was called back as promised.", evidence)
        case False:
            return Finding(Grade.NO, "The promised call-back was not kept.", evidence)
    return Finding(Grade.PARTLY, "People are to see to it later.", evidence)
