"""Opens the database of the call store: SQLite (aiosqlite) or PostgreSQL (asyncpg), by URL."""

import sqlite3
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
BUSY_TIMEOUT_MS = 5000
"""How long SQLite waits for another process's write to end."""


class StoreUrlError(ValueError):
    """A database URL that the call store cannot use. The text names the rule, never the URL: it may hold a password."""


def store_url(url: str) -> URL:
    """Read `url`; the driver may be left out (`sqlite:///var/warmline.db`, `postgresql://host/warmline`).

    Raises:
        StoreUrlError: not a URL, neither SQLite nor PostgreSQL, or an SQLite database in memory.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreUrlError("the database URL must be an SQLAlchemy URL") from None
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise StoreUrlError("the database URL must be one of SQLite or PostgreSQL")
    # Connections to a database in memory share one transaction: concurrent calls would undo each other's writes.
    if backend == "sqlite" and (not parsed.database or ":memory:" in parsed.database):
        raise StoreUrlError("an SQLite database URL must name a file")
    if backend == "postgresql" and "sslmode" in parsed.query:
        # As PostgreSQL's own programs call it; the driver says `ssl`.
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict(
            {"ssl": parsed.query["sslmode"]}
        )
    return parsed.set(drivername=DRIVERS[backend])


def open_engine(url: str) -> AsyncEngine:
    """An engine for `url`; creates the folder of an SQLite file.

    Raises:
        StoreUrlError: see `store_url`, or the driver is not installed.
    """
    parsed = store_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and parsed.database and not parsed.database.startswith("file:"):
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        # Statements carry what callers said; error texts and logs must not.
        # A server that was started anew has closed our connections: each is tried before it is used.
        engine = create_async_engine(parsed, hide_parameters=True, pool_pre_ping=not is_sqlite)
    except ModuleNotFoundError as error:
        raise StoreUrlError(f"the database needs the package {error.name}, which is not installed") from error
    if is_sqlite:
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    """Let readers and one writer work side by side, also across processes.

    `synchronous=NORMAL` keeps every commit when the process is killed; a power cut may lose the last ones but
    leaves the database whole (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    cursor = connection.cursor()
    # Before the switch to WAL, which has to wait for other processes too.
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
