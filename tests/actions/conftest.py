"""A shop, a ledger and actions over them."""

import pytest

from actions.ledger import open_ledger
from actions.registry import Registry
from actions.runner import Actions
from actions.shop import open_shop, register
from tests.actions.asking import Now, no_pause
from tests.actions.system import TODAY


@pytest.fixture
def now():
    return Now()


@pytest.fixture
async def shop(tmp_path):
    async with await open_shop(tmp_path / "shop.db", lambda: TODAY) as one:
        yield one


@pytest.fixture
def registry(shop):
    one = Registry()
    register(one, shop)
    return one


@pytest.fixture
def database_url(sqlite_url):
    """The ledger's own tests run on PostgreSQL too."""
    return sqlite_url


@pytest.fixture
async def ledger(database_url, now):
    async with await open_ledger(database_url, now) as one:
        yield one


@pytest.fixture
async def make(registry, ledger):
    """Makes actions of specs; all are closed in the end."""
    made = []

    def make_actions(specs, **more):
        values = {"registry": registry, "ledger": ledger, "clock": lambda: 0.0, "pause": no_pause} | more
        made.append(Actions(specs, **values))
        return made[-1]

    yield make_actions
    for one in made:
        await one.close()
