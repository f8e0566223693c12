"""The rules of the starter card over made-up calls: counted once each, with their times."""

from bench.scorecards import GRADES, run
from qa.scorecards.rules import RuleName


async def test_each_rule_is_counted_once_for_each_call_that_is_over():
    figures = await run(40, 1, quiet=True)
    assert 30 < figures["calls"] <= 40
    assert set(figures["rules"]) == {name.value for name in RuleName}
    assert all(sum(found.values()) == figures["calls"] for found in figures["rules"].values())
    assert all(set(found) == set(GRADES) for found in figures["rules"].values())
    assert figures["waits_s"]["p50"] > 0.0
