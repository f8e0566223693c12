"""The dialog hands over by itself: it knows the playbook's words, topics, lines and flows."""

from handoff.escalation.finding import Finding
from handoff.escalation.history import History
from handoff.escalation.levels import Level
from handoff.escalation.reasons import WORDS, reason_of
from handoff.escalation.weights import Weights


def decided(history: History, weights: Weights) -> Finding | None:
    """Whether the last decision hands the caller over."""
    del weights
    planned = history.planned
    if planned is None or planned.hand_over is None:
        return None
    reason = reason_of(planned.reason)
    return Finding(Level.HAND_OVER, reason, WORDS[reason], planned.hand_over)
