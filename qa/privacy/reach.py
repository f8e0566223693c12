"""Where data of a call may be: every table of the database that names a call, whichever room it belongs to.

Tables are found by looking at the database, so that a table that is added later is covered without anybody having to
remember it here: one column whose name ends with `call_id` is enough, or a reference to a table that has one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

CALL_ID = "call_id"
CORE = frozenset({"calls", "events"})
"""The call itself. Deleted last."""
OWN = frozenset({"qa_redactions", "qa_expiries", "qa_holds", "qa_accesses"})
"""Kept by the work on privacy itself: an access stays in its log for as long as that is kept."""
WORK = frozenset({"ledger", "transfers", "promises"})
"""What was done in the call: as old as its events."""
FACTS = frozenset({"qa_facts", "qa_texts"})
INNER = "qa_texts_"
"""Tables that SQLite's full-text search keeps behind `qa_texts`."""


@dataclass(frozen=True)
class Reach:
    """The tables of one database that hold data of calls, those that refer to others first."""

    tables: tuple[Table, ...]

    def reviews(self) -> tuple[Table, ...]:
        """What people and machines have said of calls afterwards: all tables that nobody else answers for."""
        return tuple(one for one in self.tables if one.name not in CORE | OWN | WORK | FACTS)

    def named(self, names: Collection[str]) -> tuple[Table, ...]:
        """Tables by name."""
        return tuple(one for one in self.tables if one.name in names)

    def of_calls(self, table: Table, call_ids: Collection[str]) -> ColumnElement[bool]:
        """The rows of a table that belong to these calls."""
        own = _call_columns(table)
        if own:
            return or_(*(column.in_(call_ids) for column in own))
        key, parent = _parent(table, self.tables)
        return key.in_(select(parent).where(self.of_calls(parent.table, call_ids)))


async def look(connection: AsyncConnection) -> Reach:
    """Find the tables."""
    return await connection.run_sync(_look)


def _look(connection: Connection) -> Reach:
    found = MetaData()
    # SQLite's own tables have types that nobody else knows.
    found.reflect(connection, only=lambda name, _: not name.startswith((INNER, "sqlite_", "alembic_")))
    direct = {table.name for table in found.tables.values() if _call_columns(table)}
    reached = set(direct)
    while more := {
        table.name
        for table in found.tables.values()
        if table.name not in reached and any(key.column.table.name in reached for key in table.foreign_keys)
    }:
        reached |= more
    in_order = [table for table in reversed(found.sorted_tables) if table.name in reached]
    return Reach(tuple(sorted(in_order, key=lambda table: (table.name == "calls", table.name in CORE))))


def _call_columns(table: Table) -> list[Column[object]]:
    return [column for column in table.c if column.name.endswith(CALL_ID)]


def _parent(table: Table, tables: Iterable[Table]) -> tuple[Column[object], Column[object]]:
    names = {one.name for one in tables}
    key = next(
        one for one in table.foreign_keys if one.column.table.name in names and one.column.table is not table
    )
    return key.parent, key.column
