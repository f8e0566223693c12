"""Keeps where promises stand. A promise is held by one process at a time, for as long as it says that it is at it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.desk.tables import PromiseState, promises
from handoff.promises.promise import Promise
from handoff.transfer.types import Kind, Transfer

OPEN = (PromiseState.WAITING, PromiseState.CALLING)


class PromiseLostError(Exception):
    """Another process holds the promise now, because this one was silent for too long."""


class PromiseStore:
    """The promises of all calls. Several processes may share a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open(self) -> list[Promise]:
        """Those neither kept nor given up, the longest due first."""
        return await self._those(promises.c.state.in_(OPEN))

    async def given_up(self) -> list[Promise]:
        """Those that people must see to."""
        return await self._those(promises.c.state == PromiseState.GIVEN_UP)

    async def by_id(self, promise_id: str) -> Promise | None:
        """One promise; None where there is none of that id."""
        found = await self._those(promises.c.promise_id == promise_id)
        return found[0] if found else None

    async def number_of(self, transfer: Transfer) -> str | None:
        """The number that may be dialled for a call-back: that of the promise whose try under way it is.

        None where it is no call-back, there is no such promise, it is settled, or another try of it is under way: then
        nobody may be dialled.
        """
        promise = await self.by_id(transfer.order.promise) if transfer.order.promise is not None else None
        if promise is None or transfer.order.kind is not Kind.CALL_BACK:
            return None
        under_way = promise.state is PromiseState.CALLING and promise.attempt == transfer.id
        return promise.phone if under_way else None

    async def claim(self, promise: Promise, holder: str, now: datetime, hold_s: float) -> Promise | None:
        """Begin the next try, or go on with one whose process died. None where another process was faster.

        Args:
            promise: As it was read; one that has changed since is not claimed.
            holder: Who claims, at most 32 characters.
            now: Aware.
            hold_s: For how many seconds nobody else may; `keep` prolongs it.
        """
        goes_on = promise.state is PromiseState.CALLING
        claimed = promise.model_copy(
            update={
                "state": PromiseState.CALLING,
                "tries": promise.tries if goes_on else promise.tries + 1,
                "held_by": holder,
                "held_until": now + timedelta(seconds=hold_s),
            }
        )
        as_seen = (
            promises.c.state == promise.state,
            promises.c.tries == promise.tries,
            or_(promises.c.held_until.is_(None), promises.c.held_until <= now),
        )
        values = {
            "state": claimed.state,
            "tries": claimed.tries,
            "held_by": holder,
            "held_until": claimed.held_until,
            "changed_at": now,
        }
        return claimed if await self._change(promise.promise_id, values, *as_seen) else None

    async def keep(self, promise: Promise, now: datetime, hold_s: float) -> None:
        """Say that the try goes on.

        Raises:
            PromiseLostError: it is another process's by now.
        """
        values = {"held_until": now + timedelta(seconds=hold_s), "changed_at": now}
        await self._mine(promise, values)

    async def settle(self, promise: Promise, after: Promise, now: datetime) -> None:
        """Keep what a try came to.

        Raises:
            PromiseLostError: it is another process's by now.
        """
        values = {
            "state": after.state,
            "due_at": after.due_at,
            "held_by": None,
            "held_until": None,
            "changed_at": now,
        }
        await self._mine(promise, values)

    async def close(self, promise_id: str, now: datetime) -> bool:
        """People have seen to it: it is kept. Returns False while a try is under way, or where it is kept already."""
        free = (
            promises.c.state.in_((PromiseState.WAITING, PromiseState.GIVEN_UP)),
            or_(promises.c.held_until.is_(None), promises.c.held_until <= now),
        )
        return await self._change(promise_id, {"state": PromiseState.KEPT, "changed_at": now}, *free)

    async def _mine(self, promise: Promise, values: Mapping[str, Any]) -> None:
        mine = (
            promises.c.state == PromiseState.CALLING,
            promises.c.tries == promise.tries,
            promises.c.held_by == promise.held_by,
        )
        if not await self._change(promise.promise_id, values, *mine):
            raise PromiseLostError("another process has taken the promise up")

    async def _change(self, promise_id: str, values: Mapping[str, Any], *only: ColumnElement[bool]) -> bool:
        statement = update(promises).where(promises.c.promise_id == promise_id, *only).values(**values)
        async with self._engine.begin() as connection:
            return cast("CursorResult[object]", await connection.execute(statement)).rowcount == 1

    async def _those(self, which: ColumnElement[bool]) -> list[Promise]:
        query = select(promises).where(which).order_by(promises.c.due_at, promises.c.promise_id)
        async with self._engine.connect() as connection:
            return [_promise(row) for row in (await connection.execute(query)).all()]


def _promise(row: Row[tuple[object, ...]]) -> Promise:
    values = dict(row._mapping)
    del values["changed_at"]
    return Promise.model_validate(values)
