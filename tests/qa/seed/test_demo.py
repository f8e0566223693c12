"""`warmline seed-demo`: a database full of calls, once."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from calls.database import open_engine
from calls.events import StreamStarted
from calls.store import open_store
from models.shelf import ModelShelf
from qa.facts.filter import CallFilter
from qa.facts.store import FactStore
from qa.seed.command import run_seed_demo
from qa.seed.demo import SeedError, SeedOptions, seed_demo
from voice.speaking.renderer import Renderer

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


@pytest.mark.models
async def test_one_call_that_is_laid_out_and_one_that_is_heard_have_their_sound(acme, tmp_path):
    url = f"sqlite:///{tmp_path / 'warmline.db'}"
    until = datetime(2026, 11, 27, 17, tzinfo=UTC)
    options = SeedOptions(CALLS, 2, 1, 3, 20, until, tmp_path, url, phrasings=1)
    shown = StringIO()

    def voice():
        return Renderer.load(ModelShelf().voice_path(), acme.pronunciation)

    await seed_demo(options, acme, None, voice, Console(file=shown))
    async with await open_store(url) as store:
        events = [await store.read(one.call_id) for one in await store.summaries(CALLS + 1)]
    recorded = [event.body.recording for call in events for event in call if is_recorded(event)]
    assert len(recorded) == 2
    assert all((tmp_path / name).stat().st_size > 8000 for name in recorded)
    assert "heard" in shown.getvalue()


def is_recorded(event):
    return isinstance(event.body, StreamStarted) and event.body.recording is not None


def test_a_day_that_is_none_is_refused(tmp_path):
    with pytest.raises(SeedError, match="--until"):
        run_seed_demo(Console(file=StringIO()), 1, 0, 0, 1, 1, "yesterday", tmp_path)
