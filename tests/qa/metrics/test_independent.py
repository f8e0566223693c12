"""Every figure of the dashboard is what the raw events come to, reckoned by other code than the dashboard's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calls.database import open_engine
from qa.facts.fold import facts_of, text_of
from qa.facts.store import FactStore
from qa.metrics.catalogue import BY_ID, METRICS
from qa.metrics.compare import compared
from qa.metrics.period import choose
from qa.metrics.rules import Costs, Rules
from qa.metrics.sample import Choice, by_day, sample_of
from qa.metrics.source import CallSource
from tests.qa.metrics import independent
from tests.qa.metrics.stories import NOW, scored, stories

BERLIN = ZoneInfo("Europe/Berlin")
RATES = {"telephony_minute": 0.012, "compute_minute": 0.004, "human_minute": 0.7, "fixed_day": 30.0}
RATES["language_model"] = {"million_in": 150.0, "million_out": 600.0}
RULES = Rules(costs=Costs(**RATES))
PERIODS = [
    ("today", "", ""),
    ("7d", "", ""),
    ("28d", "", ""),
    ("custom", "2026-10-20", "2026-11-05"),  # with the end of summer time
    ("custom", "2026-11-15", "2026-11-15"),
]
CHOICES = [Choice(), Choice(queue="returns"), Choice(intent="refund"), Choice(playbook="acme 2")]
CHANGES = ("csat_change_assistant", "csat_change_agent")


@pytest.fixture(scope="module")
def told():
    return stories(seed=7, calls=900)


@pytest.fixture(scope="module")
def naive(told):
    """The calls as the other code reads them, from JSON."""
    raw = [[event.model_dump(mode="json") for event in events] for events in told]
    return [independent.read(events, scored) for events in raw]


@pytest.fixture
async def source(told, sqlite_url):
    """The calls in a database, as the dashboard reads them."""
    engine = open_engine(sqlite_url)
    pairs = []
    for events in told:
        known = facts_of(events)
        score, failed = scored(known.call_id)
        pairs.append((known.model_copy(update={"score": score, "auto_fail": failed}), text_of(events)))
    await FactStore(engine).put(pairs)
    yield CallSource(engine)
    await engine.dispose()


def close(one, other):
    if one is None or other is None:
        return one is other
    return one == pytest.approx(other, rel=1e-9, abs=1e-9)


async def test_every_figure_is_what_the_raw_events_come_to(source, naive):
    wrong, compared_figures, known = [], 0, set()
    for name, first, last in PERIODS:
        period = choose(name, first, last, NOW, BERLIN)
        tables = await source.around(period, timedelta(days=period.length), NOW)
        for choice in CHOICES:
            sample = sample_of(tables, period, choice, RULES, NOW)
            span = period.since.timestamp(), period.until.timestamp()
            only = {key: value for key, value in vars(choice).items() if value}
            expected = independent.figures(naive, *span, NOW.timestamp(), rates=RATES, **only)
            for metric in METRICS:
                if metric.id in CHANGES:
                    continue
                value = metric.reckon(sample).value
                compared_figures += 1
                known |= {metric.id} if value is not None else set()
                if not close(value, expected.pop(metric.id)):
                    wrong.append((name, choice, metric.id, value))
            assert not expected, "a figure that no metric has"
    assert wrong == []
    assert known == {metric.id for metric in METRICS} - set(CHANGES), "each is known at least once"
    assert compared_figures > 1000


@pytest.mark.parametrize(("name", "first", "last"), PERIODS)
async def test_the_change_of_satisfaction_is_what_the_raw_events_come_to(source, naive, name, first, last):
    period = choose(name, first, last, NOW, BERLIN)
    earlier = period.before()
    tables = await source.around(period, timedelta(days=period.length), NOW)
    sample = compared(
        sample_of(tables, period, Choice(), RULES, NOW), sample_of(tables, earlier, Choice(), RULES, NOW)
    )
    spans = [(one.since.timestamp(), one.until.timestamp()) for one in (period, earlier)]
    for metric in METRICS:
        if metric.id not in CHANGES:
            continue
        found = metric.reckon(sample)
        expected = independent.csat_change(naive, *spans, metric.id.removeprefix("csat_change_"))
        if expected is None:
            assert found.value is None
        else:
            assert (found.value, found.low, found.high, found.count) == pytest.approx(expected)


async def test_the_trend_is_the_figures_of_each_local_day(source, naive):
    period = choose("custom", "2026-10-20", "2026-10-30", NOW, BERLIN)
    sample = sample_of(await source.around(period, timedelta(0), NOW), period, Choice(), RULES, NOW)
    edges = independent.local_days(period.first, period.length, BERLIN)
    assert edges[6] - edges[5] == 25 * 3600, "the clock is put back on one of these days"
    for (day, one), since, until in zip(by_day(sample, period), edges, edges[1:], strict=False):
        expected = independent.figures(naive, since, until, NOW.timestamp(), rates=RATES)
        for name in ("calls", "containment", "answer_p95", "csat_assistant", "repeat_contact"):
            value = next(metric for metric in METRICS if metric.id == name).reckon(one).value
            assert close(value, expected[name]), (day, name)


async def test_the_calls_behind_a_share_are_as_many_as_it_says(source):
    period = choose("28d", "", "", NOW, BERLIN)
    sample = sample_of(await source.around(period, timedelta(0), NOW), period, Choice(), RULES, NOW)
    by_call = ("containment", "automation", "first_contact_resolution", "csat_assistant", "auto_fail")
    for metric in METRICS:
        found = metric.reckon(sample)
        assert len(set(found.behind)) == len(found.behind), f"{metric.id} names a call twice"
        assert set(found.behind) | set(found.others) <= set(range(len(sample.tables.calls)))
        if metric.id in by_call:
            assert len(found.behind) == round(found.value * found.count)
            assert len(found.behind) + len(found.others) == found.count


async def test_behind_what_a_language_model_costs_are_the_calls_that_asked_one_the_dearest_first(
    source, naive
):
    period = choose("28d", "", "", NOW, BERLIN)
    sample = sample_of(await source.around(period, timedelta(0), NOW), period, Choice(), RULES, NOW)
    asked = {one["id"]: one["asked"] for one in naive}
    told, untold = (
        [asked[sample.tables.calls.call_id[place]] for place in BY_ID[name].reckon(sample).behind]
        for name in ("language_model_cost", "language_model_untold")
    )
    assert sorted(map(repr, told)) == sorted(
        repr(asked[one]) for one in sample.tables.calls.call_id if asked[one]
    )
    prices = [sum((read or 0) + 4 * (written or 0) for read, written in pairs) for pairs in told]
    assert prices == sorted(prices, reverse=True)
    assert untold
    assert all(any(None in pair for pair in pairs) for pairs in untold)


def test_the_made_up_calls_have_every_outcome(naive):
    assert {one["outcome"] for one in naive} == {
        *("open", "contained", "handed_over", "call_back", "voicemail"),
        *("abandoned", "abandoned_waiting", "refused", "lost"),
    }
    assert min(one["at"] for one in naive) < datetime(2026, 10, 25, tzinfo=UTC).timestamp()
