"""Keeps transfers: one versioned row each, changed only by whoever has read the version before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    CursorResult,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.tables import NAMES, UtcDateTime
from handoff.transfer.draft import Step
from handoff.transfer.table import start, step
from handoff.transfer.types import Kind, Order, Transfer, TransferEvent

MOST_TRIES = 50
"""So many others may change a transfer between our reading and saving."""

metadata = MetaData(naming_convention=NAMES)
transfers = Table(
    "transfers",
    metadata,
    Column("transfer_id", String(32), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("version", Integer(), nullable=False),
    Column("open", Boolean(), nullable=False),
    Column("state", JSON(), nullable=False),
    Column("changed_at", UtcDateTime(), nullable=False),
    Index("ix_transfers_call_id", "call_id"),
    Index("ix_transfers_open", "open"),
)


class TransferUnknownError(LookupError):
    """There is no such transfer."""


class TransferContestedError(Exception):
    """Others changed the transfer again and again."""


class TransferStore:
    """The transfers of all calls. Several processes may share a database. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def begin(self, order: Order) -> Step:
        """Keep a new transfer. Returns it, and what is to be done first."""
        at = self._now()
        transfer, commands = start(order, at.timestamp())
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(transfers).values(
                    transfer_id=transfer.id,
                    call_id=order.call_id,
                    version=0,
                    open=_unfinished(transfer),
                    state=transfer.model_dump(mode="json"),
                    changed_at=at,
                )
            )
        return transfer, commands

    async def apply(self, transfer_id: str, event: TransferEvent) -> tuple[Transfer, Step]:
        """Let something happen. Returns the transfer before, and after it with what is to be done.

        Each event takes effect once, whoever reports at the same time: who loses the race reads again.

        Raises:
            TransferUnknownError: there is no such transfer.
            TransferContestedError: the race was lost too often.
        """
        for _ in range(MOST_TRIES):
            before = await self.read(transfer_id)
            after, commands = step(before, event)
            if after == before:
                return before, (before, commands)
            saved = after.model_copy(update={"version": before.version + 1})
            if await self._save(saved, before.version):
                return before, (saved, commands)
        raise TransferContestedError(transfer_id)

    async def read(self, transfer_id: str) -> Transfer:
        """One transfer.

        Raises:
            TransferUnknownError: there is none of that id.
        """
        query = select(transfers.c.state).where(transfers.c.transfer_id == transfer_id)
        async with self._engine.connect() as connection:
            state = (await connection.execute(query)).scalar_one_or_none()
        if state is None:
            raise TransferUnknownError(transfer_id)
        return Transfer.model_validate(state)

    async def latest_of(self, call_id: str) -> Transfer | None:
        """The last transfer of a call's own line; None where it had none. Call-backs come over another line."""
        query = select(transfers.c.state).where(transfers.c.call_id == call_id)
        async with self._engine.connect() as connection:
            states = (await connection.execute(query)).scalars().all()
        all_of_it = (Transfer.model_validate(state) for state in states)
        found = [one for one in all_of_it if one.order.kind is not Kind.CALL_BACK]
        return max(found, key=lambda transfer: transfer.requested_at, default=None)

    async def open(self) -> list[Transfer]:
        """All that have no outcome yet, the oldest first."""
        return [transfer for transfer in await self.unfinished() if transfer.outcome is None]

    async def unfinished(self) -> list[Transfer]:
        """Those, and those that have something left to say to a human, the oldest first."""
        query = select(transfers.c.state).where(transfers.c.open.is_(True))
        async with self._engine.connect() as connection:
            states = (await connection.execute(query)).scalars().all()
        found = [Transfer.model_validate(state) for state in states]
        return sorted(found, key=lambda transfer: transfer.requested_at)

    async def lately(self, within: timedelta) -> list[Transfer]:
        """Those that got their outcome within the last while, in no order."""
        since = self._now() - within
        query = select(transfers.c.state).where(transfers.c.open.is_(False), transfers.c.changed_at >= since)
        async with self._engine.connect() as connection:
            states = (await connection.execute(query)).scalars().all()
        return [Transfer.model_validate(state) for state in states]

    async def changed_since(self, at: datetime) -> list[Transfer]:
        """All that have changed at `at` (aware) or later, the newest first."""
        query = select(transfers.c.state).where(transfers.c.changed_at >= at)
        async with self._engine.connect() as connection:
            states = (await connection.execute(query)).scalars().all()
        found = [Transfer.model_validate(state) for state in states]
        return sorted(found, key=lambda transfer: transfer.requested_at, reverse=True)

    async def _save(self, transfer: Transfer, version: int) -> bool:
        unchanged = (transfers.c.transfer_id == transfer.id) & (transfers.c.version == version)
        async with self._engine.begin() as connection:
            result = await connection.execute(
                update(transfers)
                .where(unchanged)
                .values(
                    version=transfer.version,
                    open=_unfinished(transfer),
                    state=transfer.model_dump(mode="json"),
                    changed_at=self._now(),
                )
            )
        return cast(CursorResult[object], result).rowcount == 1


def _unfinished(transfer: Transfer) -> bool:
    return transfer.outcome is None or any(leg.tells for leg in transfer.legs)
