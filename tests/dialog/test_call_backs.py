"""When a caller is called back: the first moment that suits them and the hours of the queue."""

from datetime import UTC, datetime

import pytest

from dialog.call_backs import PlaybookDiary, due_at
from dialog.schema.queues import Hours
from tests.dialog.story import acme

HOURS = Hours.model_validate(
    {
        **{day: ["09:00-12:30", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "sat": ["10:00-16:00"],
        "closed_on": ["2026-11-26"],
    }
)


@pytest.mark.parametrize(
    ("when", "now", "due"),
    [
        ("any_time", "2026-11-25T10:00", "2026-11-25T10:00"),
        ("", "2026-11-25T12:45", "2026-11-25T13:30"),
        ("any_time", "2026-11-25T19:00", "2026-11-27T09:00"),  # Thursday is closed
        ("morning", "2026-11-25T08:00", "2026-11-25T09:00"),
        ("morning", "2026-11-25T10:15", "2026-11-25T10:15"),
        ("morning", "2026-11-25T12:00", "2026-11-27T09:00"),
        ("afternoon", "2026-11-25T10:00", "2026-11-25T12:00"),
        ("afternoon", "2026-11-25T12:40", "2026-11-25T13:30"),
        ("evening", "2026-11-25T10:00", "2026-11-25T17:00"),
        ("evening", "2026-11-28T11:00", "2026-11-30T17:00"),  # never on a Saturday
        ("15:30", "2026-11-25T15:30", "2026-11-25T15:30"),
        ("15:30", "2026-11-25T15:31", "2026-11-27T15:30"),
        ("03:00", "2026-11-25T10:00", "2026-11-25T10:00"),  # never open: as soon as possible
        ("2026-11-27", "2026-11-25T10:00", "2026-11-27T09:00"),
        ("2026-11-27T14:00", "2026-11-25T10:00", "2026-11-27T14:00"),
        ("2026-11-20", "2026-11-25T10:00", "2026-11-25T10:00"),  # is over
    ],
)
def test_it_is_the_first_moment_that_was_wished_for_and_is_open(when, now, due):
    assert due_at(HOURS, when, datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def test_where_it_never_opens_it_is_now():
    now = datetime(2026, 11, 25, 10, 0)
    assert {due_at(Hours(), when, now) for when in ("any_time", "evening", "10:30")} == {now}


@pytest.mark.parametrize("when", ["whenever", "25:00", "tomorrow"])
def test_what_is_no_time_is_refused(when):
    with pytest.raises(ValueError, match=r"."):
        due_at(HOURS, when, datetime(2026, 11, 25, 10, 0))


def test_a_queue_s_own_hours_count_and_times_are_the_company_s():
    diary = PlaybookDiary(acme().playbook)
    friday = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
    assert diary.appoint("billing", "any_time", friday).due_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert diary.appoint("support", "any_time", friday).due_at == friday


def test_a_queue_that_there_is_not_is_the_default_one():
    diary = PlaybookDiary(acme().playbook)
    noon = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    assert (
        diary.appoint("", "any_time", noon).queue
        == diary.appoint("lost", "any_time", noon).queue
        == "support"
    )
