"""A plan in the making: values that flow steps and repairs pass on until one of them waits for something."""

from dataclasses import dataclass, replace

from actions.types import ActionRequest
from dialog.knowledge.gaps import Unanswered
from dialog.reasons import Reason
from dialog.types import DialogState, Expectation, ExpectationKind, HandOver, Next

OPEN = Expectation()
NOTHING = Expectation(kind=ExpectationKind.NOTHING, no_input_s=None)
HELD = Expectation(no_input_s=None)
"""On hold they may say anything, or nothing for as long as they like."""
YES_OR_NO = Expectation(kind=ExpectationKind.YES_NO)
WHILE_ACTING = Expectation(kind=ExpectationKind.NOTHING, no_input_s=1.2)
"""An action that is done by then needs no words."""
STILL_ACTING = Expectation(kind=ExpectationKind.NOTHING, no_input_s=6.0)
"""Nobody is left in silence for longer, however long an action takes."""


@dataclass(frozen=True)
class Draft:
    """What has been decided so far."""

    state: DialogState
    say: tuple[str, ...] = ()
    act: tuple[ActionRequest, ...] = ()
    expect: Expectation = OPEN
    then: Next = Next.LISTEN
    why: str = ""
    waits: bool = False
    """For the caller, at the step where the state is."""
    returned: bool = False
    """A flow that waited underneath goes on: its question needs a word of introduction."""
    hand_over: str | None = None
    """The queue whose people should take the call."""
    reason: str | None = None
    """Why, in words."""
    code: Reason | None = None
    """Why, as a code."""
    order: HandOver | None = None
    """What the transfer is ordered by, where people of that queue can be rung."""
    sources: tuple[str, ...] = ()
    """The articles that the answer rests on."""
    unanswered: Unanswered | None = None
    """A question that no article answers."""
    certainty: float | None = None
    """How likely it is what the caller asked for, where it rests on something else than an intent."""

    def saying(self, *sentences: str) -> "Draft":
        """The same, with more to say."""
        return replace(self, say=(*self.say, *(one for one in sentences if one)))

    def first_saying(self, *sentences: str) -> "Draft":
        """The same, with something to say before the rest."""
        return replace(self, say=(*(one for one in sentences if one), *self.say))

    def because(self, why: str) -> "Draft":
        """The same, with the rule that decided."""
        return replace(self, why=why)

    def being(self, code: Reason, reason: str) -> "Draft":
        """The same, with another reason for the hand-over."""
        order = self.order
        if order is not None:
            order = order.model_copy(update={"reason": code, "words": reason})
        state = changed(self.state, handed=order) if order is not None else self.state
        return replace(self, state=state, reason=reason, code=code, order=order)

    def having(self, **values: object) -> "Draft":
        """The same, with another state."""
        return replace(self, state=changed(self.state, **values))


def changed(state: DialogState, **values: object) -> DialogState:
    """The state with other values."""
    return state.model_copy(update=values)
