"""Made-up calls out of the small catalogue, without models."""

import pytest

from demo.qa import generator
from dialog.load import load_playbook
from settings import HOME

CALLS = 700


@pytest.fixture(scope="session")
def acme():
    return load_playbook(HOME / "playbooks" / "acme")


@pytest.fixture
async def made():
    """The generator of a season."""
    return await generator(CALLS)


@pytest.fixture
async def calls(made):
    """The events of each of its calls."""
    if not _calls:
        _calls.extend(made.all())
    return _calls


_calls = []
"""Values: made once for all tests."""
