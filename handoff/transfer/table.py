"""What follows from what happens in a transfer. Pure: state and event give the next state and commands.

Every event may come late, twice or in another order than it happened. None leads out of a final state; one that does
not fit where the transfer stands changes nothing. What the parties hear is not commanded but follows from the state
(`handoff.transfer.views`), so that a worker that takes over needs nothing but the state.

Each event has its rule, in `handoff.transfer.rules`: it changes a draft, and what follows from the change is the
same whatever happened (`handoff.transfer.draft`).
"""

from handoff.transfer.draft import Draft, Rules, Step
from handoff.transfer.rules.caller import OF_CALLER
from handoff.transfer.rules.conference import OF_CONFERENCE
from handoff.transfer.rules.legs import OF_LEGS
from handoff.transfer.rules.time import OF_TIME
from handoff.transfer.types import Order, Transfer, TransferEvent


def start(order: Order, at: float) -> Step:
    """A new transfer, and what is to be done first."""
    transfer = Transfer(order=order, requested_at=at, targets=order.targets, may_wait=order.may_wait)
    return Draft(transfer, at).settled()


def step(transfer: Transfer, event: TransferEvent) -> Step:
    """The transfer after an event, and what is to be done about it."""
    draft = Draft(transfer, event.at)
    RULES[type(event)](draft, event)
    return draft.settled()


RULES: Rules = {**OF_CALLER, **OF_LEGS, **OF_CONFERENCE, **OF_TIME}
"""One rule for each event."""
