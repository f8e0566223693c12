"""The ledger of writes: one row for each idempotency key, from the request to what came of it.

requested → running → done | failed | unknown. A row is `running` before anything is sent, so whatever a killed process
may have done is found again. Whoever works on a key holds it for as long as an attempt can take; nobody else touches it
before then.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, cast

from pydantic import JsonValue
from sqlalchemy import CursorResult, Row, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.ledger_table import ledger
from actions.types import Failure
from calls.migrate import open_upgraded

DAY = timedelta(hours=24)
LONGEST_KEY = 200


class LedgerUnavailableError(Exception):
    """The database did not do what it was asked: nothing may be written to the company's systems now."""


class KeyReusedError(ValueError):
    """The key stands for another request already."""


class DailyLimitError(Exception):
    """The customer's writes of a day are used up."""


class ClaimLostError(Exception):
    """Another process has taken the key over, because this one held it for too long."""


class State(StrEnum):
    """Where a write is. Names never change meaning."""

    REQUESTED = "requested"
    """Nothing was sent."""
    RUNNING = "running"
    """Something may have been sent."""
    DONE = "done"
    FAILED = "failed"
    """Surely without an effect."""
    UNKNOWN = "unknown"
    """Nobody could tell."""


class Standing(StrEnum):
    """What claiming a key found."""

    FRESH = "fresh"
    """Ours, and nothing was sent yet."""
    UNSETTLED = "unsettled"
    """Ours, but an earlier attempt may have had its effect: look it up first."""
    SETTLED = "settled"
    """Done or failed: the kept result is the answer."""
    HELD = "held"
    """Another process may be at it."""


@dataclass(frozen=True)
class Write:
    """One write that is asked for."""

    key: str
    action: str
    fingerprint: str
    customer: str | None

    @property
    def call_id(self) -> str:
        """The call it belongs to: a key starts with the call's id, up to a colon."""
        return self.key.partition(":")[0][:64]


@dataclass(frozen=True)
class Entry:
    """One row of the ledger."""

    key: str
    action: str
    fingerprint: str
    customer: str | None
    call_id: str
    state: State
    failure: Failure | None
    result: dict[str, JsonValue]
    attempts: int
    owner: str
    held_until: datetime
    requested_at: datetime
    changed_at: datetime


