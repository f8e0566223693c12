"""What knowledge is made of, and what comes out of a search."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ArticleText:
    """One article of a playbook. The body is Markdown."""

    id: str
    title: str
    spoken: str
    body: str
    questions: tuple[str, ...]
    updated: date
    expires: date | None = None

    def is_valid(self, today: date) -> bool:
        """Whether it may be used; the day it expires is its last."""
        return self.expires is None or today <= self.expires


@dataclass(frozen=True)
class Hit:
    """An article that may answer, with its passage that fits best; `score` 0 to 1 is how sure that is."""

    article: str
    passage: str
    score: float
    by_question: bool
    """Whether its title or a question fits at least as well as the passage."""


@dataclass(frozen=True)
class Answer:
    """What may be said, with its source. `is_short` tells the spoken short answer from a passage."""

    article: str
    text: str
    score: float
    is_short: bool
