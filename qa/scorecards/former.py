"""Finds calls whose score is by another form than that of now, and replaces it."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncEngine

from qa.facts.tables import facts
from qa.facts.types import CallFacts, CallOutcome

AT_ONCE = 50
C = facts.c


class FormerScores:
    """Scores among the facts of calls, in the database of `engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def count(self, by: str, since: datetime) -> int:
        """How many calls since then are over and not scored `by` this (`automatic.given_by`)."""
        async with self._engine.connect() as connection:
            statement = select(func.count()).select_from(facts).where(*_former(by, since))
            return int(await connection.scalar(statement) or 0)

    async def some(self, by: str, since: datetime, after: CallFacts | None) -> list[CallFacts]:
        """Some of these calls, the newest first, from behind one on."""
        statement = select(C.facts).where(*_former(by, since))
        if after is not None:
            statement = statement.where(tuple_(C.started_at, C.call_id) < (after.started_at, after.call_id))
        statement = statement.order_by(C.started_at.desc(), C.call_id.desc()).limit(AT_ONCE)
        async with self._engine.connect() as connection:
            return [CallFacts.model_validate(one) for one in (await connection.scalars(statement)).all()]

    async def put(self, known: CallFacts) -> None:
        """Keep another score of a call, unless its facts were made anew meanwhile: then they were scored with it."""
        values = {"score": known.score, "auto_fail": known.auto_fail, "facts": known.model_dump(mode="json")}
        same = (C.call_id == known.call_id, C.last_seq == known.last_seq)
        async with self._engine.begin() as connection:
            await connection.execute(update(facts).where(*same).values(values))


def _former(by: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    another = C.facts["scored_by"].as_string().is_distinct_from(by)
    return C.started_at >= since, C.outcome != CallOutcome.OPEN.value, another
