"""Where a call is in the flows of its playbook, where steps lead, and which flows wait meanwhile."""

from dataclasses import replace

from dialog.checks import flow_names
from dialog.draft import NOTHING, Draft, changed
from dialog.filling import less
from dialog.playbook import Playbook
from dialog.schema.ask import Ask
from dialog.schema.flows import END, HANG_UP, Act, Flow, Step
from dialog.types import DialogState, Next, Waiter
from dialog.values import FlowError

MOST_WAITERS = 3
"""Deeper than this nobody remembers what they wanted at first. A check of who calls is no wish, and does not count."""
ANYTHING_ELSE = "anything_else"
"""The step between flows, after something was done."""
CLOSING = "closing"
"""The step after our goodbye."""


class Places:
    """The flows of one playbook. Stateless."""

    def __init__(self, playbook: Playbook) -> None:
        self._flows = playbook.flows
        self._names = {name: flow_names(flow) for name, flow in playbook.flows.items()}
        self._checks = frozenset(level.flow for level in playbook.identity.levels.values())

    # Where we are

    def names(self, flow: str) -> frozenset[str]:
        """The slots and results of a flow."""
        return self._names[flow]

    def flow(self, state: DialogState) -> Flow:
        """The flow we are in.

        Raises:
            FlowError: there is none.
        """
        if state.flow is None or state.flow not in self._flows:
            raise FlowError(f"there is no flow {state.flow}")
        return self._flows[state.flow]

    def step(self, state: DialogState) -> Step | None:
        """The step we are at; None between flows."""
        return self.flow(state).steps.get(state.step or "") if state.flow is not None else None

    def ask(self, state: DialogState) -> Ask | None:
        """The question of that step, if it asks one."""
        step = self.step(state)
        return step.ask if step is not None else None

    def open_ask(self, state: DialogState) -> Ask:
        """The question of that step.

        Raises:
            FlowError: it asks nothing.
        """
        ask = self.ask(state)
        if ask is None:
            raise FlowError(f"flow {state.flow}: step {state.step} asks nothing")
        return ask

    def act(self, state: DialogState) -> Act:
        """What that step does.

        Raises:
            FlowError: it does nothing.
        """
        step = self.step(state)
        if step is None or step.act is None:
            raise FlowError(f"flow {state.flow}: step {state.step} waits for no action")
        return step.act

    # From step to step

    def begin(self, state: DialogState, flow: str) -> DialogState:
        """At the first step of a flow, without what an earlier run of it has left."""
        own = self._names[flow]
        return changed(
            state,
            flow=flow,
            step=next(iter(self._flows[flow].steps)),
            slots=less(state.slots, own),
            attempts=less(state.attempts, own),
            recalled=less(state.recalled, own),
            confidences=less(state.confidences, own),
            offered=None,
            agreed=None,
            undo=(),
            tries={},
            repairs=0,
        )

    def go(self, draft: Draft, target: str) -> Draft:
        """On to a step, another flow, an open question, or the end of the call."""
        state = draft.state
        if target == HANG_UP:
            return replace(draft, then=Next.HANG_UP, expect=NOTHING)
        if target == END:
            return self._finished(draft)
        if state.flow is not None and target in self._flows[state.flow].steps:
            return replace(draft, state=self.back_at(state, target))
        return replace(draft, state=self.begin(state, target))

    def back_at(self, state: DialogState, step: str) -> DialogState:
        """At a step of the same flow; a question that is gone back to is asked anew, as its answer was not the one."""
        steps = self.flow(state).steps
        names = list(steps)
        ask = steps[step].ask
        if ask is not None and names.index(step) <= names.index(state.step or step):
            asked = frozenset({ask.slot})
            state = changed(state, slots=less(state.slots, asked), attempts=less(state.attempts, asked))
        return changed(state, step=step, offered=None)

    def next(self, draft: Draft) -> Draft:
        """On to the step behind the current one; the flow is over when that was the last."""
        step = self.step(draft.state)
        if step is not None and step.go is not None:
            return self.go(draft, step.go)
        steps = list(self.flow(draft.state).steps)
        index = steps.index(draft.state.step or "") + 1
        if index < len(steps):
            return replace(draft, state=changed(draft.state, step=steps[index]))
        return self._finished(draft)

    def _finished(self, draft: Draft) -> Draft:
        """The flow is over: the one that waited underneath goes on, or the question is open."""
        state = draft.state
        if state.stack:
            waiter, *rest = state.stack
            back = changed(
                state,
                flow=waiter.flow,
                step=waiter.step,
                offered=None,
                agreed=None,
                tries=waiter.tries,
                undo=waiter.undo,
                stack=tuple(rest),
            )
            return replace(draft, state=back, returned=not waiter.quiet)
        left = changed(
            state,
            last_flow=state.flow,
            flow=None,
            step=ANYTHING_ELSE,
            offered=None,
            agreed=None,
            undo=(),
            repairs=0,
        )
        return replace(draft, state=left)

    # What waits

    def interrupted(self, state: DialogState, by: str) -> DialogState:
        """The state in which the current flow waits until another one is over."""
        below = (one for one in state.stack if one.flow not in {by, state.flow})
        return changed(state, stack=self._remembered((_waiter(state), *below)))

    def waiting_for_identity(self, state: DialogState, check: str, tries: dict[str, int]) -> DialogState:
        """The state in which the current flow waits for a check of who calls, and then goes on by itself."""
        waiter = _waiter(state).model_copy(update={"offered": None, "tries": tries, "quiet": True})
        return changed(state, stack=(waiter, *_without_check(state.stack, check)))

    def _remembered(self, stack: tuple[Waiter, ...]) -> tuple[Waiter, ...]:
        """The waiting flows down to the last that is remembered, and no check that nobody waits for any more."""
        kept: list[Waiter] = []
        wishes = 0
        for waiter in stack:
            wishes += waiter.flow not in self._checks
            if wishes > MOST_WAITERS:
                break
            kept.append(waiter)
        while wishes > MOST_WAITERS and kept and kept[-1].flow in self._checks:
            kept.pop()
        return tuple(kept)


def _waiter(state: DialogState) -> Waiter:
    """The current flow, as it waits."""
    return Waiter(
        flow=state.flow or "",
        step=state.step or "",
        offered=state.offered,
        tries=state.tries,
        undo=state.undo,
    )


def _without_check(stack: tuple[Waiter, ...], check: str) -> tuple[Waiter, ...]:
    """The flows that wait, without a check that begins anew; the one below it has lain long enough to be introduced."""
    kept: list[Waiter] = []
    above = ""
    for waiter in stack:
        if waiter.flow != check:
            kept.append(waiter.model_copy(update={"quiet": False}) if above == check else waiter)
        above = waiter.flow
    return tuple(kept)
