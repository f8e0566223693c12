"""The console with a few questions that nothing answered; Sue supervises, Ana analyses, Maria takes calls."""

import pytest

from demo.learning import learning_stage

PASSWORD = "a good password"


@pytest.fixture
async def stage(tmp_path):
    async with learning_stage(tmp_path, PASSWORD) as one:
        yield one
