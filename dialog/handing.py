"""Handing a caller over to people: which queue, whether anybody of it can be rung, and what the caller is told."""

from dialog.asking import Asking
from dialog.draft import HELD, Draft, changed
from dialog.places import ANYTHING_ELSE
from dialog.playbook import Playbook
from dialog.types import DialogState, HandOver, Next
from dialog.values import Values

MOST_OVERFLOWS = 5
"""A chain of overflow queues that is longer goes in a circle."""


class Handing:
    """The hand-overs of one playbook. Stateless."""

    def __init__(self, playbook: Playbook, asking: Asking, values: Values) -> None:
        self._playbook = playbook
        self._asking = asking
        self._values = values
        self._of_flow = {name: self._queue_of_flow(name) for name in playbook.flows}
        self._without_wish = _without_wish(playbook)

    # Which queue

    def reached(self, state: DialogState, queue: str | None) -> str | None:
        """The queue, or the one that takes over from it, whose people can be rung now; None where there is none."""
        for _ in range(MOST_OVERFLOWS):
            if queue is None or queue in state.reachable:
                return queue
            known = self._playbook.queues.queues.get(queue)
            queue = known.overflow if known is not None else None
        return None

    def queue_of(self, state: DialogState, topic: str | None = None) -> str | None:
        """The queue that a matter belongs to: `topic`'s, or that of what the call is about; None where it is not known.

        Where nobody of it can be rung, the default queue is the next best.
        """
        known = self._queue_of_topic(topic) if topic is not None else self._queue_of_place(state)
        if known is None or self.reached(state, known) is not None:
            return known
        default = self._playbook.escalation.default_queue
        return default if self.reached(state, default) is not None else known

    def _queue_of_topic(self, topic: str) -> str | None:
        rules, intent = self._playbook.escalation, self._playbook.intents.get(topic)
        named = rules.reserved.get(topic) or rules.queues.get(topic)
        of_flow = self._of_flow.get(intent.flow) if intent is not None and intent.flow is not None else None
        return named or of_flow or rules.default_queue

    def _queue_of_place(self, state: DialogState) -> str | None:
        flow = self._wish(state)
        if flow is not None:
            return self._of_flow.get(flow) or self._playbook.escalation.default_queue
        return self._queue_of_topic(state.about) if state.about is not None else None

    def _wish(self, state: DialogState) -> str | None:
        """The flow that the caller is in, or that waits underneath, or that was the last."""
        flows = (state.flow, *(waiter.flow for waiter in state.stack), state.last_flow)
        return next((flow for flow in flows if flow is not None and flow not in self._without_wish), None)

    def _queue_of_flow(self, flow: str) -> str | None:
        """As the playbook says of the intents that lead there, or as the flow itself says where it ends with people."""
        rules = self._playbook.escalation
        intents = (name for name, one in self._playbook.intents.items() if one.flow == flow)
        named = next((rules.queues[name] for name in intents if name in rules.queues), None)
        steps = self._playbook.flows[flow].steps.values()
        return named or next((step.hand_over.queue for step in steps if step.hand_over is not None), None)

    # Handing over

    def over(self, state: DialogState, order: HandOver, *say: str) -> Draft | None:
        """The caller is told, and a transfer starts; None where nobody can be rung."""
        reached = self.reached(state, order.queue)
        if reached is None:
            return None
        told = self._told(state, order, reached)
        held = self._held(state, order)
        return Draft(
            held,
            tuple(one for one in (*say, *told) if one),
            expect=HELD,
            then=Next.HAND_OVER,
            order=order,
        )

    def _told(self, state: DialogState, order: HandOver, reached: str) -> tuple[str, ...]:
        """Who comes, by the name of those who can be rung, and what they will know."""
        people = self._playbook.head.people
        queue = self._playbook.queues.queues[reached].name
        title = self._title(state)
        match order.kind:
            case "cold":
                return (self._values.fill(state, people.putting_through, queue=queue, title=title),)
            case "consult":
                return (self._values.fill(state, people.consulting, queue=queue, title=title),)
        getting = self._values.fill(state, people.getting, queue=queue, title=title)
        return (getting, self._values.fill(state, people.telling, queue=queue, title=title) if title else "")

    def _title(self, state: DialogState) -> str:
        """What the caller is at; empty where that is not known."""
        flow = self._wish(state)
        return self._playbook.flows[flow].title if flow is not None else ""

    def _held(self, state: DialogState, order: HandOver) -> DialogState:
        """The state while the caller waits: the open question stays open, and what has none is left."""
        held = changed(
            state,
            handed=order,
            offer=None,
            doubt=None,
            finding_queue=False,
            pending=(),
            agreed=None,
            after_undo=None,
        )
        if order.kind == "consult" or self._asking.question(held):
            return held
        left = {"last_flow": state.flow} if state.flow is not None else {}
        return changed(held, flow=None, step=ANYTHING_ELSE, offered=None, stack=(), **left)


def _without_wish(playbook: Playbook) -> frozenset[str]:
    """Flows that say nothing of what the caller wants."""
    head, identity = playbook.head, playbook.identity
    checks = {level.flow for level in identity.levels.values()}
    people = {head.person_flow, head.last_resort_flow, head.busy_flow, head.voicemail_flow}
    return frozenset(name for name in {*checks, *people, identity.locked_flow} if name is not None)
