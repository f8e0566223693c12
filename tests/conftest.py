"""What all tests share: a virtual clock, real telephone speech, databases, a browser, what is worth making once."""

import asyncio
import os
from pathlib import Path

import pytest
import pytest_asyncio

from tests.databases import MISSING, new_sqlite, postgresql
from tests.virtual_time import VirtualTime
from tests.visiting import launched

ROOT = Path(__file__).parent.parent
# Before anything loads numpy. Where other processes want the processor too, threads of OpenBLAS that wait for each
# other take most of it: a head for a few intents is trained seven times as fast by one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


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
def sqlite_url(tmp_path):
    """An SQLite database of the test's own, with its tables."""
    return new_sqlite(tmp_path / "warmline.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """A database of the test's own, with its tables: on SQLite, and once more on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium():
    """A running Chromium, for the tests of one module, which share its loop; they skip where there is none."""
    async with launched() as browser:
        yield browser
