"""What a caller may ask of the conversation itself, whatever it is about."""

from dialog.draft import STILL_ACTING, Draft, changed
from dialog.flow import Flows
from dialog.places import ANYTHING_ELSE, CLOSING
from dialog.playbook import Playbook
from dialog.reasons import Reason
from dialog.schema.intents import Command
from dialog.types import DialogState, Expectation, ExpectationKind, Next
from dialog.understand import Meaning

SURE_GOODBYE = 0.6
"""Confidence from which on a goodbye out of the blue is believed."""
HOLD_ON_S = 60.0
"""Who asks for a moment gets a minute."""


class Commands:
    """The commands of one playbook. Stateless."""

    def __init__(self, playbook: Playbook, flows: Flows) -> None:
        self._playbook = playbook
        self._flows = flows

    def do(self, state: DialogState, meaning: Meaning) -> Draft:
        """What the caller asks for."""
        prompts = self._playbook.prompts
        match meaning.command:
            case Command.PERSON:
                draft = self.person(state, meaning.topic)
            case Command.REPEAT:
                again = state.last_said or self._flows.fill(state, prompts.nothing_to_repeat)
                draft = self._flows.waiting(state, again, why="asked to repeat")
            case Command.SLOWER:
                slower = changed(state, slow=True)
                granted = self._flows.fill(state, prompts.slower)
                draft = self._flows.waiting(slower, granted, state.last_said, why="asked to slow down")
            case Command.HOLD_ON:
                draft = self._hold_on(state)
            case Command.GOODBYE if self._is_doubtful(state, meaning):
                draft = self._ask_before_goodbye(state)
            case Command.CANCEL if state.step != CLOSING:
                draft = self.never_mind(state)
            case Command.THANKS if state.step != CLOSING:
                question = self._flows.question(state) or self._flows.anything_else(state)
                welcome = self._flows.fill(state, prompts.welcome)
                draft = self._flows.waiting(state, welcome, question, why="thanks")
            case _:
                draft = self.goodbye(state)
        return draft

    def person(self, state: DialogState, topic: str | None = None) -> Draft:
        """They want a person; `topic`: what they have said in the same breath that it is about.

        At once where it is known what it is about, or when they ask again; otherwise after one question, so that they
        do not wait for the wrong people.
        """
        state = changed(state, asked_for_person=state.asked_for_person + 1)
        person_flow = self._playbook.head.person_flow
        ask = self._flows.ask(state)
        if state.flow == person_flow and ask is not None and not self._flows.reads_back(state):
            return self._flows.waiting(
                state, self._flows.vary(state, ask.retry), why="asked for a person again"
            )
        default = self._playbook.escalation.default_queue
        if not state.reachable:
            return self._to_person(state, default)
        queue = self._flows.queue_of(state, topic)
        if queue is None and state.asked_for_person == 1 and self._flows.reaches(state, default):
            which = self._flows.fill(state, self._playbook.head.people.which)
            finding = changed(state, finding_queue=True, offer=None)
            return self._flows.waiting(finding, which, why="asked for a person: which one?")
        return self._to_person(state, queue or default)

    def which_person(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """Their answer to what it is about; None where they speak of the conversation itself, or want no person."""
        if meaning.command is Command.PERSON:
            return self.person(state, meaning.topic)
        if meaning.command not in {None, Command.THANKS}:
            return None
        return self.some_person(state, meaning.intent or meaning.topic)

    def some_person(self, state: DialogState, topic: str | None = None) -> Draft:
        """The best person there is, whatever it is about."""
        queue = self._flows.queue_of(state, topic) if topic is not None else None
        return self._to_person(state, queue or self._playbook.escalation.default_queue)

    def _to_person(self, state: DialogState, queue: str | None) -> Draft:
        reason = "asked for a person"
        draft = self._flows.hand_over(state, queue, reason, code=Reason.ASKED_FOR_PERSON)
        return draft.because(reason)

    def never_mind(self, state: DialogState) -> Draft:
        """They drop what they were at."""
        after = changed(
            state, flow=None, step=ANYTHING_ELSE, offered=None, agreed=None, stack=(), agenda=(), repairs=0
        )
        more = self._flows.anything_else(state)
        cancelled = self._flows.fill(state, self._playbook.prompts.cancelled)
        return self._flows.waiting(after, cancelled, more, why="never mind")

    def goodbye(self, state: DialogState) -> Draft:
        """They are done."""
        prompts = self._playbook.prompts
        said = prompts.bye if state.step == CLOSING else prompts.goodbye
        return self._flows.hang_up(state, self._flows.fill(state, said)).because("goodbye")

    def one_moment(self, state: DialogState) -> Draft:
        """They speak while we act."""
        said = self._flows.fill(state, self._playbook.prompts.one_moment)
        return _until_done(state, said, why="an action is under way")

    def still_acting(self, state: DialogState) -> Draft:
        """They have waited in silence while we act."""
        if not state.pending:
            return self._flows.waiting(state, why="nothing to wait for")
        spec = self._playbook.actions.get(state.pending[0].action)
        templates = (*(spec.working if spec is not None else ()), *self._playbook.prompts.working)
        first, *later = (self._flows.fill(state, one) for one in templates)
        knows = state.last_said in {first, *later}
        say = self._flows.vary(state, templates[1:]) if knows and later else first
        return _until_done(state, say, why="an action takes its time")

    # Consent to being recorded

    def expect_consent(self) -> Expectation:
        """A yes or no to the question behind the greeting."""
        return Expectation(kind=ExpectationKind.YES_NO, hotwords=self._playbook.head.hotwords)

    def asks_consent(self, state: DialogState) -> bool:
        """Whether the caller has been asked for their consent and has not answered."""
        return self._playbook.head.consent.mode == "verbal" and state.consent is None

    def consent(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """Their answer; None where it is none: who tells us what they want stays, but is not recorded."""
        rules, how = self._playbook.head.consent, self._playbook.prompts.go_ahead
        if meaning.reply is True:
            agreed = self._flows.fill(state, rules.agreed or how)
            return self._flows.waiting(changed(state, consent=True), agreed, why="agrees to recording")
        if meaning.reply is False:
            said = (self._flows.fill(state, text) for text in (rules.refused or "", how))
            return self._flows.waiting(
                changed(state, consent=False), *said, why="does not agree to recording"
            )
        return None

    def _hold_on(self, state: DialogState) -> Draft:
        granted = self._flows.fill(state, self._playbook.prompts.hold_on)
        draft = self._flows.waiting(state, granted, why="asked for a moment")
        patient = draft.expect.model_copy(update={"no_input_s": HOLD_ON_S})
        return Draft(state, draft.say, expect=patient, why=draft.why, waits=True)

    def _is_doubtful(self, state: DialogState, meaning: Meaning) -> bool:
        """Whether a goodbye comes where none is expected and was not heard well: nobody is hung up on for that."""
        return meaning.confidence < SURE_GOODBYE and state.step not in {ANYTHING_ELSE, CLOSING}

    def _ask_before_goodbye(self, state: DialogState) -> Draft:
        after = changed(state, flow=None, step=ANYTHING_ELSE, offered=None, agreed=None, stack=())
        return self._flows.waiting(after, self._flows.anything_else(state), why="a goodbye not heard well")


def _until_done(state: DialogState, say: str, why: str) -> Draft:
    return Draft(state, (say,), expect=STILL_ACTING, then=Next.AWAIT_ACTIONS, why=why)
