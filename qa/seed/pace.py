"""How long words take where nobody has spoken them: about as long as our own voice and a person on the telephone."""

import random
from dataclasses import dataclass
from typing import Protocol

CHARACTERS_PER_S = 15.0
SENTENCE_S = 0.3
DIGIT = 3.2
"""A digit is a word when it is said."""


class Pace(Protocol):
    """Tells how long something takes to say, in seconds."""

    def assistant_s(self, text: str) -> float:
        """A sentence of ours."""

    def caller_s(self, text: str) -> float:
        """A turn of the caller's."""

    def agent_s(self, text: str) -> float:
        """What a human says to the caller."""


@dataclass(frozen=True)
class Estimated:
    """By the number of characters."""

    caller: float = 1.0
    """How slowly this caller speaks, against the average."""

    def assistant_s(self, text: str) -> float:
        """A sentence of ours."""
        return _estimated(text)

    def caller_s(self, text: str) -> float:
        """A turn of the caller's."""
        return round(_estimated(text) * self.caller, 3)

    def agent_s(self, text: str) -> float:
        """What a human says to the caller."""
        return _estimated(text)


def _estimated(text: str) -> float:
    characters = sum(DIGIT if character.isdigit() else 1.0 for character in text)
    return round(SENTENCE_S + characters / CHARACTERS_PER_S, 3)


@dataclass(frozen=True)
class Conditions:
    """What a call is like besides its words."""

    latency: float = 1.0
    """How slow we are, against the usual."""
    clarity: float = 1.0
    """How well the caller is heard: the recogniser's confidence is multiplied by it."""
    patience_s: float = 0.8
    """How long the caller thinks before they speak, on the average."""


def conditions(rng: random.Random) -> Conditions:
    """Of one call: most are ordinary, a few come at a slow moment or over a bad line."""
    slow = rng.random() < 0.04
    bad = rng.random() < 0.08
    return Conditions(
        latency=rng.uniform(2.0, 4.5) if slow else rng.lognormvariate(0.0, 0.15),
        clarity=rng.uniform(0.6, 0.85) if bad else min(1.05, rng.gauss(0.99, 0.03)),
        patience_s=rng.lognormvariate(-0.25, 0.35),
    )
