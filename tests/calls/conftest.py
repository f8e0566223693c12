"""A call log on a database of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.log import CallLog
from calls.store import open_store

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Now:
    """A clock that goes on a second each time it is read."""

    def __init__(self):
        self.at = START

    def __call__(self):
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def url(database_url):
    return database_url


@pytest.fixture
async def store(url):
    one = await open_store(url)
    yield one
    await one.close()


@pytest.fixture
async def log(store):
    one = CallLog(store, Now())
    yield one
    await one.close()
