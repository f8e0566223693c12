"""A call as a line of the list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.console.addresses import Listing
from qa.console.places import CALLS
from qa.console.words import OUTCOMES, ConsoleWords
from qa.facts.search import Snippet
from qa.facts.store import Order
from qa.facts.types import CallFacts

UNKNOWN = "–"
UPSET, TENSE = 0.6, 0.3
"""The worst discontent of a call, from which on it is called so."""


@dataclass(frozen=True)
class Head:
    """The head of a column. `url` sorts by it, where that can be done; `sort` is its `aria-sort`."""

    name: str
    url: str | None = None
    sort: str | None = None
    number: bool = False


@dataclass(frozen=True)
class Line:
    """One call, in words."""

    url: str
    started_at: str
    """ISO 8601."""
    started: str
    duration: str
    caller: str
    intent: str
    outcome: str
    """Its code."""
    outcome_words: str
    escalation: str
    mood: str
    discontent: str
    answers: str
    score: str
    auto_fail: bool
    failures: int
    agent: str
    snippet: Snippet


COLUMNS: tuple[tuple[str, tuple[Order, ...], bool], ...] = (
    ("Started", (Order.NEWEST, Order.OLDEST), False),
    ("Duration", (Order.LONGEST,), True),
    ("Caller", (), False),
    ("About", (), False),
    ("Outcome", (), False),
    ("Handed over because", (), False),
    ("Mood", (Order.WORST_MOOD,), False),
    ("Answers p50 / p95", (Order.SLOWEST,), True),
    ("Score", (Order.WORST_SCORE,), True),
    ("Actions failed", (), True),
    ("Agent", (), False),
)
"""Name, the orders that a click goes through, and whether it holds numbers."""
RISING = frozenset({Order.OLDEST, Order.WORST_SCORE, Order.LEAST_CONFIDENT})


def heads(listing: Listing) -> list[Head]:
    """The heads of all columns."""
    return [_head(listing, *column) for column in COLUMNS]


def line(call: CallFacts, words: ConsoleWords, snippet: Snippet = ()) -> Line:
    """One call."""
    return Line(
        url=f"{CALLS}/{call.call_id}",
        started_at=call.started_at.isoformat(),
        started=f"{call.started_at:%Y-%m-%d %H:%M} UTC",
        duration=spanned(call.duration_s),
        caller=call.caller or UNKNOWN,
        intent=words.intent(call.intent) if call.intent is not None else UNKNOWN,
        outcome=call.outcome.value,
        outcome_words=OUTCOMES[call.outcome],
        escalation=words.escalation(call.escalation) if call.escalation is not None else "",
        mood=mood(call.discontent),
        discontent=f"{call.discontent:.2f}",
        answers=" / ".join(_seconds(one) for one in (call.answer_p50_s, call.answer_p95_s)),
        score=f"{call.score:.0f}" if call.score is not None else UNKNOWN,
        auto_fail=call.auto_fail,
        failures=call.action_failures,
        agent=call.agent or "",
        snippet=snippet,
    )


def mood(discontent: float) -> str:
    """The worst mood of a call in a word."""
    if discontent >= UPSET:
        return "upset"
    return "tense" if discontent >= TENSE else "calm"


def spanned(seconds: float | None) -> str:
    """A duration as minutes and seconds, with hours where there are any."""
    if seconds is None:
        return UNKNOWN
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _head(listing: Listing, name: str, orders: Sequence[Order], number: bool) -> Head:
    if not orders:
        return Head(name, number=number)
    at = orders.index(listing.order) if listing.order in orders else -1
    following = orders[(at + 1) % len(orders)]
    url = listing.model_copy(update={"order": following, "page": 1}).url
    sort = None if at < 0 else ("ascending" if listing.order in RISING else "descending")
    return Head(name, url, sort, number)


def _seconds(value: float | None) -> str:
    return f"{value:.2f} s" if value is not None else UNKNOWN
