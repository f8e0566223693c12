"""What agents do on the desk's pages, done to live transfers: a button is a key of their telephone."""

import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from calls.events import CallDisposed, EventBody, TransferKeyed
from handoff.desk.calls import KeyOutcome
from handoff.desk.overview import leg_of
from handoff.roster.people import People
from handoff.transfer.store import TransferUnknownError
from handoff.transfer.types import (
    HandedBack,
    LegKeyed,
    LegResult,
    Outcome,
    Target,
    TargetsFound,
    Transfer,
    TransferEvent,
)


class Reports(Protocol):
    """Transfers that can be read, and told of what happens (`handoff.transfer.transfers.Transfers`)."""

    async def read(self, transfer_id: str) -> Transfer:
        """One transfer; raises TransferUnknownError where there is none."""

    async def report(self, transfer_id: str, event: TransferEvent) -> Transfer:
        """Something has happened. Returns the transfer after it."""


class LiveCalls:
    """`DeskCalls` over the transfers of this process. `now` gives seconds since the epoch."""

    def __init__(
        self,
        transfers: Reports,
        people: People,
        append: Callable[[str, EventBody], Awaitable[object]],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._transfers = transfers
        self._people = people
        self._append = append
        self._now = now

    async def key(self, transfer_id: str, person_id: str, key: str, reason: str | None = None) -> KeyOutcome:
        """Press a key of an agent's leg."""
        before = await self._known(transfer_id)
        leg = leg_of(before, person_id) if before is not None else None
        if before is None or leg is None:
            return KeyOutcome.GONE
        after = await self._transfers.report(transfer_id, LegKeyed(at=self._now(), leg=leg.number, key=key))
        now = after.leg(leg.number)
        if now is not None and now.result is LegResult.TAKEN:
            return KeyOutcome.TAKEN
        if now is None or now == leg:
            return KeyOutcome.GONE
        keyed = TransferKeyed(transfer_id=transfer_id, leg=leg.number, key=key, where="desk", reason=reason)
        await self._append(after.order.call_id, keyed)
        return KeyOutcome.DONE

    async def take(self, transfer_id: str, person_id: str) -> KeyOutcome:
        """Ring an agent who has chosen a waiting call."""
        transfer, person = await self._known(transfer_id), await self._people.by_id(person_id)
        if transfer is None or person is None or person.sip is None or transfer.outcome is not None:
            return KeyOutcome.GONE
        if transfer.accepted is not None:
            return KeyOutcome.TAKEN
        target = Target(
            address=person.sip, name=person.name, queue=transfer.order.queue, agent=person.person_id
        )
        found = TargetsFound(at=self._now(), targets=(target,), may_wait=transfer.may_wait)
        after = await self._transfers.report(transfer_id, found)
        return KeyOutcome.DONE if after.version != transfer.version else KeyOutcome.GONE

    async def hand_back(self, transfer_id: str, task: str | None) -> KeyOutcome:
        """Give the caller back to the assistant."""
        if await self._known(transfer_id) is None:
            return KeyOutcome.GONE
        after = await self._transfers.report(transfer_id, HandedBack(at=self._now(), task=task))
        return KeyOutcome.DONE if after.outcome is Outcome.HANDED_BACK else KeyOutcome.GONE

    async def dispose(self, call_id: str, disposed: CallDisposed) -> None:
        """Keep what an agent says of a call, and end their wrap-up."""
        await self._append(call_id, disposed)
        await self._people.end_wrap_up(disposed.agent)

    async def _known(self, transfer_id: str) -> Transfer | None:
        try:
            return await self._transfers.read(transfer_id)
        except TransferUnknownError:
            return None
