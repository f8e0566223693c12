"""A turn in the middle of a flow: an answer to its open question, a correction, or something in between."""

from dataclasses import replace

from dialog.answers import Answers
from dialog.draft import Draft, changed
from dialog.flow import Flows
from dialog.playbook import Playbook
from dialog.repair import CORRECTION, NO_MATCH, Answered, Repairs
from dialog.schema.intents import Command
from dialog.types import DialogState
from dialog.understand import Meaning
from dialog.wishes import Wishes

NOT_SURE = 0.55
"""An agreement heard with less confidence than this is asked for again before anything is changed."""


class InFlow:
    """The turns within one playbook's flows. Stateless."""

    def __init__(
        self, playbook: Playbook, flows: Flows, answers: Answers, repairs: Repairs, wishes: Wishes
    ) -> None:
        self._playbook = playbook
        self._flows = flows
        self._answers = answers
        self._repairs = repairs
        self._wishes = wishes

    def instead(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """An answer of another kind than the open question's value: "send it again" is no "say that again"."""
        if meaning.found or meaning.command not in {None, Command.REPEAT, Command.THANKS}:
            return None
        return self._flows.instead(state, meaning.text)

    def answer(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """An answer to the open question, a correction, or a digression; None where it is nothing of that."""
        if self._flows.asks_agreement(state):
            answered = self._agreement(state, meaning)
        elif self._flows.reads_back(state):
            answered = self._read_back(state, meaning)
        else:
            answered = self._answered(state, meaning)
        if answered is not None:
            return answered
        if meaning.corrects:
            corrected = self._flows.correct(state, meaning.heard)
            if corrected is not None:
                return corrected.because("a value is corrected"), CORRECTION
        return self._digression(state, meaning)

    def _agreement(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """To a change of something: only a plain yes that was heard well is one."""
        if meaning.corrects or (meaning.reply is False and not meaning.plain):
            corrected = self._flows.correct(state, meaning.heard)
            if corrected is not None:
                return corrected.because("a value is corrected"), CORRECTION
        if meaning.reply is True and meaning.plain:
            if meaning.confidence < NOT_SURE:
                return self._repairs.no_match(state), NO_MATCH
            return self._flows.confirm(state), "none"
        if meaning.reply is False and meaning.intent is None:
            return self._flows.decline(state), "none"
        return None

    def _read_back(self, state: DialogState, meaning: Meaning) -> Answered | None:
        if meaning.found and meaning.found[0].value != state.offered:
            answered = self._flows.answer(self._flows.without_offer(state), meaning.found, meaning.heard)
            return answered, CORRECTION
        if meaning.reply is True or meaning.found:
            return self._flows.confirm(state), "none"
        if meaning.reply is False:
            second = self._flows.refuse(state)
            if second is not None:
                return second, CORRECTION
            return self._repairs.no_match(self._flows.without_offer(state)), CORRECTION
        return None

    def _answered(self, state: DialogState, meaning: Meaning) -> Answered | None:
        ask = self._flows.ask(state)
        if ask is None:
            return None
        if ask.yes_no:
            return (
                (self._flows.reply(state, yes=meaning.reply), "none") if meaning.reply is not None else None
            )
        if not meaning.found:
            return None
        if meaning.corrects:
            corrected = self._flows.correct(state, meaning.heard)
            if corrected is not None and self._flows.ask(corrected.state) is not ask:
                return corrected.because("an earlier value is corrected"), CORRECTION
        return self._flows.answer(state, meaning.found, meaning.heard), "none"

    def _digression(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """Not an answer: another question first, another flow instead, or nothing we understand."""
        answer = self._answers.to(state, meaning)
        if answer is not None:
            draft = self._flows.waiting(
                state, *answer.say, self._flows.question(state), why="a question in between"
            )
            return replace(draft, sources=answer.sources, certainty=answer.certainty), "none"
        before = self._wishes.before_any_flow(state, meaning)
        if before is not None:
            return before
        flow = self._wishes.flow_of(meaning)
        return self._another_flow(state, flow, meaning) if flow is not None else None

    def _another_flow(self, state: DialogState, flow: str, meaning: Meaning) -> Answered | None:
        """A wish in the middle of a flow."""
        if flow == state.flow:
            return self._asked_again(state)
        if meaning.switches or self._ends_here(state, flow):
            return self._flows.enter(state, flow, meaning.heard), "none"
        return self._flows.digress(state, flow, meaning.heard).because(f"{flow} in between"), "none"

    def _asked_again(self, state: DialogState) -> Answered | None:
        """The wish that is under way, once more: our question stands. The second time it was not understood."""
        if state.repairs:
            return None
        question = self._flows.question(state)
        return self._flows.waiting(changed(state, repairs=1), question, why="the wish under way"), "none"

    def _ends_here(self, state: DialogState, flow: str) -> bool:
        """Whether going back makes no sense: nothing of the flow has been answered, or it is the person's."""
        people = {self._playbook.head.person_flow, self._playbook.head.last_resort_flow}
        return state.flow in people or flow in people or any(one.flow == flow for one in state.stack)
