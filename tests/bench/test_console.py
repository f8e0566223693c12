"""What the benchmark of the console says of what it measured."""

from bench.console import LISTS, QUEUES, Measured, made_up, measure
from qa.console.addresses import read_query
from qa.facts.filter import CallFilter


def test_the_slowest_page_is_the_figure_that_counts():
    measured = Measured("sqlite", 10_000)
    measured.times = {"quick": [10.0] * 20, "slow": [100.0] * 18 + [200.0, 220.0]}
    measured.cpu = {"quick": [5.0], "slow": [50.0]}
    figures = measured.figures()
    assert (figures["target_p95_ms"], figures["pages"]["quick"]["p95_ms"]) == (150.0, 10.0)
    assert figures["worst_p95_ms"] == figures["pages"]["slow"]["p95_ms"] >= 200.0


def test_every_list_that_is_measured_can_be_asked_for():
    assert all(read_query(query).query for query in LISTS.values())


async def test_every_page_is_asked_for():
    measured = await measure(60, 2, None)
    assert measured.calls == 60
    assert set(measured.times) >= {*LISTS, *QUEUES, "accesses", "review: one call"}
    assert all(len(times) == 2 for times in measured.times.values())


async def test_the_words_that_are_searched_are_said():
    async with made_up(200) as shown:
        common = read_query(LISTS["search: a common word"]).wanted
        assert await shown.kept.count(common) > await shown.kept.count(CallFilter()) / 4
