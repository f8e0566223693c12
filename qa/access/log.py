"""The audit log of accesses. Lines are added and never changed."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Index, Integer, MetaData, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)
accesses = Table(
    "qa_accesses",
    metadata,
    Column("access_id", Integer(), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("person_id", String(40), nullable=False),
    Column("what", String(24), nullable=False),
    Column("call_id", String(64)),
    Column("detail", String(200), nullable=False),
    Index("ix_qa_accesses_call_id", "call_id"),
    Index("ix_qa_accesses_at", "at"),
)


class Accessed(StrEnum):
    """What was accessed. Names never change meaning."""

    OPENED = "opened"
    """A call's page, with its transcript."""
    LISTENED = "listened"
    SEARCHED = "searched"
    """Pieces of what was said in the calls that a search has found."""
    EXPORTED = "exported"
    DELETED = "deleted"


class Access(BaseModel):
    """One line of the log."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    person_id: str
    what: Accessed
    call_id: str | None
    """None where it was many calls: `detail` tells which."""
    detail: str


class AccessLog:
    """Keeps who has accessed what. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def note(
        self, person_id: str, what: Accessed, call_id: str | None = None, detail: str = ""
    ) -> None:
        """Add a line, before anything is handed out: what cannot be noted is not handed out."""
        values = {
            "at": self._now(),
            "person_id": person_id,
            "what": what.value,
            "call_id": call_id,
            "detail": detail[:200],
        }
        async with self._engine.begin() as connection:
            await connection.execute(insert(accesses).values(values))

    async def lines(
        self,
        call_id: str | None = None,
        limit: int = 100,
        skip: int = 0,
        *,
        person_id: str | None = None,
    ) -> list[Access]:
        """The newest lines first; with `call_id`, of one call; with `person_id`, of one person."""
        statement = select(accesses).order_by(accesses.c.access_id.desc()).limit(limit).offset(skip)
        if call_id is not None:
            statement = statement.where(accesses.c.call_id == call_id)
        if person_id is not None:
            statement = statement.where(accesses.c.person_id == person_id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return [Access.model_validate(dict(row._mapping)) for row in rows]
