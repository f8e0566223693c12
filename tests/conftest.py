"""What all tests share: a virtual clock, real telephone speech, databases, a browser, what is worth making once."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import event, inspect

from calls import migrate
from calls.migrate import upgrade
from tests.databases import MISSING, postgresql
from tests.virtual_time import VirtualTime
from tests.visiting import launched

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def virtual_time():
    """The running loop on a clock that only moves when the test says so."""
    clock = VirtualTime(asyncio.get_running_loop())
    yield clock
    clock.restore()


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real speech for tuning; tests that use it skip where it is absent."""
    folder = Path(os.environ.get("WARMLINE_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"the folder of real speech is not at {folder} (set WARMLINE_SHARED)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _migrated_once():
    """What the migrations tell an empty SQLite database is written down the first time, and then only said again."""
    real, told = migrate.command.upgrade, []

    def upgrade(config, revision):
        connection = config.attributes["connection"]
        whole = revision == "head" and connection.dialect.name == "sqlite"
        empty = whole and not inspect(connection).get_table_names()
        if empty and told:
            for statement, parameters in told:
                connection.exec_driver_sql(statement, parameters)
            return
        if empty:
            event.listen(connection, "before_cursor_execute", _write_down(told))
        real(config, revision)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate.command, "upgrade", upgrade)
        patch.setattr(migrate, "_is_current", _knowing_the_heads(migrate._is_current))
        yield


def _write_down(told):
    def heard(_connection, _cursor, statement, parameters, _context, _many):
        if not statement.lstrip().upper().startswith(("PRAGMA", "SELECT")):
            told.append((statement, parameters))

    return heard


def _knowing_the_heads(is_current):
    """The same, without reading all migrations where the database is empty or was made here."""
    heads = []

    def known(connection):
        found = migrate.MigrationContext.configure(connection).get_current_heads()
        if found and found == tuple(heads):
            return True
        current = is_current(connection) if found else False
        if current:
            heads[:] = found
        return current

    return known


@pytest.fixture(scope="session")
def labelled():
    """The labelled conversations by their parts, each played once for all tests: the real dialog, models and shop."""
    from bench.handoff import play_all
    from bench.labelled import read_conversations
    from dialog.load import load_playbook
    from dialog.minds import build_minds
    from handoff.escalation.weights import read_weights
    from models.shelf import ModelShelf

    playbook = load_playbook(ROOT / "playbooks" / "acme")
    minds = build_minds(playbook, ModelShelf().embedder())
    parts = read_conversations(ROOT / "tests" / "handoff" / "conversations")
    weights = read_weights()
    return {
        name: asyncio.run(play_all(playbook, minds, weights, part, quiet=True))
        for name, part in parts.items()
    }


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory):
    """An SQLite file with the tables of a new installation: to be copied, which is faster than to make it."""
    path = tmp_path_factory.mktemp("empty") / "warmline.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_server():
    """A PostgreSQL server; what uses it skips where there is none."""
    with postgresql() as server:
        if server is None:
            pytest.skip(MISSING)
        yield server


@pytest.fixture
def postgresql_url(postgresql_server):
    """A PostgreSQL database of the test's own, with its tables."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path, empty_sqlite):
    """An SQLite database of the test's own, with its tables."""
    shutil.copy(empty_sqlite, tmp_path / "warmline.db")
    return f"sqlite:///{tmp_path / 'warmline.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """A database of the test's own, with its tables: on SQLite, and once more on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium():
    """A running Chromium, for the tests of one module, which share its loop; they skip where there is none."""
    async with launched() as browser:
        yield browser
