"""Which calls are meant: a value that stands in a page's address, a saved view, and behind each figure."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, select, text

from qa.facts.tables import facts
from qa.facts.types import CallOutcome

WORD = re.compile(r"\w+", re.UNICODE)


class CallFilter(BaseModel):
    """All conditions must hold; None leaves one out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    outcomes: tuple[CallOutcome, ...] | None = None
    """One of these."""
    intent: str | None = None
    escalation: str | None = None
    """The reason of a hand-over."""
    queue: str | None = None
    agent: str | None = None
    caller: str | None = None
    sentiment_below: float | None = None
    discontent_above: float | None = None
    confidence_below: float | None = None
    latency_above_s: float | None = None
    """p95 of the call's answers."""
    csat_below: int | None = None
    """Either part."""
    score_below: float | None = None
    auto_fail: bool = False
    failures: bool = False
    """With actions that failed."""
    unanswered: bool = False
    """With questions that nothing answered."""
    needless: bool = False
    """With a transfer that an agent called needless."""
    words: str | None = None
    """Words that were said, each of them, in any order."""
    call_ids: tuple[str, ...] | None = None
    """One of these; of an empty list, none."""


C = facts.c
CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "since": lambda at: C.started_at >= at,
    "until": lambda at: C.started_at < at,
    "outcomes": lambda outcomes: C.outcome.in_([one.value for one in outcomes]),
    "intent": lambda intent: C.intent == intent,
    "escalation": lambda reason: C.escalation == reason,
    "queue": lambda queue: C.queue == queue,
    "agent": lambda agent: C.agent == agent,
    "caller": lambda caller: C.caller == caller,
    "sentiment_below": lambda limit: C.sentiment < limit,
    "discontent_above": lambda limit: C.discontent > limit,
    "confidence_below": lambda limit: C.confidence < limit,
    "latency_above_s": lambda limit: C.answer_p95_s > limit,
    "csat_below": lambda limit: (C.csat_assistant < limit) | (C.csat_agent < limit),
    "score_below": lambda limit: C.score < limit,
    "auto_fail": lambda _: C.auto_fail.is_(True),
    "failures": lambda _: C.action_failures > 0,
    "unanswered": lambda _: C.unanswered > 0,
    "needless": lambda _: C.needless.is_(True),
    "call_ids": C.call_id.in_,
}
"""What each field of a filter asks of `qa_facts`."""


def conditions(wanted: CallFilter) -> list[ColumnElement[bool]]:
    """The conditions on `qa_facts`, without the words."""
    asked = ((make, getattr(wanted, name)) for name, make in CONDITIONS.items())
    return [make(value) for make, value in asked if value is not None and value is not False]


def narrowed(statement: Select[Any], wanted: CallFilter, dialect: str) -> Select[Any]:
    """A statement on `qa_facts` with all conditions, those on words included."""
    statement = statement.where(*conditions(wanted))
    words = WORD.findall(wanted.words or "")
    if words:
        said = with_words(select(text("call_id")), words, dialect)
        statement = statement.where(facts.c.call_id.in_(said))
    return statement


def with_words(statement: Select[Any], words: list[str], dialect: str) -> Select[Any]:
    """A statement on `qa_texts` for the calls in which all of these words were said.

    They are quoted: nobody writes operators of the search.
    """
    found = statement.select_from(text("qa_texts"))
    if dialect == "sqlite":
        quoted = " ".join(f'"{word}"' for word in words)
        return found.where(text("qa_texts MATCH :words")).params(words=quoted)
    fits = text("to_tsvector('english', text) @@ plainto_tsquery('english', :words)")
    return found.where(fits).params(words=" ".join(words))
