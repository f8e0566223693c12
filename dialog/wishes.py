"""What the caller wants: which flow serves it, and what comes before any flow."""

from dialog.doubts import Doubts
from dialog.draft import Draft
from dialog.flow import Flows
from dialog.playbook import Playbook
from dialog.reasons import Reason
from dialog.repair import DOUBT, Answered
from dialog.types import DialogState
from dialog.understand import Meaning


class Wishes:
    """The wishes that one playbook knows. Stateless."""

    def __init__(self, playbook: Playbook, flows: Flows, doubts: Doubts) -> None:
        self._playbook = playbook
        self._flows = flows
        self._doubts = doubts

    def flow_of(self, meaning: Meaning) -> str | None:
        """The flow that serves it, if any."""
        intent = self._playbook.intents.get(meaning.intent or "")
        return intent.flow if intent is not None else None

    def before_any_flow(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """A doubtful wish is asked back, and one that is left to people goes to them."""
        doubt = self._doubts.raised(state, meaning)
        if doubt is not None:
            return doubt, DOUBT
        reserved = self._reserved(state, meaning)
        return (reserved, "none") if reserved is not None else None

    def _reserved(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """A matter that the playbook leaves to people from the start."""
        queue = self._playbook.escalation.reserved.get(meaning.intent or "")
        if queue is None:
            return None
        why = f"{meaning.intent} is for a person"
        return self._flows.hand_over(state, queue, why, code=Reason.RESERVED_TOPIC)
