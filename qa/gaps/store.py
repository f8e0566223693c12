"""Keeps gaps: the open ones as they were last reckoned, the others as they were decided."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.tables import NAMES, UtcDateTime
from qa.gaps.gap import LASTS, Gap, GapState, rank

metadata = MetaData(naming_convention=NAMES)

table = Table(
    "qa_gaps",
    metadata,
    Column("gap_id", String(20), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("callers", Integer(), nullable=False),
    Column("transfers", Integer(), nullable=False),
    Column("first_at", UtcDateTime(), nullable=False),
    Column("last_at", UtcDateTime(), nullable=False),
    Column("gap", JSON(), nullable=False),
    Column("decided_by", String(40)),
    Column("decided_at", UtcDateTime()),
    Column("article", Text()),
    Index("ix_qa_gaps_state", "state", "last_at"),
)
C = table.c


class Decided(Gap):
    """A gap with what became of it."""

    state: GapState
    decided_by: str | None = None
    decided_at: datetime | None = None
    draft: str | None = None
    """The file name of the draft."""


class GapStore:
    """The gaps, in the database of `engine`. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def replace_open(self, gaps: Sequence[Gap]) -> None:
        """Keep these in place of all open ones. What was decided in the meantime stays decided."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(table).where(C.state == GapState.OPEN.value))
            kept = set((await connection.scalars(select(C.gap_id))).all())
            rows = [_row(one) for one in gaps if one.gap_id not in kept]
            if rows:
                await connection.execute(insert(table), rows)

    async def page(self, state: GapState, limit: int = 50) -> list[Decided]:
        """The weightiest first; of those decided, the newest. None whose last question is older than four weeks."""
        statement = select(table).where(C.state == state.value, C.last_at >= self._now() - LASTS)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        found = [_decided(dict(row._mapping)) for row in rows]
        if state is GapState.OPEN:
            return sorted(found, key=rank)[:limit]
        return sorted(found, key=lambda one: one.decided_at or one.last_at, reverse=True)[:limit]

    async def get(self, gap_id: str) -> Decided | None:
        """One gap; None where there is none."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(table).where(C.gap_id == gap_id))).one_or_none()
        return _decided(dict(row._mapping)) if row is not None else None

    async def decided(self) -> list[Decided]:
        """All that were accepted, or rejected within four weeks."""
        found = [*await self.page(GapState.ACCEPTED, 10_000), *await self.page(GapState.REJECTED, 10_000)]
        since = self._now() - LASTS
        return [one for one in found if one.decided_at is not None and one.decided_at >= since]

    async def decide(self, gap_id: str, state: GapState, by: str, draft: str | None = None) -> bool:
        """Accept, reject or open a gap. Returns False where there is none, or somebody was quicker."""
        opened = state is GapState.OPEN
        values = {
            "state": state.value,
            "decided_by": None if opened else by,
            "decided_at": None if opened else self._now(),
            "article": draft,
        }
        before = C.state != GapState.OPEN.value if opened else C.state == GapState.OPEN.value
        async with self._engine.begin() as connection:
            done = await connection.execute(update(table).where(C.gap_id == gap_id, before).values(values))
        return bool(done.rowcount)

    async def forget(self, call_ids: Sequence[str]) -> None:
        """Remove what callers of these calls asked, and what agents said to them."""
        gone = set(call_ids)
        async with self._engine.begin() as connection:
            for row in (await connection.execute(select(C.gap_id, C.gap))).all():
                gap = Gap.model_validate(row.gap)
                left = tuple(one for one in gap.asked if one.call_id not in gone)
                if len(left) == len(gap.asked):
                    continue
                await connection.execute(delete(table).where(C.gap_id == row.gap_id))


def _row(gap: Gap) -> dict[str, object]:
    return {
        "gap_id": gap.gap_id,
        "state": GapState.OPEN.value,
        "kind": gap.kind.value,
        "callers": gap.callers,
        "transfers": gap.transfers,
        "first_at": gap.first_at,
        "last_at": gap.last_at,
        "gap": gap.model_dump(mode="json"),
    }


def _decided(row: dict[str, object]) -> Decided:
    gap = Gap.model_validate(row["gap"])
    return Decided.model_validate(
        {
            **gap.model_dump(),
            "state": row["state"],
            "decided_by": row["decided_by"],
            "decided_at": row["decided_at"],
            "draft": row["article"],
        }
    )
