"""What the record of a call says of a transfer: the difference between two of its states. Pure."""

from collections.abc import Iterator

from calls.events import (
    CallBackDialled,
    EventBody,
    TransferEnded,
    TransferLeg,
    TransferMoved,
    TransferRequested,
)
from handoff.transfer.standing import phase
from handoff.transfer.types import Kind, Leg, LegState, Order, Transfer


def requested(order: Order) -> TransferRequested:
    """A transfer has been ordered."""
    return TransferRequested(
        transfer_id=order.transfer_id,
        kind=order.kind,
        queue=order.queue,
        reason=order.reason,
        words=order.words,
        question=order.question,
    )


def changes(before: Transfer | None, after: Transfer) -> Iterator[EventBody]:
    """What has changed, as events. `before` is None for a new transfer."""
    known = {leg.number: leg for leg in before.legs} if before is not None else {}
    for leg in after.legs:
        if _told(leg) != _told(known.get(leg.number)):
            yield _leg(after, leg)
    if after.dialled_at is not None and (before is None or before.dialled_at is None):
        yield CallBackDialled(promise_id=after.order.promise or "", transfer_id=after.id)
    if before is None or phase(before) is not phase(after):
        yield TransferMoved(transfer_id=after.id, phase=phase(after))
    if after.outcome is not None and (before is None or before.outcome is None):
        yield ended(after)


def newly_over(before: Transfer | None, after: Transfer) -> list[Leg]:
    """The legs that have come to their end: their agents are free again."""
    known = {leg.number for leg in before.legs if leg.state is LegState.OVER} if before is not None else set()
    return [leg for leg in after.legs if leg.state is LegState.OVER and leg.number not in known]


def _told(leg: Leg | None) -> tuple[object, ...]:
    return (leg.state, leg.result, leg.sid) if leg is not None else ()


def _leg(transfer: Transfer, leg: Leg) -> TransferLeg:
    return TransferLeg(
        transfer_id=transfer.id,
        leg=leg.number,
        target=leg.target.name,
        agent=leg.target.agent,
        state=leg.state,
        result=leg.result,
        sid=leg.sid,
    )


def ended(transfer: Transfer) -> TransferEnded:
    """A transfer has its outcome."""
    ended_at = transfer.ended_at if transfer.ended_at is not None else transfer.requested_at
    held_until = transfer.bridged_at if transfer.bridged_at is not None else ended_at
    on_hold = transfer.order.kind is not Kind.CALL_BACK
    talk_s = round(ended_at - transfer.bridged_at, 3) if transfer.bridged_at is not None else None
    return TransferEnded(
        transfer_id=transfer.id,
        outcome=transfer.outcome or "",
        wait_s=round(held_until - transfer.requested_at, 3) if on_hold else 0.0,
        talk_s=talk_s,
    )
