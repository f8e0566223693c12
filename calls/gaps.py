"""The gap report: what callers asked and no article answered. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from calls.events import CallEvent, Personal, TurnHeard, TurnPlanned

MOST_BEFORE = 2


class Gap(BaseModel):
    """One question without an answer, in the caller's own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    turn: int
    at: datetime
    question: Personal
    before: tuple[Personal, ...] = ()
    """What the caller had said before it, newest last: it may point back to that."""
    nearest: str | None = None
    """The article that came nearest."""
    score: float | None = None
    """How likely that article was the answer, 0 to 1."""


def gaps(events: Iterable[CallEvent]) -> list[Gap]:
    """The questions without an answer of one call, in the order of its events."""
    said: list[tuple[int, str]] = []
    found = []
    for event in events:
        match event.body:
            case TurnHeard(turn=turn, text=text):
                said.append((turn, text))
            case TurnPlanned(unanswered=question) as body if question is not None:
                before = [text for turn, text in said if turn < body.turn]
                found.append(
                    Gap(
                        call_id=event.call_id,
                        turn=body.turn,
                        at=event.at,
                        question=question,
                        before=tuple(before[-MOST_BEFORE:]),
                        nearest=body.nearest,
                        score=body.nearest_score,
                    )
                )
    return found


def by_article(found: Sequence[Gap]) -> list[tuple[str | None, list[Gap]]]:
    """Gaps by the article that came nearest, the article with most gaps first, each with its newest first."""
    groups: dict[str | None, list[Gap]] = {}
    for gap in sorted(found, key=lambda gap: gap.at, reverse=True):
        groups.setdefault(gap.nearest, []).append(gap)
    return sorted(groups.items(), key=lambda group: -len(group[1]))
