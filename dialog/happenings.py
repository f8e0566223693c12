"""Moments that the caller has no part in: the call opens or goes on, an action comes back, people send them back."""

from dataclasses import replace

from actions.types import ActionResult
from dialog.commands import Commands
from dialog.draft import HELD, Draft, changed
from dialog.escalating import Escalations
from dialog.flow import Flows
from dialog.playbook import Playbook
from dialog.returning import Returning
from dialog.types import (
    DialogState,
    Done,
    Escalated,
    HandedBack,
    Next,
    Opened,
    Resumed,
    Silence,
    Waiting,
)

Happening = Opened | Resumed | Silence | Waiting | Done | HandedBack | Escalated


class Happenings:
    """What happens in the calls of one playbook. Stateless."""

    def __init__(
        self, playbook: Playbook, flows: Flows, commands: Commands, escalations: Escalations
    ) -> None:
        self._playbook = playbook
        self._flows = flows
        self._commands = commands
        self._escalations = escalations
        self._returning = Returning(playbook, flows)

    def take(self, state: DialogState, moment: Happening) -> Draft:
        """What is done about it."""
        match moment:
            case Opened():
                return self._opened(state)
            case Resumed():
                return self._resumed(state)
            case Silence():
                return self._commands.one_moment(state)
            case Waiting():
                return self._commands.still_acting(state)
            case Done(result=result):
                return self._done(state, result)
            case HandedBack() | Escalated():
                return self._of_people(state, moment)

    def _of_people(self, state: DialogState, moment: HandedBack | Escalated) -> Draft:
        """What comes from people, or leads to them."""
        if isinstance(moment, HandedBack):
            return self._returning.back(state, moment)
        return self._escalations.take(state, moment)

    def _opened(self, state: DialogState) -> Draft:
        consent = self._playbook.head.consent
        asked = (consent.ask,) if consent.mode == "verbal" and consent.ask is not None else ()
        said = (self._flows.fill(state, text) for text in (*self._playbook.prompts.opening, *asked))
        draft = self._flows.waiting(state, *said, why="greeting")
        return replace(draft, expect=self._commands.expect_consent()) if asked else draft

    def _resumed(self, state: DialogState) -> Draft:
        """Apologise, and go on: wait for the actions that were under way, or put the open question again."""
        prompts = self._playbook.prompts
        sorry = self._flows.fill(state, prompts.resumed)
        if state.handed is not None:
            held = self._flows.without_lost(state)
            return Draft(held, (sorry,), expect=HELD, then=Next.HAND_OVER, order=state.handed)
        if state.pending and state.flow is not None:
            return self._flows.resume(state).saying(sorry)
        state = self._flows.without_lost(state)
        question = self._flows.question(state) or self._flows.fill(state, prompts.resumed_question)
        return self._flows.waiting(state, sorry, question, why="resumed")

    def _done(self, state: DialogState, result: ActionResult) -> Draft:
        left = tuple(request for request in state.pending if request.key != result.key)
        if len(left) == len(state.pending):
            return self._flows.waiting(state, why="nobody waits for this action")
        return self._flows.done(changed(state, pending=left), result)
