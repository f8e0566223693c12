"""Deletes what has been kept for long enough, by kind of data. What is held stays, and what goes on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from loguru import logger
from pydantic import JsonValue
from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.desk.tables import PromiseState, promises
from calls.events import CallEvent, CallRedacted
from calls.redaction.transcript import wordless
from calls.store import CallStore, SeqTakenError, StoreUnavailableError, UnreadableEventError
from calls.tables import calls
from qa.access.log import accesses
from qa.facts.tables import facts
from qa.privacy.erase import erase_codes, erase_rows, secure
from qa.privacy.person import traces_of
from qa.privacy.reach import CORE, FACTS, WORK, look
from qa.privacy.rules import Keep
from qa.privacy.tables import expiries, holds, redactions, sweeps
from qa.rerun.reports import Reports

AT_ONCE = 200
FAILURES = (SQLAlchemyError, StoreUnavailableError, SeqTakenError, UnreadableEventError, OSError)
SETTLED = (PromiseState.KEPT, PromiseState.GIVEN_UP)
AUDIO, TRANSCRIPTS, EVENTS, FACT, REVIEWS = "audio", "transcripts", "events", "facts", "reviews"
OF_CALLS = (AUDIO, TRANSCRIPTS, REVIEWS, EVENTS, FACT)
"""Kinds whose age is their call's, in the order in which they go: recordings are found by the events."""


@dataclass
class Swept:
    """What a sweep has deleted, or would: how many calls, files or rows by kind."""

    done: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    dry: bool = False


