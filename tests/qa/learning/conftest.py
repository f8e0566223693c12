"""A playbook that is learnt in no time, what a dozen corrections teach it, and where corrections are kept."""

from dataclasses import replace

import pytest

from calls.database import open_engine
from dialog.load import load_playbook
from qa.learning.store import CorrectionStore
from qa.learning.training import Material
from settings import HOME
from tests.qa.learning.story import AT, CORRECTIONS, learnt


@pytest.fixture(scope="session")
def playbook():
    """The demo company with a few of its intents and articles, so that heads are trained in no time."""
    whole = load_playbook(HOME / "playbooks" / "acme")
    few = dict(list(whole.intents.items())[:6])
    articles = {name: whole.articles[name] for name in ("returns", "warranty", "sustainability", "sizes")}
    return replace(whole, intents=few, articles=articles)


@pytest.fixture(scope="session")
def outcome(playbook):
    """What a round has learnt from the corrections: better than before."""
    return learnt(Material(playbook, CORRECTIONS, []))


@pytest.fixture
async def corrections(database_url):
    engine = open_engine(database_url)
    yield CorrectionStore(engine, lambda: AT)
    await engine.dispose()
