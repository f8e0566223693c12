"""What the rules answer to a form, on any call: pure, and fast enough for all of them."""

from collections.abc import Iterator, Sequence

from calls.events import CallEvent
from dialog.playbook import Playbook
from qa.facts.types import CallFacts
from qa.scorecards.finding import Finding, worst
from qa.scorecards.form import Form, Question
from qa.scorecards.reading import Call
from qa.scorecards.rules import RULES, VERSION, RuleName
from qa.scorecards.scoring import Answer
from qa.scorecards.values import FormVersion

SCORER = f"rules {VERSION}"
"""Who has given automatic answers."""


def given_by(form: FormVersion) -> str:
    """By what a call's score is kept to be: the form and the rules, `starter 1, rules 2`."""
    return f"{form.label}, {SCORER}"


def answers(
    form: Form, known: CallFacts, events: Sequence[CallEvent], playbook: Playbook
) -> tuple[Answer, ...]:
    """The rules' answers to those questions of a form that have rules."""
    call = Call(events, known, playbook)
    found: dict[RuleName, Finding] = {}
    return tuple(_answers(form, call, found))


def _answers(form: Form, call: Call, found: dict[RuleName, Finding]) -> Iterator[Answer]:
    for question in form.questions:
        if question.rules:
            for rule in question.rules:
                if rule not in found:
                    found[rule] = RULES[rule](call)
            yield _answer(question, [found[rule] for rule in question.rules])


def _answer(question: Question, findings: Sequence[Finding]) -> Answer:
    finding = worst(findings)
    return Answer(
        question=question.id,
        option=finding.grade.value if finding.grade is not None else None,
        not_applicable=finding.grade is None,
        comment=finding.why,
        evidence=finding.evidence,
    )
