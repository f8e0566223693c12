"""Walks through a playbook's flows: takes steps until one waits for the caller or for an action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from actions.types import ActionRequest, ActionResult
from dialog import phrasing
from dialog.draft import NOTHING, WHILE_ACTING, Draft, changed
from dialog.playbook import Flow, Playbook
from dialog.schema import END, HANG_UP, Act, Ask, Choose, Digits, Otherwise, Step
from dialog.types import DialogState, Expectation, ExpectationKind, Next

MOST_STEPS = 50
"""A flow that takes more steps than this without waiting goes in a circle."""
ANYTHING_ELSE = "anything_else"
"""The step between flows, after something was done."""
CLOSING = "closing"
"""The step after our goodbye."""
OTHERWISE = "otherwise"


class FlowError(Exception):
    """A flow cannot go on: it goes in a circle, or a sentence lacks its values. Names flow and step."""


@dataclass(frozen=True)
class Given:
    """A value for a question, and how sure we are of having heard it."""

    value: str
    confidence: float


class Flows:
    """The flows of one playbook. Stateless."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook

    # Where we are

    def ask(self, state: DialogState) -> Ask | None:
        """The question that is open; None between flows."""
        step = self._step(state)
        return step.ask if step is not None else None

    def first_number(self, flow: str) -> Digits | None:
        """The number that a flow asks for first, if that is what it begins with."""
        first = next(iter(self._playbook.flows[flow].values()))
        return first.ask.digits if first.ask is not None else None

    def question(self, state: DialogState) -> str:
        """The open question as it is first put; empty between flows."""
        ask = self.ask(state)
        if ask is None:
            return ""
        return self.fill(state, (ask.read_back or "") if self.reads_back(state) else ask.say)

    def reads_back(self, state: DialogState) -> bool:
        """Whether a value was read back and waits for a yes."""
        return state.offered is not None

    def waiting(self, state: DialogState, *say: str, why: str = "") -> Draft:
        """Wait for the caller where we are."""
        return Draft(state=state, say=tuple(one for one in say if one), expect=self.expect(state), why=why)

    def expect(self, state: DialogState) -> Expectation:
        """What comes next."""
        ask = self.ask(state)
        hotwords = self._playbook.head.hotwords
        if ask is None:
            return Expectation(hotwords=hotwords)
        hotwords = (*hotwords, *ask.hotwords)
        if ask.yes_no or self.reads_back(state):
            return Expectation(kind=ExpectationKind.YES_NO, hotwords=hotwords)
        digits = ask.digits.exact if ask.digits is not None else None
        return Expectation(kind=ExpectationKind.DIGITS, digits=digits, hotwords=hotwords)

    def hang_up(self, state: DialogState, *say: str) -> Draft:
        """Say goodbye, and end the call unless the caller goes on."""
        return Draft(
            changed(state, flow=None, step=CLOSING, offered=None),
            say,
            expect=NOTHING,
            then=Next.HANG_UP,
        )

    # Going on

    def enter(self, state: DialogState, flow: str, given: Given | None = None) -> Draft:
        """Start a flow; `given` answers its first question when the caller has said it already."""
        begun = self._begin(state, flow)
        return self.answer(begun, given) if given is not None else self._walk(Draft(begun))

    def answer(self, state: DialogState, given: Given) -> Draft:
        """Take the value of the open question; one that was not heard well is read back first."""
        ask = self._open(state)
        slots: dict[str, JsonValue] = {**state.slots, ask.slot: given.value}
        state = changed(state, slots=slots, repairs=0)
        if given.confidence < ask.read_back_below:
            state = changed(state, offered=given.value)
            return self.waiting(state, self.question(state), why="read back, not sure enough of it")
        return self._walk(self._next(Draft(changed(state, offered=None))))

    def confirm(self, state: DialogState) -> Draft:
        """What was read back is right."""
        return self._walk(self._next(Draft(changed(state, offered=None, repairs=0))))

    def reply(self, state: DialogState, *, yes: bool) -> Draft:
        """Take the answer to a yes/no question."""
        ask = self._open(state)
        slots: dict[str, JsonValue] = {**state.slots, ask.slot: yes}
        target = ask.yes if yes else ask.no
        state = changed(state, slots=slots, repairs=0)
        return self._walk(self._go(Draft(state), target or END))

    def done(self, state: DialogState, result: ActionResult) -> Draft:
        """An action has come back."""
        step = self._step(state)
        act = step.act if step is not None else None
        if act is None:
            raise FlowError(f"flow {state.flow}: step {state.step} waits for no action")
        if result.failure is not None:
            return self._failed(state, act, result.failure.value)
        state = changed(state, slots={**state.slots, act.save: result.data}, repairs=0)
        return self._walk(self._next(Draft(state)))

    # Steps

    def _walk(self, draft: Draft) -> Draft:
        for _ in range(MOST_STEPS):
            if draft.then is not Next.LISTEN or draft.state.flow is None:
                return self._idle(draft)
            step = self._step(draft.state)
            if step is None:
                raise FlowError(f"flow {draft.state.flow}: there is no step {draft.state.step}")
            taken = self._take(draft, step)
            if taken.expect.kind is not ExpectationKind.OPEN or taken.then is Next.AWAIT_ACTIONS:
                return taken
            draft = taken
        raise FlowError(f"flow {draft.state.flow}: goes in a circle")

    def _take(self, draft: Draft, step: Step) -> Draft:
        """One step. A draft that expects something specific or awaits an action ends the walk."""
        if step.ask is not None:
            return self._take_ask(draft, step.ask)
        if step.act is not None:
            return self._take_act(draft, step.act)
        if step.choose is not None:
            draft = draft.saying(self._chosen(draft.state, step.choose))
        elif step.say is not None:
            draft = draft.saying(self.fill(draft.state, step.say))
        return self._next(draft)

    def _take_ask(self, draft: Draft, ask: Ask) -> Draft:
        if ask.skip_without is not None and not self._values(draft.state).get(ask.skip_without):
            return self._next(draft)
        return replace(draft.saying(self.question(draft.state)), expect=self.expect(draft.state))

    def _take_act(self, draft: Draft, act: Act) -> Draft:
        state = draft.state
        if act.skip_without is not None and not self._values(state).get(act.skip_without):
            return self._go(draft.saying(self.fill(state, act.otherwise_say or "")), END)
        request = ActionRequest(
            action=act.action,
            arguments={name: self.fill(state, text) for name, text in act.arguments.items()},
            key=f"{state.call_id}:{state.turn}:{act.action}",
        )
        return replace(
            draft,
            state=changed(state, pending=(request,)),
            act=(request,),
            expect=WHILE_ACTING,
            then=Next.AWAIT_ACTIONS,
            why=draft.why or f"{state.flow}: {state.step}",
        )

    def _failed(self, state: DialogState, act: Act, failure: str) -> Draft:
        rule: Otherwise = act.failed.get(failure) or act.failed[OTHERWISE]
        name = f"{state.step}:{failure}"
        tries = state.tries.get(name, 0) + 1
        draft = Draft(changed(state, tries={**state.tries, name: tries}), why=f"{act.action}: {failure}")
        draft = draft.saying(self.fill(state, rule.say))
        if act.exhausted is not None and tries >= rule.most > 1:
            return self._walk(self._go(draft, act.exhausted))
        return self._walk(self._go(draft, rule.go))

    def _go(self, draft: Draft, target: str) -> Draft:
        state = draft.state
        if target == HANG_UP:
            return replace(draft, then=Next.HANG_UP, expect=NOTHING)
        if target == END:
            return replace(draft, state=self._finished(state))
        if state.flow is not None and target in self._playbook.flows[state.flow]:
            return replace(draft, state=changed(state, step=target, offered=None))
        return replace(draft, state=self._begin(state, target))

    def _next(self, draft: Draft) -> Draft:
        """On to the step behind the current one; between flows when that was the last."""
        step = self._step(draft.state)
        if step is not None and step.go is not None:
            return self._go(draft, step.go)
        steps = list(self._flow(draft.state))
        index = steps.index(draft.state.step or "") + 1
        if index < len(steps):
            return replace(draft, state=changed(draft.state, step=steps[index]))
        return replace(draft, state=self._finished(draft.state))

    def _begin(self, state: DialogState, flow: str) -> DialogState:
        """At the first step of a flow, without what an earlier run of it has left."""
        steps = self._playbook.flows[flow]
        own = {step.ask.slot for step in steps.values() if step.ask} | {
            step.act.save for step in steps.values() if step.act
        }
        return changed(
            state,
            flow=flow,
            step=next(iter(steps)),
            slots={name: value for name, value in state.slots.items() if name not in own},
            offered=None,
            tries={},
            repairs=0,
        )

    def _finished(self, state: DialogState) -> DialogState:
        return changed(state, last_flow=state.flow, flow=None, step=ANYTHING_ELSE, offered=None, repairs=0)

    def _idle(self, draft: Draft) -> Draft:
        """Ask what else there is, unless the call ends here."""
        if draft.then is not Next.LISTEN:
            return draft
        return replace(draft.saying(self.anything_else(draft.state)), expect=self.expect(draft.state))

    def anything_else(self, state: DialogState) -> str:
        """Offer more help, in other words than last time."""
        return vary(self._playbook.prompts.anything_else, state)

    # Values

    def _chosen(self, state: DialogState, choose: Choose) -> str:
        value: object = self._values(state)
        for part in choose.by.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        text = choose.say.get(str(value))
        if text is None:
            raise FlowError(f"flow {state.flow}: step {state.step} has nothing to say for this {choose.by}")
        return self.fill(state, text)

    def fill(self, state: DialogState, template: str) -> str:
        """A sentence with the call's values.

        Raises:
            FlowError: a value is missing.
        """
        try:
            return phrasing.fill(template, self._values(state))
        except phrasing.TemplateError as error:
            raise FlowError(f"flow {state.flow}: step {state.step}: {error}") from error

    def _values(self, state: DialogState) -> dict[str, object]:
        return {
            **state.slots,
            "caller_number": state.caller_number,
            "call_id": state.call_id,
            "brand": self._playbook.head.brand,
        }

    def _flow(self, state: DialogState) -> Flow:
        if state.flow is None or state.flow not in self._playbook.flows:
            raise FlowError(f"there is no flow {state.flow}")
        return self._playbook.flows[state.flow]

    def _step(self, state: DialogState) -> Step | None:
        return self._flow(state).get(state.step or "") if state.flow is not None else None

    def _open(self, state: DialogState) -> Ask:
        ask = self.ask(state)
        if ask is None:
            raise FlowError(f"flow {state.flow}: step {state.step} asks nothing")
        return ask


def vary(texts: Sequence[str], state: DialogState) -> str:
    """One of several ways to say the same, never the one that was said last."""
    start = state.turn % len(texts)
    ordered = (*texts[start:], *texts[:start])
    return next((text for text in ordered if text not in state.last_said), ordered[0])
