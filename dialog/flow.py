"""Walks through a playbook's flows: takes steps until one waits for the caller or for an action."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from actions.spec import ActionSpec
from actions.types import ActionRequest, ActionResult, Failure
from dialog import recalling
from dialog.acting import above_the_line, begun_anew, change_of, request_for
from dialog.asking import AGREE, Asking, asks_agreement, reads_back
from dialog.draft import NOTHING, WHILE_ACTING, Draft, changed
from dialog.filling import NOT_HEARD, Heard, found_for, volunteered
from dialog.forgotten import asked_again
from dialog.grammar.kinds import SlotKind
from dialog.grammar.slots import Candidate
from dialog.handing import Handing
from dialog.identifying import identified, way_to
from dialog.places import CLOSING, Places
from dialog.playbook import Playbook
from dialog.reasons import Reason
from dialog.schema.ask import Ask
from dialog.schema.flows import END, Act, Choose, Otherwise, Step
from dialog.schema.flows import HandOver as HandOverStep
from dialog.types import DialogState, Expectation, HandOver, Next
from dialog.undoing import can_be_undone, undo
from dialog.values import FlowError, Values

MOST_STEPS = 50
"""A flow that takes more steps than this without waiting goes in a circle."""
OTHERWISE = "otherwise"


class Flows:
    """The flows of one playbook. Stateless."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook
        self._values = Values(playbook)
        self._places = Places(playbook)
        self._asking = Asking(playbook, self._places, self._values)
        self._handing = Handing(playbook, self._asking, self._values)

    # Where we are

    def ask(self, state: DialogState) -> Ask | None:
        """The question that is open; None between flows, and where we ask for agreement."""
        return self._places.ask(state)

    def first_ask(self, flow: str) -> Ask | None:
        """The question that a flow begins with, if it begins with one."""
        return next(iter(self._playbook.flows[flow].steps.values())).ask

    def question(self, state: DialogState) -> str:
        """The open question as it is first put; empty between flows."""
        return self._asking.question(state)

    def reads_back(self, state: DialogState) -> bool:
        """Whether something was read back and waits for a yes."""
        return reads_back(state)

    def asks_agreement(self, state: DialogState) -> bool:
        """Whether what was read back is an action to agree to."""
        return asks_agreement(state)

    def waiting(self, state: DialogState, *say: str, why: str = "") -> Draft:
        """Wait for the caller where we are."""
        return self._asking.waiting(state, *say, why=why)

    def expect(self, state: DialogState) -> Expectation:
        """What comes next."""
        return self._asking.expect(state)

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
        return self._start(self._places.interrupted(state, flow), flow, heard)

    # To people

    def reaches(self, state: DialogState, queue: str | None) -> bool:
        """Whether somebody of a queue, or of one that takes over from it, can be rung now."""
        return self._handing.reached(state, queue) is not None

    def queue_of(self, state: DialogState, topic: str | None = None) -> str | None:
        """The queue that a topic, or what the call is about, belongs to; None where that is not known."""
        return self._handing.queue_of(state, topic)

    def hand_over(
        self, state: DialogState, queue: str | None, reason: str, *say: str, code: Reason = Reason.FLOW
    ) -> Draft:
        """Pass the caller to a person; without one at hand, to the flow that is left."""
        told = changed(
            state, slots={**state.slots, "reason": reason, "queue": queue or ""}, finding_queue=False
        )
        order = HandOver(queue=queue, reason=code, words=reason) if queue is not None else None
        draft = self._handing.over(told, order, *say) if order is not None else None
        if draft is None:
            draft = self.enter(told, self._playbook.head.person_flow).first_saying(*say)
        return replace(draft, hand_over=queue, reason=reason, code=code, why=f"to a person: {reason}")

    def consults(self, state: DialogState) -> bool:
        """Whether a human is asked a question here, whose answer the flow goes on with."""
        return self._consultation(state) is not None

    def consulted(self, state: DialogState, answer: bool | None) -> Draft:
        """Go on with what a human has answered; None where nobody did.

        Raises:
            FlowError: nobody was asked here.
        """
        step = self._consultation(state)
        if step is None or step.save is None:
            raise FlowError(f"flow {state.flow}: step {state.step} asks no human")
        answered = changed(state, slots={**state.slots, step.save: answer}, repairs=0)
        return self._walk(self._places.next(Draft(answered)), state)

    def _consultation(self, state: DialogState) -> HandOverStep | None:
        step = self._places.step(state)
        over = step.hand_over if step is not None else None
        return over if over is not None and over.kind == "consult" else None

    def _hand_over_step(self, draft: Draft, step: HandOverStep) -> Draft:
        state = draft.state
        say = self.fill(state, step.say) if step.say is not None else ""
        reason = self.fill(state, step.reason)
        if step.kind == "warm":
            return self.hand_over(state, step.queue, reason, *draft.say, say, code=step.code)
        question = self.fill(state, step.question) if step.question is not None else None
        order = HandOver(queue=step.queue, reason=step.code, words=reason, kind=step.kind, question=question)
        over = self._handing.over(state, order, *draft.say, say)
        if over is not None:
            why = f"to a person, {step.kind}: {reason}"
            return replace(over, hand_over=step.queue, reason=reason, code=step.code, why=why)
        if step.kind == "consult":
            return self.consulted(state, None).first_saying(*draft.say, say)
        return self.hand_over(state, step.queue, reason, *draft.say, say, code=step.code)

    def _led_to_people(self, before: DialogState, draft: Draft, code: Reason, why: str) -> Draft:
        """A flow that goes on at the call-back goes to a person instead, where one can be rung."""
        person_flow = self._playbook.head.person_flow
        if draft.state.flow != person_flow or before.flow in {None, person_flow}:
            return draft
        queue = self._handing.queue_of(before) or self._playbook.escalation.default_queue
        if not self.reaches(before, queue):
            return draft
        return self.hand_over(before, queue, why, *draft.say, code=code)

    # Going on

    def resume(self, state: DialogState) -> Draft:
        """Ask again for the actions whose results were lost: by the same keys, so that nothing is done twice."""
        return Draft(
            state,
            act=state.pending,
            expect=WHILE_ACTING,
            then=Next.AWAIT_ACTIONS,
            why="resumed, what was asked of actions is asked again",
        )

    def without_lost(self, state: DialogState) -> DialogState:
        """The state of a resumed call in which private answers, of which only markers are left, are open again."""
        return asked_again(state, self._playbook.flows)

    def _asked_again(self, state: DialogState) -> Draft | None:
        """The question for what an action needs and was not kept; None where no question asks for it."""
        open_again = self.without_lost(state)
        question = self.question(open_again) if self.ask(open_again) is not None else ""
        if open_again is state or not question:
            return None
        return self.waiting(open_again, question, why="a private answer was not kept")

    def answer(self, state: DialogState, found: Sequence[Candidate], heard: Heard = NOT_HEARD) -> Draft:
        """Take the value of the open question; one that was not heard well is read back first."""
        return self._walk(self._asking.answer(state, found, heard), state)

    def not_answered(self, state: DialogState, heard: Heard) -> DialogState:
        """What was said is no answer, but may hold a part of it."""
        return self._asking.not_answered(state, heard)

    def with_parts(self, state: DialogState) -> Draft | None:
        """Go on without a whole value, where parts of it may be enough; None where they are not."""
        draft = self._asking.with_parts(state)
        return self._walk(draft, state) if draft is not None else None

    def instead(self, state: DialogState, text: str) -> Draft | None:
        """An answer of another kind, such as "send it again"; None where it is none."""
        draft = self._asking.instead(state, text)
        return self._walk(draft, state) if draft is not None else None

    def refuse(self, state: DialogState) -> Draft | None:
        """What was read back is wrong: offer the next likeliest; None where there is none."""
        return self._asking.refuse(state)

    def without_offer(self, state: DialogState) -> DialogState:
        """Nothing waits for a yes; a value that was refused is ruled out."""
        return self._asking.without_offer(state)

    def confirm(self, state: DialogState) -> Draft:
        """What was read back is right."""
        if not asks_agreement(state):
            return self._walk(self._asking.confirmed(state), state)
        agreed = (state.offered or "").removeprefix(AGREE)
        return self._walk(Draft(changed(state, offered=None, agreed=agreed, repairs=0)))

    def decline(self, state: DialogState) -> Draft:
        """The caller does not agree to what we would do."""
        act = self._places.act(state)
        if act.declined is None:
            raise FlowError(f"flow {state.flow}: step {state.step}: needs declined")
        draft = Draft(changed(state, offered=None, agreed=None, repairs=0), why="the caller does not agree")
        said = draft.saying(self.fill(state, act.declined.say))
        return self._walk(self._places.go(said, act.declined.go), state)

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
                back = recalling.corrected(self._places.back_at(state, name), ask.slot)
                return self.answer(back, found[:1])
        return None

    def reply(self, state: DialogState, *, yes: bool) -> Draft:
        """Take the answer to a yes/no question."""
        return self._walk(self._asking.reply(state, yes=yes), state)

    def done(self, state: DialogState, result: ActionResult) -> Draft:
        """An action has come back."""
        if state.after_undo is not None:
            return self._undone(state, result)
        if result.failure is Failure.FORGOTTEN and (again := self._asked_again(state)) is not None:
            return again
        act = self._places.act(state)
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
            takes_back = self._request_for(state, act.undo.action, act.undo.arguments)
            state = can_be_undone(state, self._request(state, act), takes_back)
        return self._walk(self._places.next(Draft(state)), state)

    # Steps

    def _start(self, state: DialogState, flow: str, heard: Heard | None) -> Draft:
        begun = self._places.begin(state, flow)
        if heard is not None:
            begun = volunteered(begun, self._places.flow(begun), heard)
        return self._walk(Draft(begun))

    def _walk(self, draft: Draft, before: DialogState | None = None, code: Reason = Reason.FLOW) -> Draft:
        """Take steps until one waits. `before`: where the caller was, if they were in a flow."""
        before = before or draft.state
        for _ in range(MOST_STEPS):
            if draft.waits or draft.then is not Next.LISTEN:
                return draft
            draft = self._led_to_people(before, draft, code, draft.why or f"{before.flow}: {before.step}")
            if draft.then is not Next.LISTEN:
                return draft
            before = draft.state
            if draft.state.flow is None:
                return self._idle(draft)
            step = self._places.step(draft.state)
            if step is None:
                raise FlowError(f"flow {draft.state.flow}: there is no step {draft.state.step}")
            draft = self._take(draft, step)
        raise FlowError(f"flow {draft.state.flow}: goes in a circle")

    def _take(self, draft: Draft, step: Step) -> Draft:
        """One step. A draft that waits or awaits an action ends the walk."""
        if step.ask is not None:
            return self._asking.put(draft, step.ask)
        if step.act is not None:
            return self._take_act(draft, step.act)
        if step.identify is not None:
            known = draft.state.identity.level >= step.identify
            return self._places.next(draft) if known else self._identify(draft, step.identify)
        if step.branch is not None:
            return self._take_branch(draft, step)
        if step.hand_over is not None:
            return self._hand_over_step(draft, step.hand_over)
        if step.choose is not None:
            draft = draft.saying(self._chosen(draft.state, step.choose))
        elif step.say is not None:
            draft = draft.saying(self.fill(draft.state, step.say))
        return self._places.next(draft)

    def _take_branch(self, draft: Draft, step: Step) -> Draft:
        names = self._places.names(draft.state.flow or "")
        for case in step.branch or ():
            if self._values.holds(draft.state, case.when, names):
                said = draft.saying(self.fill(draft.state, case.say)) if case.say is not None else draft
                return self._places.go(said, case.go)
        return self._places.next(draft)

    def _take_act(self, draft: Draft, act: Act) -> Draft:
        state = draft.state
        if act.skip_without is not None and not self._values.of(state).get(act.skip_without):
            return self._places.go(draft.saying(self.fill(state, act.otherwise_say or "")), END)
        spec = self._spec(act.action)
        if state.identity.level < spec.identity:
            return self._identify(draft, spec.identity)
        request = self._request(state, act)
        rules = self._playbook.escalation
        too_much = above_the_line(rules, spec, request)
        if too_much is not None:
            queue = rules.default_queue
            if state.reachable:
                queue = self.queue_of(state) or queue
            return self.hand_over(state, queue, too_much, *draft.say, code=Reason.VALUE_LINE)
        if spec.needs_confirmation and state.agreed != request.fingerprint:
            state = changed(state, offered=AGREE + request.fingerprint, agreed=None)
            question = self.fill(state, act.confirm or "")
            return replace(draft.saying(question), state=state, expect=self.expect(state), waits=True)
        if act.anew:
            state = begun_anew(state, change_of(request))
            request = self._request(state, act)
        return replace(
            draft,
            state=changed(state, pending=(request,)),
            act=(request,),
            expect=WHILE_ACTING,
            then=Next.AWAIT_ACTIONS,
            why=draft.why or f"{state.flow}: {state.step}",
        )

    def _request(self, state: DialogState, act: Act) -> ActionRequest:
        """What the step asks for."""
        heard = {name: recalling.told(state, slot) for name, slot in act.heard.items()}
        return self._request_for(state, act.action, act.arguments, heard)

    def _request_for(
        self,
        state: DialogState,
        action: str,
        arguments: Mapping[str, str],
        more: Mapping[str, JsonValue] | None = None,
    ) -> ActionRequest:
        filled = {name: self.fill(state, text) for name, text in arguments.items()}
        return request_for(state, action, {**filled, **(more or {})}, self._spec(action))

    def _failed(self, state: DialogState, act: Act, result: ActionResult) -> Draft:
        failure = (result.failure or Failure.BROKEN).value
        rule: Otherwise = act.failed.get(failure) or act.failed[OTHERWISE]
        name = f"{state.step}:{failure}"
        tries = state.tries.get(name, 0) + 1
        told: JsonValue = {"reason": None, **result.data}  # a refusal does not always say why
        slots: dict[str, JsonValue] = {**state.slots, act.save: told}
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
            return undo(draft, target)
        code = Reason.ACTION_FAILED_TWICE if tries > 1 else Reason.ACTION_FAILED
        return self._walk(self._places.go(draft, target), state, code)

    def _undone(self, state: DialogState, result: ActionResult) -> Draft:
        prompts = self._playbook.prompts
        if result.failure is not None:
            left = changed(state, after_undo=None)
            reason = f"{result.action} could not take back what was done"
            queue = self._playbook.escalation.default_queue
            said = self.fill(state, prompts.not_undone)
            return self.hand_over(left, queue, reason, said, code=Reason.ACTION_FAILED)
        if state.pending:
            return Draft(state, expect=WHILE_ACTING, then=Next.AWAIT_ACTIONS, why="taking back")
        draft = Draft(changed(state, after_undo=None), why="taken back").saying(
            self.fill(state, prompts.undone)
        )
        return self._walk(self._places.go(draft, state.after_undo or END), state, Reason.ACTION_FAILED)

    # Who calls

    def _identify(self, draft: Draft, level: int) -> Draft:
        """Find out who calls first; the flow goes on when they are known."""
        state = draft.state
        if state.identity.locked:
            return self._locked(state).first_saying(*draft.say)
        name = f"identify:{level}"
        if state.tries.get(name, 0):
            reason, queue = "could not be identified", self._playbook.escalation.default_queue
            return self.hand_over(state, queue, reason, *draft.say, code=Reason.NOT_IDENTIFIED)
        check = way_to(level, self._playbook.identity).flow
        waiting = self._places.waiting_for_identity(state, check, {**state.tries, name: 1})
        return replace(draft, state=self._places.begin(waiting, check))

    def _locked(self, state: DialogState) -> Draft:
        flow = self._playbook.identity.locked_flow or self._playbook.head.person_flow
        told = changed(state, slots={**state.slots, "reason": "identity could not be verified"})
        draft = self.enter(told, flow)
        return draft.being(Reason.IDENTITY_LOCKED, "identity locked").because("identity: too many failures")

    # Between flows

    def _idle(self, draft: Draft) -> Draft:
        """What else was asked for in the same breath, or what else there is."""
        state = draft.state
        if state.agenda:
            intent, *rest = state.agenda
            state = changed(state, agenda=tuple(rest))
            flow = self._playbook.intents[intent].flow if intent in self._playbook.intents else None
            article = self._playbook.articles.get(intent)
            if flow is not None:
                also = self.fill(state, self._playbook.prompts.also, title=self.title(flow))
                return self._walk(replace(draft, state=self._places.begin(state, flow)).saying(also))
            if article is not None:
                return self._idle(replace(draft, state=state).saying(article.spoken))
            return self._idle(replace(draft, state=state))
        asked = draft.saying(self.anything_else(draft.state))
        return replace(asked, expect=self.expect(draft.state), waits=True)

    def anything_else(self, state: DialogState) -> str:
        """Offer more help, in other words than last time."""
        return self.vary(state, self._playbook.prompts.anything_else)

    # Values

    def fill(self, state: DialogState, template: str, **more: object) -> str:
        """A sentence with the call's values.

        Raises:
            FlowError: a value is missing.
        """
        return self._values.fill(state, template, **more)

    def vary(self, state: DialogState, templates: Sequence[str]) -> str:
        """One of several ways to say the same, never the one that was said last.

        Raises:
            FlowError: a value is missing.
        """
        return self._values.vary(state, templates)

    def _chosen(self, state: DialogState, choose: Choose) -> str:
        value: object = self._values.of(state)
        for part in choose.by.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        text = choose.say.get(str(value)) or choose.otherwise
        if text is None:
            raise FlowError(f"flow {state.flow}: step {state.step} has nothing to say for this {choose.by}")
        return self.fill(state, text)

    def _has_written_since(self, state: DialogState, step: str) -> bool:
        """Whether something was changed behind that step: then it is not simply said again."""
        steps = self._places.flow(state).steps
        later = list(steps.values())[list(steps).index(step) :]
        acts = (one.act for one in later if one.act is not None)
        return any(not self._spec(act.action).reads and act.save in state.slots for act in acts)

    def _spec(self, action: str) -> ActionSpec:
        return self._playbook.actions[action]
