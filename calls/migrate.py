"""Brings a call store's tables to the form that this version works with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.database import open_engine

SCRIPTS = Path(__file__).resolve().parent / "migrations"
LOCK = 0x7761726D
"""PostgreSQL advisory lock of a migration: processes that start together migrate one after the other."""


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, without a file, for one open connection."""
    config = Config()
    # A percent sign would start an interpolation.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def upgrade(url: str) -> None:
    """Create the database of `url` or bring it up to date. Does nothing to one that is.

    Raises:
        StoreUrlError: the URL cannot be used.
        sqlalchemy.exc.DBAPIError: the database refuses.
    """
    async with upgraded(url):
        pass


@asynccontextmanager
async def upgraded(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on the database of `url`, brought up to date; it is disposed of at the end.

    Raises:
        StoreUrlError, sqlalchemy.exc.DBAPIError: see `upgrade`.
    """
    engine = await open_upgraded(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def open_upgraded(url: str) -> AsyncEngine:
    """An engine on the database of `url`, brought up to date, for one who disposes of it.

    Raises:
        StoreUrlError, sqlalchemy.exc.DBAPIError: see `upgrade`.
    """
    engine = await asyncio.to_thread(open_engine, url)
    try:
        await upgrade_engine(engine)
    except BaseException:
        await engine.dispose()
        raise
    return engine


async def upgrade_engine(engine: AsyncEngine) -> None:
    """Bring the database of `engine` up to date."""
    async with engine.connect() as connection:
        if await connection.run_sync(_is_current):
            return
    async with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # The driver begins a transaction only before data changes, too late for tables.
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))


def _is_current(connection: Connection) -> bool:
    return MigrationContext.configure(connection).get_current_heads() == _heads()


@cache
def _heads() -> tuple[str, ...]:
    """The revisions that this version works with. To learn them, all migrations are read."""
    return tuple(ScriptDirectory(str(SCRIPTS)).get_heads())
