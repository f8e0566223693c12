"""Nearly every turn had to be asked again, repeated or corrected."""

from handoff.escalation.finding import Finding
from handoff.escalation.history import History
from handoff.escalation.levels import Level
from handoff.escalation.reasons import Reason
from handoff.escalation.weights import Weights


def too_many_repairs(history: History, weights: Weights) -> Finding | None:
    """Whether that many turns of the window had a repair, the newest among them."""
    turns = history.turns[-weights.window :]
    repaired = sum(turn.repair != "none" for turn in turns)
    if repaired < weights.floors.repairs or turns[-1].repair == "none":
        return None
    words = f"{repaired} of the last {len(turns)} turns had to be asked again or corrected"
    return Finding(Level.HAND_OVER, Reason.TOO_MANY_REPAIRS, words)
