"""What all tests share: the virtual clock, the folder of real telephone speech, and leak checks."""

import asyncio
import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _virtual_time():
    spec = importlib.util.spec_from_file_location("virtual_time", ROOT / "tests" / "virtual_time.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.VirtualTime


VirtualTime = _virtual_time()


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
