"""A question that no article answered, for the report on gaps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unanswered:
    """What was asked, what was said before it, and the article that came nearest. Text is the caller's own words."""

    text: str
    context: tuple[str, ...]
    best_score: float
    """0 to 1; 0 where there was no article at all."""
    nearest: str | None
    """Id of the nearest article."""
