"""What is done when escalation finds that a call goes badly: fewer words, the offer of a person, or a person."""

import re

from dialog.draft import YES_OR_NO, Draft, changed
from dialog.flow import Flows
from dialog.places import CLOSING
from dialog.playbook import Playbook
from dialog.reasons import Reason
from dialog.schema.intents import Command
from dialog.types import DialogState, Escalated, HandOver
from dialog.understand import Meaning

OFFER_AGAIN = 4
"""So many turns of the caller lie between two offers."""
ASKS = re.compile(r"\?|\byes or no\b|\bpress\b|\bkey (?:it |them )?in\b", re.IGNORECASE)
"""What makes a sentence a question, or a part of one."""
CALM_TURNS = 3
"""So many turns lie between two words of empathy."""


class Escalations:
    """What one playbook says and does about escalation. Stateless."""

    def __init__(self, playbook: Playbook, flows: Flows) -> None:
        self._playbook = playbook
        self._flows = flows

    def take(self, state: DialogState, moment: Escalated) -> Draft:
        """What is said and done in place of what would have been said."""
        if self._is_with_people(state):
            return self._as_planned(state, moment, "people have the matter already")
        match moment.level:
            case "watch":
                return self._watch(state, moment)
            case "offer":
                return self._offer(state, moment)
            case "hand_over":
                return self._hand_over(state, moment)

    def answered(self, state: DialogState, meaning: Meaning) -> tuple[DialogState, Draft | None]:
        """What a caller says to the offer of a person; None where it is neither a yes nor a no: then it stands for
        itself, and the offer is gone.
        """
        offer = state.offer
        if offer is None:
            return state, None
        state = changed(state, offer=None)
        wants = meaning.command is Command.PERSON or (meaning.reply is True and meaning.intent is None)
        if not wants and (meaning.command is not None or meaning.intent is not None or meaning.reply is None):
            return state, None
        if wants:
            code = Reason(offer.reason)
            draft = self._flows.hand_over(state, offer.queue, offer.words, code=code)
            return state, draft.because("wants the person that was offered")
        refused = self._flows.fill(state, self._playbook.head.people.refused)
        question = self._flows.question(state) or self._flows.anything_else(state)
        return state, self._flows.waiting(state, refused, question, why="does not want a person")

    def _is_with_people(self, state: DialogState) -> bool:
        """Whether a person is on the way, or a call-back is being agreed."""
        head = self._playbook.head
        flows = {head.person_flow, head.last_resort_flow, head.voicemail_flow}
        busy = state.handed is not None or state.finding_queue or state.promised or bool(state.pending)
        return busy or state.step == CLOSING or (state.flow is not None and state.flow in flows)

    def _as_planned(self, state: DialogState, moment: Escalated, why: str) -> Draft:
        return Draft(state, moment.unsaid, expect=state.expect, why=why, waits=True)

    def _watch(self, state: DialogState, moment: Escalated) -> Draft:
        """Fewer words from now on, and a word of empathy if there was none lately."""
        brief = changed(state, brief=True)
        draft = self._as_planned(brief, moment, f"watched: {moment.words}")
        lately = state.soothed_at is not None and state.turn - state.soothed_at < CALM_TURNS
        if lately or not moment.unsaid:
            return draft
        soothed = draft.having(soothed_at=state.turn)
        return soothed.first_saying(self._flows.vary(state, self._playbook.prompts.empathy))

    def _offer(self, state: DialogState, moment: Escalated) -> Draft:
        if state.offered_at is not None and state.turn - state.offered_at < OFFER_AGAIN:
            return self._as_planned(state, moment, "a person was offered a few turns ago")
        people = self._playbook.head.people
        queue = self._queue(state, moment)
        if queue is None:
            return self._as_planned(state, moment, "the playbook has no people")
        text = people.offer if self._flows.reaches(state, queue) else people.offer_call_back
        offer = HandOver(queue=queue, reason=moment.reason, words=moment.words)
        offered = changed(state, offer=offer, offered_at=state.turn, doubt=None, brief=True)
        said = (*statements(moment.unsaid), self._flows.fill(state, text))
        return Draft(offered, said, expect=YES_OR_NO, why=f"a person is offered: {moment.words}", waits=True)

    def _hand_over(self, state: DialogState, moment: Escalated) -> Draft:
        people = self._playbook.head.people
        code = Reason(moment.reason)
        sorry = self._flows.fill(state, people.sorry.get(code, people.sorry_otherwise))
        left = changed(state, doubt=None, offer=None)  # no yes is awaited any more
        return self._flows.hand_over(left, self._queue(state, moment), moment.words, sorry, code=code)

    def _queue(self, state: DialogState, moment: Escalated) -> str | None:
        known = moment.queue or self._flows.queue_of(state)
        return known or self._playbook.escalation.default_queue


def statements(sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Those that ask nothing: one question a turn is enough."""
    return tuple(one for one in sentences if ASKS.search(one) is None)
