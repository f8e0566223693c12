"""The questions of flows: how they are put, and what comes of their answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialog import recalling
from dialog.draft import Draft, changed
from dialog.expecting import expectation_for
from dialog.filling import NOT_HEARD, Heard, likeliest, with_attempt, with_value, without
from dialog.grammar.choices import choices_in
from dialog.grammar.slots import Candidate
from dialog.places import Places
from dialog.playbook import Playbook
from dialog.schema.ask import Ask
from dialog.schema.flows import END
from dialog.types import DialogState, Expectation, ExpectationKind
from dialog.values import ATTEMPT, Values

AGREE = "agree:"
"""Before the fingerprint of a request in `offered`: the caller is asked to agree to it."""
WORTH_OFFERING = 0.3
"""A second candidate this likely is offered after the first was refused."""


def reads_back(state: DialogState) -> bool:
    """Whether something was read back and waits for a yes."""
    return state.offered is not None


def asks_agreement(state: DialogState) -> bool:
    """Whether what was read back is an action to agree to."""
    return state.offered is not None and state.offered.startswith(AGREE)


class Asking:
    """The questions of one playbook. Stateless. A draft that does not wait has its answer: the flow goes on from it."""

    def __init__(self, playbook: Playbook, places: Places, values: Values) -> None:
        self._playbook = playbook
        self._places = places
        self._values = values
        self._recalled = {name: recalling.slots(flow) for name, flow in playbook.flows.items()}

    # Putting a question

    def question(self, state: DialogState) -> str:
        """The open question as it is first put; empty between flows."""
        step = self._places.step(state)
        if step is None:
            return ""
        if step.act is not None and asks_agreement(state):
            return self._values.fill(state, step.act.confirm or "")
        if step.ask is None:
            return ""
        if not reads_back(state):
            short = step.ask.short if state.brief else None
            return self._values.fill(state, short or step.ask.say)
        attempt = max(1, len(state.attempts.get(step.ask.slot, ())))
        return self._values.fill(state, step.ask.read_back or "", **{ATTEMPT: attempt})

    def expect(self, state: DialogState) -> Expectation:
        """What comes next."""
        hotwords = self._playbook.head.hotwords
        if reads_back(state) or state.doubt is not None or state.offer is not None:
            return Expectation(kind=ExpectationKind.YES_NO, hotwords=hotwords)
        ask = self._places.ask(state)
        return Expectation(hotwords=hotwords) if ask is None else expectation_for(ask, state, hotwords)

    def waiting(self, state: DialogState, *say: str, why: str = "") -> Draft:
        """Wait for the caller where we are."""
        return Draft(
            state=state, say=tuple(one for one in say if one), expect=self.expect(state), why=why, waits=True
        )

    def put(self, draft: Draft, ask: Ask) -> Draft:
        """Ask, unless the question is left out or has its answer already."""
        state = draft.state
        if ask.skip_without is not None and not self._values.of(state).get(ask.skip_without):
            return self._places.next(draft)
        if ask.skip_if is not None and self._values.holds(
            state, ask.skip_if, self._places.names(state.flow or "")
        ):
            return self._places.next(draft)
        if ask.slot in state.slots and not reads_back(state):
            return self._known(draft, ask)
        if draft.returned and state.flow is not None:
            title = self._playbook.flows[state.flow].title
            draft = draft.saying(self._values.fill(state, self._playbook.prompts.back_to, title=title))
        return self._put(draft)

    def _put(self, draft: Draft) -> Draft:
        state = draft.state
        return replace(draft.saying(self.question(state)), expect=self.expect(state), waits=True)

    def _known(self, draft: Draft, ask: Ask) -> Draft:
        """The question has its answer already, from this run of the flow."""
        value = draft.state.slots[ask.slot]
        if ask.yes_no:
            return self._places.go(draft, (ask.yes if value is True else ask.no) or END)
        if draft.state.confidences.get(ask.slot, 1.0) < ask.read_back_below:
            return self._put(draft.having(offered=str(value)))
        return self._places.next(draft)

    # Taking its answer

    def answer(self, state: DialogState, found: Sequence[Candidate], heard: Heard = NOT_HEARD) -> Draft:
        """Take the value of the open question; one that was not heard well is read back first."""
        ask = self._places.open_ask(state)
        state = with_attempt(self._recall(state, ask, heard, found), ask.slot, tuple(found))
        best = likeliest(state, ask.slot) or found[0]
        state = with_value(changed(state, repairs=0), ask.slot, best)
        if best.score < ask.read_back_below:
            state = changed(state, offered=best.value)
            return self.waiting(state, self.question(state), why="read back, not sure enough of it")
        return self._places.next(Draft(changed(state, offered=None)))

    def not_answered(self, state: DialogState, heard: Heard) -> DialogState:
        """What was said is no answer, but may hold a part of it."""
        ask = self._places.ask(state)
        return state if ask is None or reads_back(state) else self._recall(state, ask, heard, ())

    def with_parts(self, state: DialogState) -> Draft | None:
        """Go on without a whole value, for a check of who calls that can make something of parts; None without any."""
        ask = self._places.ask(state)
        if ask is None or reads_back(state) or not state.recalled.get(ask.slot):
            return None
        empty = with_value(changed(state, repairs=0), ask.slot, Candidate("", 1.0))
        return self._places.next(Draft(empty, why=f"no whole {ask.slot}, but parts of it"))

    def reply(self, state: DialogState, *, yes: bool) -> Draft:
        """Take the answer to a yes/no question."""
        ask = self._places.open_ask(state)
        state = changed(state, slots={**state.slots, ask.slot: yes}, repairs=0)
        return self._places.go(Draft(state), (ask.yes if yes else ask.no) or END)

    def instead(self, state: DialogState, text: str) -> Draft | None:
        """An answer of another kind, such as "send it again"; None where it is none."""
        ask = self._places.ask(state)
        if ask is None or ask.instead is None:
            return None
        named = choices_in(text, ask.instead, strict=False)
        if len(named) != 1:
            return None
        step = named[0][0]
        after = changed(self.without_offer(state), repairs=0)
        return self._places.go(Draft(after, why=f"instead of an answer: {step}"), step)

    # What was read back

    def confirmed(self, state: DialogState) -> Draft:
        """The value that was read back is right."""
        ask = self._places.open_ask(state)
        state = recalling.confirmed(state, ask, state.offered or "")
        return self._places.next(Draft(changed(state, offered=None, repairs=0)))

    def refuse(self, state: DialogState) -> Draft | None:
        """What was read back is wrong: offer the next likeliest; None where there is none."""
        ask = self._places.open_ask(state)
        state = changed(self._ruled_out(state, ask.slot), offered=None)
        second = likeliest(state, ask.slot)
        if second is None or second.score < WORTH_OFFERING:
            return None
        state = with_value(changed(state, offered=second.value), ask.slot, second)
        return self.waiting(state, self.question(state), why="the next likeliest is read back")

    def without_offer(self, state: DialogState) -> DialogState:
        """Nothing waits for a yes; a value that was refused is ruled out."""
        if state.offered is None or asks_agreement(state):
            return changed(state, offered=None)
        slot = self._places.open_ask(state).slot
        slots = {name: value for name, value in state.slots.items() if name != slot}
        return changed(self._ruled_out(state, slot), offered=None, slots=slots)

    def _ruled_out(self, state: DialogState, slot: str) -> DialogState:
        value = state.offered or ""
        return recalling.ruled_out(without(state, slot, value), slot, value)

    def _recall(self, state: DialogState, ask: Ask, heard: Heard, found: Sequence[Candidate]) -> DialogState:
        if ask.slot not in self._recalled.get(state.flow or "", ()):
            return state
        now = datetime.fromisoformat(state.opened_at)
        return recalling.recall(state, ask.slot, recalling.attempt(heard, ask.wants, now, found))
