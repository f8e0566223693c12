"""Notes call-backs: once for one idempotency key. `handoff.promises` keeps them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue
from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.desk.numbers import NumberError, dialable
from actions.desk.tables import PromiseState, promises
from actions.errors import ActionError
from actions.types import Failure

REFERENCES = 900_000


@dataclass(frozen=True)
class Appointment:
    """Who calls back, and from when on."""

    queue: str
    due_at: datetime


class Diary(Protocol):
    """The company's hours and queues: `dialog.call_backs` reads them from a playbook."""

    @property
    def region(self) -> str | None:
        """The country of numbers that are keyed in without a country code."""

    def appoint(self, queue: str, when: str, now: datetime) -> Appointment:
        """The first moment that suits the caller, within the hours of the queue, or of the one that stands in for it.

        Raises:
            ValueError: `when` is no time that one can wish for.
        """


class Promises:
    """The call-backs that callers are promised. Several processes may share a database. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime], diary: Callable[[], Diary]) -> None:
        self._engine = engine
        self._now = now
        self._diary = diary

    async def note(
        self, key: str, call_id: str, phone: str, reason: str, queue: str, when: str
    ) -> dict[str, JsonValue]:
        """Promise a call-back; the same `key` promises it once. Returns what `outcome` returns.

        Raises:
            ActionError: REFUSED, the number is not called (`invalid_number`, `costly_number`); INVALID, `when`.
        """
        before = await self.outcome(key)
        if before is not None:
            return before
        now, diary = self._now(), self._diary()
        try:
            number = dialable(phone, diary.region)
            appointment = diary.appoint(queue, when, now)
        except NumberError as error:
            raise ActionError(Failure.REFUSED, str(error), {"reason": error.reason}) from None
        except ValueError as error:
            raise ActionError(Failure.INVALID, str(error)) from None
        values = {
            "promise_id": promise_id(key),
            "call_id": call_id,
            "phone": number,
            "queue": appointment.queue,
            "reason": reason,
            "state": PromiseState.WAITING,
            "due_at": appointment.due_at,
            "tries": 0,
            "created_at": now,
            "changed_at": now,
        }
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(promises).values(**values))
        except IntegrityError:
            pass  # another try of the same key was faster: what it noted is the answer
        noted = await self.outcome(key)
        if noted is None:
            raise ActionError(Failure.BROKEN, "a promise was noted and is gone")
        return noted

    async def outcome(self, key: str) -> dict[str, JsonValue] | None:
        """What was promised by this key; None where nothing was."""
        query = select(promises).where(promises.c.promise_id == promise_id(key))
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else _told(row)


def promise_id(key: str) -> str:
    """The id of the promise that an idempotency key makes."""
    return hashlib.sha256(f"promise:{key}".encode()).hexdigest()[:32]


def reference(of: str) -> int:
    """The number that a caller is told for a promise, a message or anything else with an id: six digits.

    Two may share one; people tell them apart by the telephone number.
    """
    return 100_000 + int(hashlib.sha256(of.encode()).hexdigest()[:12], 16) % REFERENCES


def _told(row: Row[tuple[object, ...]]) -> dict[str, JsonValue]:
    return {
        "reference": reference(row.promise_id),
        "promise_id": row.promise_id,
        "phone": row.phone,
        "queue": row.queue,
        "due_at": row.due_at.isoformat(),
        "reason": row.reason,
    }
