"""A console with a few made-up calls, and one whose every event is known."""

import pytest

from demo.qa import qa_stage
from tests.qa.replay.story import story, write_recordings
from tests.web.site import signing_in

PASSWORD = "a good password"
CALLS = 30


@pytest.fixture
async def stage(tmp_path):
    async with qa_stage(tmp_path, PASSWORD, CALLS) as one:
        write_recordings(tmp_path)
        await one.store.write(story())
        yield one


@pytest.fixture
async def browser(stage):
    """Signs people in: `await browser("ana")` is a browser of hers."""
    async with signing_in(stage.app, PASSWORD, "/qa/calls") as signing:
        yield signing
