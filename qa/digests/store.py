"""Keeps how far the digests of days have come. A try is one server's for as long as it may take."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from qa.digests.due import Standing
from qa.digests.tables import digests


class DigestStore:
    """The digests of all days. Several servers may share a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def known(self, most: int) -> dict[date, Standing]:
        """The last days of which anything is known, so many at most."""
        statement = select(digests).order_by(digests.c.day.desc()).limit(most)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return {
            date.fromisoformat(row.day): Standing(row.tries, row.not_before, row.done_at is not None)
            for row in rows
        }

    async def begin(self, day: date, now: datetime) -> None:
        """Note a day from which on each is sent; nothing where another server has."""
        await self._added(day, tries=0, not_before=now, done_at=now)

    async def claim(self, day: date, seen: Standing | None, now: datetime, until: datetime) -> int | None:
        """Begin a try, which is nobody else's until then. Returns its number; None where another server was faster.

        `seen` is how far the day had come when it was read; one that has changed since is not claimed.
        """
        if seen is None:
            return 1 if await self._added(day, tries=1, not_before=until) else None
        number = seen.tries + 1
        free = (digests.c.tries == seen.tries, digests.c.done_at.is_(None), digests.c.not_before <= now)
        return number if await self._changed(day, *free, tries=number, not_before=until) else None

    async def done(self, day: date, number: int, now: datetime) -> bool:
        """The try has sent it. Returns False where another server has taken it up meanwhile."""
        return await self._changed(day, digests.c.tries == number, done_at=now, failure=None)

    async def failed(self, day: date, number: int, code: str, again: datetime) -> bool:
        """The try has failed; nobody tries again before. Returns as `done`."""
        return await self._changed(day, digests.c.tries == number, not_before=again, failure=code)

    async def _added(self, day: date, **values: Any) -> bool:
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(digests).values(day=day.isoformat(), **values))
        except IntegrityError:
            return False
        return True

    async def _changed(self, day: date, *only: ColumnElement[bool], **values: Any) -> bool:
        statement = update(digests).where(digests.c.day == day.isoformat(), *only).values(**values)
        async with self._engine.begin() as connection:
            return cast("CursorResult[object]", await connection.execute(statement)).rowcount == 1
