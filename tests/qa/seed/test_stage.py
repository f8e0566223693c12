"""The stage for the console's pages: made-up people, made-up calls, no models."""

import pytest

from demo.qa import qa_stage
from qa.facts.filter import CallFilter
from tests.web.site import client, sign_in

PASSWORD = "a good password"
CALLS = 120


@pytest.fixture
async def stage(tmp_path):
    async with qa_stage(tmp_path, PASSWORD, CALLS) as one:
        yield one


async def test_an_analyst_finds_all_calls_and_an_agent_their_own(stage):
    ana, maria = client(stage.app), client(stage.app)
    assert (await sign_in(ana, "ana", PASSWORD, "/qa/calls")).status_code == 303
    await sign_in(maria, "maria", PASSWORD, "/qa/calls")
    page = await ana.get("/qa/calls")
    assert (page.status_code, str(CALLS) in page.text) == (200, True)
    hers = await stage.facts.count(CallFilter(agent="maria"))
    assert 0 < hers < CALLS
    assert f'role="status">{hers} calls' in (await maria.get("/qa/calls")).text
    for one in (ana, maria):
        await one.aclose()


async def test_every_call_has_its_facts(stage):
    assert len(stage.call_ids) == CALLS
    assert await stage.facts.count(CallFilter()) == CALLS


async def test_the_dashboard_shows_what_a_contact_costs(stage):
    ana = client(stage.app)
    await sign_in(ana, "ana", PASSWORD, "/qa")
    page = await ana.get("/qa/figures/cost_per_contact?period=28d")
    assert page.status_code == 200
    assert "EUR" in page.text
    await ana.aclose()
