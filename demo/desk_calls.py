"""Hand-overs without a telephone: the desk's keys move the transfer table, and the carrier's part is made up.

For `python -m demo.desk` and the desk's tests. The table decides who wins, as in a real call.
"""

import time
from collections.abc import Callable

from calls.log import CallLog
from handoff.desk.calls import KeyOutcome
from handoff.desk.overview import leg_of
from handoff.live_calls import LiveCalls
from handoff.roster.people import People, Presence
from handoff.transfer.keys import TAKE
from handoff.transfer.record import changes, newly_over
from handoff.transfer.store import TransferStore
from handoff.transfer.types import (
    CallerHeld,
    CallerLeft,
    CallerMoved,
    ConferenceStarted,
    Joined,
    LegAnswered,
    LegPlaced,
    LegRinging,
    LegState,
    Order,
    Party,
    Transfer,
    TransferEvent,
)


class _Table:
    """The transfer table alone: what is reported is told to log and roster, and no carrier does anything about it."""

    def __init__(self, store: TransferStore, people: People, log: CallLog) -> None:
        self._store = store
        self._people = people
        self._log = log

    async def begin(self, order: Order) -> Transfer:
        """A new transfer."""
        transfer, _ = await self._store.begin(order)
        await self._tell(None, transfer)
        return transfer

    async def read(self, transfer_id: str) -> Transfer:
        """One transfer."""
        return await self._store.read(transfer_id)

    async def report(self, transfer_id: str, event: TransferEvent) -> Transfer:
        """Something has happened. Returns the transfer after it."""
        before, (after, _) = await self._store.apply(transfer_id, event)
        await self._tell(before, after)
        return after

    async def _tell(self, before: Transfer | None, after: Transfer) -> None:
        for body in changes(before, after):
            await self._log.append(after.order.call_id, body)
        for leg in newly_over(before, after):
            if leg.target.agent is not None:
                to = Presence.WRAP_UP if leg.accepted_at is not None else Presence.AVAILABLE
                await self._people.release(leg.target.agent, to, transfer_id=after.id, wrap_up_s=600)


class TableCalls(LiveCalls):
    """The desk's calls over the transfer table. `clock` gives seconds since the epoch."""

    def __init__(
        self, transfers: TransferStore, people: People, log: CallLog, clock: Callable[[], float] = time.time
    ) -> None:
        self._table = _Table(transfers, people, log)
        super().__init__(self._table, people, log.append, clock)
        self._roster = people
        self._clock = clock

    # What the desk asks

    async def key(self, transfer_id: str, person_id: str, key: str, reason: str | None = None) -> KeyOutcome:
        """Press a key of an agent's leg."""
        outcome = await super().key(transfer_id, person_id, key, reason)
        if outcome is KeyOutcome.DONE and key == TAKE:
            await self._connect(transfer_id)
        return outcome

    async def take(self, transfer_id: str, person_id: str) -> KeyOutcome:
        """Ring an agent who has chosen a call."""
        outcome = await super().take(transfer_id, person_id)
        if outcome is KeyOutcome.DONE:
            await self.ring(transfer_id)
        return outcome

    # What carrier and telephone would do

    async def begin(self, order: Order, *, answered: bool = True) -> Transfer:
        """A caller is handed over, and the first agents are rung."""
        await self._table.begin(order)
        await self.happened(order.transfer_id, CallerHeld(at=self._clock()))
        await self.ring(order.transfer_id, answered=answered)
        return await self._transfers.read(order.transfer_id)

    async def ring(self, transfer_id: str, *, answered: bool = True) -> None:
        """All telephones that should ring do, and are picked up."""
        transfer = await self._table.read(transfer_id)
        for leg in transfer.legs:
            if leg.state is not LegState.PLACED:
                continue
            if leg.target.agent is not None:
                await self._roster.claim(leg.target.agent, transfer_id)
            sid = f"CA{transfer_id[:20]}{leg.number}"
            await self.happened(transfer_id, LegPlaced(at=self._clock(), leg=leg.number, sid=sid))
            await self.happened(transfer_id, LegRinging(at=self._clock(), leg=leg.number))
            if answered:
                await self.happened(transfer_id, LegAnswered(at=self._clock(), leg=leg.number))

    async def pick_up(self, transfer_id: str, person_id: str) -> None:
        """An agent picks up their telephone."""
        leg = leg_of(await self._table.read(transfer_id), person_id)
        if leg is not None:
            await self.happened(transfer_id, LegAnswered(at=self._clock(), leg=leg.number))

    async def caller_leaves(self, transfer_id: str) -> None:
        """The caller hangs up."""
        await self.happened(transfer_id, CallerLeft(at=self._clock()))

    async def happened(self, transfer_id: str, event: TransferEvent) -> Transfer:
        """Let something happen to a transfer, and tell the log and the roster what came of it."""
        return await self._table.report(transfer_id, event)

    async def _connect(self, transfer_id: str) -> None:
        at = self._clock()
        for event in (
            CallerMoved(at=at),
            Joined(at=at, party=Party.CALLER),
            Joined(at=at, party=Party.AGENT),
            ConferenceStarted(at=at),
        ):
            await self.happened(transfer_id, event)
