"""Keeps corrections, and what became of them."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from qa.learning.correction import Correction, Kind, State
from qa.learning.tables import corrections

C = corrections.c


class CorrectionStore:
    """The corrections of all calls, in the database of `engine`. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def add(self, one: Correction) -> bool:
        """Keep it. Returns False where it is kept already: what people have decided of it stands."""
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(corrections).values(one.model_dump()))
        except IntegrityError:
            return False
        return True

    async def known(self, ids: Collection[str]) -> set[str]:
        """Which of these are kept."""
        async with self._engine.connect() as connection:
            found = await connection.scalars(select(C.correction_id).where(C.correction_id.in_(list(ids))))
            return set(found.all())

    async def page(
        self,
        state: State | None = None,
        *,
        call_id: str | None = None,
        kinds: Collection[Kind] = (),
        limit: int = 10_000,
    ) -> list[Correction]:
        """The newest first."""
        statement = select(corrections).order_by(C.at.desc(), C.correction_id).limit(limit)
        if state is not None:
            statement = statement.where(C.state == state.value)
        if call_id is not None:
            statement = statement.where(C.call_id == call_id)
        if kinds:
            statement = statement.where(C.kind.in_([kind.value for kind in kinds]))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return [Correction.model_validate(dict(row._mapping)) for row in rows]

    async def counts(self) -> dict[State, int]:
        """How many there are in each state."""
        statement = select(C.state, func.count()).group_by(C.state)
        async with self._engine.connect() as connection:
            found = {State(row[0]): int(row[1]) for row in (await connection.execute(statement)).all()}
        return {state: found.get(state, 0) for state in State}

    async def judge(self, correction_id: str, state: State, by: str) -> bool:
        """Accept, reject or open it again. Returns False where there is no such correction."""
        judged = state is not State.OPEN
        values = {
            "state": state.value,
            "judged_by": by if judged else None,
            "judged_at": self._now() if judged else None,
        }
        async with self._engine.begin() as connection:
            done = await connection.execute(
                update(corrections).where(C.correction_id == correction_id).values(values)
            )
        return bool(done.rowcount)

    async def forget(self, call_ids: Sequence[str]) -> None:
        """Remove the corrections of calls, with what was said in them."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(corrections).where(C.call_id.in_(call_ids)))
