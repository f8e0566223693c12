"""Where events and call summaries are kept: SQLite or PostgreSQL, through SQLAlchemy."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Self

from pydantic import JsonValue, ValidationError
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from calls.events import Body, CallEvent, EventBody, TurnPlanned
from calls.ids import CALL_ID
from calls.migrate import open_upgraded
from calls.summary import CallSummary, fold
from calls.tables import calls, events

MOST_EVENTS = 1_000_000
"""More events than one call can have: the limit of a reading that has none."""

EventRow = Row[tuple[str, int, datetime, str, dict[str, JsonValue]]]


class StoreUnavailableError(Exception):
    """The database did not do what it was asked; asking again may help. The cause says why."""


class SeqTakenError(Exception):
    """An event with one of these numbers is stored already: another process writes to the same call."""


class UnreadableEventError(Exception):
    """A stored event that this version does not know, written by a newer one or altered."""

    def __init__(self, call_id: str, seq: int, name: str, rule: str) -> None:
        super().__init__(f"event {seq} of call {call_id}, `{name}`, cannot be read by this version: {rule}")
        self.call_id = call_id
        self.seq = seq


class CallNotFoundError(LookupError):
    """No call, or more than one, has the given id or prefix."""


class CallStore:
    """Events and summaries of all calls. Safe to use from many tasks; several processes may share a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def write(self, batch: Sequence[CallEvent]) -> None:
        """Store events, each call's in rising `seq`, and bring the summaries up to them: all or nothing.

        Raises:
            SeqTakenError: a number is in use; nothing was written.
            StoreUnavailableError: nothing was written, or so it seems: a lost connection may hide a commit.
        """
        by_call: dict[str, list[CallEvent]] = {}
        for event in batch:
            by_call.setdefault(event.call_id, []).append(event)
        with _typed_errors():
            async with self._engine.begin() as connection:
                # Before the summaries are read, so that SQLite's write lock is held from here on.
                await connection.execute(insert(events), [_event_row(event) for event in batch])
                for call_id in sorted(by_call):
                    await _project(connection, call_id, by_call[call_id])

    async def rewrite(self, call_id: str, bodies: Mapping[int, EventBody], note: CallEvent) -> None:
        """Put other bodies in place of stored ones, and `note`, which tells of it, behind them: all or nothing.

        The log is append-only for everybody but `calls.redaction` and retention, which must be able to forget. Numbers,
        times and names stay as they are; the summary is made anew.

        Args:
            call_id: A call that is over: a live one is resumed from its events.
            bodies: By `seq`, each of the same name as the stored one.
            note: The call's next event.

        Raises:
            SeqTakenError: the call has got another event meanwhile; nothing was changed.
            ValueError: a body has another name than the stored one, or there is no such event; nothing was changed.
            StoreUnavailableError, UnreadableEventError: see `read`; nothing was changed.
        """
        with _typed_errors():
            async with self._engine.begin() as connection:
                # First, so that SQLite's write lock is held from here on.
                await connection.execute(insert(events), [_event_row(note)])
                for seq, body in bodies.items():
                    same = (
                        (events.c.call_id == call_id) & (events.c.seq == seq) & (events.c.name == body.name)
                    )
                    values = {"body": body.model_dump(mode="json")}
                    done = await connection.execute(update(events).where(same).values(values))
                    if done.rowcount != 1:
                        raise ValueError(
                            f"event {seq} is no {body.name}: its body cannot be put in its place"
                        )
                await _fold_anew(connection, call_id)

    async def read(self, call_id: str, after: int = 0, limit: int = MOST_EVENTS) -> list[CallEvent]:
        """The events of a call with a `seq` above `after`, in order, at most `limit`.

        Raises:
            UnreadableEventError: one of them is unknown to this version.
            StoreUnavailableError: the database does not answer.
        """
        statement = (
            select(events)
            .where(events.c.call_id == call_id, events.c.seq > after)
            .order_by(events.c.seq)
            .limit(limit)
        )
        async with self._reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [_event(row) for row in rows]

    async def last_seq(self, call_id: str) -> int:
        """The highest `seq` stored for a call, 0 when there is none."""
        async with self._reading() as connection:
            last = await connection.scalar(select(func.max(events.c.seq)).where(events.c.call_id == call_id))
        return last or 0

    async def has(self, call_id: str, kind: type[Body], until: int) -> bool:
        """Whether a call has an event of this kind with a `seq` of at most `until`."""
        statement = select(func.count()).where(
            events.c.call_id == call_id,
            events.c.seq <= until,
            events.c.name == kind.model_fields["name"].default,
        )
        async with self._reading() as connection:
            return bool(await connection.scalar(statement))

    async def compare(self, call_id: str, batch: Sequence[CallEvent]) -> tuple[set[int], int]:
        """Which of these events of one call are stored exactly so, by `seq`, and the call's last `seq`."""
        statement = select(events).where(events.c.call_id == call_id, events.c.seq >= batch[0].seq)
        async with self._reading() as connection:
            rows = {row.seq: dict(row._mapping) for row in (await connection.execute(statement)).all()}
        same = {event.seq for event in batch if rows.get(event.seq) == _event_row(event)}
        return same, max(rows, default=batch[0].seq - 1)

    async def summaries(self, limit: int, before: datetime | None = None) -> list[CallSummary]:
        """The newest calls, newest first; with `before`, only those that started before then."""
        statement = select(calls).order_by(calls.c.started_at.desc(), calls.c.call_id).limit(limit)
        if before is not None:
            statement = statement.where(calls.c.started_at < before)
        async with self._reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [CallSummary.model_validate(dict(row._mapping)) for row in rows]

    async def has_called(self, caller: str, since: datetime, but: str) -> bool:
        """Whether this number has called since then, the call `but` left aside."""
        statement = (
            select(calls.c.call_id)
            .where(calls.c.caller == caller, calls.c.started_at >= since, calls.c.call_id != but)
            .limit(1)
        )
        async with self._reading() as connection:
            return await connection.scalar(statement) is not None

    async def with_gaps(self, limit: int) -> list[str]:
        """The newest calls in which a question was left unanswered, newest first."""
        statement = (
            select(events.c.call_id)
            .where(
                events.c.name == TurnPlanned.model_fields["name"].default,
                events.c.body["unanswered"].as_string().is_not(None),
            )
            .group_by(events.c.call_id)
            .order_by(func.max(events.c.at).desc(), events.c.call_id)
            .limit(limit)
        )
        async with self._reading() as connection:
            return list((await connection.scalars(statement)).all())

    async def summary(self, call_id: str) -> CallSummary | None:
        """One call's summary; None for an unknown call."""
        async with self._reading() as connection:
            return await _summary(connection, call_id)

    async def find(self, prefix: str) -> str:
        """The one call whose id is `prefix` or starts with it.

        Raises:
            CallNotFoundError: there is none, or more than one.
        """
        if not CALL_ID.fullmatch(prefix):
            raise CallNotFoundError("a call's id is 1 to 64 of the characters A-Z a-z 0-9 _ -")
        statement = (
            select(calls.c.call_id)
            .where(calls.c.call_id.startswith(prefix, autoescape=True))
            .order_by(calls.c.call_id)
        )
        async with self._reading() as connection:
            # SQLite's LIKE does not tell a from A.
            found = [one for one in (await connection.scalars(statement)).all() if one.startswith(prefix)]
        if prefix in found:
            return prefix
        if not found:
            raise CallNotFoundError(f"no call has an id that starts with {prefix}")
        if len(found) > 1:
            raise CallNotFoundError(
                f"{len(found)} calls have an id that starts with {prefix}; add characters"
            )
        return str(found[0])

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with _typed_errors():
            async with self._engine.connect() as connection:
                yield connection


