"""Handing over on the virtual clock: it is ordered, noted, and goes no further. Nobody is rung."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from calls.events import EventBody
from dialog.playbook import Playbook
from dialog.types import HandOver
from handoff.handovers import Handovers
from handoff.hold.held_caller import HeldCaller, HoldVoice
from handoff.ordering import order_of
from handoff.roster.choose import Choice
from handoff.roster.waiting import Waiting
from handoff.transfer.record import requested
from handoff.transfer.types import Choice as CallersChoice
from handoff.transfer.types import Transfer

TRANSFER = "rerun"


class OrderedOnly(Handovers):
    """The people of one call: who could be rung then, and the order that today's assistant gives."""

    def __init__(
        self,
        reachable: tuple[str, ...],
        append: Callable[[str, EventBody], Awaitable[object]],
        now: Callable[[], float],
    ) -> None:
        self.reachable_now = reachable
        self._append = append
        self._now = now
        self.ordered = asyncio.Event()

    async def begin(self, hand_over: HandOver, playbook: Playbook, call_id: str) -> Transfer:
        """Note the order; nobody is chosen."""
        order = order_of(hand_over, Choice(), playbook, call_id, TRANSFER)
        await self._append(call_id, requested(order))
        self.ordered.set()
        return Transfer(order=order, requested_at=self._now())

    def hold(self, transfer: Transfer, voice: HoldVoice) -> HeldCaller:
        """Hold the caller until the run ends, which is at once."""
        return _Held()

    async def waiting(self, transfer: Transfer) -> Waiting | None:
        """Nobody waits in line."""
        return None


class _Held(HeldCaller):
    """A caller on hold for whom nothing more happens."""

    def __init__(self) -> None:
        pass

    @property
    def waited_s(self) -> float:
        return 0.0

    async def run(self) -> Transfer:
        await asyncio.Event().wait()
        raise AssertionError("nobody takes the caller from hold on the virtual clock")

    async def answer(self, say: Sequence[str], choice: CallersChoice | None) -> None:
        pass
