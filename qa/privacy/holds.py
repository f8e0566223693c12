"""Calls that nobody deletes until the hold is taken away."""

from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.tables import calls
from qa.privacy.tables import holds


class HoldError(ValueError):
    """A hold that cannot be put on or taken away; the text says why."""


class Hold(BaseModel):
    """One call that is held."""

    model_config = ConfigDict(frozen=True)

    call_id: str
    person_id: str
    reason: str
    at: datetime


class Holds:
    """The holds on all calls. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def put(self, call_id: str, person_id: str, reason: str) -> None:
        """Hold a call.

        Raises:
            HoldError: there is no such call, it is held already, or no reason is given.
        """
        if not reason.strip():
            raise HoldError("a hold needs a reason: whoever finds it later must know whether it still holds")
        values = {
            "call_id": call_id,
            "person_id": person_id,
            "reason": reason.strip()[:200],
            "at": self._now(),
        }
        try:
            async with self._engine.begin() as connection:
                if await connection.scalar(select(calls.c.call_id).where(calls.c.call_id == call_id)) is None:
                    raise HoldError("there is no such call")
                await connection.execute(insert(holds).values(values))
        except IntegrityError:
            raise HoldError("the call is held already") from None

    async def release(self, call_id: str) -> None:
        """Take a hold away.

        Raises:
            HoldError: the call is not held.
        """
        async with self._engine.begin() as connection:
            gone = await connection.execute(delete(holds).where(holds.c.call_id == call_id))
        if not gone.rowcount:
            raise HoldError("the call is not held")

    async def all(self) -> list[Hold]:
        """Newest first."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(holds).order_by(holds.c.at.desc()))).all()
        return [Hold.model_validate(dict(row._mapping)) for row in rows]
