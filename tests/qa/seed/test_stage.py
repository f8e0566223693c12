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


async def test_an_analyst_finds_the_calls_and_an_agent_has_no_business_there(stage):
    ana, maria = client(stage.app), client(stage.app)
    assert (await sign_in(ana, "ana", PASSWORD, "/qa/calls")).status_code == 303
    await sign_in(maria, "maria", PASSWORD, "/qa/calls")
    page = await ana.get("/qa/calls")
    assert (page.status_code, str(CALLS) in page.text) == (200, True)
    assert (await maria.get("/qa/calls")).status_code == 403
    for one in (ana, maria):
        await one.aclose()


async def test_every_call_has_its_facts(stage):
    assert len(stage.call_ids) == CALLS
    assert await stage.facts.count(CallFilter()) == CALLS
