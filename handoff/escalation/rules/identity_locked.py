"""The caller may not be helped any more in this call: they failed too often to show who they are."""

from handoff.escalation.finding import Finding
from handoff.escalation.history import History
from handoff.escalation.levels import Level
from handoff.escalation.reasons import WORDS, Reason
from handoff.escalation.weights import Weights


def identity_locked(history: History, weights: Weights) -> Finding | None:
    """Whether identity is locked, and the caller gets nowhere by it."""
    del weights
    last = history.last
    if not history.locked or last is None or not last.stuck:
        return None
    return Finding(Level.HAND_OVER, Reason.IDENTITY_LOCKED, WORDS[Reason.IDENTITY_LOCKED])
