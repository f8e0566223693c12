"""What callers have told of themselves, attempt by attempt, also where it was not understood whole.

A question's slot holds the one likeliest value. Who calls is found out from all that was heard (`Act.heard`): the
likeliest texts, incomplete values, several attempts together.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from dialog.draft import changed
from dialog.filling import Heard
from dialog.grammar.kinds import SlotKind
from dialog.grammar.recollection import fragments
from dialog.grammar.slots import Candidate
from dialog.schema.ask import Ask
from dialog.schema.flows import Flow
from dialog.types import DialogState, SlotCandidate

MOST_ATTEMPTS = 3
"""The last ones at a question count: who says one thing after another is guessing."""

MOST_LETTERS = 80
"""What is longer is a sentence about something else."""

Attempt = tuple[SlotCandidate, ...]


def slots(flow: Flow) -> frozenset[str]:
    """The slots of a flow for which all that was heard is kept."""
    acts = (step.act for step in flow.steps.values() if step.act is not None)
    return frozenset(slot for act in acts for slot in act.heard.values())


def attempt(heard: Heard, kind: SlotKind, now: datetime, found: Sequence[Candidate] = ()) -> Attempt:
    """What one answer may have been, likeliest first. `found`: its whole values, for what has no parts: keys."""
    known = fragments(heard.said, kind, now) or found
    return tuple(
        SlotCandidate(value=one.value, score=one.score)
        for one in known
        if one.score > 0 and len(one.value) <= MOST_LETTERS
    )


def one_more(attempts: Sequence[Attempt], told: Attempt) -> tuple[Attempt, ...]:
    """The attempts that count after one more; one that holds nothing is none."""
    return (*attempts, told)[-MOST_ATTEMPTS:] if told else tuple(attempts)


def recall(state: DialogState, slot: str, told: Attempt) -> DialogState:
    """The state with one more attempt at a slot."""
    attempts = one_more(state.recalled.get(slot, ()), told)
    return changed(state, recalled={**state.recalled, slot: attempts})


def corrected(state: DialogState, slot: str) -> DialogState:
    """The state in which what was said for a slot is taken back: a correction is no second guess."""
    return changed(state, recalled={name: one for name, one in state.recalled.items() if name != slot})


def confirmed(state: DialogState, ask: Ask, value: str) -> DialogState:
    """The state after a yes to what was read back: it is what was told. Names are not: they sound alike."""
    if ask.slot not in state.recalled or ask.wants is SlotKind.NAME:
        return state
    return changed(state, recalled={**state.recalled, ask.slot: ((SlotCandidate(value=value, score=1.0),),)})


def ruled_out(state: DialogState, slot: str, value: str) -> DialogState:
    """The state in which a value was surely not said."""
    if slot not in state.recalled:
        return state
    left = (tuple(one for one in told if _plain(one.value) != _plain(value)) for told in state.recalled[slot])
    return changed(state, recalled={**state.recalled, slot: tuple(told for told in left if told)})


def told(state: DialogState, slot: str) -> JsonValue:
    """All that was heard for a slot, as an action's argument: a list of attempts, each a list of values with scores."""
    attempts = state.recalled.get(slot, ())
    if not attempts and state.slots.get(slot):
        only = SlotCandidate(value=str(state.slots[slot]), score=state.confidences.get(slot, 1.0))
        attempts = ((only,),)
    return as_argument(attempts)


def as_argument(attempts: Sequence[Attempt]) -> JsonValue:
    """Attempts in the form that actions take."""
    return [[one.model_dump() for one in told] for told in attempts]


def _plain(value: str) -> str:
    return "".join(one for one in value.casefold() if one.isalnum())
