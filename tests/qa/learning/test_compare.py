"""Whether a head is better: in all, and nowhere worse beyond what chance would do."""

import pytest

from qa.learning.compare import Trial, compared, lower_bound
from qa.learning.folds import FOLDS, fold


def trials(*results):
    return [Trial(groups=(group,), before=before, after=after) for group, before, after in results]


def test_better_in_all_and_nowhere_worse_is_promoted():
    found = compared("intents", trials(*[("a", True, True)] * 20, ("b", False, True)))
    assert found.better
    assert found.why == "better: 21 right of 21, the current one 20"


def test_equally_good_is_not_promoted():
    assert not compared("intents", trials(("a", True, False), ("a", False, True))).better


def test_better_in_all_but_worse_in_a_group_beyond_its_interval_is_not_promoted():
    found = compared("intents", trials(*[("a", False, True)] * 30, *[("b", True, False)] * 9))
    assert not found.better
    assert found.why == "worse on b than the interval of the current one allows"
    assert [group.name for group in found.groups if group.worse] == ["b"]


def test_the_interval_is_wilsons():
    assert lower_bound(9, 10) == pytest.approx(0.5958, abs=1e-4)
    assert lower_bound(0, 5) == 0.0


def test_where_an_item_is_tested_depends_on_nothing_but_itself():
    assert [fold("where is my order"), fold("CA1")] == [fold("where is my order"), fold("CA1")]
    parts = [fold(f"CA{number}") for number in range(1000)]
    assert set(parts) == set(range(FOLDS))
    assert min(parts.count(part) for part in range(FOLDS)) > 150
