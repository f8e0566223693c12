"""The caller is the assistant's again after a transfer: what came of it, and how it goes on."""

from dialog.draft import Draft, changed
from dialog.flow import Flows
from dialog.places import ANYTHING_ELSE
from dialog.playbook import Playbook
from dialog.types import DialogState, HandedBack


class Returning:
    """The ways back of one playbook. Stateless."""

    def __init__(self, playbook: Playbook, flows: Flows) -> None:
        self._playbook = playbook
        self._flows = flows

    def back(self, state: DialogState, moment: HandedBack) -> Draft:
        """What is said and done now. Never more than is true: nobody is promised who was not reached."""
        state = changed(state, handed=None, outcome=moment.outcome)
        people, head = self._playbook.head.people, self._playbook.head
        match moment.outcome:
            case "stayed":
                draft = self._go_on(state, self._flows.fill(state, people.stayed))
            case "consulted":
                draft = self._flows.consulted(state, moment.answer)
            case "handed_back":
                draft = self._task(state, moment.task)
            case "call_back":
                draft = self._flows.enter(state, head.person_flow)
            case "voicemail":
                draft = self._flows.enter(state, head.voicemail_flow or head.person_flow)
            case "nobody" | "failed" | "agent_gone":
                sorry = people.nobody if moment.outcome == "nobody" else people.failed
                draft = self._nobody(state, self._flows.fill(state, sorry))
        return draft.because(f"back from a transfer: {moment.outcome}")

    def _nobody(self, state: DialogState, sorry: str) -> Draft:
        """A consultation without an answer goes on without it; otherwise a call-back is what is left."""
        if self._flows.consults(state):
            return self._flows.consulted(state, None).first_saying(sorry)
        return self._flows.enter(state, self._playbook.head.person_flow).first_saying(sorry)

    def _go_on(self, state: DialogState, say: str) -> Draft:
        """The open question again."""
        if self._flows.consults(state):
            return self._flows.consulted(state, None).first_saying(say)
        question = self._flows.question(state) or self._flows.anything_else(state)
        return self._flows.waiting(state, say, question)

    def _task(self, state: DialogState, task: str | None) -> Draft:
        """What the human gave the caller back for, if the playbook lets humans ask for it."""
        back = self._flows.fill(state, self._playbook.head.people.back)
        left = changed(state, flow=None, step=ANYTHING_ELSE, offered=None, agreed=None, stack=(), agenda=())
        if task is not None and task in self._playbook.escalation.tasks:
            return self._flows.enter(left, task).first_saying(back)
        return self._flows.waiting(left, back, self._flows.anything_else(left))
