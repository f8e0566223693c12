"""Values for the questions of a flow: what was said for them, over several attempts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dialog.draft import changed
from dialog.expecting import slot_rule
from dialog.grammar.kinds import SlotKind
from dialog.grammar.slots import Candidate, Said, candidates, join
from dialog.schema.ask import Ask
from dialog.schema.flows import Flow
from dialog.types import DialogState, SlotCandidate

VOLUNTEERED = frozenset({SlotKind.DIGITS, SlotKind.CODE, SlotKind.EMAIL, SlotKind.CHOICE})
"""Kinds of value that are taken from a sentence which says what the caller wants."""
CLEARLY = 2.0
"""A volunteered value is taken when it is so many times as likely as the next."""


@dataclass(frozen=True)
class Heard:
    """What was said, as one or several texts with how sure we are of each, or what was keyed."""

    said: tuple[Said, ...] = ()
    keyed: Candidate | None = None


NOT_HEARD = Heard()


def found_for(ask: Ask, state: DialogState, heard: Heard, *, strict: bool) -> tuple[Candidate, ...]:
    """What was said as a value for a question, likeliest first."""
    if heard.keyed is not None:
        return (heard.keyed,)
    now = datetime.fromisoformat(state.opened_at)
    return candidates(heard.said, slot_rule(ask), now, strict=strict)


def with_attempt(state: DialogState, slot: str, found: tuple[Candidate, ...]) -> DialogState:
    """The state with one more attempt at a value."""
    attempt = tuple(SlotCandidate(value=one.value, score=one.score) for one in found)
    return changed(state, attempts={**state.attempts, slot: (*state.attempts.get(slot, ()), attempt)})


def without(state: DialogState, slot: str, value: str) -> DialogState:
    """The state in which a value is ruled out."""
    return with_attempt(state, slot, (Candidate(value, -1.0),))


def likeliest(state: DialogState, slot: str) -> Candidate | None:
    """What all attempts at a value say together; None where everything is ruled out."""
    attempts = state.attempts.get(slot, ())
    joined = join([[Candidate(one.value, one.score) for one in attempt] for attempt in attempts])
    return next(iter(joined), None)


def with_value(state: DialogState, slot: str, value: Candidate) -> DialogState:
    """The state with a value and how sure we are of it."""
    return changed(
        state,
        slots={**state.slots, slot: value.value},
        confidences={**state.confidences, slot: round(value.score, 4)},
    )


def volunteered(state: DialogState, flow: Flow, heard: Heard) -> DialogState:
    """The state with the values that the caller has given together with their wish."""
    asks = [step.ask for step in flow.steps.values() if step.ask is not None]
    opens_with_ask = next(iter(flow.steps.values())).ask
    for ask in asks:
        if ask.wants not in VOLUNTEERED or ask.slot in state.slots:
            continue
        found = found_for(ask, state, heard, strict=False)
        if not found and ask is opens_with_ask and ask.wants is SlotKind.DIGITS:
            found = found_for(ask, state, heard, strict=True)  # `order for 711` is order 4711
        if len(found) == 1 or (found and found[0].score > CLEARLY * found[1].score):
            state = with_value(state, ask.slot, found[0])
    return state


def less(values: Mapping[str, object], names: frozenset[str]) -> dict[str, object]:
    """`values` without those of `names`."""
    return {name: value for name, value in values.items() if name not in names}
