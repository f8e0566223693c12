"""Hand-overs without a telephone: the desk's keys move the transfer table, and the carrier's part is made up.

For `python -m demo.desk` and the desk's tests. The table decides who wins, as in a real call.
"""

import time
from collections.abc import Callable

from calls.events import (
    CallDisposed,
    TransferEnded,
    TransferKeyed,
    TransferLeg,
    TransferMoved,
)
from calls.log import CallLog
from handoff.desk.calls import KeyOutcome
from handoff.desk.overview import leg_of
from handoff.roster.people import People, Presence
from handoff.transfer.store import TransferStore, TransferUnknownError
from handoff.transfer.table import DECLINE, TAKE, UNANSWERED, phase
from handoff.transfer.types import (
    CallerHeld,
    CallerLeft,
    CallerMoved,
    ConferenceStarted,
    HandedBack,
    Joined,
    Leg,
    LegAnswered,
    LegEnded,
    LegKeyed,
    LegPlaced,
    LegResult,
    LegRinging,
    LegState,
    Order,
    Party,
    Target,
    TargetsFound,
    Transfer,
    TransferEvent,
)


class TableCalls:
    """The desk's calls over the transfer table. `clock` gives seconds since the epoch."""

    def __init__(
        self, transfers: TransferStore, people: People, log: CallLog, clock: Callable[[], float] = time.time
    ) -> None:
        self._transfers = transfers
        self._people = people
        self._log = log
        self._clock = clock

    # What the desk asks

    async def key(self, transfer_id: str, person_id: str, key: str, reason: str | None = None) -> KeyOutcome:
        """Press a key of an agent's leg."""
        leg = await self._leg(transfer_id, person_id)
        if leg is None:
            return KeyOutcome.GONE
        if leg.state in UNANSWERED and key == DECLINE:
            event: TransferEvent = LegEnded(at=self._clock(), leg=leg.number, result=LegResult.DECLINED)
        else:
            event = LegKeyed(at=self._clock(), leg=leg.number, key=key)
        before, after = await self.happened(transfer_id, event)
        now = after.leg(leg.number)
        if before == after or now is None:
            return KeyOutcome.TAKEN if now is not None and now.result is LegResult.TAKEN else KeyOutcome.GONE
        keyed = TransferKeyed(transfer_id=transfer_id, leg=leg.number, key=key, where="desk", reason=reason)
        await self._log.append(after.order.call_id, keyed)
        if key == TAKE:
            await self._connect(transfer_id)
        return KeyOutcome.DONE

    async def take(self, transfer_id: str, person_id: str) -> KeyOutcome:
        """Ring an agent who has chosen a call."""
        person = await self._people.by_id(person_id)
        if person is None or person.sip is None:
            return KeyOutcome.GONE
        transfer = await self._transfers.read(transfer_id)
        if transfer.outcome is not None or transfer.accepted is not None:
            return KeyOutcome.TAKEN if transfer.accepted is not None else KeyOutcome.GONE
        target = Target(
            address=person.sip, name=person.name, queue=transfer.order.queue, agent=person.person_id
        )
        await self.happened(
            transfer_id, TargetsFound(at=self._clock(), targets=(target,), may_wait=transfer.may_wait)
        )
        await self.ring(transfer_id)
        return KeyOutcome.DONE

    async def hand_back(self, transfer_id: str, task: str | None) -> KeyOutcome:
        """Give the caller back."""
        before, after = await self.happened(transfer_id, HandedBack(at=self._clock(), task=task))
        return KeyOutcome.GONE if before == after else KeyOutcome.DONE

    async def dispose(self, call_id: str, disposed: CallDisposed) -> None:
        """Keep it, and end the wrap-up."""
        await self._log.append(call_id, disposed)
        await self._people.end_wrap_up(disposed.agent)

    # What carrier and telephone would do

    async def begin(self, order: Order, *, answered: bool = True) -> Transfer:
        """A caller is handed over, and the first agents are rung."""
        transfer, _ = await self._transfers.begin(order)
        await self._tell(None, transfer)
        await self.happened(order.transfer_id, CallerHeld(at=self._clock()))
        await self.ring(order.transfer_id, answered=answered)
        return await self._transfers.read(order.transfer_id)

    async def ring(self, transfer_id: str, *, answered: bool = True) -> None:
        """All telephones that should ring do, and are picked up."""
        transfer = await self._transfers.read(transfer_id)
        for leg in transfer.legs:
            if leg.state is not LegState.PLACED:
                continue
            if leg.target.agent is not None:
                await self._people.claim(leg.target.agent, transfer_id)
            sid = f"CA{transfer_id[:20]}{leg.number}"
            await self.happened(transfer_id, LegPlaced(at=self._clock(), leg=leg.number, sid=sid))
            await self.happened(transfer_id, LegRinging(at=self._clock(), leg=leg.number))
            if answered:
                await self.happened(transfer_id, LegAnswered(at=self._clock(), leg=leg.number))

    async def pick_up(self, transfer_id: str, person_id: str) -> None:
        """An agent picks up their telephone."""
        leg = await self._leg(transfer_id, person_id)
        if leg is not None:
            await self.happened(transfer_id, LegAnswered(at=self._clock(), leg=leg.number))

    async def caller_leaves(self, transfer_id: str) -> None:
        """The caller hangs up."""
        await self.happened(transfer_id, CallerLeft(at=self._clock()))

    async def happened(self, transfer_id: str, event: TransferEvent) -> tuple[Transfer, Transfer]:
        """Let something happen to a transfer, and tell the log and the roster what came of it."""
        before, (after, _) = await self._transfers.apply(transfer_id, event)
        await self._tell(before, after)
        return before, after

    async def _connect(self, transfer_id: str) -> None:
        at = self._clock()
        for event in (
            CallerMoved(at=at),
            Joined(at=at, party=Party.CALLER),
            Joined(at=at, party=Party.AGENT),
            ConferenceStarted(at=at),
        ):
            await self.happened(transfer_id, event)

    async def _leg(self, transfer_id: str, person_id: str) -> Leg | None:
        try:
            return leg_of(await self._transfers.read(transfer_id), person_id)
        except TransferUnknownError:
            return None

    async def _tell(self, before: Transfer | None, after: Transfer) -> None:
        call_id = after.order.call_id
        if before is None or phase(before) is not phase(after):
            await self._log.append(call_id, TransferMoved(transfer_id=after.id, phase=phase(after).value))
        for leg in after.legs:
            earlier = before.leg(leg.number) if before is not None else None
            if earlier is None or earlier.state is not leg.state:
                await self._tell_leg(after, leg)
        if after.outcome is not None and (before is None or before.outcome is None):
            wait_s = (after.bridged_at or after.ended_at or after.requested_at) - after.requested_at
            ended = TransferEnded(transfer_id=after.id, outcome=after.outcome.value, wait_s=wait_s)
            await self._log.append(call_id, ended)

    async def _tell_leg(self, transfer: Transfer, leg: Leg) -> None:
        told = TransferLeg(
            transfer_id=transfer.id,
            leg=leg.number,
            target=leg.target.name,
            agent=leg.target.agent,
            state=leg.state.value,
            result=leg.result.value if leg.result is not None else None,
            sid=leg.sid,
        )
        await self._log.append(transfer.order.call_id, told)
        if leg.state is LegState.OVER and leg.target.agent is not None:
            to = Presence.WRAP_UP if leg.accepted_at is not None else Presence.AVAILABLE
            await self._people.release(leg.target.agent, to, transfer_id=transfer.id, wrap_up_s=600)
