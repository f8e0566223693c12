"""What we do when an answer is not understood, or does not come: ladders that end with a person's call-back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialog.draft import Draft, changed
from dialog.flow import Flows
from dialog.knowledge.gaps import Unanswered
from dialog.places import ANYTHING_ELSE
from dialog.playbook import Playbook
from dialog.reasons import Reason
from dialog.types import DialogState

NO_MATCH = "no_match"
NO_INPUT = "no_input"
REPEAT = "repeat"
CORRECTION = "correction"
DOUBT = "doubt"
Answered = tuple[Draft, str]
"""What is decided, and what kind of repair it is: `none`, or one of those above."""


@dataclass(frozen=True)
class Ladder:
    """The rungs for one open question."""

    rungs: Sequence[str]
    name: str
    code: Reason
    """Why a person takes over when it is used up."""
    asked: str
    """What was asked, for people."""

    @property
    def words(self) -> str:
        """The same reason in words."""
        told = "did not answer" if self.code is Reason.SILENT else "could not be understood"
        return f"{told} when asked {self.asked}, {len(self.rungs) + 1} times"


class Repairs:
    """The ladders of one playbook. Stateless."""

    def __init__(self, playbook: Playbook, flows: Flows) -> None:
        self._playbook = playbook
        self._flows = flows

    def no_match(self, state: DialogState) -> Draft:
        """The caller was not understood. Before a person takes over, parts of an answer may be enough."""
        ladder = self._ladder(state, silent=False)
        failures = state.failures + 1
        if state.repairs >= len(ladder.rungs) and failures < self._playbook.head.failure_cap:
            draft = self._flows.with_parts(changed(state, failures=failures))
            if draft is not None:
                return draft
        return self._step_up(state, ladder)

    def no_answer(self, state: DialogState, gap: Unanswered) -> Draft:
        """The caller has asked what no article answers: say so, and what we were at."""
        state = changed(state, repairs=state.repairs + 1, failures=state.failures + 1)
        if state.failures >= self._playbook.head.failure_cap and not self._with_a_person(state):
            why = f"{state.failures} failures in this call"
            draft = self.give_up(state, why, Reason.TOO_MANY_REPAIRS)
        else:
            say = self._flows.vary(state, self._playbook.prompts.dont_know)
            draft = self._flows.waiting(
                state, say, self._flows.question(state), why="a question that no article answers"
            )
        return replace(draft, unanswered=gap)

    def no_input(self, state: DialogState) -> Draft:
        """The caller said nothing."""
        if state.promised:
            goodbye = self._flows.fill(state, self._playbook.prompts.goodbye)
            return self._flows.hang_up(state, goodbye).because("silent after the last resort")
        return self._step_up(state, self._ladder(state, silent=True))

    def give_up(self, state: DialogState, why: str, code: Reason, words: str | None = None) -> Draft:
        """We cannot help here: to people, or to the last resort when that is where we are. `words`: why, for people."""
        head = self._playbook.head
        if state.promised:
            state = changed(state, flow=None, step=ANYTHING_ELSE, offered=None, stack=())
            promised = self._flows.vary(state, self._playbook.prompts.promised)
            return self._flows.waiting(state, promised, why=f"{why}; promised")
        if self._with_a_person(state):
            state = changed(state, promised=True)
            return self._flows.enter(state, head.last_resort_flow).because(f"{why}; last resort")
        trouble = self._flows.fill(state, self._playbook.prompts.trouble)
        queue = self._playbook.escalation.default_queue
        if state.reachable:
            queue = self._flows.queue_of(state) or queue
        draft = self._flows.hand_over(state, queue, words or why, trouble, code=code)
        return draft.because(f"{why}; to {'a person' if draft.order is not None else head.person_flow}")

    def _with_a_person(self, state: DialogState) -> bool:
        return state.flow in {self._playbook.head.person_flow, self._playbook.head.last_resort_flow}

    def _step_up(self, state: DialogState, ladder: Ladder) -> Draft:
        state = changed(state, repairs=state.repairs + 1, failures=state.failures + 1)
        in_person_flow = state.flow == self._playbook.head.person_flow
        if state.failures >= self._playbook.head.failure_cap and not in_person_flow:
            return self.give_up(state, f"{state.failures} failures in this call", Reason.TOO_MANY_REPAIRS)
        if state.repairs > len(ladder.rungs):
            why = f"{ladder.name}: the ladder is used up"
            return self.give_up(state, why, ladder.code, ladder.words)
        text = self._flows.fill(state, ladder.rungs[state.repairs - 1])
        return self._flows.waiting(state, text, why=f"{ladder.name}: rung {state.repairs}")

    def _ladder(self, state: DialogState, *, silent: bool) -> Ladder:
        name = "no input" if silent else "no match"
        code = Reason.SILENT if silent else Reason.NOT_UNDERSTOOD
        prompts = self._playbook.prompts
        if self._flows.reads_back(state):
            return Ladder(prompts.read_back, f"{name} to the read-back", code, "whether it is right")
        ask = self._flows.ask(state)
        if ask is None:
            rungs = prompts.no_input if silent else prompts.no_match
            return Ladder(rungs, name, code, "what it is about")
        rungs = ask.silence if silent else ask.retry
        return Ladder(rungs, f"{name} for {ask.slot}", code, f"for the {ask.slot.replace('_', ' ')}")
