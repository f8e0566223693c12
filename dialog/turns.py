"""What to do about a turn of the caller: the order in which what they may mean is looked at."""

from dialog.answers import Answers
from dialog.between_flows import BetweenFlows
from dialog.commands import Commands
from dialog.doubts import LASTING, Doubts
from dialog.draft import Draft, changed
from dialog.escalating import Escalations
from dialog.expecting import slot_rule
from dialog.flow import Flows
from dialog.in_flow import InFlow
from dialog.places import ANYTHING_ELSE
from dialog.playbook import Playbook
from dialog.proposals import Proposals
from dialog.reasons import Reason
from dialog.repair import NO_MATCH, REPEAT, Answered, Repairs
from dialog.schema.intents import Command
from dialog.types import DialogState, Hearing, Next
from dialog.understand import Asked, Meaning
from dialog.wishes import Wishes

UPSET = -0.5
"""From this sentiment down a turn gets a word of empathy."""
CALM_TURNS = 3
"""So many turns lie between two words of empathy."""


class Turns:
    """The turns of one playbook's calls. Stateless."""

    def __init__(
        self,
        playbook: Playbook,
        flows: Flows,
        answers: Answers,
        repairs: Repairs,
        commands: Commands,
        doubts: Doubts,
        escalations: Escalations,
    ) -> None:
        wishes = Wishes(playbook, flows, doubts)
        self._playbook = playbook
        self._flows = flows
        self._answers = answers
        self._repairs = repairs
        self._commands = commands
        self._escalations = escalations
        self._proposals = Proposals(playbook, flows)
        self._in_flow = InFlow(playbook, flows, answers, repairs, wishes)
        self._between_flows = BetweenFlows(playbook, flows, answers, commands, wishes)

    def respond(self, state: DialogState, hearing: Hearing, meaning: Meaning) -> Answered:
        """What to do about a turn, and what kind of repair it is."""
        before = self._before_all_else(state, meaning)
        if before is not None:
            return before
        state = changed(state, pending=(), after_undo=None)
        if self._commands.asks_consent(state):
            consented = self._commands.consent(state, meaning)
            if consented is not None:
                return consented, "none"
            state = changed(state, consent=False)  # who does not answer has not agreed
        state, about_person = self._about_person(state, meaning)
        if about_person is not None:
            return about_person, "none"
        instead = self._in_flow.instead(state, meaning)
        if instead is not None:
            return instead, "none"
        if meaning.command is not None:
            return self._commands.do(state, meaning), REPEAT if meaning.command is Command.REPEAT else "none"
        found = (
            self._in_flow.answer(state, meaning)
            if state.flow is not None
            else self._between_flows.answer(state, meaning)
        )
        return found or self._not_understood(state, hearing, meaning)

    def _about_person(self, state: DialogState, meaning: Meaning) -> tuple[DialogState, Draft | None]:
        """An answer to our question which person they need, or whether they want one."""
        if state.finding_queue:
            draft = self._commands.which_person(state, meaning)
            lasts = meaning.command in LASTING
            return changed(state, finding_queue=lasts), draft
        return self._escalations.answered(state, meaning)

    def _before_all_else(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """Danger is a person's at once; while we act, nothing else is begun."""
        if meaning.danger:
            rules = self._playbook.escalation
            queue = rules.danger_queue or rules.default_queue
            left = changed(state, pending=())
            why = "the caller speaks of danger"
            return self._flows.hand_over(left, queue, why, code=Reason.DANGER), "none"
        if state.pending and meaning.command is not Command.PERSON:
            return self._commands.one_moment(state), "none"
        return None

    def _not_understood(self, state: DialogState, hearing: Hearing, meaning: Meaning) -> Answered:
        """What a language model makes of it; otherwise we say that we do not know, or ask again."""
        proposed = self._proposals.take(state, hearing, self._commands)
        if proposed is not None:
            return proposed, "none"
        gap = self._answers.gap(state, meaning)
        if gap is not None:
            return self._repairs.no_answer(state, gap), NO_MATCH
        if self._flows.asks_agreement(state):
            return self._repairs.no_match(state), NO_MATCH  # what was read back still waits for its yes or no
        state = self._flows.not_answered(state, meaning.heard)
        return self._repairs.no_match(self._flows.without_offer(state)), NO_MATCH

    def asked(self, state: DialogState) -> Asked:
        """What the caller was asked, and so what their next words may be taken for."""
        now = state.opened_at
        ask = self._flows.ask(state)
        if state.offer is not None:
            rule = slot_rule(ask) if ask is not None and not ask.yes_no else None
            return Asked(rule, reply=True, strict=rule is not None, now=now)
        if self._flows.asks_agreement(state):
            intents = self._playbook.intents.items()
            wish = frozenset(name for name, intent in intents if intent.flow == state.flow)
            return Asked(reply=True, wish=wish, now=now)
        if state.doubt is not None:
            rule = slot_rule(ask) if ask is not None else None
            return Asked(rule, reply=True, wish=frozenset({state.doubt.intent}), strict=True, now=now)
        if ask is not None:
            reply = ask.yes_no or self._flows.reads_back(state)
            return Asked(slot_rule(ask), reply=reply, strict=True, now=now)
        last = self._flows.first_ask(state.last_flow) if state.last_flow is not None else None
        reply = state.step == ANYTHING_ELSE or self._commands.asks_consent(state)
        return Asked(slot_rule(last) if last is not None else None, reply=reply, now=now)

    def with_topic(self, state: DialogState, meaning: Meaning) -> DialogState:
        """The state that knows what the call is about, if this turn says it."""
        topic = meaning.intent or meaning.topic
        intent = self._playbook.intents.get(topic or "")
        names_matter = intent.flow is not None if intent is not None else topic in self._playbook.articles
        return changed(state, about=topic) if names_matter and not meaning.is_doubtful else state

    def with_feeling(self, draft: Draft, meaning: Meaning) -> Draft:
        """A word of empathy first, to somebody who is upset and has not just had one."""
        state = draft.state
        lately = state.soothed_at is not None and state.turn - state.soothed_at < CALM_TURNS
        leaves = draft.then in {Next.HANG_UP, Next.HAND_OVER}
        if meaning.sentiment > UPSET or lately or not draft.say or leaves:
            return draft
        soothed = draft.having(soothed_at=state.turn)
        return soothed.first_saying(self._flows.vary(state, self._playbook.prompts.empathy))
