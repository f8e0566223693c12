"""A playbook that is small enough to learn from at once."""

from dataclasses import replace

import pytest

from dialog.load import load_playbook
from settings import HOME


@pytest.fixture(scope="module")
def playbook():
    """The demo company with a few of its intents and articles, so that heads are trained in no time."""
    whole = load_playbook(HOME / "playbooks" / "acme")
    few = dict(list(whole.intents.items())[:6])
    articles = {name: whole.articles[name] for name in ("returns", "warranty", "sustainability", "sizes")}
    return replace(whole, intents=few, articles=articles)
