"""Keeps the facts of calls, and finds them again."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.tables import calls
from qa.facts.filter import CallFilter, narrowed
from qa.facts.tables import COLUMNS, facts, texts
from qa.facts.types import CallFacts


class Order(StrEnum):
    """How a list of calls is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LONGEST = "longest"
    WORST_MOOD = "worst_mood"
    LEAST_CONFIDENT = "least_confident"
    SLOWEST = "slowest"
    WORST_SCORE = "worst_score"


ORDERS: dict[Order, ColumnElement[Any]] = {
    Order.NEWEST: facts.c.started_at.desc(),
    Order.OLDEST: facts.c.started_at.asc(),
    Order.LONGEST: facts.c.duration_s.desc().nulls_last(),
    Order.WORST_MOOD: facts.c.discontent.desc(),
    Order.LEAST_CONFIDENT: facts.c.confidence.asc().nulls_last(),
    Order.SLOWEST: facts.c.answer_p95_s.desc().nulls_last(),
    Order.WORST_SCORE: facts.c.score.asc().nulls_last(),
}


class FactStore:
    """The facts of all calls, in the database of `engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def put(self, batch: Sequence[tuple[CallFacts, str]]) -> None:
        """Keep facts and what was said, in place of what was kept of these calls."""
        if not batch:
            return
        ids = [one.call_id for one, _ in batch]
        async with self.engine.begin() as connection:
            await connection.execute(delete(facts).where(facts.c.call_id.in_(ids)))
            await connection.execute(delete(texts).where(texts.c.call_id.in_(ids)))
            await connection.execute(insert(facts), [_row(one) for one, _ in batch])
            await connection.execute(
                insert(texts),
                [{"call_id": one.call_id, "text": said.replace("\0", "")} for one, said in batch],
            )

    async def drop(self, call_ids: Sequence[str]) -> None:
        """Forget calls."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(facts).where(facts.c.call_id.in_(call_ids)))
            await connection.execute(delete(texts).where(texts.c.call_id.in_(call_ids)))

    async def get(self, call_id: str) -> CallFacts | None:
        """One call; None where nothing is kept of it."""
        async with self.engine.connect() as connection:
            document = await connection.scalar(select(facts.c.facts).where(facts.c.call_id == call_id))
        return CallFacts.model_validate(document) if document is not None else None

    async def page(
        self, wanted: CallFilter, order: Order = Order.NEWEST, limit: int = 50, skip: int = 0
    ) -> list[CallFacts]:
        """Calls, in order."""
        statement = narrowed(select(facts.c.facts), wanted, self.engine.dialect.name)
        statement = statement.order_by(ORDERS[order], facts.c.call_id).limit(limit).offset(skip)
        async with self.engine.connect() as connection:
            documents = (await connection.scalars(statement)).all()
        return [CallFacts.model_validate(document) for document in documents]

    async def count(self, wanted: CallFilter) -> int:
        """How many calls there are."""
        statement = narrowed(select(func.count()).select_from(facts), wanted, self.engine.dialect.name)
        async with self.engine.connect() as connection:
            return int(await connection.scalar(statement) or 0)

    async def values(self, column: str) -> list[str]:
        """The values of a column that occur, for choosing from: `intent`, `escalation`, `queue`, `agent`."""
        chosen = facts.c[column]
        async with self.engine.connect() as connection:
            found = await connection.scalars(
                select(chosen).where(chosen.is_not(None)).distinct().order_by(chosen)
            )
            return [str(one) for one in found.all()]

    async def stale(self, limit: int) -> list[str]:
        """Calls whose log holds more than their facts were made from, the newest first.

        One that goes on counts only while nothing is known of it: its facts are made anew when it is over.
        """
        known = facts.c.last_seq
        over_and_behind = and_(calls.c.ended_at.is_not(None), known < calls.c.last_seq)
        statement = (
            select(calls.c.call_id)
            .select_from(calls.outerjoin(facts, facts.c.call_id == calls.c.call_id))
            .where(or_(known.is_(None), over_and_behind))
            .order_by(calls.c.started_at.desc())
            .limit(limit)
        )
        async with self.engine.connect() as connection:
            return list((await connection.scalars(statement)).all())


def _row(one: CallFacts) -> dict[str, object]:
    values = one.model_dump(include=set(COLUMNS))
    values["outcome"] = one.outcome.value
    return {**values, "facts": one.model_dump(mode="json")}
