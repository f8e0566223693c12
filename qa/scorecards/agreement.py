"""How far scorers agree: people with each other, and the rules with people. Pure.

The rules are measured against what people reach among themselves: a question on which two people differ cannot be
answered better by anybody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from qa.scorecards.form import Form, Kind, Question
from qa.scorecards.scoring import chosen
from qa.scorecards.values import Evaluation, ScorerKind

LEAST = 50
"""Pairs of labels below which nothing is said of a question."""
NOT_APPLICABLE = "not applicable"
Pair = tuple[str, str]


class Trust(StrEnum):
    """What the rules' answers to a question are worth. Names never change meaning."""

    TRUSTED = "trusted"
    """They agree with people as far as people agree with each other."""
    SUGGESTION = "suggestion"
    """They do not: people decide."""
    UNKNOWN = "unknown"
    """Too few calls were labelled: people decide."""


@dataclass(frozen=True)
class Agreement:
    """How far two sides agree on one question."""

    n: int
    """Pairs of answers."""
    accuracy: float | None
    """The share of pairs that are equal, 0 to 1; None of no pairs."""
    kappa: float | None
    """Cohen's κ, -1 to 1: the same without what chance alone would give; None where chance alone gives all."""


@dataclass(frozen=True)
class Detection:
    """How well the rules find the calls that people fail."""

    n: int
    both: int
    rules_only: int
    people_only: int

    @property
    def precision(self) -> float | None:
        """The share of the rules' fails that people see too; None where they failed nothing."""
        return _share(self.both, self.both + self.rules_only)

    @property
    def recall(self) -> float | None:
        """The share of people's fails that the rules find; None where people failed nothing."""
        return _share(self.both, self.both + self.people_only)


@dataclass(frozen=True)
class QuestionAgreement:
    """One question."""

    question: Question
    people: Agreement
    rules: Agreement
    """With people."""
    fails: Detection | None
    """Of a question that can fail a call."""

    @property
    def trust(self) -> Trust:
        """Whether the rules' answers stand, or are suggestions only."""
        if min(self.people.n, self.rules.n) < LEAST:
            return Trust.UNKNOWN
        people, rules = self.people.kappa, self.rules.kappa
        if people is None or rules is None:
            people, rules = self.people.accuracy, self.rules.accuracy
        return Trust.TRUSTED if (rules or 0.0) >= (people or 0.0) else Trust.SUGGESTION


@dataclass(frozen=True)
class FormAgreement:
    """One version of a form."""

    questions: tuple[QuestionAgreement, ...]
    fails: Detection
    """Of whole calls."""
    calls: int
    """Calls that people have scored."""
    twice: int
    """Of these, by more than one."""

    def trust(self, question_id: str) -> Trust:
        """What the rules' answers to a question are worth."""
        found = (one.trust for one in self.questions if one.question.id == question_id)
        return next(found, Trust.UNKNOWN)


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """How far the two sides of pairs agree (Cohen 1960)."""
    known = list(pairs)
    if not known:
        return Agreement(0, None, None)
    n = len(known)
    observed = sum(one == other for one, other in known) / n
    left, right = Counter(one for one, _ in known), Counter(other for _, other in known)
    by_chance = sum(left[label] * right[label] for label in left) / n**2
    kappa = (observed - by_chance) / (1 - by_chance) if by_chance < 1 else None
    return Agreement(n, round(observed, 4), round(kappa, 4) if kappa is not None else None)


def detection(pairs: Iterable[tuple[bool, bool]]) -> Detection:
    """How well the rules find fails: pairs of what people and the rules say."""
    counts = Counter(pairs)
    return Detection(counts.total(), counts[True, True], counts[False, True], counts[True, False])


def of_form(form: Form, evaluations: Sequence[Evaluation]) -> FormAgreement:
    """From all that was submitted by one version of a form."""
    by_call: dict[str, list[Evaluation]] = defaultdict(list)
    for one in sorted(evaluations, key=lambda one: one.scorer):
        by_call[one.call_id].append(one)
    people, with_rules = [], []
    scored: Counter[str] = Counter()
    for call_id, some in by_call.items():
        humans = [one for one in some if one.kind is ScorerKind.HUMAN]
        rules = next((one for one in some if one.kind is ScorerKind.RULES), None)
        scored[call_id] = len(humans)
        people += list(combinations(humans, 2))
        with_rules += [(one, rules) for one in humans if rules is not None]
    asked = [one for one in form.questions if one.kind is not Kind.TEXT]
    return FormAgreement(
        questions=tuple(_of_question(one, people, with_rules) for one in asked),
        fails=detection((human.auto_fail, rules.auto_fail) for human, rules in with_rules),
        calls=sum(count > 0 for count in scored.values()),
        twice=sum(count > 1 for count in scored.values()),
    )


def _of_question(
    question: Question,
    people: Sequence[tuple[Evaluation, Evaluation]],
    with_rules: Sequence[tuple[Evaluation, Evaluation]],
) -> QuestionAgreement:
    failing = {one.id for one in question.options if one.auto_fail}
    against = list(_pairs(question, with_rules))
    fails = detection((human in failing, rules in failing) for human, rules in against) if failing else None
    return QuestionAgreement(question, agreement(_pairs(question, people)), agreement(against), fails)


def _pairs(question: Question, evaluations: Iterable[tuple[Evaluation, Evaluation]]) -> Iterable[Pair]:
    for one, other in evaluations:
        labels = (_label(question, one), _label(question, other))
        if labels[0] is not None and labels[1] is not None:
            yield labels[0], labels[1]


def _label(question: Question, evaluation: Evaluation) -> str | None:
    """What was answered; None where it was not."""
    answer = evaluation.answer(question.id)
    if answer is None:
        return None
    option = chosen(question, answer)
    return option.id if option is not None else NOT_APPLICABLE


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
