"""A turn while no flow is under way: a question, a wish, or an answer to whether there is anything else."""

from dataclasses import replace

from dialog.answers import Answers
from dialog.commands import Commands
from dialog.draft import Draft, changed
from dialog.flow import Flows
from dialog.places import ANYTHING_ELSE, CLOSING
from dialog.playbook import Playbook
from dialog.repair import CORRECTION, Answered
from dialog.types import DialogState
from dialog.understand import Meaning
from dialog.wishes import Wishes

MOST_OF_A_NO = 6
"""A no of up to so many words wants nothing more; `no, listen, …` wants to be listened to."""


class BetweenFlows:
    """The turns between one playbook's flows. Stateless."""

    def __init__(
        self, playbook: Playbook, flows: Flows, answers: Answers, commands: Commands, wishes: Wishes
    ) -> None:
        self._playbook = playbook
        self._flows = flows
        self._answers = answers
        self._commands = commands
        self._wishes = wishes

    def answer(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """An answer to a question, the flow of a wish, or a yes or no to more; None where it is nothing of that."""
        agenda = tuple(name for name in meaning.more if name != meaning.intent)
        answer = self._answers.to(state, meaning)
        if answer is not None:
            return self._answer_and_more(state, answer, agenda), "none"
        before = self._wishes.before_any_flow(state, meaning)
        if before is not None:
            return before
        flow = self._wishes.flow_of(meaning)
        if flow is not None:
            return self._flows.enter(changed(state, agenda=agenda), flow, meaning.heard), "none"
        if meaning.found and state.last_flow is not None:
            draft = self._flows.enter(state, state.last_flow, meaning.heard)
            return draft.because("another value for the last flow"), CORRECTION
        return self._reply_to_anything_else(state, meaning)

    def _answer_and_more(self, state: DialogState, answer: Draft, agenda: tuple[str, ...]) -> Draft:
        """An answer, then what else was asked in the same breath."""
        after = changed(state, step=ANYTHING_ELSE, repairs=0)
        more = [self._answers.of_intent(after, intent) for intent in agenda]
        said = (*answer.say, *(one.say[0] for one in more if one is not None))
        sources = (*answer.sources, *(source for one in more if one is not None for source in one.sources))
        flow = next(
            (self._playbook.intents[one].flow for one in agenda if one in self._playbook.intents), None
        )
        if flow is not None:
            also = self._flows.fill(after, self._playbook.prompts.also, title=self._flows.title(flow))
            draft = self._flows.enter(after, flow).first_saying(*said, also)
        else:
            offer = "" if said[-1].endswith("?") else self._flows.anything_else(after)
            draft = self._flows.waiting(after, *said, offer, why="a question answered")
        return replace(draft, sources=sources, certainty=answer.certainty)

    def _reply_to_anything_else(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """Neither a question nor a wish: a yes, a no, or nothing we understand."""
        wants_no_more = meaning.reply is False and len(meaning.text.split()) <= MOST_OF_A_NO
        if state.step == CLOSING or (wants_no_more and state.step == ANYTHING_ELSE):
            return self._commands.goodbye(state), "none"
        if meaning.reply is True and state.step == ANYTHING_ELSE:
            after = changed(state, repairs=0)
            ahead = self._flows.fill(after, self._playbook.prompts.go_ahead)
            return self._flows.waiting(after, ahead, why="wants more"), "none"
        return None