async def open_store(url: str) -> CallStore:
    """The call store at `url`, its tables created or brought up to date.

    Raises:
        StoreUrlError: the URL cannot be used.
        StoreUnavailableError: the database cannot be opened or brought up to date.
    """
    with _typed_errors():
        return CallStore(await open_upgraded(url))


async def _project(connection: AsyncConnection, call_id: str, batch: Sequence[CallEvent]) -> None:
    before = await _summary(connection, call_id, lock=True)
    after = before
    for event in batch:
        after = fold(after, event)
    if after is None or after == before:
        return
    # The ids are left out of the update: nothing refers to a call by anything else.
    values = after.model_dump()
    if before is None:
        await connection.execute(insert(calls).values(values))
    else:
        await connection.execute(update(calls).where(calls.c.call_id == call_id).values(values))


async def _fold_anew(connection: AsyncConnection, call_id: str) -> None:
    statement = select(events).where(events.c.call_id == call_id).order_by(events.c.seq)
    summary: CallSummary | None = None
    for row in (await connection.execute(statement)).all():
        summary = fold(summary, _event(row))
    if summary is not None:
        await connection.execute(update(calls).where(calls.c.call_id == call_id).values(summary.model_dump()))


async def _summary(connection: AsyncConnection, call_id: str, *, lock: bool = False) -> CallSummary | None:
    statement = select(calls).where(calls.c.call_id == call_id)
    if lock:
        # PostgreSQL only; SQLite has one writer anyway and leaves the clause out.
        statement = statement.with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else CallSummary.model_validate(dict(row._mapping))


def _event_row(event: CallEvent) -> dict[str, object]:
    return {
        "call_id": event.call_id,
        "seq": event.seq,
        "at": event.at,
        "name": event.body.name,
        "body": event.body.model_dump(mode="json"),
    }


def _event(row: EventRow) -> CallEvent:
    try:
        return CallEvent.model_validate(
            {"call_id": row.call_id, "seq": row.seq, "at": row.at, "body": row.body}
        )
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        rule = f"{'.'.join(map(str, problem['loc']))} breaks `{problem['type']}`"
        # Without its cause, whose text quotes what the caller said.
        raise UnreadableEventError(row.call_id, row.seq, row.name, rule) from None


@contextmanager
def _typed_errors() -> Iterator[None]:
    """Turn what the drivers raise into what callers can act upon."""
    try:
        yield
    except IntegrityError as error:
        raise SeqTakenError("an event with this call_id and seq is stored already") from error
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailableError(f"the call store failed: {type(cause).__name__}") from error