class Retention:
    """Sweeps. `now` gives aware times."""

    def __init__(
        self, store: CallStore, engine: AsyncEngine, data_dir: Path, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._engine = engine
        self._data_dir = data_dir
        self._now = now
        self._ways: dict[str, Callable[[Sequence[str]], Awaitable[None]]] = {
            AUDIO: self._silence,
            TRANSCRIPTS: self._unword,
            REVIEWS: self._unreview,
            EVENTS: self._drop_events,
            FACT: self._drop_facts,
        }

    async def sweep(self, keep: Keep, *, dry: bool = False) -> Swept:
        """Delete what is old enough; with `dry`, only tell how much that is. A sweep that did anything is kept."""
        swept = Swept(dry=dry)
        for kind in OF_CALLS:
            days = getattr(keep, kind)
            if days is not None:
                swept.done[kind] = await self._sweep_kind(kind, self._now() - timedelta(days=days), swept)
        if keep.access_log is not None:
            swept.done["access_log"] = await self._sweep_accesses(keep.access_log, dry=dry)
        if keep.promises is not None:
            swept.done["promises"] = await self._sweep_promises(keep.promises, dry=dry)
        if not dry and (any(swept.done.values()) or swept.problems):
            await self._note(swept)
        return swept

    async def last(self, limit: int = 10) -> list[tuple[datetime, dict[str, JsonValue], bool]]:
        """The last sweeps that did anything, newest first: when, what, and whether all of it could be done."""
        statement = select(sweeps).order_by(sweeps.c.sweep_id.desc()).limit(limit)
        async with self._engine.connect() as connection:
            return [(row.at, row.done, row.whole) for row in (await connection.execute(statement)).all()]

    async def due(self, kind: str, before: datetime, limit: int) -> list[str]:
        """Calls that began before then, of which there still is something of a kind; held and live ones are not due."""
        held, gone = select(holds.c.call_id), select(expiries.c.call_id).where(expiries.c.kind == kind)
        if kind == FACT:
            source = facts
            over: ColumnElement[bool] = facts.c.outcome != "open"
        else:
            source, over = calls, calls.c.ended_at.is_not(None)
        statement = (
            select(source.c.call_id)
            .where(source.c.started_at < before, over)
            .where(source.c.call_id.not_in(held), source.c.call_id.not_in(gone))
            .order_by(source.c.started_at)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return list((await connection.scalars(statement)).all())

    async def _sweep_kind(self, kind: str, before: datetime, swept: Swept) -> int:
        if swept.dry:
            return len(await self.due(kind, before, 1_000_000_000))
        total = 0
        failed: set[str] = set()
        while found := [
            one for one in await self.due(kind, before, AT_ONCE + len(failed)) if one not in failed
        ]:
            for call_id in found:
                try:
                    await self._ways[kind]([call_id])
                    await self._expired(kind, call_id)
                    total += 1
                except FAILURES as error:
                    # It holds up no other, and is tried again in the next sweep.
                    failed.add(call_id)
                    swept.problems.append(f"{kind} of call {call_id}: {type(error).__name__}")
                    logger.bind(kind=kind, call=call_id, error=type(error).__name__).error(
                        "what has expired cannot be deleted"
                    )
        return total

    async def _silence(self, call_ids: Sequence[str]) -> None:
        """Recordings of the calls and of their legs, and whatever else was made from them."""
        async with self._engine.connect() as connection:
            traces = await traces_of(self._store, connection, self._data_dir, call_ids)
        for path in traces.files:
            path.unlink(missing_ok=True)

    async def _unword(self, call_ids: Sequence[str]) -> None:
        """All words of the log and of reports; the facts are made anew from what is left."""
        await asyncio.to_thread(Reports(self._data_dir).forget, call_ids)
        for call_id in call_ids:
            events = await self._store.read(call_id)
            bodies = {one.seq: body for one in events if (body := wordless(one.body)) != one.body}
            if bodies:
                told = CallRedacted(rules="retention", kinds=("transcript",), events=tuple(sorted(bodies)))
                note = CallEvent(call_id=call_id, seq=events[-1].seq + 1, at=self._now(), body=told)
                await self._store.rewrite(call_id, bodies, note)

    async def _unreview(self, call_ids: Sequence[str]) -> None:
        async with self._engine.connect() as connection:
            await secure(connection)
            reach = await look(connection)
            await connection.commit()
            async with connection.begin():
                await erase_rows(connection, call_ids, reach.reviews(), reach)

    async def _drop_events(self, call_ids: Sequence[str]) -> None:
        """Events and what was done; the facts stay for counting, and forget who it was."""
        await self._silence(call_ids)  # without its events nobody would find a recording
        await asyncio.to_thread(Reports(self._data_dir).forget, call_ids)
        async with self._engine.connect() as connection:
            await secure(connection)
            reach = await look(connection)
            await connection.commit()
            async with connection.begin():
                await erase_rows(connection, call_ids, reach.named(CORE | WORK | {"qa_texts"}), reach)
                await erase_codes(connection, call_ids)
                await connection.execute(delete(redactions).where(redactions.c.call_id.in_(call_ids)))
                statement = select(facts.c.call_id, facts.c.facts).where(facts.c.call_id.in_(call_ids))
                for call_id, document in (await connection.execute(statement)).all():
                    nobody = {**document, "caller": None, "customer": None}
                    same = facts.c.call_id == call_id
                    await connection.execute(update(facts).where(same).values(caller=None, facts=nobody))

    async def _drop_facts(self, call_ids: Sequence[str]) -> None:
        async with self._engine.connect() as connection:
            await secure(connection)
            reach = await look(connection)
            await connection.commit()
            async with connection.begin():
                await erase_rows(connection, call_ids, reach.named(FACTS), reach)

    async def _expired(self, kind: str, call_id: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(insert(expiries).values(call_id=call_id, kind=kind))

    async def _sweep_promises(self, days: int, *, dry: bool) -> int:
        held = promises.c.call_id.not_in(select(holds.c.call_id))
        old = promises.c.changed_at < self._now() - timedelta(days=days)
        which = and_(promises.c.state.in_(SETTLED), old, promises.c.phone != "", held)
        if dry:
            async with self._engine.connect() as connection:
                return int(
                    await connection.scalar(select(func.count()).select_from(promises).where(which)) or 0
                )
        async with self._engine.connect() as connection:
            await secure(connection)
            await connection.commit()
            async with connection.begin():
                done = await connection.execute(update(promises).where(which).values(phone="", reason=""))
        return done.rowcount

    async def _sweep_accesses(self, days: int, *, dry: bool) -> int:
        old = accesses.c.at < self._now() - timedelta(days=days)
        async with self._engine.begin() as connection:
            if dry:
                return int(
                    await connection.scalar(select(func.count()).select_from(accesses).where(old)) or 0
                )
            return (await connection.execute(delete(accesses).where(old))).rowcount

    async def _note(self, swept: Swept) -> None:
        values = {"at": self._now(), "done": swept.done, "whole": not swept.problems}
        async with self._engine.begin() as connection:
            await connection.execute(insert(sweeps).values(values))
