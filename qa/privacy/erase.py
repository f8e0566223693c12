"""Deletes calls: from every table that names them, their files, and what is left of them in the database's own file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.ledger_table import codes
from qa.facts.tables import facts
from qa.privacy.reach import OWN, Reach, look
from qa.privacy.tables import counts

KEPT = OWN - {"qa_redactions", "qa_expiries"}
"""Accesses tell who has looked, not what was said; a hold that is still there is one that nobody may pass."""


@dataclass
class Erased:
    """What was deleted, and what was not."""

    calls: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    """By table."""
    files: int = 0
    carrier: int = 0
    """Resources at the carrier: recordings, calls, messages."""
    earlier: int = 0
    """The same, of deletions before this one that were broken off."""
    problems: list[str] = field(default_factory=list)
    """What could not be deleted, and why: one line each, without anything personal."""


async def erase_rows(
    connection: AsyncConnection, call_ids: Collection[str], tables: Iterable[Table], reach: Reach
) -> dict[str, int]:
    """Delete the rows of these calls from these tables, given in the order of `Reach`. Returns how many, by table."""
    done: dict[str, int] = {}
    for table in tables:
        gone = await connection.execute(delete(table).where(reach.of_calls(table, call_ids)))
        if gone.rowcount > 0:
            done[table.name] = gone.rowcount
    return done


async def erase_codes(connection: AsyncConnection, call_ids: Collection[str]) -> int:
    """One-time codes: their keys begin with their call's id."""
    gone = 0
    for call_id in call_ids:
        statement = delete(codes).where(codes.c.key.startswith(f"{call_id}:", autoescape=True))
        gone += (await connection.execute(statement)).rowcount
    return gone


async def erase_calls(engine: AsyncEngine, call_ids: Collection[str], *, counted: bool) -> dict[str, int]:
    """Delete all rows of these calls, in one transaction; with `counted`, they stay counted by day and outcome."""
    if not call_ids:
        return {}
    async with engine.connect() as connection:
        await secure(connection)
        reach = await look(connection)
        await connection.commit()
        async with connection.begin():
            if counted:
                await _count(connection, call_ids)
            tables = [one for one in reach.tables if one.name not in KEPT]
            done = await erase_rows(connection, call_ids, tables, reach)
            if one_time := await erase_codes(connection, call_ids):
                done["codes"] = one_time
    return done


def erase_files(files: Iterable[Path], erased: Erased) -> None:
    """Delete files; one that cannot be is told of, by its name only."""
    for path in files:
        try:
            path.unlink(missing_ok=True)
            erased.files += 1
        except OSError as error:
            erased.problems.append(f"{path.name}: {type(error).__name__}")


async def secure(connection: AsyncConnection) -> None:
    """Have SQLite overwrite what it deletes over this connection; PostgreSQL does so when it vacuums."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA secure_delete=ON")


async def forget(engine: AsyncEngine) -> None:
    """Have the database's files forget what was deleted: full-text segments, free pages, the write-ahead log.

    On PostgreSQL, vacuuming does it; what is in its write-ahead log and in backups is the operator's to age out.
    """
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name != "sqlite":
            await connection.execute(text("VACUUM"))
            return
        await secure(connection)
        await connection.exec_driver_sql("INSERT INTO qa_search(qa_search) VALUES('optimize')")
        await connection.exec_driver_sql("VACUUM")
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


async def _count(connection: AsyncConnection, call_ids: Collection[str]) -> None:
    statement = select(facts.c.started_at, facts.c.outcome).where(facts.c.call_id.in_(call_ids))
    for started_at, outcome in (await connection.execute(statement)).all():
        day = started_at.date().isoformat()
        same = (counts.c.day == day) & (counts.c.outcome == outcome)
        done = await connection.execute(update(counts).where(same).values(calls=counts.c.calls + 1))
        if not done.rowcount:
            await connection.execute(insert(counts).values(day=day, outcome=outcome, calls=1))
