"""A gap: questions of the same kind that callers asked and that nothing, or nothing right, answered."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import Personal

LASTS = timedelta(weeks=4)
"""A gap whose last question is older is forgotten; so is that one was rejected."""


class Why(StrEnum):
    """Why a question counts. Names never change meaning."""

    UNANSWERED = "unanswered"
    WRONG = "wrong"
    """Somebody has said that the answer was wrong."""


class GapKind(StrEnum):
    """What should be done. Names never change meaning."""

    ADD = "add"
    """No article is near: write one."""
    EDIT = "edit"
    """An article is near and does not say it: add to it."""
    CONTRADICTORY = "contradictory"
    """What agents say is not what the article says."""
    DUPLICATE = "duplicate"
    """An article answers it today."""


class GapState(StrEnum):
    """What became of a gap. Names never change meaning."""

    OPEN = "open"
    ACCEPTED = "accepted"
    """There is a draft of an article."""
    REJECTED = "rejected"


class Asked(BaseModel):
    """One question of one caller."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    turn: int
    at: datetime
    caller: Personal | None
    """None: withheld."""
    question: Personal
    why: Why
    nearest: str | None = None
    """The article that came nearest, or that was the wrong answer."""
    score: float | None = None
    transferred: bool = False
    """Whether people were asked for in that turn, or before the caller said anything else."""
    answers: tuple[Personal, ...] = ()
    """What an agent said to it afterwards, in the order said."""

    @property
    def key(self) -> str:
        """Call and turn."""
        return f"{self.call_id}:{self.turn}"


class Gap(BaseModel):
    """Questions that mean much the same, the newest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gap_id: str
    kind: GapKind
    question: Personal
    """The most typical one."""
    asked: tuple[Asked, ...]
    article: str | None = None
    """The article that is near, contradicted, or the answer."""
    answers: tuple[Personal, ...] = ()
    """The best of what agents said."""

    @property
    def callers(self) -> int:
        """How many different callers asked; every call of a withheld number counts as one."""
        return len({one.caller or one.call_id for one in self.asked})

    @property
    def transfers(self) -> int:
        """How many of the calls were handed over for it."""
        return len({one.call_id for one in self.asked if one.transferred})

    @property
    def calls(self) -> int:
        """How many calls it was asked in."""
        return len({one.call_id for one in self.asked})

    @property
    def last_at(self) -> datetime:
        """When it was last asked."""
        return max(one.at for one in self.asked)

    @property
    def first_at(self) -> datetime:
        """When it was first asked."""
        return min(one.at for one in self.asked)

    @property
    def questions(self) -> tuple[str, ...]:
        """Its distinct wordings, the newest first."""
        return tuple({one.question.strip().lower(): one.question for one in self.asked}.values())


def rank(gap: Gap) -> tuple[float, ...]:
    """For sorting, the weightiest first: callers, and a hand-over as much as another caller."""
    return (-(gap.callers + gap.transfers), -gap.callers, -gap.last_at.timestamp())
