"""From answers to a score. Pure; the formula is explained in docs/qa-scorecards.md."""

from collections.abc import Iterable, Sequence
from statistics import fmean

from pydantic import BaseModel, ConfigDict, model_validator

from calls.events import Personal
from qa.scorecards.finding import Evidence
from qa.scorecards.form import WHOLE, Form, Kind, Option, Question, Section


class Value(BaseModel):
    """Base: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(Value):
    """What somebody, or a rule, answers to one question: exactly one of option, number, text and not applicable."""

    question: str
    option: str | None = None
    number: float | None = None
    text: Personal | None = None
    not_applicable: bool = False
    comment: Personal = ""
    """Of a person: why. Of a rule: what it has found."""
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Answer":
        said = (self.option is not None, self.number is not None, self.text is not None, self.not_applicable)
        if sum(said) != 1:
            raise ValueError("needs exactly one of option, number, text and not_applicable")
        return self


class AnswerError(ValueError):
    """Answers that do not fit their form. `problems` says for each question what is wrong, for people."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{question}: {problem}" for question, problem in problems.items()))
        self.problems = problems


class Score(Value):
    """What answers come to."""

    points: float | None
    """0 to 100; 0 where the call failed; None where no question with a weight was answered."""
    without_fail: float | None
    """The same as if no answer had failed the call."""
    failed: tuple[str, ...] = ()
    """The questions whose answers failed it."""
    sections: dict[str, float | None] = {}
    """By section, 0 to 100."""

    @property
    def auto_fail(self) -> bool:
        """Whether an answer failed the whole call."""
        return bool(self.failed)


class Mean(Value):
    """Many scores together."""

    points: float | None
    """The mean of the calls that did not fail; None of none."""
    scored: int
    """How many calls that is."""
    failed: int
    """Calls that failed, reported apart: a 0 among the others would hide how good those were."""


def chosen(question: Question, answer: Answer) -> Option | None:
    """The option that an answer comes to; None for words, and where the question does not apply."""
    if answer.number is not None and question.kind is Kind.NUMBER:
        return question.option_for(answer.number)
    return question.option(answer.option)


def score(form: Form, answers: Iterable[Answer]) -> Score:
    """The score of a call. Questions that are not answered, or do not apply, take their weight away with them."""
    given = {one.question: one for one in answers}
    sections = {section.id: _of_section(section, given) for section in form.sections}
    weights = {one.id: one.weight for one in form.sections if one.weight and sections[one.id] is not None}
    whole = sum(weights.values())
    points = (
        round(sum(weight * (sections[one] or 0.0) for one, weight in weights.items()) / whole, 2)
        if whole
        else None
    )
    failed = tuple(one.id for one in form.questions if _fails(one, given.get(one.id)))
    return Score(points=0.0 if failed else points, without_fail=points, failed=failed, sections=sections)


def mean(scores: Iterable[tuple[float | None, bool]]) -> Mean:
    """The mean of points, each with whether its call failed."""
    known = list(scores)
    good = [points for points, failed in known if points is not None and not failed]
    return Mean(
        points=round(fmean(good), 2) if good else None,
        scored=len(good),
        failed=sum(failed for _, failed in known),
    )


def check(form: Form, answers: Sequence[Answer], *, complete: bool) -> None:
    """Whether answers fit their form; `complete`: every question must have one.

    Raises:
        AnswerError: they do not.
    """
    problems = {}
    given = {one.question: one for one in answers}
    for answer in answers:
        question = form.question(answer.question)
        problem = "is no question of this form" if question is None else _problem(question, answer)
        if problem is not None:
            problems[answer.question] = problem
    if complete:
        problems |= {
            one.id: "has no answer"
            for one in form.questions
            if one.id not in given and one.kind is not Kind.TEXT
        }
    if problems:
        raise AnswerError(problems)


def _of_section(section: Section, given: dict[str, Answer]) -> float | None:
    shares = [
        (question.weight, option.points / question.best)
        for question in section.questions
        if question.weight and (option := _option(question, given)) is not None
    ]
    whole = sum(weight for weight, _ in shares)
    return round(WHOLE * sum(weight * share for weight, share in shares) / whole, 2) if whole else None


def _option(question: Question, given: dict[str, Answer]) -> Option | None:
    answer = given.get(question.id)
    return chosen(question, answer) if answer is not None else None


def _fails(question: Question, answer: Answer | None) -> bool:
    option = chosen(question, answer) if answer is not None else None
    return option is not None and option.auto_fail


def _problem(question: Question, answer: Answer) -> str | None:
    if answer.not_applicable:
        return None if question.not_applicable else "must be answered"
    match question.kind:
        case Kind.SELECT if question.option(answer.option) is None:
            return "needs one of its options"
        case Kind.NUMBER if answer.number is None:
            return "needs a number"
        case Kind.TEXT if answer.text is None:
            return "needs words"
    return None
