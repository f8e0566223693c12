"""Decides what to do next. `Dialog.plan` is a pure function of state and moment: no clock, no I/O, no memory."""

from dataclasses import replace

from loguru import logger

from actions.types import ActionRequest, ActionResult
from dialog.draft import STILL_ACTING, Draft, changed
from dialog.flow import ANYTHING_ELSE, CLOSING, FlowError, Flows, Given, vary
from dialog.intents import IntentClassifier
from dialog.playbook import Playbook
from dialog.repair import Repairs
from dialog.schema import Command
from dialog.types import (
    DialogState,
    Done,
    Hearing,
    Moment,
    Next,
    Opened,
    Plan,
    Resumed,
    Signals,
    Silence,
    Understanding,
    Waiting,
)
from dialog.understand import Asked, Meaning, Understander

NO_MATCH = "no_match"
NO_INPUT = "no_input"
REPEAT = "repeat"
CORRECTION = "correction"
SURE_GOODBYE = 0.6
"""Confidence from which on a goodbye out of the blue is believed."""


class Dialog:
    """The dialog of one playbook. Holds no call's state and is safe to use from many threads."""

    def __init__(self, playbook: Playbook, classifier: IntentClassifier) -> None:
        self._playbook = playbook
        self._flows = Flows(playbook)
        self._understander = Understander(playbook, classifier, self._flows.first_number)
        self._repairs = Repairs(playbook, self._flows)

    @property
    def playbook_version(self) -> str:
        """Name and version of the playbook."""
        return self._playbook.version

    @property
    def fixed_prompts(self) -> tuple[str, ...]:
        """Sentences without values in them, which can be spoken in advance."""
        return tuple(dict.fromkeys(text for text in self._playbook.templates() if "{" not in text))

    def start(self, call_id: str, caller_number: str | None) -> DialogState:
        """The state of a call that has not begun."""
        return DialogState(playbook=self.playbook_version, call_id=call_id, caller_number=caller_number)

    def call_back(self, call_id: str, caller_number: str) -> tuple[ActionRequest, ...]:
        """What to do so that a caller who found no free line is called back."""
        state = self.start(call_id, caller_number)
        return self._flows.enter(state, self._playbook.head.busy_flow).act

    def plan(self, state: DialogState, moment: Moment) -> Plan:
        """What to do now. The same state and moment give the same plan."""
        if isinstance(moment, Hearing | Silence):
            state = changed(state, turn=state.turn + 1)
        try:
            return self._decide(state, moment)
        except FlowError as error:
            logger.bind(call=state.call_id).error("the playbook cannot go on: {}", error)
            return self._finish(state, self._repairs.give_up(state, "a fault in the playbook"))

    def _decide(self, state: DialogState, moment: Moment) -> Plan:
        match moment:
            case Hearing():
                return self._hear(state, moment)
            case Silence() if not state.pending:
                return self._finish(state, self._repairs.no_input(state), repair=NO_INPUT)
        return self._finish(state, self._happened(state, moment))

    # Moments

    def _happened(self, state: DialogState, moment: Opened | Resumed | Silence | Waiting | Done) -> Draft:
        """What the caller has no part in."""
        match moment:
            case Opened():
                return self._flows.waiting(state, *self._playbook.prompts.opening, why="greeting")
            case Resumed():
                return self._resumed(state)
            case Silence():
                return self._one_moment(state)
            case Waiting():
                return self._still_acting(state)
            case Done(result=result):
                return self._done(state, result)

    def _resumed(self, state: DialogState) -> Draft:
        """Apologise, and put the open question again. What was asked of an action is asked again by the caller."""
        prompts = self._playbook.prompts
        if state.pending and state.flow is not None:
            draft = self._flows.enter(changed(state, pending=()), state.flow)
            return replace(draft, say=(prompts.resumed, *draft.say), why="resumed, the flow from its start")
        question = self._flows.question(state) or prompts.resumed_question
        return self._flows.waiting(state, prompts.resumed, question, why="resumed")

    def _done(self, state: DialogState, result: ActionResult) -> Draft:
        left = tuple(request for request in state.pending if request.key != result.key)
        if len(left) == len(state.pending):
            return self._flows.waiting(state, why="nobody waits for this action")
        return self._flows.done(changed(state, pending=left), result)

    def _hear(self, state: DialogState, hearing: Hearing) -> Plan:
        meaning = self._understander.understand(hearing, self._asked(state))
        if state.pending and meaning.command is not Command.PERSON:
            return self._finish(state, self._one_moment(state), meaning)
        state = changed(state, pending=())
        if meaning.command is not None:
            repair = REPEAT if meaning.command is Command.REPEAT else "none"
            return self._finish(state, self._command(state, meaning), meaning, repair)
        if state.flow is not None:
            return self._in_flow(state, meaning)
        return self._between_flows(state, meaning)

    def _in_flow(self, state: DialogState, meaning: Meaning) -> Plan:
        ask = self._flows.ask(state)
        given = Given(meaning.digits, meaning.confidence) if meaning.digits is not None else None
        if ask is not None and self._flows.reads_back(state):
            if given is not None and given.value != state.offered:
                return self._finish(state, self._flows.answer(state, given), meaning, repair=CORRECTION)
            if meaning.reply is True or given is not None:
                return self._finish(state, self._flows.confirm(state), meaning)
            if meaning.reply is False:
                wrong = changed(state, offered=None)
                return self._finish(state, self._repairs.no_match(wrong), meaning, repair=CORRECTION)
        elif ask is not None and ask.yes_no and meaning.reply is not None:
            return self._finish(state, self._flows.reply(state, yes=meaning.reply), meaning)
        elif given is not None:
            return self._finish(state, self._flows.answer(state, given), meaning)
        return self._finish_digression(state, meaning)

    def _finish_digression(self, state: DialogState, meaning: Meaning) -> Plan:
        """Not an answer: another question first, another flow instead, or nothing we understand."""
        answer = self._answer_to(meaning)
        if answer is not None:
            draft = self._flows.waiting(
                state, answer, self._flows.question(state), why="a question in between"
            )
            return self._finish(state, draft, meaning)
        flow = self._flow_of(meaning)
        if flow is not None and flow != state.flow:
            return self._finish(state, self._flows.enter(state, flow), meaning)
        return self._finish(state, self._repairs.no_match(state), meaning, repair=NO_MATCH)

    def _between_flows(self, state: DialogState, meaning: Meaning) -> Plan:
        answer = self._answer_to(meaning)
        if answer is not None:
            after = changed(state, step=ANYTHING_ELSE, repairs=0)
            more = "" if answer.endswith("?") else self._flows.anything_else(state)
            return self._finish(
                state, self._flows.waiting(after, answer, more, why="a question answered"), meaning
            )
        flow = self._flow_of(meaning)
        given = Given(meaning.digits, meaning.confidence) if meaning.digits is not None else None
        if flow is not None:
            takes_number = self._flows.first_number(flow) is not None
            return self._finish(
                state, self._flows.enter(state, flow, given if takes_number else None), meaning
            )
        if given is not None and state.last_flow is not None:
            draft = self._flows.enter(state, state.last_flow, given)
            return self._finish(
                state, draft.because("another number for the last flow"), meaning, repair=CORRECTION
            )
        return self._answer_to_anything_else(state, meaning)

    def _answer_to_anything_else(self, state: DialogState, meaning: Meaning) -> Plan:
        """Neither a question nor a wish: a yes, a no, or nothing we understand."""
        if state.step == CLOSING or (meaning.reply is False and state.step == ANYTHING_ELSE):
            return self._finish(state, self._goodbye(state), meaning)
        if meaning.reply is True and state.step == ANYTHING_ELSE:
            after = changed(state, repairs=0)
            go_ahead = self._playbook.prompts.go_ahead
            return self._finish(state, self._flows.waiting(after, go_ahead, why="wants more"), meaning)
        return self._finish(state, self._repairs.no_match(state), meaning, repair=NO_MATCH)

    # Commands

    def _person(self, state: DialogState) -> Draft:
        person_flow = self._playbook.head.person_flow
        ask = self._flows.ask(state)
        if state.flow == person_flow and ask is not None and not self._flows.reads_back(state):
            return self._flows.waiting(state, vary(ask.retry, state), why="asked for a person again")
        return self._flows.enter(state, person_flow).because("asked for a person")

    def _repeat(self, state: DialogState) -> Draft:
        said = state.last_said or self._playbook.prompts.nothing_to_repeat
        return self._flows.waiting(state, said, why="asked to repeat")

    def _command(self, state: DialogState, meaning: Meaning) -> Draft:
        match meaning.command:
            case Command.PERSON:
                draft = self._person(state)
            case Command.REPEAT:
                draft = self._repeat(state)
            case Command.GOODBYE if self._is_doubtful(state, meaning):
                draft = self._ask_before_goodbye(state)
            case Command.CANCEL if state.step != CLOSING:
                draft = self._never_mind(state)
            case Command.THANKS if state.step != CLOSING:
                question = self._flows.question(state) or self._flows.anything_else(state)
                draft = self._flows.waiting(state, self._playbook.prompts.welcome, question, why="thanks")
            case _:
                draft = self._goodbye(state)
        return draft

    def _never_mind(self, state: DialogState) -> Draft:
        after = changed(state, flow=None, step=ANYTHING_ELSE, offered=None, repairs=0)
        more = self._flows.anything_else(state)
        return self._flows.waiting(after, self._playbook.prompts.cancelled, more, why="never mind")

    def _is_doubtful(self, state: DialogState, meaning: Meaning) -> bool:
        """Whether a goodbye comes where none is expected and was not heard well: nobody is hung up on for that."""
        return meaning.confidence < SURE_GOODBYE and state.step not in {ANYTHING_ELSE, CLOSING}

    def _ask_before_goodbye(self, state: DialogState) -> Draft:
        after = changed(state, flow=None, step=ANYTHING_ELSE, offered=None)
        return self._flows.waiting(after, self._flows.anything_else(state), why="a goodbye not heard well")

    def _goodbye(self, state: DialogState) -> Draft:
        prompts = self._playbook.prompts
        said = prompts.bye if state.step == CLOSING else prompts.goodbye
        return self._flows.hang_up(state, said).because("goodbye")

    def _one_moment(self, state: DialogState) -> Draft:
        return _until_done(state, self._playbook.prompts.one_moment, why="an action is under way")

    def _still_acting(self, state: DialogState) -> Draft:
        if not state.pending:
            return self._flows.waiting(state, why="nothing to wait for")
        first, *later = self._playbook.prompts.working
        knows = state.last_said in {first, *later}
        say = vary(later, state) if knows and later else first
        return _until_done(state, say, why="an action takes its time")

    # What the caller means

    def _asked(self, state: DialogState) -> Asked:
        ask = self._flows.ask(state)
        if ask is not None:
            reads_back = self._flows.reads_back(state)
            return Asked(ask.digits, ask.yes_no or reads_back, strict=ask.digits is not None)
        digits = self._flows.first_number(state.last_flow) if state.last_flow is not None else None
        return Asked(digits, reply=state.step == ANYTHING_ELSE)

    def _answer_to(self, meaning: Meaning) -> str | None:
        """What is said to a question, from an article or from the intent itself."""
        article = self._playbook.articles.get(meaning.intent or "")
        if article is not None:
            return article.spoken
        intent = self._playbook.intents.get(meaning.intent or "")
        return intent.say if intent is not None else None

    def _flow_of(self, meaning: Meaning) -> str | None:
        intent = self._playbook.intents.get(meaning.intent or "")
        return intent.flow if intent is not None else None

    # The plan

    def _finish(
        self, before: DialogState, draft: Draft, meaning: Meaning | None = None, repair: str = "none"
    ) -> Plan:
        said = " ".join(draft.say) or before.last_said
        state = changed(draft.state, last_said=said, expect=draft.expect)
        return Plan(
            say=draft.say,
            act=draft.act,
            expect=draft.expect,
            then=draft.then,
            state=state,
            understanding=meaning.understanding if meaning is not None else Understanding(),
            signals=Signals.model_validate(
                {
                    "repair": repair,
                    "repairs_in_a_row": state.repairs,
                    "asked_for_person": meaning is not None and meaning.command is Command.PERSON,
                }
            ),
            why=draft.why or _place(state),
        )


def _until_done(state: DialogState, say: str, why: str) -> Draft:
    return Draft(state, (say,), expect=STILL_ACTING, then=Next.AWAIT_ACTIONS, why=why)


def _place(state: DialogState) -> str:
    return f"{state.flow}: {state.step}" if state.flow is not None else "open question"
