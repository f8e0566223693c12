"""Empty databases for tests: an SQLite file, and one on a PostgreSQL server, each with its tables.

Of both kinds one is made by the migrations, and every test gets a copy: that is faster than to make it.
The server is the one that `WARMLINE_TEST_POSTGRESQL` names by the URL of somebody who may create databases, or one of
the tests' own, where this machine has the programs of PostgreSQL (Debian's package `postgresql`).
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import make_url, text

from calls.database import open_engine
from calls.migrate import upgrade
from demo.ports import free_ports

NAMED = "WARMLINE_TEST_POSTGRESQL"
MISSING = f"there is no PostgreSQL here: neither initdb and postgres, nor a server that {NAMED} names"
DEBIAN = Path("/usr/lib/postgresql")
NOT_ROOT = "postgres"
"""Who runs the server in place of root, which it refuses."""
# A server that only tests use loses nothing of worth when the machine fails.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


def new_sqlite(path: Path) -> str:
    """The URL of a database of the caller's own, with the tables of a new installation, in a new file at `path`.

    Raises:
        FileExistsError: there is a file already.
    """
    with path.open("xb") as file:
        file.write(_migrated())
    return f"sqlite:///{path}"


@cache
def _migrated() -> bytes:
    """The file of a new installation."""
    with tempfile.TemporaryDirectory(prefix="warmline-sqlite-") as folder, ThreadPoolExecutor(1) as aside:
        path = Path(folder) / "warmline.db"
        # In a thread, since who asks may run in a loop.
        aside.submit(asyncio.run, upgrade(f"sqlite:///{path}")).result()
        return path.read_bytes()


class Server:
    """A PostgreSQL server on which databases can be made."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._run = f"warmline_{os.getpid()}"
        self._numbers = count()
        self._template: str | None = None

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The URL of a database of the caller's own: with the tables of a new installation, or `empty`."""
        if self._template is None and not empty:
            self._template = self._create("template1")
            asyncio.run(upgrade(self._url_of(self._template)))
        name = self._create("template1" if empty else str(self._template))
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._template is not None:
            self._drop(self._template)

    def _create(self, template: str) -> str:
        name = f"{self._run}_{next(self._numbers)}"
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _drop(self, name: str) -> None:
        self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _do(self, statement: str) -> None:
        asyncio.run(_do(self._url.render_as_string(hide_password=False), statement))

    def _url_of(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)


async def _do(url: str, statement: str) -> None:
    engine = open_engine(url)
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(statement))
    await engine.dispose()


@contextmanager
def postgresql() -> Iterator[Server | None]:
    """A server; None where there is none."""
    named, programs = os.environ.get(NAMED), _programs()
    if named:
        server = Server(named)
        yield server
        server.close()
    elif programs is None:
        yield None
    else:
        with _started(programs) as url:
            yield Server(url)


def _programs() -> Path | None:
    """The folder of initdb and postgres, of the newest version."""
    onpath = shutil.which("initdb")
    folders = [Path(onpath).parent] if onpath and shutil.which("postgres") else []
    folders += sorted(DEBIAN.glob("*/bin"), key=lambda one: -int(one.parent.name))
    able = os.geteuid() != 0 or _is_known(NOT_ROOT)
    return next((one for one in folders if (one / "postgres").exists()), None) if able else None


def _is_known(name: str) -> bool:
    return any(one.pw_name == name for one in pwd.getpwall())


@contextmanager
def _started(programs: Path) -> Iterator[str]:
    user = NOT_ROOT if os.geteuid() == 0 else None
    (port,) = free_ports(1)
    # Beside pytest's own folders, which nobody but their owner may enter.
    with tempfile.TemporaryDirectory(prefix="warmline-postgresql-") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)

        def do(program: str, *args: str) -> None:
            # Without pipes: the server would keep them open.
            with (folder / "told").open("w") as told:
                subprocess.run(
                    [programs / program, "-D", folder / "data", *args],
                    user=user,
                    cwd=folder,
                    stdout=told,
                    stderr=told,
                    check=True,
                )

        do("initdb", "--no-sync", "--auth=trust", "--username=warmline", "--encoding=UTF8", "--no-locale")
        settings = (
            *QUICK,
            f"port={port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
        )
        options = " ".join(f"-c {one}" for one in settings)
        do("pg_ctl", "--wait", "--log", str(folder / "log"), "--options", options, "start")
        try:
            yield f"postgresql://warmline@127.0.0.1:{port}/postgres"
        finally:
            do("pg_ctl", "--wait", "--mode", "immediate", "stop")
