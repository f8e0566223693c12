"""Corrections on the page of a call."""

from collections.abc import Callable

from calls.events import CallEnded
from dialog.playbook import Playbook
from qa.console.learning.fates import fates_of
from qa.console.learning.learning import Learning
from qa.console.learning.words import CORRECTIONS as KINDS
from qa.console.learning.words import STATES
from qa.console.panels import Viewing
from qa.console.places import CORRECTIONS
from qa.learning.from_call import heard_turns
from qa.learning.lessons import names
from web.accounts import Role


class CorrectionPanel:
    """What was corrected in a call, and the form for more; for analysts and supervisors, once the call is over."""

    name = "corrections"
    title = "Corrections"

    def __init__(self, learning: Learning, playbook: Callable[[], Playbook]) -> None:
        self._learning = learning
        self._playbook = playbook

    async def render(self, viewing: Viewing) -> str:
        """Its HTML."""
        over = any(isinstance(event.body, CallEnded) for event in viewing.events)
        if not over or not viewing.account.has(Role.ANALYST, Role.SUPERVISOR):
            return ""
        made = await self._learning.corrections.page(call_id=viewing.call_id)
        return viewing.piece(
            "qa/learning/_panel.html",
            csrf=viewing.csrf,
            call_id=viewing.call_id,
            turns=heard_turns(viewing.events),
            names=sorted(names(self._playbook())),
            made=made,
            kinds=KINDS,
            states=STATES,
            fault=None,
            here=CORRECTIONS,
            fates=fates_of(self._learning, made),
        )
