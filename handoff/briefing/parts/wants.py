"""What the caller wants: by the flow they are in or were in last, the article they asked for, or in their own words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from calls.events import TurnHeard, TurnPlanned
from dialog.checks import flow_names
from dialog.grammar.kinds import SlotKind
from dialog.playbook import Playbook
from dialog.schema.flows import Flow
from dialog.schema.intents import Command
from handoff.briefing.log import At, Log, place_of
from handoff.briefing.quoting import quote
from handoff.briefing.types import Fact, Part
from handoff.briefing.values import fillable, from_caller, plain, sentence

OTHER = "other"
NOT_KNOWN = "It is not known yet what they want."
SURE = 0.5
"""Words that were heard with less confidence than this are no words of theirs."""
FEWEST_WORDS = 3
FREE = frozenset({SlotKind.TEXT, SlotKind.NAME})
"""Answers that may be any words at all."""
OWN = re.compile(r"\byour\b")


@dataclass(frozen=True)
class Wish:
    """What a call is about, as one decision shows it."""

    seq: int
    flow: str | None = None
    article: str | None = None
    question: str | None = None
    """A question that no article answers."""


def wants(log: Log, playbook: Playbook) -> tuple[Fact, ...]:
    """One fact."""
    wish = wish_of(log, playbook)
    if wish is None:
        return _in_their_words(log, playbook)
    if wish.flow is not None:
        return _of_flow(log, playbook.flows[wish.flow], wish)
    said = (
        f"Asked about {playbook.articles[wish.article].title.lower()}."
        if wish.article is not None
        else f"Asked what I cannot answer: {quote(wish.question or '')}."
    )
    return (Fact(part=Part.WANTS, text=said, said=said, events=(wish.seq,)),)


def wish_of(log: Log, playbook: Playbook) -> Wish | None:
    """The newest matter of the call; None where none was understood, or where they have dropped it."""
    wishes = playbook.flows.keys() - _no_wishes(playbook)
    for planned in log.plans_backwards():
        place = place_of(planned)
        flows = (place.flow, *(waiter.flow for waiter in place.stack))
        flow = next((name for name in flows if name in wishes), None)
        body = planned.body
        if flow is not None:
            return Wish(planned.seq, flow=flow)
        if body.unanswered is not None:
            return Wish(planned.seq, question=body.unanswered)
        if body.repair != "none" or body.intent is None:
            continue
        if body.intent in playbook.articles:
            return Wish(planned.seq, article=body.intent)
        if _drops(body, playbook):
            return None
        intent = playbook.intents.get(body.intent)
        if intent is not None and intent.flow in wishes:
            return Wish(planned.seq, flow=intent.flow)
    return None


def _drops(planned: TurnPlanned, playbook: Playbook) -> bool:
    """Whether the caller has said "never mind"."""
    intent = playbook.intents.get(planned.intent or "")
    return intent is not None and intent.command is Command.CANCEL


def category_of(log: Log, playbook: Playbook) -> str:
    """The matter in one word of the playbook's."""
    wish = wish_of(log, playbook)
    return (wish.flow or wish.article or OTHER) if wish is not None else OTHER


def title_of(log: Log, playbook: Playbook) -> str | None:
    """What the caller is at, as they are told: `your refund`."""
    wish = wish_of(log, playbook)
    return playbook.flows[wish.flow].title if wish is not None and wish.flow is not None else None


def their(title: str) -> str:
    """`your refund` → `their refund`, for whoever is not the caller."""
    return OWN.sub("their", title)


def _no_wishes(playbook: Playbook) -> frozenset[str]:
    """Flows that serve others: to people and back from them, and to find out who calls."""
    head, identity = playbook.head, playbook.identity
    checks = (level.flow for level in identity.levels.values())
    to_people = (
        head.person_flow,
        head.last_resort_flow,
        head.busy_flow,
        head.voicemail_flow,
        identity.locked_flow,
    )
    return frozenset(name for name in (*to_people, *checks, *playbook.escalation.tasks) if name is not None)


def _of_flow(log: Log, flow: Flow, wish: Wish) -> tuple[Fact, ...]:
    """By the values that the flow had when it was left: those of the last decision, or of the flow's own."""
    last = log.planned[-1]
    before = next(one for one in log.planned if one.seq == wish.seq)
    events = tuple(sorted({wish.seq, last.seq}))
    told = fillable(flow.wants or (), _values(flow, before, last))
    if not told:
        said = f"Calls about {their(flow.title)}."
        return (Fact(part=Part.WANTS, text=said, said=said, events=events),)
    full, least = told[0], told[-1]
    short = sentence(f"Wants {least.said}") if least != full else ""
    fact = Fact(
        part=Part.WANTS,
        text=sentence(f"Wants {full.text}"),
        said=sentence(f"Wants {full.said}"),
        short=short,
        events=events,
    )
    return (fact,)


def _values(flow: Flow, *planned: At[TurnPlanned]) -> Mapping[str, JsonValue]:
    """The flow's slots and results, later ones before earlier; what was said freely is quoted."""
    names = flow_names(flow)
    asks = [step.ask for step in flow.steps.values() if step.ask is not None]
    kinds = {ask.slot: ask.wants for ask in asks}
    slots = {name: value for one in planned for name, value in place_of(one).slots.items() if name in names}
    return {name: _value(value, kinds.get(name)) for name, value in slots.items()}


def _value(value: JsonValue, kind: SlotKind | None) -> JsonValue:
    """An answer of the caller's, or a result of an action, which has no kind."""
    if kind in FREE and isinstance(value, str):
        return quote(value)
    return plain(value) if kind is None else from_caller(value)


def _in_their_words(log: Log, playbook: Playbook) -> tuple[Fact, ...]:
    """Nothing was understood: the last words that were heard well, if they were more than a call for a person."""
    dropped = max((one.seq for one in log.planned if _drops(one.body, playbook)), default=0)
    for heard in reversed(log.heard):
        if heard.seq > dropped and _says_something(heard.body, playbook):
            said = f"In their words: {quote(heard.body.text)}."
            return (Fact(part=Part.WANTS, text=said, said=said, events=(heard.seq,)),)
    last = log.last
    if last is None:
        return ()
    return (Fact(part=Part.WANTS, text=NOT_KNOWN, said=NOT_KNOWN, events=(last.seq,)),)


def _says_something(heard: TurnHeard, playbook: Playbook) -> bool:
    words = heard.text.lower().split()
    asks_person = any(word in heard.text.lower() for word in playbook.head.person_words)
    enough = len(words) >= (2 * FEWEST_WORDS + 2 if asks_person else FEWEST_WORDS)
    return enough and not heard.unsure and heard.confidence >= SURE
