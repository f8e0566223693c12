"""A desk with Maria and Tom, who take calls, Sue, who supervises, and Ana, who does not belong there."""

import pytest

from demo.desk import desk_stage

PASSWORD = "a good password"


@pytest.fixture
async def stage(tmp_path):
    async with desk_stage(tmp_path, PASSWORD) as one:
        yield one
