"""What is known of a caller's pause when it must be decided whether they have finished."""

from collections.abc import Callable
from dataclasses import dataclass

from dialog.types import Expectation


@dataclass(frozen=True)
class Pause:
    """The turn so far."""

    text: str
    expectation: Expectation
    finished: float
    """How finished the turn sounds, 0 to 1 (`voice.turns.smart_turn`)."""
    confidence: float = 1.0
    """How sure the recogniser is of the text, 0 to 1."""
    makes_sense: bool = True
    """Whether the dialog knows what to do with it."""


Rule = Callable[[Pause], float | None]
"""Seconds of silence that end this turn, or None where the rule has nothing to say."""


def words(text: str) -> list[str]:
    """The words in lower case, without punctuation around them."""
    plain = (word.strip(".,!?;:…\"'()-").lower() for word in text.split())
    return [word for word in plain if word]
