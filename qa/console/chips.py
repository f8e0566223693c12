"""The conditions of a list in words, each with the address of the list without it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from qa.console.addresses import Listing
from qa.console.periods import WORDS as PERIODS
from qa.console.words import OUTCOMES, ConsoleWords
from qa.facts.filter import CallFilter

LIMITS = {
    "sentiment_below": "Mood below {:g}",
    "discontent_above": "Discontent above {:g}",
    "confidence_below": "Confidence below {:g}",
    "latency_above_s": "Answers slower than {:g} s (p95)",
    "csat_below": "CSAT below {}",
    "score_below": "Score below {:g}",
}
SIGNS = {
    "auto_fail": "Auto-fail",
    "failures": "Actions failed",
    "unanswered": "Unanswered questions",
    "needless": "Needless transfer",
}


@dataclass(frozen=True)
class Chip:
    """One condition. `url` leads to the list without it."""

    text: str
    url: str


def chips(listing: Listing, words: ConsoleWords) -> tuple[Chip, ...]:
    """All conditions of a list, in the order of the fields of a filter, the period first."""
    first = listing.model_copy(update={"page": 1})
    found = []
    if listing.period is not None:
        found.append(Chip(PERIODS[listing.period], first.model_copy(update={"period": None}).url))
    for field, info in CallFilter.model_fields.items():
        value = getattr(listing.wanted, field)
        if value != info.default:
            without = listing.wanted.model_copy(update={field: info.default})
            found.append(Chip(_words(field, value, words), first.model_copy(update={"wanted": without}).url))
    return tuple(found)


def without_persons(listing: Listing) -> str:
    """The conditions as an address, for the log of accesses: without what may name a person."""
    given = {name: "given" for name in ("caller", "words") if getattr(listing.wanted, name) is not None}
    return listing.model_copy(update={"wanted": listing.wanted.model_copy(update=given)}).query


def _words(field: str, value: Any, words: ConsoleWords) -> str:
    if field in LIMITS:
        return LIMITS[field].format(value)
    if field in SIGNS:
        return SIGNS[field]
    told: dict[str, Callable[[Any], str]] = {
        "since": lambda at: f"From {_time(at)}",
        "until": lambda at: f"Before {_time(at)}",
        "outcomes": lambda some: "Outcome: " + (" or ".join(OUTCOMES[one] for one in some) or "none"),
        "call_ids": lambda some: f"{len(some)} chosen calls",
        "words": lambda said: f"Said: {said}",
        "intent": lambda name: f"About: {words.intent(name)}",
        "queue": lambda name: f"Queue: {words.queue(name)}",
        "escalation": lambda reason: f"Handed over because: {words.escalation(reason)}",
        "agent": lambda person: f"Agent: {person}",
        "caller": lambda number: f"Caller: {number}",
    }
    return told[field](value)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
