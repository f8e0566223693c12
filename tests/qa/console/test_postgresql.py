"""The lists on PostgreSQL."""

import pytest

from qa.review.queue import Draw, draw
from qa.review.rules import ReviewRules
from qa.review.store import ReviewStore
from tests.qa.console.conftest import CALLS, NOW, call, console_stage
from tests.qa.console.test_calls import ids, save


@pytest.fixture
async def stage(tmp_path, postgresql_url):
    async with console_stage(tmp_path, url=postgresql_url) as one:
        yield one


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("order=newest", ["CA1", "CA2", "CA3", "CA5", "CA4"]),
        ("words=parcel&order=newest", ["CA1", "CA3", "CA5"]),
        ("words=parcels+anybody&order=newest", ["CA3"]),
        ("words=%22+NOT+%3A*&order=newest", []),
        ("order=slowest", ["CA3", "CA1", "CA2", "CA4", "CA5"]),
        ("outcome=abandoned&failures=1&period=7d&order=worst_score", ["CA3"]),
    ],
)
async def test_calls_are_found(stage, query, found):
    assert ids(await (await stage.browser("ana")).get(f"/qa/calls?{query}")) == found


async def test_a_hit_is_shown_where_it_was_said(stage):
    page = await (await stage.browser("ana")).get("/qa/calls?words=money&order=newest")
    assert "<mark>money</mark> back" in page.text
    assert "<b>now" not in page.text


async def test_facts_are_made_anew_in_place_of_the_old(stage):
    facts = stage.console.facts
    await facts.put([call(1, "Something else", intent="refund")])
    ana = await stage.browser("ana")
    assert ids(await ana.get("/qa/calls?words=parcel&order=newest")) == ["CA3", "CA5"]
    assert ids(await ana.get("/qa/calls?intent=refund&order=newest")) == ["CA1", "CA2"]


async def test_views_exports_and_accesses(stage):
    ana, sue = await stage.browser("ana"), await stage.browser("sue")
    await save(ana, "outcome=open&order=newest", "Open", shared="true", first="true")
    assert ids(await ana.get((await ana.get("/qa/calls")).headers["location"])) == ["CA5"]
    assert len((await ana.get("/qa/calls.jsonl")).text.splitlines()) == len(CALLS)
    assert "5 calls of order=newest" in (await sue.get("/qa/accesses?person=ana")).text


async def test_the_database_ranks_calls_as_their_reasons_do(stage):
    store, rules = ReviewStore(stage.console.facts.engine, lambda: NOW), ReviewRules()
    every = await store.calls(["CA1", "CA2", "CA3", "CA4"])
    since = min(one.started_at for one, _ in CALLS)
    tickets = await store.tickets(Draw.WORST, since, None, rules)
    assert [one.call_id for one in tickets] == [one.call_id for one in draw(Draw.WORST, every, rules)]
    assert [one.call_id for one in tickets] == ["CA2", "CA3"]
