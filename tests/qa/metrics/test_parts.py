"""Periods of local days, who called again, comparisons and charts: each by itself."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from qa.metrics import figure
from qa.metrics.charts import line_chart, nice_top
from qa.metrics.compare import Course, Reckoned
from qa.metrics.figure import Figure
from qa.metrics.metric import Better, Group, Metric, Unit
from qa.metrics.period import choose, one_day
from qa.metrics.repeats import returns
from qa.metrics.rows import row_of
from qa.metrics.words import change_words, value_words

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
LATE = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)


def test_today_is_the_companys_and_not_the_servers():
    assert choose("today", "", "", LATE, BERLIN).first == date(2026, 11, 28)
    assert choose("today", "", "", LATE, ZoneInfo("America/New_York")).first == date(2026, 11, 27)
    assert choose("today", "", "", LATE, TOKYO).since == datetime(2026, 11, 27, 15, tzinfo=UTC)


def test_a_day_on_which_the_clock_is_put_back_has_25_hours():
    day = one_day(date(2026, 10, 25), BERLIN)
    assert day.until.timestamp() - day.since.timestamp() == 25 * 3600


def test_a_period_that_goes_on_is_compared_up_to_the_same_time_of_day():
    before = choose("7d", "", "", LATE, BERLIN).before()
    assert (before.first, before.last) == (date(2026, 11, 15), date(2026, 11, 21))
    assert before.until == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    across = choose("custom", "2026-10-26", "2026-10-26", LATE, BERLIN).before()
    assert across.since.utcoffset() == timedelta(hours=2), "summer time ended in between"


def row(number, at, caller=None, customer=None, intent="refund"):
    began = LATE + timedelta(seconds=at)
    return row_of(
        {
            "call_id": f"CA{number}",
            "started_at": began.isoformat(),
            "caller": caller,
            "customer": customer,
            "intent": intent,
        }
    )


def test_the_same_person_is_known_by_number_or_by_customer():
    rows = [
        row(1, 0, caller="+1", customer="C1"),
        row(2, 10, caller="+1", intent="hours"),
        row(3, 20, caller="+2", customer="C1"),
        row(4, 50, caller="+1"),
        row(5, 60),
        row(6, 70, caller="+3", intent=None),
    ]
    following, preceding = returns(rows)
    assert following[:4].tolist() == [20, np.inf, np.inf, np.inf]
    assert preceding[:4].tolist() == [np.inf, np.inf, 20, 50]
    assert np.isnan(following[4:]).all()


def test_nobody_called_at_all():
    following, preceding = returns([])
    assert (len(following), len(preceding)) == (0, 0)


def metric(better=Better.HIGHER, unit=Unit.SHARE):
    return Metric("m", "M", "m", unit, better, Group.TIME, lambda _: figure.unknown())


@pytest.mark.parametrize(
    ("now", "before", "better", "course"),
    [
        (Figure(0.5, 100, error=0.05), Figure(0.8, 100, error=0.04), Better.HIGHER, Course.WORSE),
        (Figure(0.5, 100, error=0.05), Figure(0.8, 100, error=0.04), Better.LOWER, Course.BETTER),
        (Figure(0.5, 100, error=0.05), Figure(0.8, 100, error=0.04), Better.NEITHER, Course.CHANGED),
        (Figure(0.5, 4, error=0.25), Figure(0.8, 100, error=0.04), Better.HIGHER, Course.STEADY),
        (Figure(None, 0), Figure(0.8, 100, error=0.04), Better.HIGHER, Course.UNKNOWN),
        (Figure(105.0, 1), Figure(100.0, 1), Better.LOWER, Course.STEADY),
        (Figure(120.0, 1), Figure(100.0, 1), Better.LOWER, Course.WORSE),
    ],
)
def test_which_way_a_figure_has_gone(now, before, better, course):
    assert Reckoned(metric(better), now, before).course is course


def test_three_of_three_are_not_certain():
    three = figure.share(np.ones(3, dtype=bool), np.ones(3, dtype=bool))
    assert three.value == 1.0
    assert three.error > 0.1


def test_a_percentile_has_behind_it_the_calls_that_were_so_slow():
    seconds, calls = np.array([0.1, 0.2, 9.0, 0.3, 8.0]), np.array([0, 0, 1, 1, 2])
    slow = figure.percentile_of(seconds, 80, calls)
    assert slow.behind.tolist() == [1]
    assert figure.percentile_of(np.zeros(0), 95, np.zeros(0, dtype=int)).value is None


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.7142, Unit.SHARE, "71.4 %"),
        (0.0, Unit.SHARE, "0.0 %"),
        (None, Unit.SHARE, "–"),
        (-0.031, Unit.POINTS, "\u22123.1 points"),
        (0.4567, Unit.SECONDS, "0.46 s"),
        (245.0, Unit.SECONDS, "4:05 min"),
        (12345.0, Unit.COUNT, "12,345"),
        (1.234, Unit.MONEY, "1.23 EUR"),
        (0.0, Unit.MONEY, "0.00 EUR"),
        (-0.00347, Unit.MONEY, "-0.0035 EUR"),
    ],
)
def test_values_in_words(value, unit, words):
    assert value_words(value, unit, "EUR") == words


def test_a_change_is_told_with_its_sign():
    one = Reckoned(metric(), Figure(0.5, 9, error=0.1), Figure(0.8, 9, error=0.1))
    assert change_words(one) == "\u221230.0 points"


def test_a_chart_leaves_a_gap_where_nothing_is_known():
    days = ["1", "2", "3", "4", "5"]
    (line,) = line_chart("Calls", days, {"a": [0.1, 0.2, None, 0.4, None]}, Unit.SHARE).lines
    assert len(line.stretches) == 1, "the single point after the gap is a dot and no line"
    assert [mark.text for mark in line.dots] == ["1: a 10.0 %", "2: a 20.0 %", "4: a 40.0 %"]


def test_names_of_lines_do_not_cover_each_other():
    chart = line_chart("x", ["1"], {"a": [0.5], "b": [0.5], "c": [0.51]}, Unit.SHARE)
    heights = sorted(line.name.y for line in chart.lines)
    assert all(above - below >= 14 for below, above in pairwise(heights))


@pytest.mark.parametrize(("most", "top"), [(0, 1), (0.3, 0.5), (1, 1), (7, 10), (12, 20), (50, 50)])
def test_a_scale_ends_at_a_round_number(most, top):
    assert nice_top(most) == pytest.approx(top)
