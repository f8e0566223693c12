"""Which calls somebody may see."""

from datetime import UTC, datetime

import pytest

from qa.console.sight import NOTHING, sees, sight, within
from qa.facts.filter import CallFilter
from qa.facts.types import CallFacts
from web.accounts import Account

MINE = CallFacts(call_id="CA1", last_seq=1, started_at=datetime(2026, 11, 2, tzinfo=UTC), agent="maria")
OTHERS = MINE.model_copy(update={"agent": "tom"})
NOBODYS = MINE.model_copy(update={"agent": None})


def maria(*roles):
    return Account("maria", "Maria Lopez", frozenset(roles), 0)


@pytest.mark.parametrize("role", ["analyst", "supervisor", "admin"])
def test_who_looks_back_sees_all_calls(role):
    assert sight(maria(role, "agent")) == CallFilter()
    assert all(sees(maria(role), call) for call in (MINE, OTHERS, NOBODYS))


def test_an_agent_sees_the_calls_that_were_theirs_and_no_others():
    assert [sees(maria("agent"), call) for call in (MINE, OTHERS, NOBODYS)] == [True, False, False]
    seen = sight(maria("agent"))
    assert within(CallFilter(words="refund"), seen) == CallFilter(words="refund", agent="maria")
    assert within(CallFilter(agent="maria"), seen) == CallFilter(agent="maria")
    assert within(CallFilter(agent="tom"), seen) == NOTHING


def test_who_has_no_role_sees_nothing():
    assert not sees(maria(), MINE)
    assert within(CallFilter(), sight(maria())) == NOTHING
