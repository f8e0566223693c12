"""The signs of trouble in words, with their numbers: for the human who takes over, for QA and for managers."""

from collections.abc import Mapping, Sequence

from handoff.escalation.history import History
from handoff.escalation.signals import mean_doubt, most_asked

MOST_SIGNS = 3
TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}


def explained(history: History, signals: Mapping[str, float], order: Sequence[str], window: int) -> str:
    """The weightiest signs, such as "order number asked three times, confidence 0.41"."""
    return ", ".join(_sign(history, name, signals[name], window) for name in order[:MOST_SIGNS])


def _sign(history: History, name: str, value: float, window: int) -> str:
    turns = history.turns[-window:]
    match name:
        case "same_slot":
            place, count = most_asked(turns)
            asked = place.rpartition(".")[2].replace("_", " ") or "what it is about"
            return f"{asked} asked {TIMES.get(count + 1, f'{count + 1} times')}"
        case "confidence":
            return f"confidence {1.0 - mean_doubt(turns):.2f}"
        case "sentiment":
            return f"mood {history.mood:.2f}"
        case "prior_contact":
            return "called within the last week"
    return f"{PHRASES[name]} {value:.2f}"


PHRASES = {
    "no_match": "turns asked again",
    "slope": "sounds worse by",
    "discontent": "not content",
    "no_progress": "turns without progress",
    "repeated": "says the same again",
    "barge_in": "interrupts",
    "silence": "silent turns",
    "failed": "systems failed",
}
"""Before the number of a signal."""
