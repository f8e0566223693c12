"""A question that no article answered, for the report on gaps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unanswered:
    """What was asked, in the caller's own words, and the article that came nearest.

    What was said before it stands in the call's log.
    """

    text: str
    best_score: float = 0.0
    """0 to 1; 0 where there was no article at all."""
    nearest: str | None = None
    """Id of the nearest article."""
