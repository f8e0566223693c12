"""A conversation in text: what the caller does, and what the dialog decides. No sound, no time, no models."""

from datetime import datetime
from functools import cache
from pathlib import Path

from actions.runner import Actions
from actions.types import ActionRequest, ActionResult, Failure
from dialog.intents import IntentClassifier
from dialog.load import load_playbook
from dialog.minds import WordEncoder
from dialog.plan import Dialog, Minds
from dialog.types import (
    DialogState,
    Done,
    Escalated,
    HandedBack,
    Hearing,
    Next,
    Opened,
    Plan,
    Resumed,
    Silence,
    Waiting,
)

ACME = Path(__file__).parents[2] / "playbooks" / "acme"
CALLER = "+15550142000"
NOON = datetime(2026, 11, 25, 12, 0)
"""A Wednesday."""


@cache
def acme() -> Dialog:
    """The demo company's dialog."""
    playbook = load_playbook(ACME)
    return Dialog(playbook, Minds(IntentClassifier(playbook, WordEncoder())))


class Story:
    """One call. Every moment is also planned twice, over a state that went through JSON, and must come out equal.

    `asked` are all actions that were asked for so far, in order, with their arguments.
    """

    def __init__(
        self,
        caller: str | None = CALLER,
        call_id: str = "CA1",
        dialog: Dialog | None = None,
        reachable: tuple[str, ...] = (),
    ) -> None:
        self.dialog = dialog or acme()
        self.state = self.dialog.start(call_id, caller, NOON, reachable)
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.handed_to: str | None = None
        self.plan: Plan = self._next(Opened())

    def says(self, text: str, confidence: float = 0.95, unsure: bool = False) -> str:
        return self._told(Hearing(text=text, confidence=confidence, unsure=unsure))

    def hears(self, hearing: Hearing) -> str:
        return self._told(hearing)

    def keys(self, keys: str) -> str:
        return self._told(Hearing(keyed=keys))

    def is_silent(self) -> str:
        return self._told(Silence())

    def waits(self) -> str:
        """For an action that takes its time."""
        return self._told(Waiting())

    def is_resumed(self) -> str:
        return self._told(Resumed())

    def comes_back(self, outcome: str, **more: object) -> str:
        """From a transfer."""
        return self._told(HandedBack(outcome=outcome, **more))

    def is_escalated(self, level: str, reason: str = "risk", **more: object) -> str:
        return self._told(Escalated(level=level, reason=reason, **more))

    def moves(self) -> None:
        """The call goes on in another process: nothing is left of it but the JSON of its state."""
        self.dialog = acme.__wrapped__()
        self.state = DialogState.model_validate_json(self.state.model_dump_json())

    def action_done(self, **data: object) -> str:
        request = self.state.pending[0]
        return self._told(Done(result=ActionResult(action=request.action, key=request.key, data=data)))

    def hears_of(self, result: ActionResult) -> str:
        """What an action has come back with."""
        return self._told(Done(result=result))

    def action_failed(self, failure: Failure, **data: object) -> str:
        request = self.state.pending[0]
        result = ActionResult(action=request.action, key=request.key, failure=failure, data=data)
        return self._told(Done(result=result))

    @property
    def over(self) -> bool:
        return self.plan.then is Next.HANG_UP

    @property
    def writes(self) -> list[str]:
        """The writes that were asked for so far, without what only identifies."""
        specs = self.dialog.playbook.actions
        return [name for name, _ in self.asked if not specs[name].reads and not name.startswith("identity.")]

    @property
    def level(self) -> int:
        return self.state.identity.level

    @property
    def at(self) -> str:
        """Flow and step where the caller is waited for, such as `refund.refund_pay`; empty between flows."""
        return f"{self.state.flow}.{self.state.step}" if self.state.flow is not None else ""

    @property
    def asked_for(self) -> list[tuple[str, dict[str, object]]]:
        return [(request.action, dict(request.arguments)) for request in self.plan.act]

    def _told(self, moment) -> str:
        self.plan = self._next(moment)
        return " ".join(self.plan.say)

    def _next(self, moment) -> Plan:
        again = DialogState.model_validate_json(self.state.model_dump_json())
        plan = self.dialog.plan(self.state, moment)
        assert plan == self.dialog.plan(again, moment)
        self.state = plan.state
        self.asked += [(request.action, dict(request.arguments)) for request in plan.act]
        self.handed_to = plan.signals.hand_over or self.handed_to
        return plan


class ShopCall:
    """A call whose actions are really done, by the demo shop behind the ledger. Waits for nothing but them.

    `breaks` holds what the next run of an action comes back with instead of being done.
    """

    def __init__(self, actions: Actions, story: Story) -> None:
        self._actions = actions
        self.story = story
        self.breaks: dict[str, Failure] = {}
        self.said = ""

    async def says(self, *texts: str) -> str:
        """Each text is a turn of its own; returns what we say in the end."""
        for text in texts:
            self.said = self.story.says(text)
            await self._act()
        return self.said

    async def keys(self, *keys: str) -> str:
        for some in keys:
            self.said = self.story.keys(some)
            await self._act()
        return self.said

    async def hears(self, hearing: Hearing) -> str:
        self.said = self.story.hears(hearing)
        await self._act()
        return self.said

    async def is_silent(self) -> str:
        self.said = self.story.is_silent()
        await self._act()
        return self.said

    async def is_resumed(self) -> str:
        self.said = self.story.is_resumed()
        await self._act()
        return self.said

    async def _act(self) -> None:
        while self.story.state.pending:
            request = self.story.state.pending[0]
            result = await self._result(request)
            self.said = f"{self.said} {self.story.hears_of(result)}".strip()

    async def _result(self, request: ActionRequest) -> ActionResult:
        failure = self.breaks.pop(request.action, None)
        if failure is not None:
            return ActionResult(action=request.action, key=request.key, failure=failure)
        return await self._actions.run(request)


SHIPPED = {
    "order_number": "4711",
    "item": "a pair of hiking boots",
    "status": "shipped",
    "ordered_on": "2026-11-19",
    "expected_on": "2026-11-25",
    "carrier": "Parcel Express",
}
