"""What a human should know of a call, each fact with the events that it rests on."""

from collections.abc import Callable, Sequence

from calls.events import (
    ActionDone,
    ActionFailed,
    BriefingFact,
    CallEvent,
    EscalationJudged,
    TransferRequested,
    TurnHeard,
    TurnPlanned,
)
from dialog.playbook import Playbook
from handoff.desk.words import DeskWords, readable, words_of

Facts = Callable[[Sequence[CallEvent], Playbook], Sequence[BriefingFact]]
"""The facts of a call. Whoever is rung hears them made of the same events."""

CONVERSATION = frozenset(
    {"person", "repeat", "slower", "hold_on", "goodbye", "cancel", "help", "greeting", "thanks"}
)
"""Intents that are about the conversation, not about what the caller wants."""
MOST_QUOTED = 160
"""Characters of the caller's own words."""


def plain_facts(events: Sequence[CallEvent], playbook: Playbook) -> tuple[BriefingFact, ...]:
    """Facts in the playbook's names."""
    words = words_of(playbook)
    return (*_wants(events, words), *_tried(events), *_why(events), *_next(events, words))


def _wants(events: Sequence[CallEvent], words: DeskWords) -> tuple[BriefingFact, ...]:
    heard: dict[int, CallEvent] = {}
    found: tuple[BriefingFact, ...] = ()
    for event in events:
        body = event.body
        if isinstance(body, TurnHeard):
            heard[body.turn] = event
        elif isinstance(body, TurnPlanned) and body.intent is not None and body.intent not in CONVERSATION:
            said = heard.get(body.turn)
            text = words.intent(body.intent)
            quoted = said is not None and isinstance(said.body, TurnHeard) and bool(said.body.text)
            if quoted and said is not None and isinstance(said.body, TurnHeard):
                text = f"{text}: “{_short(said.body.text)}”"
            rests = (event.seq,) if said is None else (said.seq, event.seq)
            found = (BriefingFact(part="wants", text=text, events=rests),)
    return found


def _tried(events: Sequence[CallEvent]) -> tuple[BriefingFact, ...]:
    found = []
    for event in events:
        match event.body:
            case ActionDone(action=action):
                found.append(BriefingFact(part="tried", text=readable(action), events=(event.seq,)))
            case ActionFailed(action=action, failure=failure):
                text = f"{readable(action)}: {readable(failure).lower()}"
                found.append(BriefingFact(part="tried", text=text, events=(event.seq,)))
    return tuple(found)


def _why(events: Sequence[CallEvent]) -> tuple[BriefingFact, ...]:
    for event in reversed(events):
        match event.body:
            case TransferRequested(words=text, reason=reason):
                return (BriefingFact(part="why", text=text or readable(reason), events=(event.seq,)),)
            case EscalationJudged(words=text, level="hand_over") if text:
                return (BriefingFact(part="why", text=text, events=(event.seq,)),)
    return ()


def _next(events: Sequence[CallEvent], words: DeskWords) -> tuple[BriefingFact, ...]:
    failed = next((event for event in reversed(events) if isinstance(event.body, ActionFailed)), None)
    if failed is not None and isinstance(failed.body, ActionFailed):
        text = f"Say that you see what went wrong, and do it by hand: {readable(failed.body.action).lower()}."
        return (BriefingFact(part="next", text=text, events=(failed.seq,)),)
    wants = _wants(events, words)
    if not wants:
        return (BriefingFact(part="next", text="Ask what it is about: we could not find out.", events=()),)
    text = "Say that you know what it is about, and go on from there."
    return (BriefingFact(part="next", text=text, events=wants[0].events),)


def _short(text: str) -> str:
    return text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1].rstrip() + "…"
