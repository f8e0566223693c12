"""The same thing fails again and again in the company's systems."""

from handoff.escalation.finding import Finding
from handoff.escalation.history import History
from handoff.escalation.levels import Level
from handoff.escalation.reasons import Reason
from handoff.escalation.weights import Weights


def action_failed(history: History, weights: Weights) -> Finding | None:
    """Whether an action failed so often, and has just done so."""
    last = history.last
    if last is None or not history.failed_at or history.failed_at[-1] != last.number:
        return None
    most = max(history.failed.values())
    if most < weights.floors.failures:
        return None
    action = next(name for name, count in history.failed.items() if count == most)
    return Finding(Level.HAND_OVER, Reason.ACTION_FAILED_TWICE, f"{action} failed {most} times")
