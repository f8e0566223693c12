"""What a scorecard asks: sections of questions with weights. A form says how a call is scored; `scoring` does it."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from qa.scorecards.rules import GIVES, RuleName

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
WHOLE = 100.0
"""What the weights of a form's sections add up to."""
MOST_OPTIONS = 9
"""As many as there are keys from 1 to 9."""


class Part(BaseModel):
    """Base: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """How a question is answered. Names never change meaning."""

    SELECT = "select"
    """By one of its options."""
    NUMBER = "number"
    """By a number, which falls under one of its options."""
    TEXT = "text"
    """In words, which give no points."""


class Option(Part):
    """One answer of a question."""

    id: Id
    text: Words
    points: Points = 0.0
    """Against the best option of the question, which is full marks."""
    auto_fail: bool = False
    """Whoever is given this answer fails the whole call."""
    up_to: float | None = None
    """Of a number: the largest that falls under this option; None, of the last one only: all that are larger."""


class Question(Part):
    """One question."""

    id: Id
    text: Words
    help: Annotated[str, Field(max_length=2000)] = ""
    """What to look at, for reviewers."""
    kind: Kind = Kind.SELECT
    weight: Weight = 0.0
    """Against the other questions of the section."""
    not_applicable: bool = True
    """Whether it may be left out of a call that it does not fit."""
    options: tuple[Option, ...] = ()
    rules: tuple[RuleName, ...] = ()
    """What answers it on every call: the worst answer of those that apply. Their answers are options' ids."""

    @property
    def best(self) -> float:
        """Full marks."""
        return max((one.points for one in self.options), default=0.0)

    def option(self, option_id: str | None) -> Option | None:
        """The option of that id."""
        return next((one for one in self.options if one.id == option_id), None)

    def option_for(self, number: float) -> Option:
        """The option that a number falls under."""
        return next(one for one in self.options if one.up_to is None or number <= one.up_to)

    @model_validator(mode="after")
    def _can_be_answered(self) -> "Question":
        if self.kind is Kind.TEXT:
            if self.options or self.weight or self.rules:
                raise ValueError("a question for text has neither options, nor weight, nor rules")
            return self
        if not 2 <= len(self.options) <= MOST_OPTIONS:
            raise ValueError(f"needs 2 to {MOST_OPTIONS} options")
        for twice in _twice(one.id for one in self.options):
            raise ValueError(f"has two options {twice}")
        if self.weight and not self.best:
            raise ValueError("has a weight, so that one of its options must give points")
        self._check_bounds()
        self._check_rules()
        return self

    def _check_bounds(self) -> None:
        bounds = [one.up_to for one in self.options]
        if self.kind is Kind.SELECT:
            if any(one is not None for one in bounds):
                raise ValueError("up_to is for questions of kind number")
            return
        limits = [one for one in bounds[:-1] if one is not None]
        if bounds[-1] is not None or len(limits) != len(bounds) - 1 or limits != sorted(set(limits)):
            raise ValueError("every option but the last needs up_to, each larger than the one before")

    def _check_rules(self) -> None:
        if self.rules and self.kind is not Kind.SELECT:
            raise ValueError("rules answer questions of kind select only")
        if self.rules and not self.not_applicable:
            raise ValueError("rules may find that a question does not apply: not_applicable must be true")
        known = {one.id for one in self.options}
        for rule in self.rules:
            missing = [one for one in GIVES[rule] if one not in known]
            if missing:
                raise ValueError(f"the rule {rule} may answer {', '.join(missing)}, which is no option")


class Section(Part):
    """Questions that belong together."""

    id: Id
    title: Words
    instructions: Annotated[str, Field(max_length=2000)] = ""
    weight: Weight
    """Of 100. 0: its questions give no points; they may still fail a call."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_weights(self) -> "Section":
        if self.weight and not any(one.weight for one in self.questions):
            raise ValueError("has a weight, so that one of its questions needs one")
        return self


class Form(Part):
    """A scorecard, as it stands in `scorecard.yaml`."""

    name: Id
    title: Words
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them, in order."""
        return tuple(one for section in self.sections for one in section.questions)

    def question(self, question_id: str) -> Question | None:
        """The question of that id."""
        return next((one for one in self.questions if one.id == question_id), None)

    @model_validator(mode="after")
    def _adds_up(self) -> "Form":
        for twice in _twice(one.id for one in self.sections):
            raise ValueError(f"has two sections {twice}")
        for twice in _twice(one.id for one in self.questions):
            raise ValueError(f"has two questions {twice}")
        whole = sum(one.weight for one in self.sections)
        if abs(whole - WHOLE) > 1e-6:
            raise ValueError(f"the weights of the sections add up to {whole:g}, and not to {WHOLE:g}")
        return self


def _twice(ids: Iterator[str]) -> list[str]:
    return [one for one, count in Counter(ids).items() if count > 1]
