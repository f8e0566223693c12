"""What templates and conditions of a flow see: slots, results, and what is known of the call."""

from collections.abc import Sequence
from datetime import datetime

from dialog import phrasing
from dialog.conditions import ConditionError, holds
from dialog.hours import is_open, spoken_opening
from dialog.playbook import Playbook
from dialog.types import DialogState

OF_THE_CALL = frozenset(
    {
        "caller_number",
        "call_id",
        "brand",
        "customer_id",
        "identity_level",
        "open_now",
        "opens",
        "today",
        "transfer",
    }
)
"""What has a value in every moment of a call, in a flow or not."""
ATTEMPT = "attempt"
"""In a `read_back`: which attempt at the value this is, from 1."""


class FlowError(Exception):
    """A flow cannot go on: it goes in a circle, or a sentence lacks its values. Names flow and step."""


class Values:
    """Fills the sentences and decides the conditions of one playbook. Stateless."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook

    def of(self, state: DialogState) -> dict[str, object]:
        """All values by name."""
        now = datetime.fromisoformat(state.opened_at)
        hours = self._playbook.queues.hours
        return {
            **state.slots,
            "caller_number": state.caller_number,
            "call_id": state.call_id,
            "brand": self._playbook.head.brand,
            "customer_id": state.identity.customer,
            "identity_level": state.identity.level,
            "open_now": is_open(hours, now),
            "opens": spoken_opening(hours, now),
            "today": now.date().isoformat(),
            "transfer": state.outcome,
        }

    def fill(self, state: DialogState, template: str, **more: object) -> str:
        """A sentence with the call's values.

        Raises:
            FlowError: a value is missing.
        """
        try:
            return phrasing.fill(template, {**self.of(state), **more})
        except phrasing.TemplateError as error:
            raise FlowError(f"flow {state.flow}: step {state.step}: {error}") from error

    def vary(self, state: DialogState, templates: Sequence[str]) -> str:
        """One of several ways to say the same, never the one that was said last.

        Raises:
            FlowError: a value is missing.
        """
        start = state.turn % len(templates)
        texts = [self.fill(state, one) for one in (*templates[start:], *templates[:start])]
        return next((text for text in texts if text not in state.last_said), texts[0])

    def holds(self, state: DialogState, condition: str, names: frozenset[str]) -> bool:
        """Whether a condition is true; `names` that have no value yet are null.

        Raises:
            FlowError: it cannot be decided.
        """
        try:
            return holds(condition, {**dict.fromkeys(names), **self.of(state)})
        except ConditionError as error:
            raise FlowError(f"flow {state.flow}: step {state.step}: {error}") from error
