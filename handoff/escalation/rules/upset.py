"""The caller is upset, and not only for one turn. Most who are not served well never sound so: the score has them."""

from handoff.escalation.finding import Finding
from handoff.escalation.history import History
from handoff.escalation.levels import Level
from handoff.escalation.reasons import Reason
from handoff.escalation.weights import Weights

OFFER_TURNS = 2


def upset(history: History, weights: Weights) -> Finding | None:
    """Whether the mood is below a floor, and the newest turn is bad as well."""
    floors = weights.floors
    last = history.last
    if last is None or history.count < weights.levels.least_turns or last.sentiment > floors.turn_is_bad:
        return None
    words = f"is upset: mood {last.mood:.2f}, last turn {last.sentiment:.2f}"
    if last.mood <= floors.mood_hand_over:
        return Finding(Level.HAND_OVER, Reason.UPSET, words)
    lately = history.turns[-OFFER_TURNS:]
    if len(lately) == OFFER_TURNS and all(turn.mood <= floors.mood_offer for turn in lately):
        return Finding(Level.OFFER, Reason.UPSET, words)
    return None
