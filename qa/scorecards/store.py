"""Keeps evaluations, disputes and calibration sessions. What was submitted, raised or settled never changes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from qa.scorecards.scoring import Answer
from qa.scorecards.tables import calibrations, disputes, evaluations
from qa.scorecards.values import Calibration, Dispute, DisputeState, Evaluation, ScorerKind, Value

V = TypeVar("V", bound=Value)
E = evaluations.c


class SubmittedError(ValueError):
    """This scorer has submitted an evaluation of this call already."""


class SettledError(ValueError):
    """The dispute is settled already."""


class ScoreStore:
    """What was scored, in the database of `engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    # Evaluations

    async def put(self, one: Evaluation) -> None:
        """Keep a draft, or what is submitted, in place of the same scorer's draft.

        Raises:
            SubmittedError: what is there was submitted.
        """
        values = one.model_dump(mode="json") | {"began_at": one.began_at, "submitted_at": one.submitted_at}
        same = (
            E.call_id == one.call_id,
            E.form == one.form,
            E.version == one.version,
            E.scorer == one.scorer,
        )
        async with self._engine.begin() as connection:
            await connection.execute(delete(evaluations).where(*same, E.submitted_at.is_(None)))
            try:
                await connection.execute(insert(evaluations).values(values))
            except IntegrityError:
                raise SubmittedError("this scorer has submitted an evaluation of this call") from None

    async def evaluation(self, evaluation_id: str) -> Evaluation | None:
        """One evaluation."""
        found = await self._some(Evaluation, evaluations, E.evaluation_id == evaluation_id)
        return found[0] if found else None

    async def of_call(self, call_id: str) -> list[Evaluation]:
        """All of one call, drafts included, by when they were begun."""
        return await self._some(Evaluation, evaluations, E.call_id == call_id)

    async def submitted(self, form: str, version: int) -> list[Evaluation]:
        """All that people have submitted by one version of a form, and what the rules say of the same calls."""
        human = _submitted(form, version, E.kind == ScorerKind.HUMAN.value)
        calls = E.call_id.in_(select(E.call_id).where(*human))
        return await self._some(Evaluation, evaluations, *_submitted(form, version, calls))

    async def count(self, form: str, version: int) -> int:
        """How many people have submitted by one version of a form."""
        human = _submitted(form, version, E.kind == ScorerKind.HUMAN.value)
        async with self._engine.connect() as connection:
            statement = select(func.count()).select_from(evaluations).where(*human)
            return int(await connection.scalar(statement) or 0)

    # Disputes

    async def dispute(self, one: Dispute) -> None:
        """Keep a new dispute."""
        values = one.model_dump(mode="json") | {"raised_at": one.raised_at}
        async with self._engine.begin() as connection:
            await connection.execute(insert(disputes).values(values))

    async def settle(
        self, dispute_id: str, state: DisputeState, answer: Answer | None, note: str, by: str, at: datetime
    ) -> None:
        """Keep how a dispute was settled.

        Raises:
            SettledError: it is settled, or there is none such.
        """
        values = {
            "state": state.value,
            "answer": answer.model_dump(mode="json") if answer is not None else None,
            "note": note,
            "settled_by": by,
            "settled_at": at,
        }
        open_one = (disputes.c.dispute_id == dispute_id, disputes.c.state == DisputeState.OPEN.value)
        async with self._engine.begin() as connection:
            result = await connection.execute(update(disputes).where(*open_one).values(values))
        if cast("CursorResult[object]", result).rowcount != 1:
            raise SettledError("the dispute is settled already")

    async def one_dispute(self, dispute_id: str) -> Dispute | None:
        """One dispute."""
        found = await self._some(Dispute, disputes, disputes.c.dispute_id == dispute_id)
        return found[0] if found else None

    async def disputes_of(self, call_ids: Collection[str] | None = None) -> list[Dispute]:
        """Disputes of these calls, or all, by when they were raised."""
        which = () if call_ids is None else (disputes.c.call_id.in_(call_ids),)
        return await self._some(Dispute, disputes, *which)

    # Calibration

    async def open_session(self, one: Calibration) -> None:
        """Keep a new calibration session."""
        values = one.model_dump(mode="json") | {"opened_at": one.opened_at}
        async with self._engine.begin() as connection:
            await connection.execute(insert(calibrations).values(values))

    async def sessions(self, call_id: str | None = None) -> list[Calibration]:
        """Calibration sessions, of one call or all, by when they were opened."""
        which = () if call_id is None else (calibrations.c.call_id == call_id,)
        return await self._some(Calibration, calibrations, *which)

    # Forgetting

    async def _some(self, kind: type[V], table: Table, *which: ColumnElement[bool]) -> list[V]:
        order = ORDER[table.name]
        statement = select(table).where(*which).order_by(table.c[order[0]], table.c[order[1]])
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return [kind.model_validate(_values(row._mapping)) for row in rows]


ORDER = {
    "qa_evaluations": ("began_at", "evaluation_id"),
    "qa_disputes": ("raised_at", "dispute_id"),
    "qa_calibrations": ("opened_at", "session_id"),
}


def _submitted(form: str, version: int, *more: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return E.form == form, E.version == version, E.submitted_at.is_not(None), *more


def _values(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
