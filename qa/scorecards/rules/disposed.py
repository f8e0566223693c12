"""Whoever took the call has said what came of it."""

from calls.events import CallDisposed, TransferEnded, TransferLeg
from handoff.transfer.types import LegState
from qa.facts.types import CallOutcome
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call

OTHER = "other"
"""A disposition that tells nothing."""


def disposed(call: Call) -> Finding:
    """By the disposition of a call that one of our own agents took; outside queues have no desk."""
    own = [
        one
        for one in call.of(TransferLeg)
        if one.body.agent is not None and one.body.state == LegState.ACCEPTED
    ]
    if call.facts.outcome is not CallOutcome.HANDED_OVER or not own:
        return not_applicable("No agent of ours took the call.")
    told = call.of(CallDisposed)
    if not told:
        ended = call.of(TransferEnded)[-1]
        evidence = (Evidence(seq=ended.seq, words="the talk is over"),)
        return Finding(Grade.NO, "Nobody has said what came of the call.", evidence)
    last = told[-1]
    evidence = (Evidence(seq=last.seq, words=last.body.disposition.replace("_", " ")),)
    if last.body.disposition == OTHER and not last.body.note:
        return Finding(Grade.PARTLY, "The call is finished as something else, without a note.", evidence)
    return Finding(Grade.YES, "The agent has said what came of the call.", evidence)
