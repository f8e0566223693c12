"""A console with a few calls, and people of every role: Maria takes calls, Sue supervises, Ana and Ben look back."""

import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from calls.database import open_engine
from calls.log import CallLog
from calls.store import open_store
from dialog.load import load_playbook
from qa.access.log import AccessLog
from qa.console import FOLDER
from qa.console.console import Console
from qa.console.places import QA
from qa.console.routers import create_console_routers
from qa.facts.store import FactStore
from qa.facts.types import CallFacts
from qa.review.rules import ReviewRules
from settings import HOME
from tests.databases import new_sqlite
from tests.web.site import signing_in
from web.accounts import Account
from web.app import create_site, create_web_app

NOW = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
ROLES = {
    "maria": "agent",
    "tom": "agent",
    "sue": "supervisor",
    "ana": "analyst",
    "ben": "analyst",
    "adam": "admin",
}
PASSWORD = "a good password"


class Everybody:
    """Accounts in memory, all with the same password."""

    async def sign_in(self, person_id, password):
        return await self.account(person_id) if password == PASSWORD else None

    async def account(self, person_id):
        if person_id not in ROLES:
            return None
        return Account(person_id, person_id.capitalize(), frozenset({ROLES[person_id]}), 0)


def call(number, text="", *, hours=0.0, **more):
    """A call that began `hours` ago, and what was said in it."""
    facts = CallFacts(
        call_id=f"CA{number}",
        last_seq=9,
        started_at=NOW - timedelta(hours=hours or number),
        **{"outcome": "contained", "duration_s": 60.0, **more},
    )
    return facts, text


CALLS = [
    call(1, "Where is my parcel?", intent="order_status", caller="+15550001", answer_p95_s=0.8, score=90.0),
    call(
        2,
        "I want my money back <b>now</b>",
        outcome="handed_over",
        intent="refund",
        escalation="upset",
        queue="returns",
        agent="maria",
        discontent=0.8,
        csat_agent=1,
        caller="+15550002",
    ),
    call(
        3,
        "Is anybody there? My parcel!",
        outcome="abandoned",
        answer_p95_s=2.4,
        action_failures=1,
        score=40.0,
    ),
    call(4, "Hello", hours=24 * 40, outcome="handed_over", agent="tom", intent="order_status"),
    call(5, "The parcel came", outcome="open"),
]


@cache
def acme():
    return load_playbook(HOME / "playbooks" / "acme")


class Stage:
    """A console, and browsers of those who sign in there."""

    def __init__(self, app, console, data_dir, browser):
        self.app, self.console, self.data_dir = app, console, data_dir
        self.browser = browser
        """Signs people in: `await stage.browser("ana")` is a browser of hers."""

    async def noted(self, **of):
        """The lines of the log of accesses, the oldest first: who, what, which call."""
        lines = await self.console.access.lines(**of)
        return [(one.person_id, one.what.value, one.call_id) for one in reversed(lines)]


@asynccontextmanager
async def console_stage(folder, calls=CALLS, url=None, **more):
    url = url or new_sqlite(folder / "calls.db")
    store, engine = await open_store(url), open_engine(url)
    try:
        async with CallLog(store, lambda: NOW) as log:
            facts = FactStore(engine)
            await facts.put(calls)
            access = AccessLog(engine, lambda: NOW)
            rules = ReviewRules(sample_percent=50.0)
            given = {"now": lambda: NOW, "review": rules, **more}
            console = Console(log, facts, access, folder, acme, **given)
            site = create_site(Everybody(), b"k" * 32, False, time.time, [FOLDER])
            routers = create_console_routers(site, console)
            app = create_web_app(site, routers, lambda _: QA, time.monotonic)
            async with signing_in(app, PASSWORD, "/qa") as browser:
                yield Stage(app, console, folder, browser)
    finally:
        await engine.dispose()
        await store.close()


@pytest.fixture
async def stage(tmp_path):
    async with console_stage(tmp_path) as one:
        yield one
