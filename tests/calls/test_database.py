"""Opening a database by its URL, and going on when the server had closed its connections."""

import pytest
from sqlalchemy import text

from calls.database import StoreUrlError, open_engine, store_url
from calls.store import CallStore


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("sqlite:///var/warmline.db", "sqlite+aiosqlite:///var/warmline.db"),
        ("postgresql://me@db/calls", "postgresql+asyncpg://me@db/calls"),
        (
            "postgresql://me@db/calls?sslmode=require&timeout=5",
            "postgresql+asyncpg://me@db/calls?ssl=require&timeout=5",
        ),
    ],
)
def test_the_driver_is_filled_in_and_encryption_is_called_as_everywhere(given, wanted):
    assert str(store_url(given)) == wanted


@pytest.mark.parametrize(
    "url", ["mysql://me:secret@db/calls", "no url: secret", "sqlite://", "sqlite:///:memory:"]
)
def test_what_cannot_be_used_is_refused_without_being_shown(url):
    with pytest.raises(StoreUrlError) as caught:
        store_url(url)
    assert "secret" not in str(caught.value)


async def test_a_server_that_has_closed_all_connections_is_asked_again(postgresql_url):
    engine, other = open_engine(postgresql_url), open_engine(postgresql_url)
    store = CallStore(engine)
    assert await store.last_seq("CA1") == 0
    async with other.connect() as connection:
        ended = text(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        assert await connection.scalar(ended) == 1
    assert await store.last_seq("CA1") == 0
    await other.dispose()
    await store.close()
