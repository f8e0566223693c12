"""What all tests share: a virtual clock, real telephone speech, databases, a browser."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
import pytest_asyncio

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
