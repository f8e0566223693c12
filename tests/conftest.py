"""What all tests share: the virtual clock, the folder of real telephone speech, and leak checks."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.virtual_time import VirtualTime

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def virtual_time():
    """The running loop on a clock that only moves when the test says so."""
    clock = VirtualTime(asyncio.get_running_loop())
    yield clock
    clock.restore()


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real speech for tuning; tests that use it skip where it is absent."""
    folder = Path(os.environ.get("WARMLINE_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"the folder of real speech is not at {folder} (set WARMLINE_SHARED)")
    return folder