class Ledger:
    """The writes of all calls. Several processes may share a database. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._owner = secrets.token_hex(8)

    @property
    def engine(self) -> AsyncEngine:
        """The database, for what is kept beside the ledger: one-time codes."""
        return self._engine

    async def claim(self, write: Write, hold_s: float, per_day: int | None = None) -> tuple[Standing, Entry]:
        """Enter a write, or find out how it stands.

        Raises:
            KeyReusedError: the key was used for another action, other arguments or another customer.
            DailyLimitError: the customer has had `per_day` in the last 24 hours; nothing was entered.
            LedgerUnavailableError: the database does not answer.
        """
        if len(write.key) > LONGEST_KEY:
            raise KeyReusedError(f"a key has at most {LONGEST_KEY} characters")
        entry = await self._enter(write, hold_s, per_day)
        if entry is not None:
            return Standing.FRESH, entry
        entry = await self.entry(write.key)
        if entry is None:
            raise LedgerUnavailableError("an entry was there and is gone")
        if (entry.action, entry.fingerprint, entry.customer) != (
            write.action,
            write.fingerprint,
            write.customer,
        ):
            raise KeyReusedError(f"the key of {entry.action} was used for another request")
        return await self._take_over(entry, hold_s)

    async def standing(self, key: str) -> tuple[Standing, Entry] | None:
        """How a write stands, without entering or taking over anything; None where nobody has entered it.

        Raises:
            LedgerUnavailableError: the database does not answer.
        """
        entry = await self.entry(key)
        return None if entry is None else (self._stands(entry, self._now()), entry)

    async def begin(self, key: str, hold_s: float) -> None:
        """An attempt is about to be made: from here on, something may have been sent.

        Raises:
            ClaimLostError: another process holds the key: send nothing.
            LedgerUnavailableError: it could not be written down: send nothing.
        """
        values = {
            "state": State.RUNNING,
            "attempts": ledger.c.attempts + 1,
            "held_until": self._now() + timedelta(seconds=hold_s),
        }
        await self._change(key, values)

    async def settle(
        self, key: str, state: State, data: Mapping[str, JsonValue], failure: Failure | None = None
    ) -> None:
        """Keep what came of it.

        Raises:
            ClaimLostError: another process holds the key.
            LedgerUnavailableError: it could not be written down.
        """
        values = {"state": state, "failure": failure, "result": dict(data), "held_until": self._now()}
        await self._change(key, values)

    async def entry(self, key: str) -> Entry | None:
        """One row; None where there is none."""
        async with self._connected() as connection:
            row = (await connection.execute(select(ledger).where(ledger.c.key == key))).first()
        return None if row is None else _entry(row)

    async def of_call(self, call_id: str) -> list[Entry]:
        """What a call has asked for, oldest first."""
        statement = select(ledger).where(ledger.c.call_id == call_id).order_by(ledger.c.requested_at)
        async with self._connected() as connection:
            return [_entry(row) for row in (await connection.execute(statement)).all()]

    async def close(self) -> None:
        """Close the database."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _enter(self, write: Write, hold_s: float, per_day: int | None) -> Entry | None:
        """The new row, or None where the key is there already."""
        now = self._now()
        values: dict[str, Any] = {
            "key": write.key,
            "action": write.action,
            "fingerprint": write.fingerprint,
            "customer": write.customer,
            "call_id": write.call_id,
            "state": State.REQUESTED,
            "failure": None,
            "result": {},
            "attempts": 0,
            "owner": self._owner,
            "held_until": now + timedelta(seconds=hold_s),
            "requested_at": now,
            "changed_at": now,
        }
        try:
            async with self._connected() as connection:
                if per_day is not None and connection.dialect.name == "postgresql":
                    lock = text("SELECT pg_advisory_xact_lock(hashtext(:what))")
                    await connection.execute(lock, {"what": f"{write.action}:{write.customer}"})
                # Before the count, so that SQLite's write lock is held from here on.
                await connection.execute(insert(ledger).values(**values))
                if per_day is not None and await self._count(connection, write, now) > per_day:
                    raise DailyLimitError(f"{write.action} may run {per_day} times a day for one customer")
        except IntegrityError:
            return None
        return Entry(**values)

    async def _count(self, connection: AsyncConnection, write: Write, now: datetime) -> int:
        """This write and those of the last day which have had their effect, or may have."""
        same = ledger.c.customer.is_(None) if write.customer is None else ledger.c.customer == write.customer
        counted = await connection.scalar(
            select(func.count()).where(
                ledger.c.action == write.action,
                same,
                ledger.c.requested_at > now - DAY,
                ledger.c.state != State.FAILED,
            )
        )
        return int(counted or 0)

    async def _take_over(self, entry: Entry, hold_s: float) -> tuple[Standing, Entry]:
        now = self._now()
        standing = self._stands(entry, now)
        if standing in {Standing.SETTLED, Standing.HELD}:
            return standing, entry
        values = {
            "owner": self._owner,
            "state": State.REQUESTED if standing is Standing.FRESH else State.RUNNING,
            "held_until": now + timedelta(seconds=hold_s),
            "changed_at": now,
        }
        as_seen = (
            ledger.c.key == entry.key,
            ledger.c.owner == entry.owner,
            ledger.c.state == entry.state,
            ledger.c.held_until == entry.held_until,
        )
        async with self._connected() as connection:
            changed = await connection.execute(update(ledger).where(*as_seen).values(**values))
        if _rows(changed) != 1:
            return Standing.HELD, entry  # another process was faster
        return standing, entry

    def _stands(self, entry: Entry, now: datetime) -> Standing:
        """What an entry is to this process, before it takes anything over."""
        if entry.state in {State.DONE, State.FAILED}:
            return Standing.SETTLED
        at_work = entry.state in {State.REQUESTED, State.RUNNING}
        if at_work and entry.owner != self._owner and entry.held_until > now:
            return Standing.HELD
        return Standing.FRESH if entry.state is State.REQUESTED else Standing.UNSETTLED

    async def _change(self, key: str, values: Mapping[str, object]) -> None:
        mine = (ledger.c.key == key, ledger.c.owner == self._owner)
        async with self._connected() as connection:
            changed = await connection.execute(
                update(ledger).where(*mine).values(**values, changed_at=self._now())
            )
        if _rows(changed) != 1:
            raise ClaimLostError("another process has taken the key over")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, its errors typed."""
        try:
            async with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            raise LedgerUnavailableError("the ledger's database does not answer") from error


async def open_ledger(url: str, now: Callable[[], datetime]) -> Ledger:
    """The ledger in the call store's database at `url`, brought up to date.

    Raises:
        StoreUrlError: the URL cannot be used.
        sqlalchemy.exc.DBAPIError: the database refuses.
    """
    return Ledger(await open_upgraded(url), now)


def _rows(result: object) -> int:
    return cast("CursorResult[object]", result).rowcount


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    values = dict(row._mapping)
    failure = values.pop("failure")
    return Entry(
        **values | {"state": State(values["state"])}, failure=None if failure is None else Failure(failure)
    )
