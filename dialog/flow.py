"""Walks through a playbook's flows: takes steps until one waits for the caller or for an action."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from actions.spec import ActionSpec
from actions.types import ActionRequest, ActionResult, Failure
from dialog.acting import above_the_line, agreed_already, identified, request_for
from dialog.checks import flow_names
from dialog.draft import NOTHING, WHILE_ACTING, Draft, changed
from dialog.expecting import expectation_for
from dialog.filling import (
    Heard,
    found_for,
    less,
    likeliest,
    volunteered,
    with_attempt,
    with_value,
    without,
)
from dialog.grammar.kinds import SlotKind
from dialog.grammar.slots import Candidate
from dialog.playbook import Playbook
from dialog.schema import END, HANG_UP, Act, Ask, Choose, Flow, Level, Otherwise, Step
from dialog.types import DialogState, Expectation, ExpectationKind, Next, Waiter
from dialog.values import FlowError, Values

MOST_STEPS = 50
"""A flow that takes more steps than this without waiting goes in a circle."""
MOST_WAITERS = 3
"""Deeper than this nobody remembers what they wanted at first."""
ANYTHING_ELSE = "anything_else"
"""The step between flows, after something was done."""
CLOSING = "closing"
"""The step after our goodbye."""
OTHERWISE = "otherwise"
AGREE = "agree:"
"""Before the fingerprint of a request in `offered`: the caller is asked to agree to it."""
WORTH_OFFERING = 0.3
"""A second candidate this likely is offered after the first was refused."""


class Flows:
    """The flows of one playbook. Stateless."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook
        self._values = Values(playbook)
        self._names = {name: flow_names(flow) for name, flow in playbook.flows.items()}

    # Where we are

    def ask(self, state: DialogState) -> Ask | None:
        """The question that is open; None between flows, and where we ask for agreement."""
        step = self._step(state)
        return step.ask if step is not None else None

    def first_ask(self, flow: str) -> Ask | None:
        """The question that a flow begins with, if it begins with one."""
        return next(iter(self._playbook.flows[flow].steps.values())).ask

    def question(self, state: DialogState) -> str:
        """The open question as it is first put; empty between flows."""
        step = self._step(state)
        if step is None:
            return ""
        if step.act is not None and self.asks_agreement(state):
            return self.fill(state, step.act.confirm or "")
        if step.ask is None:
            return ""
        return self.fill(state, (step.ask.read_back or "") if self.reads_back(state) else step.ask.say)

    def reads_back(self, state: DialogState) -> bool:
        """Whether something was read back and waits for a yes."""
        return state.offered is not None

    def asks_agreement(self, state: DialogState) -> bool:
        """Whether what was read back is an action to agree to."""
        return state.offered is not None and state.offered.startswith(AGREE)

    def waiting(self, state: DialogState, *say: str, why: str = "") -> Draft:
        """Wait for the caller where we are."""
        return Draft(
            state=state, say=tuple(one for one in say if one), expect=self.expect(state), why=why, waits=True
        )

    def expect(self, state: DialogState) -> Expectation:
        """What comes next."""
        hotwords = self._playbook.head.hotwords
        if self.reads_back(state) or state.doubt is not None:
            return Expectation(kind=ExpectationKind.YES_NO, hotwords=hotwords)
        ask = self.ask(state)
        return Expectation(hotwords=hotwords) if ask is None else expectation_for(ask, state, hotwords)

    def hang_up(self, state: DialogState, *say: str) -> Draft:
        """Say goodbye, and end the call unless the caller goes on."""
        left = changed(state, flow=None, step=CLOSING, offered=None, agreed=None, stack=(), agenda=())
        return Draft(left, say, expect=NOTHING, then=Next.HANG_UP)

    def title(self, flow: str) -> str:
        """What the caller is doing in a flow."""
        return self._playbook.flows[flow].title

    # Going on

    def enter(self, state: DialogState, flow: str, heard: Heard | None = None) -> Draft:
        """Start a flow with what the caller has said already; what was under way is left."""
        return self._start(changed(state, stack=()), flow, heard)

    def digress(self, state: DialogState, flow: str, heard: Heard | None = None) -> Draft:
        """Start a flow in the middle of another, which goes on afterwards."""
        if state.flow is None or state.step is None:
            return self.enter(state, flow, heard)
        waiter = Waiter(flow=state.flow, step=state.step, offered=state.offered, tries=state.tries)
        stack = (waiter, *(one for one in state.stack if one.flow not in {flow, state.flow}))[:MOST_WAITERS]
        return self._start(changed(state, stack=stack), flow, heard)

    def hand_over(self, state: DialogState, queue: str | None, reason: str, *say: str) -> Draft:
        """Pass the caller to a person; without one at hand, to the flow that is left."""
        told = changed(state, slots={**state.slots, "reason": reason})
        draft = self.enter(told, self._playbook.head.person_flow).first_saying(*say)
        return replace(draft, hand_over=queue, reason=reason, why=f"to a person: {reason}")

    def answer(self, state: DialogState, found: Sequence[Candidate]) -> Draft:
        """Take the value of the open question; one that was not heard well is read back first."""
        ask = self._open(state)
        state = with_attempt(state, ask.slot, tuple(found))
        best = likeliest(state, ask.slot) or found[0]
        return self._take_value(state, ask, best)

    def refuse(self, state: DialogState) -> Draft | None:
        """What was read back is wrong: offer the next likeliest; None where there is none."""
        ask = self._open(state)
        state = changed(without(state, ask.slot, state.offered or ""), offered=None)
        second = likeliest(state, ask.slot)
        if second is None or second.score < WORTH_OFFERING:
            return None
        state = with_value(changed(state, offered=second.value), ask.slot, second)
        return self.waiting(state, self.question(state), why="the next likeliest is read back")

    def without_offer(self, state: DialogState) -> DialogState:
        """Nothing waits for a yes; a value that was refused is ruled out."""
        if state.offered is None or self.asks_agreement(state):
            return changed(state, offered=None)
        slot = self._open(state).slot
        slots = {name: value for name, value in state.slots.items() if name != slot}
        return changed(without(state, slot, state.offered), offered=None, slots=slots)

    def confirm(self, state: DialogState) -> Draft:
        """What was read back is right."""
        if self.asks_agreement(state):
            agreed = (state.offered or "").removeprefix(AGREE)
            return self._walk(Draft(changed(state, offered=None, agreed=agreed, repairs=0)))
        return self._walk(self._next(Draft(changed(state, offered=None, repairs=0))))

    def decline(self, state: DialogState) -> Draft:
        """The caller does not agree to what we would do."""
        act = self._acting(state)
        if act.declined is None:
            raise FlowError(f"flow {state.flow}: step {state.step}: needs declined")
        draft = Draft(changed(state, offered=None, agreed=None, repairs=0), why="the caller does not agree")
        return self._walk(self._go(draft.saying(self.fill(state, act.declined.say)), act.declined.go))

    def correct(self, state: DialogState, heard: Heard) -> Draft | None:
        """A value that was taken before is corrected: go on from its question; None where none fits."""
        if state.flow is None or state.step is None:
            return None
        steps = self._playbook.flows[state.flow].steps
        before = list(steps)[: list(steps).index(state.step) + 1]
        for name in reversed(before):
            ask = steps[name].ask
            if ask is None or ask.slot not in state.slots or ask.wants is SlotKind.TEXT:
                continue
            found = found_for(ask, state, heard, strict=False)
            if found and found[0].value != state.slots[ask.slot]:
                if self._has_written_since(state, name):
                    return None
                return self.answer(self._back_at(state, name), found[:1])
        return None

    def reply(self, state: DialogState, *, yes: bool) -> Draft:
        """Take the answer to a yes/no question."""
        ask = self._open(state)
        state = changed(state, slots={**state.slots, ask.slot: yes}, repairs=0)
        return self._walk(self._go(Draft(state), (ask.yes if yes else ask.no) or END))

    def done(self, state: DialogState, result: ActionResult) -> Draft:
        """An action has come back."""
        if state.after_undo is not None:
            return self._undone(state, result)
        act = self._acting(state)
        spec = self._spec(act.action)
        if spec.grants is not None:
            state = identified(state, spec, result, self._playbook.identity.most_failures)
            if state.identity.locked:
                return self._locked(state)
        if result.failure is not None:
            return self._failed(state, act, result)
        slots: dict[str, JsonValue] = {**state.slots, act.save: result.data}
        state = changed(state, slots=slots, repairs=0, agreed=None)
        if act.undo is not None:
            taken_back = agreed_already(self._request(state, act.undo.action, act.undo.arguments))
            state = changed(state, undo=(taken_back, *state.undo))
        return self._walk(self._next(Draft(state)))

    # Steps

    def _start(self, state: DialogState, flow: str, heard: Heard | None) -> Draft:
        begun = self._begin(state, flow)
        return self._walk(Draft(volunteered(begun, self._flow(begun), heard) if heard is not None else begun))

    def _walk(self, draft: Draft) -> Draft:
        for _ in range(MOST_STEPS):
            if draft.waits or draft.then is not Next.LISTEN:
                return draft
            if draft.state.flow is None:
                return self._idle(draft)
            step = self._step(draft.state)
            if step is None:
                raise FlowError(f"flow {draft.state.flow}: there is no step {draft.state.step}")
            draft = self._take(draft, step)
        raise FlowError(f"flow {draft.state.flow}: goes in a circle")

    def _take(self, draft: Draft, step: Step) -> Draft:
        """One step. A draft that waits or awaits an action ends the walk."""
        if step.ask is not None:
            return self._take_ask(draft, step.ask)
        if step.act is not None:
            return self._take_act(draft, step.act)
        if step.identify is not None:
            identified = draft.state.identity.level >= step.identify
            return self._next(draft) if identified else self._identify(draft, step.identify)
        if step.branch is not None:
            return self._take_branch(draft, step)
        if step.hand_over is not None:
            say = self.fill(draft.state, step.hand_over.say) if step.hand_over.say is not None else ""
            reason = self.fill(draft.state, step.hand_over.reason)
            return self.hand_over(draft.state, step.hand_over.queue, reason, *draft.say, say)
        if step.choose is not None:
            draft = draft.saying(self._chosen(draft.state, step.choose))
        elif step.say is not None:
            draft = draft.saying(self.fill(draft.state, step.say))
        return self._next(draft)

    def _take_ask(self, draft: Draft, ask: Ask) -> Draft:
        state = draft.state
        if ask.skip_without is not None and not self._values.of(state).get(ask.skip_without):
            return self._next(draft)
        if ask.skip_if is not None and self._holds(state, ask.skip_if):
            return self._next(draft)
        if ask.slot in state.slots and not self.reads_back(state):
            return self._known(draft, ask)
        if draft.returned and state.flow is not None:
            back = self.fill(state, self._playbook.prompts.back_to, title=self.title(state.flow))
            draft = draft.saying(back)
        return replace(draft.saying(self.question(state)), expect=self.expect(state), waits=True)

    def _known(self, draft: Draft, ask: Ask) -> Draft:
        """The question has its answer already, from this run of the flow."""
        value = draft.state.slots[ask.slot]
        if ask.yes_no:
            return self._go(draft, (ask.yes if value is True else ask.no) or END)
        if draft.state.confidences.get(ask.slot, 1.0) < ask.read_back_below:
            state = changed(draft.state, offered=str(value))
            return replace(
                draft.saying(self.question(state)), state=state, expect=self.expect(state), waits=True
            )
        return self._next(draft)

    def _take_branch(self, draft: Draft, step: Step) -> Draft:
        for case in step.branch or ():
            if self._holds(draft.state, case.when):
                said = draft.saying(self.fill(draft.state, case.say)) if case.say is not None else draft
                return self._go(said, case.go)
        return self._next(draft)

    def _take_act(self, draft: Draft, act: Act) -> Draft:
        state = draft.state
        if act.skip_without is not None and not self._values.of(state).get(act.skip_without):
            return self._go(draft.saying(self.fill(state, act.otherwise_say or "")), END)
        spec = self._spec(act.action)
        if state.identity.level < spec.identity:
            return self._identify(draft, spec.identity)
        request = self._request(state, act.action, act.arguments)
        rules = self._playbook.escalation
        too_much = above_the_line(rules, spec, request)
        if too_much is not None:
            return self.hand_over(state, rules.default_queue, too_much, *draft.say)
        if spec.needs_confirmation and state.agreed != request.fingerprint:
            state = changed(state, offered=AGREE + request.fingerprint, agreed=None)
            question = self.fill(state, act.confirm or "")
            return replace(draft.saying(question), state=state, expect=self.expect(state), waits=True)
        return replace(
            draft,
            state=changed(state, pending=(request,)),
            act=(request,),
            expect=WHILE_ACTING,
            then=Next.AWAIT_ACTIONS,
            why=draft.why or f"{state.flow}: {state.step}",
        )

    def _request(self, state: DialogState, action: str, arguments: Mapping[str, str]) -> ActionRequest:
        filled = {name: self.fill(state, text) for name, text in arguments.items()}
        return request_for(state, action, filled, self._spec(action))

    def _failed(self, state: DialogState, act: Act, result: ActionResult) -> Draft:
        failure = (result.failure or Failure.BROKEN).value
        rule: Otherwise = act.failed.get(failure) or act.failed[OTHERWISE]
        name = f"{state.step}:{failure}"
        tries = state.tries.get(name, 0) + 1
        slots: dict[str, JsonValue] = {**state.slots, act.save: result.data}
        state = changed(state, tries={**state.tries, name: tries}, agreed=None, slots=slots)
        draft = Draft(state, why=f"{act.action}: {failure}")
        unknown = failure == Failure.UNKNOWN.value and failure not in act.failed
        said = self._playbook.prompts.unknown_outcome if unknown else rule.say
        draft = draft.saying(self.fill(state, said)).having(
            slots={key: value for key, value in state.slots.items() if key != act.save}
        )
        last = act.exhausted is not None and tries >= rule.most > 1
        target = act.exhausted if last and act.exhausted is not None else rule.go
        if rule.undo and state.undo:
            return self._undo(draft, target)
        return self._walk(self._go(draft, target))

    # Taking back

    def _undo(self, draft: Draft, target: str) -> Draft:
        requests = draft.state.undo
        return replace(
            draft.having(pending=requests, undo=(), after_undo=target),
            act=requests,
            expect=WHILE_ACTING,
            then=Next.AWAIT_ACTIONS,
        )

    def _undone(self, state: DialogState, result: ActionResult) -> Draft:
        prompts = self._playbook.prompts
        if result.failure is not None:
            left = changed(state, after_undo=None)
            reason = f"{result.action} could not take back what was done"
            return self.hand_over(
                left, self._playbook.escalation.default_queue, reason, self.fill(state, prompts.not_undone)
            )
        if state.pending:
            return Draft(state, expect=WHILE_ACTING, then=Next.AWAIT_ACTIONS, why="taking back")
        draft = Draft(changed(state, after_undo=None), why="taken back").saying(
            self.fill(state, prompts.undone)
        )
        return self._walk(self._go(draft, state.after_undo or END))

    # Who calls

    def _identify(self, draft: Draft, level: int) -> Draft:
        """Find out who calls first; the flow goes on when they are known."""
        state = draft.state
        if state.identity.locked:
            return self._locked(state).first_saying(*draft.say)
        name = f"identify:{level}"
        if state.tries.get(name, 0):
            reason = "could not be identified"
            return self.hand_over(state, self._playbook.escalation.default_queue, reason, *draft.say)
        way = self._level(level)
        tries = {**state.tries, name: 1}
        waiter = Waiter(flow=state.flow or "", step=state.step or "", tries=tries, quiet=True)
        return replace(draft, state=self._begin(changed(state, stack=(waiter, *state.stack)), way.flow))

    def _level(self, level: int) -> Level:
        """How a level is reached; where there is no such level, the next higher one.

        Raises:
            FlowError: there is none.
        """
        levels = self._playbook.identity.levels
        enough = [number for number in sorted(levels) if number >= level]
        if not enough:
            raise FlowError(f"identity.yaml has no level {level}")
        return levels[enough[0]]

    def _locked(self, state: DialogState) -> Draft:
        flow = self._playbook.identity.locked_flow or self._playbook.head.person_flow
        told = changed(state, slots={**state.slots, "reason": "identity could not be verified"})
        draft = self.enter(told, flow)
        return replace(draft, reason="identity locked", why="identity: too many failures")

    # From step to step

    def _go(self, draft: Draft, target: str) -> Draft:
        state = draft.state
        if target == HANG_UP:
            return replace(draft, then=Next.HANG_UP, expect=NOTHING)
        if target == END:
            return self._finished(draft)
        if state.flow is not None and target in self._playbook.flows[state.flow].steps:
            return replace(draft, state=self._back_at(state, target))
        return replace(draft, state=self._begin(state, target))

    def _back_at(self, state: DialogState, step: str) -> DialogState:
        """At a step of the same flow; a question that is gone back to is asked anew."""
        steps = self._flow(state).steps
        names = list(steps)
        slots = dict(state.slots)
        ask = steps[step].ask
        if ask is not None and names.index(step) <= names.index(state.step or step):
            slots.pop(ask.slot, None)
        return changed(state, step=step, offered=None, slots=slots)

    def _next(self, draft: Draft) -> Draft:
        """On to the step behind the current one; the flow is over when that was the last."""
        step = self._step(draft.state)
        if step is not None and step.go is not None:
            return self._go(draft, step.go)
        steps = list(self._flow(draft.state).steps)
        index = steps.index(draft.state.step or "") + 1
        if index < len(steps):
            return replace(draft, state=changed(draft.state, step=steps[index]))
        return self._finished(draft)

    def _begin(self, state: DialogState, flow: str) -> DialogState:
        """At the first step of a flow, without what an earlier run of it has left."""
        own = self._names[flow]
        return changed(
            state,
            flow=flow,
            step=next(iter(self._playbook.flows[flow].steps)),
            slots=less(state.slots, own),
            attempts=less(state.attempts, own),
            confidences=less(state.confidences, own),
            offered=None,
            agreed=None,
            undo=(),
            tries={},
            repairs=0,
        )

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
                stack=tuple(rest),
                undo=(),
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

    def _idle(self, draft: Draft) -> Draft:
        """Between flows: what else was asked for in the same breath, or what else there is."""
        state = draft.state
        if state.agenda:
            intent, *rest = state.agenda
            state = changed(state, agenda=tuple(rest))
            flow = self._playbook.intents[intent].flow if intent in self._playbook.intents else None
            article = self._playbook.articles.get(intent)
            if flow is not None:
                also = self.fill(state, self._playbook.prompts.also, title=self.title(flow))
                return self._walk(replace(draft, state=self._begin(state, flow)).saying(also))
            if article is not None:
                return self._idle(replace(draft, state=state).saying(article.spoken))
            return self._idle(replace(draft, state=state))
        asked = draft.saying(self.anything_else(draft.state))
        return replace(asked, expect=self.expect(draft.state), waits=True)

    def anything_else(self, state: DialogState) -> str:
        """Offer more help, in other words than last time."""
        return vary(self._playbook.prompts.anything_else, state)

    # Values

    def fill(self, state: DialogState, template: str, **more: object) -> str:
        """A sentence with the call's values.

        Raises:
            FlowError: a value is missing.
        """
        return self._values.fill(state, template, **more)

    def _take_value(self, state: DialogState, ask: Ask, best: Candidate) -> Draft:
        state = with_value(changed(state, repairs=0), ask.slot, best)
        if best.score < ask.read_back_below:
            state = changed(state, offered=best.value)
            return self.waiting(state, self.question(state), why="read back, not sure enough of it")
        return self._walk(self._next(Draft(changed(state, offered=None))))

    def _chosen(self, state: DialogState, choose: Choose) -> str:
        value: object = self._values.of(state)
        for part in choose.by.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        text = choose.say.get(str(value)) or choose.otherwise
        if text is None:
            raise FlowError(f"flow {state.flow}: step {state.step} has nothing to say for this {choose.by}")
        return self.fill(state, text)

    def _holds(self, state: DialogState, condition: str) -> bool:
        return self._values.holds(state, condition, self._names[state.flow or ""])

    def _has_written_since(self, state: DialogState, step: str) -> bool:
        """Whether something was changed behind that step: then it is not simply said again."""
        steps = self._flow(state).steps
        later = list(steps.values())[list(steps).index(step) :]
        acts = (one.act for one in later if one.act is not None)
        return any(not self._spec(act.action).reads and act.save in state.slots for act in acts)

    def _spec(self, action: str) -> ActionSpec:
        return self._playbook.actions[action]

    def _flow(self, state: DialogState) -> Flow:
        if state.flow is None or state.flow not in self._playbook.flows:
            raise FlowError(f"there is no flow {state.flow}")
        return self._playbook.flows[state.flow]

    def _step(self, state: DialogState) -> Step | None:
        return self._flow(state).steps.get(state.step or "") if state.flow is not None else None

    def _open(self, state: DialogState) -> Ask:
        ask = self.ask(state)
        if ask is None:
            raise FlowError(f"flow {state.flow}: step {state.step} asks nothing")
        return ask

    def _acting(self, state: DialogState) -> Act:
        step = self._step(state)
        if step is None or step.act is None:
            raise FlowError(f"flow {state.flow}: step {state.step} waits for no action")
        return step.act


def vary(texts: Sequence[str], state: DialogState) -> str:
    """One of several ways to say the same, never the one that was said last."""
    start = state.turn % len(texts)
    ordered = (*texts[start:], *texts[:start])
    return next((text for text in ordered if text not in state.last_said), ordered[0])
