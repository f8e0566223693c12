"""A call on hold: what the dialog makes of its caller's words, and what becomes of the transfer."""

from dialog.holding import Waited
from dialog.plan import Dialog
from dialog.types import DialogState, HandedBack, Hearing, Silence
from handoff.handovers import Handovers
from handoff.hold.held_caller import HoldVoice
from handoff.transfer.types import Choice, Transfer


class CallOnHold:
    """One call while a human is rung for it."""

    def __init__(self, handovers: Handovers, transfer: Transfer, voice: HoldVoice, dialog: Dialog) -> None:
        self._handovers = handovers
        self._transfer = transfer
        self._dialog = dialog
        self._caller = handovers.hold(transfer, voice)

    async def run(self) -> Transfer:
        """Hold the caller. Returns the transfer when the assistant goes on with them."""
        return await self._caller.run()

    async def answer(self, state: DialogState, moment: Hearing | Silence) -> tuple[str, ...]:
        """They have said or keyed something, or half a minute has passed. Returns what they are told."""
        standing = await self._handovers.waiting(self._transfer)
        waited = Waited(self._caller.waited_s, standing.position if standing is not None else None)
        if isinstance(moment, Silence):
            say = self._dialog.hold_words(state, waited)
            await self._caller.answer(say, None)
            return say
        reply = self._dialog.on_hold(state, moment, waited)
        await self._caller.answer(reply.say, Choice(reply.choice) if reply.choice is not None else None)
        return reply.say


def handed_back(transfer: Transfer) -> HandedBack:
    """What the dialog is told when the caller is the assistant's again."""
    return HandedBack.model_validate(
        {"outcome": transfer.outcome, "task": transfer.task, "answer": transfer.answer}
    )
