"""Reads the facts of many calls as tables, and keeps them for as long as nothing has changed."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from qa.facts.tables import facts
from qa.metrics.period import Period, midnight
from qa.metrics.rows import CallRow, row_of
from qa.metrics.tables import Tables, tables_of

AT_ONCE = 500
"""Documents read in one go: so that calls which go on in this process get their turn in between."""
MOST_KEPT = 6
"""Stretches of time whose tables are kept."""
MOST_ROWS = 200_000
FOLLOWED = timedelta(days=7)
"""How long it takes to know that nobody called again, and to know that nobody had called before."""
USUAL = timedelta(days=28 + 28 + 7)

Stamp = tuple[Any, ...]


@dataclass
class _Kept:
    """What was read so far."""

    rows: dict[str, tuple[Stamp, CallRow]] = field(default_factory=dict)
    tables: OrderedDict[tuple[datetime, datetime | None], tuple[Stamp, Tables]] = field(
        default_factory=OrderedDict
    )


class CallSource:
    """The calls of a database, as tables. One to a process."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._kept = _Kept()
        self._reading = asyncio.Lock()

    async def around(self, period: Period, back: timedelta, now: datetime) -> Tables:
        """The calls of a period, of `back` before it, and those that tell who called again.

        Also after the period, because a call's repeat may come later; and before, because one may be a repeat.
        """
        # The usual periods read the same stretch, so that going from one to the other reads nothing.
        usual = midnight(now.astimezone(period.zone).date() - USUAL, period.zone)
        since = min(period.since - back - FOLLOWED, usual)
        until = period.until + FOLLOWED
        # An end that moves with the clock would be another stretch of time with every page.
        return await self.tables(since, until if until < now else None)

    async def tables(self, since: datetime, until: datetime | None) -> Tables:
        """All calls that began in a stretch of time; `until` is not included, None is without end."""
        inside = [facts.c.started_at >= since]
        if until is not None:
            inside.append(facts.c.started_at < until)
        # Who comes meanwhile waits, and finds what the first has read.
        async with self._reading, self._engine.connect() as connection:
            stamp = await _stamp(connection, inside)
            known = self._kept.tables.get((since, until))
            if known is None or known[0] != stamp:
                known = stamp, await self._read(connection, inside)
                self._kept.tables[since, until] = known
            self._kept.tables.move_to_end((since, until))
            while len(self._kept.tables) > MOST_KEPT:
                self._kept.tables.popitem(last=False)
        return known[1]

    async def _read(self, connection: AsyncConnection, inside: Sequence[ColumnElement[bool]]) -> Tables:
        marks = await connection.execute(
            select(facts.c.call_id, facts.c.last_seq, facts.c.score, facts.c.auto_fail).where(*inside)
        )
        current: dict[str, Stamp] = {one.call_id: tuple(one[1:]) for one in marks}
        rows = self._kept.rows
        changed = [call_id for call_id, mark in current.items() if rows.get(call_id, ((),))[0] != mark]
        for start in range(0, len(changed), AT_ONCE):
            ids = changed[start : start + AT_ONCE]
            texts = await connection.execute(
                # As text: parsed on another thread, not on the loop of the calls.
                select(cast(facts.c.facts, Text)).where(facts.c.call_id.in_(ids))
            )
            for row in await asyncio.to_thread(_rows, [text for (text,) in texts]):
                if row.call_id in current:
                    rows[row.call_id] = current[row.call_id], row
        found = [rows[call_id][1] for call_id in current if call_id in rows]
        if len(rows) > MOST_ROWS:
            self._kept.rows = {row.call_id: rows[row.call_id] for row in found}
        return await asyncio.to_thread(tables_of, found)


async def _stamp(connection: AsyncConnection, inside: Sequence[ColumnElement[bool]]) -> Stamp:
    """Differs when a call has come, gone or changed: events only add up; scores are counted and summed."""
    failed = func.sum(case((facts.c.auto_fail.is_(True), 1), else_=0))
    found = await connection.execute(
        select(
            func.count(),
            func.sum(facts.c.last_seq),
            func.count(facts.c.score),
            func.sum(facts.c.score),
            failed,
        ).where(*inside)
    )
    return tuple(found.one())


def _rows(texts: Sequence[str]) -> list[CallRow]:
    return [row_of(json.loads(text)) for text in texts]
