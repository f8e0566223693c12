"""How likely the assistant will fail a caller, from the signs of it."""

import math
from collections.abc import Mapping

from handoff.escalation.weights import Score


def risk(signals: Mapping[str, float], score: Score) -> float:
    """0 to 1."""
    logit = score.intercept + sum(score.weights.get(name, 0.0) * value for name, value in signals.items())
    return round(1.0 / (1.0 + math.exp(-(score.slope * logit + score.shift))), 4)


def weightiest(signals: Mapping[str, float], score: Score) -> list[str]:
    """The signals that raise the risk, the one that raises it most first."""
    parts = {name: score.weights.get(name, 0.0) * value for name, value in signals.items()}
    return sorted((name for name, part in parts.items() if part > 0), key=lambda name: -parts[name])
