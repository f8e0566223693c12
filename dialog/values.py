"""What templates and conditions of a flow see: slots, results, and what is known of the call."""

from datetime import datetime

from dialog import phrasing
from dialog.conditions import ConditionError, holds
from dialog.hours import is_open, spoken_opening
from dialog.playbook import Playbook
from dialog.types import DialogState


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

    def holds(self, state: DialogState, condition: str, names: frozenset[str]) -> bool:
        """Whether a condition is true; `names` that have no value yet are null.

        Raises:
            FlowError: it cannot be decided.
        """
        try:
            return holds(condition, {**dict.fromkeys(names), **self.of(state)})
        except ConditionError as error:
            raise FlowError(f"flow {state.flow}: step {state.step}: {error}") from error
