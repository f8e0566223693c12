"""Whether a briefing is borne out by the log of its call.

A fact is proven when the events that it cites, and no others, lead to exactly these words. So a changed word, a changed
event, another call's event and a fact that nobody can find in the log are all found in the same way. A briefing is
proven when all its facts are and none is missing: leaving out that a refund failed is as wrong as making one up.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import JsonValue

from calls.events import ActionRequested, CallEvent, TurnKeyed
from dialog.grammar.read_back import number
from dialog.playbook import Playbook
from handoff.briefing.types import Briefing, Fact, Part

FEWEST_SECRET = 5
"""Shorter numbers are told: an order's, a house's."""
CARD = range(12, 20)
"""So many digits in a row are taken for a card's."""
Facts = Callable[[Sequence[CallEvent]], tuple[Fact, ...]]


class Code(StrEnum):
    """What is wrong with a briefing. Names never change meaning."""

    NO_EVENT = "no_event"
    """A fact cites nothing, or an event that is not in the log."""
    UNSUPPORTED = "unsupported"
    """The events that a fact cites do not say it."""
    LEFT_OUT = "left_out"
    """The log says more than the briefing."""
    SECRET = "secret"  # noqa: S105 - a name
    """It holds what must not be passed on: a code, what somebody was identified by, a card's number."""
    OTHER_CALL = "other_call"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. Says nothing of what the fact says."""

    code: Code
    part: Part | None = None
    events: tuple[int, ...] = ()

    def __str__(self) -> str:
        where = f" {self.part.value}" if self.part is not None else ""
        return f"{self.code.value}{where} (events {', '.join(map(str, self.events)) or 'none'})"


class UnprovenError(Exception):
    """A briefing that its call does not bear out."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def problems_of(
    briefing: Briefing, events: Sequence[CallEvent], playbook: Playbook, facts: Facts
) -> Iterator[Problem]:
    """All that is wrong with `briefing`; `facts` finds the facts of some events."""
    log = {event.seq: event for event in events if event.call_id == briefing.call_id}
    if len(log) < len(events):
        yield Problem(Code.OTHER_CALL, events=tuple(one.seq for one in events if one not in log.values()))
    for fact in briefing.facts:
        yield from _of_fact(fact, log, facts)
    known = facts([event for event in log.values() if event.seq <= briefing.upto])
    for fact in known:
        if fact not in briefing.facts:
            yield Problem(Code.LEFT_OUT, fact.part, fact.events)
    secrets = set(_secrets(log.values(), playbook))
    for fact in briefing.facts:
        if any(_tells(fact, secret) for secret in secrets) or _has_card(fact):
            yield Problem(Code.SECRET, fact.part, fact.events)


def _of_fact(fact: Fact, log: dict[int, CallEvent], facts: Facts) -> Iterator[Problem]:
    if not fact.events or any(seq not in log for seq in fact.events):
        yield Problem(Code.NO_EVENT, fact.part, fact.events)
    elif fact not in facts([log[seq] for seq in fact.events]):
        yield Problem(Code.UNSUPPORTED, fact.part, fact.events)


def _secrets(events: Iterable[CallEvent], playbook: Playbook) -> Iterator[str]:
    """What was told to show who calls, but for names, and what was keyed that may be a card."""
    for event in events:
        match event.body:
            case TurnKeyed(digits=digits) if len(digits) in CARD:
                yield digits
            case ActionRequested(action=action, arguments=arguments):
                spec = playbook.actions.get(action)
                if spec is not None and spec.grants is not None:
                    yield from (one for value in arguments.values() for one in _values(value))


def _values(value: JsonValue) -> Iterator[str]:
    """Numbers and dates in an argument, at any depth."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _values(one)
    elif isinstance(value, str):
        yield from re.findall(rf"\d{{4}}-\d\d-\d\d|\d{{{FEWEST_SECRET},}}", value)


def _tells(fact: Fact, secret: str) -> bool:
    forms = {secret}
    try:
        forms.add(f"{date.fromisoformat(secret):%B}")
    except ValueError:
        forms.add(number(secret))
    text = f"{fact.text}\n{fact.said}"
    plain = text.replace(" ", "").replace(",", "")
    return any(form in text or form.replace(" ", "").replace(",", "") in plain for form in forms)


def _has_card(fact: Fact) -> bool:
    runs = re.findall(r"\d(?:[ \-]?\d)+", fact.text)
    return any(sum(one.isdigit() for one in run) in CARD for run in runs)
