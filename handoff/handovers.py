"""What a live call needs of handing over: order a transfer, and hold its caller."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from dialog.playbook import Playbook
from dialog.types import HandOver
from handoff.connections import Brief
from handoff.hold.held_caller import HeldCaller, HoldVoice
from handoff.ordering import order_of
from handoff.roster.at_work import AtWork
from handoff.roster.waiting import Waiting, handle_times, waiting
from handoff.transfer.store import TransferUnknownError
from handoff.transfer.transfers import Transfers
from handoff.transfer.types import CallerLeft, Transfer
from telephony.media.transport import Between

LOOK_S = 2.0
LATELY = timedelta(hours=4)
"""Calls of that long ago still tell how long calls take."""


class Handovers:
    """Handing over, for all calls of this process. `now` gives seconds since the epoch."""

    def __init__(
        self,
        transfers: Transfers,
        at_work: AtWork,
        brief: Brief,
        music: Callable[[], Between],
        document: Callable[[Transfer], str],
        now: Callable[[], float],
    ) -> None:
        """`music` gives hold music from its beginning, `document` the TwiML of a caller who is with people."""
        self._transfers = transfers
        self._at_work = at_work
        self._brief = brief
        self._music = music
        self._document = document
        self._now = now
        self.reachable_now: tuple[str, ...] = ()
        """The queues for which somebody can be rung, as it was a moment ago."""

    async def keep_looking(self) -> None:
        """Know who is there, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look who is there."""
        try:
            self.reachable_now = await self._at_work.reachable()
        except SQLAlchemyError as error:
            logger.bind(error=type(error).__name__).error("nobody knows who is there: nobody is promised")
            self.reachable_now = ()

    async def begin(self, hand_over: HandOver, playbook: Playbook, call_id: str) -> Transfer:
        """Order a transfer: from now on it rings. A call that has an open one goes on with that."""
        under_way = await self._transfers.latest_of(call_id)
        if under_way is not None and under_way.outcome is None:
            return under_way
        choice = await self._at_work.choose(hand_over.queue)
        order = order_of(hand_over, choice, playbook, call_id, uuid.uuid4().hex)
        transfer = await self._transfers.begin(order)
        await self._brief.prepare(transfer)
        return transfer

    def hold(self, transfer: Transfer, voice: HoldVoice) -> HeldCaller:
        """Hold the caller of a transfer."""
        return HeldCaller(self._transfers, transfer, voice, self._music(), self._now)

    async def caller_document(self, call_id: str) -> str:
        """The TwiML of a caller who is with people.

        Raises:
            TransferUnknownError: the call has no transfer.
        """
        transfer = await self._transfers.latest_of(call_id)
        if transfer is None:
            raise TransferUnknownError(call_id)
        return self._document(transfer)

    async def read(self, transfer_id: str) -> Transfer:
        """One transfer.

        Raises:
            TransferUnknownError: there is none of that id.
        """
        return await self._transfers.read(transfer_id)

    async def latest_of(self, call_id: str) -> Transfer | None:
        """The last transfer of a call; None where it had none."""
        return await self._transfers.latest_of(call_id)

    async def caller_left(self, transfer: Transfer) -> None:
        """The caller of a transfer has hung up."""
        await self._transfers.report(transfer.id, CallerLeft(at=self._now()))

    async def waiting(self, transfer: Transfer) -> Waiting | None:
        """Where a caller stands in line; None where they do not wait."""
        queue = transfer.order.queue
        people = await self._at_work.fitting(queue)
        lately = handle_times(await self._transfers.lately(LATELY), queue, self._at_work.wrap_up_s(queue))
        return waiting(await self._transfers.open(), people, transfer.id, lately)
