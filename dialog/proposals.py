"""What a language model proposes is taken only where the flows allow it, and where nothing else was understood."""

from dialog.commands import Commands
from dialog.draft import Draft, changed
from dialog.filling import Heard, found_for
from dialog.flow import Flows
from dialog.grammar.slots import Said
from dialog.places import ANYTHING_ELSE
from dialog.playbook import Playbook
from dialog.types import DialogState, Hearing, ProposedCommand


class Proposals:
    """The proposals that one playbook can take. Stateless."""

    def __init__(self, playbook: Playbook, flows: Flows) -> None:
        self._flows = flows
        self._allowed = {intent.flow for intent in playbook.intents.values() if intent.flow is not None}
        self._articles = frozenset(playbook.articles)

    def take(self, state: DialogState, hearing: Hearing, commands: Commands) -> Draft | None:
        """What comes of the first proposal that can be taken; None where there is none.

        A proposal can start a flow that callers can start, give the open question a value that its grammar finds in
        the caller's own words, or answer from articles. It cannot agree, identify, or run an action.
        """
        if hearing.proposal is None:
            return None
        for command in hearing.proposal.commands:
            draft = self._taken(state, hearing, command, commands)
            if draft is not None:
                return draft.because(f"proposed by {hearing.proposal.model}: {command.kind}; {draft.why}")
        return None

    def _taken(
        self, state: DialogState, hearing: Hearing, command: ProposedCommand, commands: Commands
    ) -> Draft | None:
        heard = Heard((Said(hearing.text, hearing.confidence),))
        match command.kind:
            case "start_flow" if command.flow in self._allowed and command.flow != state.flow:
                assert command.flow is not None  # noqa: S101 - it is among the allowed ones
                return self._flows.digress(state, command.flow, heard)
            case "set_slot":
                return self._slot(state, hearing, command)
            case "answer":
                return self._answer(state, hearing)
            case "person":
                return commands.person(state)
            case "cancel":
                return commands.never_mind(state)
        return None

    def _slot(self, state: DialogState, hearing: Hearing, command: ProposedCommand) -> Draft | None:
        ask = self._flows.ask(state)
        if ask is None or ask.slot != command.slot or ask.yes_no or self._flows.reads_back(state):
            return None
        if not command.value or command.value.casefold() not in hearing.text.casefold():
            return None
        heard = Heard((Said(command.value, hearing.confidence),))
        found = found_for(ask, state, heard, strict=True)
        return self._flows.answer(state, found) if found else None

    def _answer(self, state: DialogState, hearing: Hearing) -> Draft | None:
        proposal = hearing.proposal
        if proposal is None or not proposal.reply or not proposal.sources:
            return None
        if not self._articles.issuperset(proposal.sources):
            return None
        after = (
            changed(state, repairs=0)
            if state.flow is not None
            else changed(state, step=ANYTHING_ELSE, repairs=0)
        )
        question = self._flows.question(state) or self._flows.anything_else(state)
        draft = self._flows.waiting(after, proposal.reply, question, why="answered from articles")
        return Draft(
            draft.state, draft.say, expect=draft.expect, why=draft.why, waits=True, sources=proposal.sources
        )
