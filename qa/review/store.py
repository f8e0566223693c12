"""Keeps who has which review, and reads the calls that the queue is drawn from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from calls.tables import NAMES, UtcDateTime
from qa.facts.tables import facts
from qa.facts.types import CallOutcome
from qa.review.queue import Deed, Draw, Review, Reviewer, ReviewHeldError, ReviewState, Ticket, after
from qa.review.ranking import is_worth, weight
from qa.review.rules import ReviewRules, Signs, draw_sample

metadata = MetaData(naming_convention=NAMES)
reviews = Table(
    "qa_reviews",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("person_id", String(40), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("sampled", Boolean(), nullable=False),
)
SIGNS = [facts.c[name] for name in Signs._fields]
REVIEW = [column.label(f"review_{column.name}") for column in reviews.c]
BESIDE = facts.outerjoin(reviews, reviews.c.call_id == facts.c.call_id)


class ReviewStore:
    """The reviews of all calls. Several processes may share a database. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def tickets(
        self, which: Draw, since: datetime, until: datetime | None, rules: ReviewRules
    ) -> list[Ticket]:
        """One list of the queue, in its order, out of the calls that are over and began in this time.

        For the sample, nothing is read of how they went.
        """
        of_time = [facts.c.started_at >= since, facts.c.outcome != CallOutcome.OPEN.value]
        if until is not None:
            of_time.append(facts.c.started_at < until)
        statement = select(facts.c.call_id).where(*of_time)
        if which is Draw.WORST:
            statement = statement.where(is_worth(rules)).order_by(weight(rules).desc())
        statement = statement.order_by(facts.c.started_at.desc(), facts.c.call_id.desc())
        had = select(reviews.c.call_id, reviews.c.state, reviews.c.person_id).join_from(
            reviews, facts, facts.c.call_id == reviews.c.call_id
        )
        async with self._engine.connect() as connection:
            call_ids: Iterable[str] = (await connection.scalars(statement)).all()
            reviewed = {row[0]: row for row in (await connection.execute(had.where(*of_time))).all()}
        if which is Draw.SAMPLE:
            call_ids = draw_sample(call_ids, rules)
        return [_ticket(*reviewed[one]) if one in reviewed else Ticket(one) for one in call_ids]

    async def calls(self, call_ids: Sequence[str]) -> list[tuple[Signs, Review | None]]:
        """What is read of these calls, each with its review, in no order."""
        statement = select(*SIGNS, *REVIEW).select_from(BESIDE).where(facts.c.call_id.in_(call_ids))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return [_call(tuple(row)) for row in rows]

    async def get(self, call_id: str) -> Review | None:
        """The review of one call; None where nobody has it."""
        async with self._engine.connect() as connection:
            return await _read(connection, call_id)

    async def do(self, deed: Deed, call_id: str, who: Reviewer, *, sampled: bool) -> Review | None:
        """Do something with a call. Returns its review afterwards.

        Raises:
            ReviewHeldError: it is somebody else's, perhaps only since just now.
        """
        async with self._engine.connect() as connection:
            found = await _read(connection, call_id)
        state = after(deed, found, who)
        made = Review(call_id, state, who.person_id, self._now(), sampled) if state is not None else None
        if await self._put(call_id, found, made):
            return made
        # Somebody was faster: what they did decides.
        async with self._engine.connect() as connection:
            now = await _read(connection, call_id)
        if now is not None and now.person_id != who.person_id:
            raise ReviewHeldError(now)
        return now

    async def _put(self, call_id: str, before: Review | None, made: Review | None) -> bool:
        """Write a review in place of the one that was read; False where that has changed meanwhile."""
        same = [reviews.c.call_id == call_id]
        if before is not None:
            same += [reviews.c.state == before.state.value, reviews.c.person_id == before.person_id]
        async with self._engine.begin() as connection:
            if made is None:
                return before is None or bool(
                    (await connection.execute(delete(reviews).where(*same))).rowcount
                )
            if before is not None:
                changed = await connection.execute(update(reviews).where(*same).values(_row(made)))
                return bool(changed.rowcount)
            try:
                async with connection.begin_nested():
                    await connection.execute(insert(reviews).values(_row(made)))
            except IntegrityError:
                return False
        return True


async def _read(connection: AsyncConnection, call_id: str) -> Review | None:
    row = (await connection.execute(select(reviews).where(reviews.c.call_id == call_id))).one_or_none()
    return _review(*row) if row is not None else None


def _ticket(call_id: str, state: str, person_id: str) -> Ticket:
    return Ticket(call_id, ReviewState(state), person_id)


def _call(values: tuple[Any, ...]) -> tuple[Signs, Review | None]:
    review = values[len(SIGNS) :]
    return Signs(*values[: len(SIGNS)]), _review(*review) if review[0] is not None else None


def _review(call_id: str, state: str, person_id: str, at: datetime, sampled: bool) -> Review:
    return Review(call_id, ReviewState(state), person_id, at, sampled)


def _row(review: Review) -> dict[str, object]:
    return {
        "call_id": review.call_id,
        "state": review.state.value,
        "person_id": review.person_id,
        "at": review.at,
        "sampled": review.sampled,
    }
