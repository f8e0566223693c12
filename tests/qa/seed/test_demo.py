"""`warmline seed-demo`: a database full of calls, once."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from calls.database import open_engine
from calls.store import open_store
from qa.facts.filter import CallFilter
from qa.facts.store import FactStore
from qa.seed.command import run_seed_demo
from qa.seed.demo import SeedError, SeedOptions, seed_demo

CALLS = 60


def no_voice():
    raise AssertionError("nothing is spoken")


async def test_calls_are_stored_with_their_facts_and_the_same_seed_is_refused_the_second_time(acme, tmp_path):
    url = f"sqlite:///{tmp_path / 'warmline.db'}"
    options = SeedOptions(
        CALLS, 0, 0, 3, 20, datetime(2026, 11, 27, 17, tzinfo=UTC), tmp_path, url, phrasings=1
    )
    console = Console(file=StringIO())
    await seed_demo(options, acme, None, no_voice, console)
    async with await open_store(url) as store:
        summaries = await store.summaries(CALLS + 1)
    assert len(summaries) == CALLS
    assert all(one.started_at < options.until for one in summaries)
    engine = open_engine(url)
    assert await FactStore(engine).count(CallFilter()) == CALLS
    await engine.dispose()
    with pytest.raises(SeedError, match="--seed"):
        await seed_demo(options, acme, None, no_voice, console)


def test_a_day_that_is_none_is_refused(tmp_path):
    with pytest.raises(SeedError, match="--until"):
        run_seed_demo(Console(file=StringIO()), 1, 0, 0, 1, 1, "yesterday", tmp_path)
