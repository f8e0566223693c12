"""The whole product as its users run it: server and line as processes, called by real telephones."""

import pytest
import pytest_asyncio

from demo.stack import open_stack
from models.shelf import ModelShelf
from tests.e2e.caller import Caller
from voice.speaking.renderer import Renderer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack(tmp_path_factory):
    """One running pair for all tests that leave it as it was."""
    async with open_stack(tmp_path_factory.mktemp("stack")) as one:
        yield one


@pytest.fixture(scope="session")
def voice():
    """Speaks what callers say."""
    return Renderer.load(ModelShelf().voice_path())


@pytest.fixture
def caller(stack, voice):
    """Makes calls to the running pair. Where a test fails, pytest shows what happened in them."""
    one = Caller(stack, voice)
    yield one
    for call in one.made:
        print(call.told, end="\n\n")  # noqa: T201
