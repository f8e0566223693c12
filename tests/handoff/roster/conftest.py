"""People on a database of their own, and a clock that stands until it is moved."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.database import open_engine
from handoff.roster.passwords import Cost
from handoff.roster.people import People
from handoff.roster.person import Profile

CHEAP = Cost(n=2, block=1, passes=1)
PASSWORD = "correct horse"
ANNA = Profile(name="Anna Weber", sip="sip:anna@127.0.0.1:5080", skills=frozenset({"orders"}))


class Now:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.at

    def move(self, seconds):
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def now():
    return Now()


@pytest.fixture
async def process(database_url, now):
    """Opens the people as one more process would: `process()`."""
    engines = []

    def open_people():
        engines.append(open_engine(database_url))
        return People(engines[-1], now, CHEAP)

    yield open_people
    for engine in engines:
        await engine.dispose()


@pytest.fixture
async def people(process):
    """With Anna, who is offline."""
    one = process()
    await one.add("anna", ANNA, PASSWORD)
    return one
