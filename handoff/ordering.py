"""From the dialog's decision to hand over to the order of a transfer. Pure."""

from dialog.playbook import Playbook
from dialog.types import HandOver
from handoff.roster.choose import Choice, limits_of
from handoff.transfer.types import Kind, Limits, Order


def order_of(
    hand_over: HandOver, choice: Choice, playbook: Playbook, call_id: str, transfer_id: str
) -> Order:
    """What is ordered: who is rung, for how long, and why."""
    queue = playbook.queues.queues.get(hand_over.queue)
    return Order(
        transfer_id=transfer_id,
        call_id=call_id,
        queue=hand_over.queue,
        kind=Kind(hand_over.kind),
        reason=hand_over.reason,
        words=hand_over.words,
        question=hand_over.question,
        targets=choice.targets,
        may_wait=choice.may_wait,
        introduction=queue.introduction if queue is not None else None,
        limits=limits_of(queue) if queue is not None else Limits(),
    )
