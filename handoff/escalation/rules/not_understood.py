"""Hardly a word is heard well, and nothing gets on: noise, a bad line, a language that we do not speak.

An accent lowers the confidence as well. Who gets on in spite of it is understood.
"""

from handoff.escalation.finding import Finding
from handoff.escalation.history import History
from handoff.escalation.levels import Level
from handoff.escalation.reasons import Reason
from handoff.escalation.signals import mean_doubt
from handoff.escalation.weights import Weights

STUCK_SHARE = 0.5
"""More of these turns than this got nothing on."""


def not_understood(history: History, weights: Weights) -> Finding | None:
    """Whether the last spoken turns were heard too badly."""
    floors = weights.floors
    spoken = [turn for turn in history.turns if turn.said.confidence is not None][-floors.confidence_turns :]
    if len(spoken) < floors.confidence_turns or not spoken[-1].stuck:
        return None
    confidence = 1.0 - mean_doubt(spoken)
    stuck = sum(turn.stuck for turn in spoken)
    if confidence >= floors.confidence or stuck <= STUCK_SHARE * len(spoken):
        return None
    words = (
        f"could not be understood: confidence {confidence:.2f}, {stuck} of {len(spoken)} turns got nothing on"
    )
    return Finding(Level.HAND_OVER, Reason.NOT_UNDERSTOOD, words)
