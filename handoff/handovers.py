"""What a live call needs of handing over: order a transfer, and hold its caller."""

import uuid
from collections.abc import Callable

from dialog.playbook import Playbook
from dialog.types import HandOver
from handoff.connections import Brief
from handoff.hold.held_caller import HeldCaller, HoldVoice
from handoff.ordering import order_of
from handoff.roster.at_work import AtWork
from handoff.roster.waiting import Waiting, waiting
from handoff.transfer.transfers import Transfers
from handoff.transfer.types import CallerLeft, Transfer
from telephony.media.transport import Between


class Handovers:
    """Handing over, for all calls of this process. `now` gives seconds since the epoch."""

    def __init__(
        self,
        transfers: Transfers,
        at_work: AtWork,
        brief: Brief,
        music: Callable[[Playbook], Between],
        now: Callable[[], float],
    ) -> None:
        """`music` gives hold music from its beginning."""
        self._transfers = transfers
        self._at_work = at_work
        self._brief = brief
        self._music = music
        self._now = now

    async def reachable(self) -> tuple[str, ...]:
        """The queues for which somebody can be rung now, or soon."""
        return await self._at_work.reachable()

    async def begin(self, hand_over: HandOver, playbook: Playbook, call_id: str) -> Transfer:
        """Order a transfer: from now on it rings."""
        choice = await self._at_work.choose(hand_over.queue)
        order = order_of(hand_over, choice, playbook, call_id, uuid.uuid4().hex)
        transfer = await self._transfers.begin(order)
        await self._brief.prepare(transfer)
        return transfer

    def hold(self, transfer: Transfer, voice: HoldVoice, playbook: Playbook) -> HeldCaller:
        """Hold the caller of a transfer."""
        return HeldCaller(self._transfers, transfer, voice, self._music(playbook), self._now)

    async def latest_of(self, call_id: str) -> Transfer | None:
        """The last transfer of a call; None where it had none."""
        return await self._transfers.latest_of(call_id)

    async def caller_left(self, transfer: Transfer) -> None:
        """The caller of a transfer has hung up."""
        await self._transfers.report(transfer.id, CallerLeft(at=self._now()))

    async def waiting(self, transfer: Transfer) -> Waiting | None:
        """Where a caller stands in line; None where they do not wait."""
        people = await self._at_work.fitting(transfer.order.queue)
        return waiting(await self._transfers.open(), people, transfer.id, ())
