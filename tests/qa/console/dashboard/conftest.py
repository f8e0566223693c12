"""A console over made-up calls, in which prices are set."""

from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import pytest

from qa.facts.fold import facts_of, text_of
from qa.metrics.rules import Alert, Costs, Rules
from tests.qa.console import conftest as console
from tests.qa.metrics.stories import NOW, scored, stories

BERLIN = ZoneInfo("Europe/Berlin")
RULES = Rules(
    costs=Costs(telephony_minute=0.01, human_minute=0.6),
    alerts=(Alert(metric="containment", below=0.99), Alert(metric="answer_p95", above=60.0)),
)


def known_calls(seed=3, calls=400):
    """Facts and texts of made-up calls, scored."""
    pairs = []
    for events in stories(seed, calls):
        known = facts_of(events)
        score, failed = scored(known.call_id)
        pairs.append((known.model_copy(update={"score": score, "auto_fail": failed}), text_of(events)))
    return pairs


@asynccontextmanager
async def dashboard_stage(folder, calls=None, rules=RULES):
    """A console whose clock stands at NOW."""
    async with console.console_stage(
        folder, known_calls() if calls is None else calls, now=lambda: NOW, metrics=rules
    ) as one:
        yield one


@pytest.fixture
async def stage(tmp_path):
    async with dashboard_stage(tmp_path) as one:
        yield one
