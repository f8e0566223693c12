"""The demo company with its shop behind it: every story gets a shop of its own, opened on the day of its call."""

import asyncio
import itertools
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from actions.desk import Promises, register_desk
from actions.identity.codes import Codes, register_codes
from actions.ledger import open_ledger
from actions.registry import Registry
from actions.runner import Actions
from actions.shop import open_shop, register
from dialog.call_backs import PlaybookDiary
from tests.dialog.story import CALLER, NOON, ShopCall, Story, acme


class Telephone:
    """Where the customers' text messages arrive."""

    def __init__(self):
        self.messages = []

    async def send(self, to, text):
        self.messages.append((to, text))
        return f"SM{len(self.messages)}"

    @property
    def code(self):
        """The code in the last message."""
        return next(word for word in self.messages[-1][1].replace(".", " ").split() if word.isdigit())


async def no_pause(_seconds):
    """Waits for nothing."""


@pytest.fixture(scope="session")
def stocked(tmp_path_factory):
    """A stocked shop: to be copied, which is faster than to make it."""
    folder = tmp_path_factory.mktemp("stocked")

    async def fill():
        async with await open_shop(folder / "shop.db", NOON.date):
            pass

    asyncio.run(fill())
    return folder / "shop.db"


@pytest.fixture
async def shop(tmp_path, stocked):
    shutil.copy(stocked, tmp_path / "shop.db")
    async with await open_shop(tmp_path / "shop.db", NOON.date) as one:
        yield one


@pytest.fixture
def telephone():
    return Telephone()


@pytest.fixture
async def ring(shop, telephone, sqlite_url):
    """Begins a call with the demo company: `ring()`, or `ring(caller=None)` for a withheld number."""
    seconds = itertools.count()

    def now():
        """A second later each time it is asked, so that of two codes one is the newer."""
        return datetime(2026, 11, 25, 11, 0, tzinfo=UTC) + timedelta(seconds=next(seconds))

    registry = Registry()
    register(registry, shop)
    async with await open_ledger(sqlite_url, now) as ledger:
        register_codes(registry, Codes(ledger.engine, b"secret", "Acme", telephone.send, shop.phone_of, now))
        register_desk(registry, Promises(ledger.engine, now, lambda: PlaybookDiary(acme().playbook)))
        specs = acme().playbook.actions
        async with Actions(specs, registry, ledger, lambda: 0.0, pause=no_pause) as actions:
            yield lambda caller=CALLER, call_id="CA1": ShopCall(actions, Story(caller, call_id))


@pytest.fixture
def call(ring):
    """Maria Silva calls from her own telephone."""
    return ring()
