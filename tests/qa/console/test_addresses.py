"""A list of calls as an address, and back."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.console.addresses import Listing, UnreadableAddressError, calls_url, read_query
from qa.console.periods import Period
from qa.facts.filter import CONDITIONS, CallFilter
from qa.facts.store import Order
from qa.facts.types import CallOutcome

NOW = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
stripped = words.map(str.strip).filter(bool)
numbers = st.floats(allow_nan=False, allow_infinity=False)
zones = st.integers(-12 * 60, 12 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(2000, 1, 2), datetime(2100, 1, 1), timezones=zones)
values = {
    "since": times,
    "until": times,
    "outcomes": st.lists(st.sampled_from(CallOutcome), max_size=4).map(tuple),
    "call_ids": st.lists(st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z"), max_size=4).map(tuple),
    "csat_below": st.integers(-5, 10),
    **dict.fromkeys(("intent", "escalation", "queue", "agent", "caller", "words"), stripped),
    **dict.fromkeys(
        ("sentiment_below", "discontent_above", "confidence_below", "latency_above_s", "score_below"), numbers
    ),
    **dict.fromkeys(("auto_fail", "failures", "unanswered", "needless"), st.booleans()),
}
filters = st.fixed_dictionaries({}, optional=values).map(lambda fields: CallFilter(**fields))


def test_every_field_of_a_filter_is_tried_here_and_can_be_asked_for():
    assert set(values) == set(CallFilter.model_fields)
    assert set(CONDITIONS) == set(CallFilter.model_fields) - {"words"}


@given(filters, st.sampled_from(Order), st.none() | st.sampled_from(Period), st.integers(1, 500))
def test_what_is_written_into_an_address_is_read_back(wanted, order, period, page):
    listing = Listing(wanted=wanted, order=order, period=period, page=page)
    again = read_query(listing.query)
    assert again == listing
    assert again.query == listing.query, "one list has one address"


def test_an_address_is_what_people_can_read():
    wanted = CallFilter(
        since=NOW,
        outcomes=(CallOutcome.LOST, CallOutcome.ABANDONED),
        latency_above_s=2.0,
        needless=True,
        words="my parcel",
    )
    assert calls_url(wanted, Order.SLOWEST) == (
        "/qa/calls?since=2026-11-02T15%3A30%3A00Z&outcome=lost&outcome=abandoned"
        "&latency_above_s=2&needless=1&words=my+parcel&order=slowest"
    )
    assert calls_url(CallFilter()) == "/qa/calls?order=newest", "all calls, not somebody's default view"


def read(query):
    """The list, or what is wrong with the address."""
    try:
        return read_query(query)
    except UnreadableAddressError as error:
        return error.problems


names = st.sampled_from([*CallFilter.model_fields, "outcome", "call", "order", "period", "page"]) | words
hardly = st.sampled_from(["1", "nan", "-inf", "true", "2026-11-02", "0001-01-01T00:00+14:00", "lost"]) | words


@given(st.lists(st.tuples(names, hardly), max_size=4))
def test_any_other_address_is_read_or_refused_with_the_parameters_that_are_wrong(pairs):
    found = read(urlencode(pairs))
    if isinstance(found, Listing):
        assert read_query(found.query) == found
    else:
        assert found
        assert set(found) <= {name for name, _ in pairs}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("latency_above_s=quick", "latency_above_s"),
        ("latency_above_s=nan", "latency_above_s"),
        ("score_below=inf", "score_below"),
        ("outcome=fine", "outcome"),
        ("since=yesterday", "since"),
        ("since=0001-01-01T00:00%2B14:00", "since"),
        ("order=best", "order"),
        ("page=0", "page"),
        ("agent=maria&agent=tom", "agent"),
        ("outcomes=lost", "outcomes"),
        ("colour=red", "colour"),
    ],
)
def test_what_means_nothing_is_refused_by_name(query, wrong):
    with pytest.raises(UnreadableAddressError) as refused:
        read_query(query)
    assert list(refused.value.problems) == [wrong]


def test_what_a_form_leaves_empty_is_no_condition():
    assert read_query("words=&since=&intent=+&order=newest&period=&auto_fail=") == Listing()
    assert read_query("words=inf").wanted.words == "inf", "a word, not a number"
    assert read_query("outcome=").wanted.outcomes == (), "one of none, as a figure without calls asks for"


def test_a_time_without_a_zone_is_utc():
    assert read_query("since=2026-11-02T09:00").wanted.since == datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        (Period.TODAY, datetime(2026, 11, 2, tzinfo=UTC), None),
        (Period.YESTERDAY, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)),
        (Period.WEEK, NOW - timedelta(days=7), None),
    ],
)
def test_a_period_means_other_times_every_day(period, since, until):
    found = Listing(period=period).filter(NOW)
    assert (found.since, found.until) == (since, until)


def test_a_period_and_exact_times_hold_together():
    exact = CallFilter(since=NOW - timedelta(days=2), until=NOW - timedelta(days=1))
    assert Listing(wanted=exact, period=Period.WEEK).filter(NOW) == exact
