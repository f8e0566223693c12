"""Which days' digests are due, by the company's clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qa.digests.due import MOST_BEHIND, Standing, again_after, beginning, due_at, due_days

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 6
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def local(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def done(*days):
    return {date(2026, 11, day): Standing(1, LONG_AGO, done=True) for day in days}


def due(known, now):
    return [day.day for day in due_days(known, now, BERLIN, HOUR)]


@pytest.mark.parametrize(
    ("known", "now", "days"),
    [
        (done(25), local(27, 5, 59), []),
        (done(25), local(27, 6, 0), [26]),
        (done(25, 26), local(27, 23, 59), []),
        (done(25, 26), local(28, 5, 59), []),
        (done(22), local(27, 5, 0), [23, 24, 25]),
        (done(22), local(27, 7, 0), [23, 24, 25, 26]),
        (done(22, 24), local(27, 7, 0), [23, 25, 26]),
    ],
)
def test_a_day_is_due_from_the_hour_on_until_it_is_done_and_none_is_left_out(known, now, days):
    assert due(known, now) == days


def test_the_clock_is_the_companys():
    tokyo = ZoneInfo("Asia/Tokyo")
    noon = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)
    assert due_days(done(25), noon, tokyo, HOUR) == [date(2026, 11, 26)], "it is the 27th there, at six"
    assert due_days(done(25), noon, BERLIN, HOUR) == []


def test_where_none_was_ever_sent_yesterdays_is_the_first():
    for hour in (1, 9):
        now = local(27, hour)
        begun = {beginning(now, BERLIN): Standing(0, now, done=True)}
        assert due(begun, now) == ([26] if hour > HOUR else [])


def test_after_a_long_standstill_a_week_is_made_up_for():
    known = {date(2026, 9, 1): Standing(1, LONG_AGO, done=True)}
    assert due(known, local(27, 7)) == list(range(27 - MOST_BEHIND, 27))


def test_a_day_that_somebody_is_at_or_that_has_failed_is_left_alone_for_a_while():
    known = {**done(25), date(2026, 11, 26): Standing(1, local(27, 6, 10), done=False)}
    assert due(known, local(27, 6, 9)) == []
    assert due(known, local(27, 6, 10)) == [26]


def test_a_failure_is_waited_out_longer_and_longer():
    waits = [again_after(tries) / timedelta(minutes=1) for tries in (1, 2, 3, 4, 5, 500)]
    assert waits == [5, 10, 20, 40, 60, 60]


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (date(2026, 3, 28), 2, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # summer time skips it: at three
        (date(2026, 10, 24), 2, datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),  # it comes twice: the first
        (date(2026, 7, 1), 6, datetime(2026, 7, 2, 4, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_is_one_moment(day, hour, utc):
    assert due_at(day, BERLIN, hour).astimezone(UTC) == utc
