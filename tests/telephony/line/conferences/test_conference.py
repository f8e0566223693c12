"""When a conference starts and ends, and what is told of it."""

from datetime import UTC, datetime

import pytest

from telephony.line.conferences.conference import (
    Conference,
    ConferenceStatus,
    Departure,
    EndReason,
    NotAdmittedError,
    Participant,
)

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def room():
    return Conference("CF1", "AC1", "room", NOW)


def caller(**more):
    return Participant("CA1", NOW, label="caller", **more)


def agent(**more):
    return Participant("CA2", NOW, label="agent", **more)


def names(events):
    return [event.name for event in events]


def test_one_alone_waits_and_the_second_starts_it(room):
    assert names(room.join(caller(), NOW)) == ["participant-join"]
    assert room.status is ConferenceStatus.INIT
    assert names(room.join(agent(), NOW)) == ["participant-join", "conference-start"]
    assert room.status is ConferenceStatus.IN_PROGRESS


def test_two_who_may_not_start_it_wait_for_one_who_may(room):
    room.join(caller(start_on_enter=False), NOW)
    room.join(agent(start_on_enter=False), NOW)
    assert room.status is ConferenceStatus.INIT
    assert "conference-start" in names(room.join(Participant("CA3", NOW), NOW))


def test_it_starts_once_however_many_come(room):
    room.join(caller(), NOW)
    room.join(agent(), NOW)
    assert names(room.join(Participant("CA3", NOW), NOW)) == ["participant-join"]


def test_a_label_taken_twice_is_not_added(room):
    room.join(caller(), NOW)
    with pytest.raises(NotAdmittedError) as refusal:
        room.join(Participant("CA2", NOW, label="caller"), NOW)
    assert refusal.value.code == 16025
    assert list(room.participants) == ["CA1"]


def test_a_full_room_admits_nobody(room):
    room.most_participants = 1
    room.join(caller(), NOW)
    with pytest.raises(NotAdmittedError) as refusal:
        room.join(agent(), NOW)
    assert refusal.value.code == 13220


def test_it_ends_with_the_one_who_ends_it(room):
    room.join(caller(end_on_exit=True), NOW)
    room.join(agent(), NOW)
    events = room.leave("CA1", Departure.HUNG_UP, NOW)
    assert names(events) == ["participant-leave", "participant-leave", "conference-end"]
    assert [event.departure for event in events[:2]] == [Departure.HUNG_UP, Departure.MODERATOR_ENDED]
    assert room.reason_ended is EndReason.ENDER_LEFT
    assert room.ended_by.call_sid == "CA1"


def test_it_goes_on_without_one_who_does_not_end_it(room):
    room.join(caller(), NOW)
    room.join(agent(), NOW)
    assert names(room.leave("CA2", Departure.UPDATED, NOW)) == ["participant-leave"]
    assert room.status is ConferenceStatus.IN_PROGRESS
    assert names(room.leave("CA1", Departure.HUNG_UP, NOW)) == ["participant-leave", "conference-end"]
    assert room.reason_ended is EndReason.LAST_LEFT


def test_one_who_was_removed_is_told_apart_from_one_who_left(room):
    room.join(caller(end_on_exit=True), NOW)
    room.leave("CA1", Departure.UPDATED, NOW, kicked=True)
    assert room.reason_ended is EndReason.ENDER_KICKED


def test_whoever_is_gone_cannot_leave_again(room):
    room.join(caller(), NOW)
    room.leave("CA1", Departure.HUNG_UP, NOW)
    assert room.leave("CA1", Departure.HUNG_UP, NOW) == []
    assert room.end(NOW) == []


def test_ending_it_by_request_removes_everybody(room):
    room.join(caller(), NOW)
    room.join(agent(), NOW)
    assert names(room.end(NOW)) == ["participant-leave", "participant-leave", "conference-end"]
    assert room.participants == {}
    assert room.reason_ended is EndReason.API


def test_mute_and_hold_are_told_once(room):
    one = caller()
    room.join(one, NOW)
    assert names(room.mute(one, True, NOW)) == ["participant-mute"]
    assert room.mute(one, True, NOW) == []
    assert names(room.mute(one, False, NOW)) == ["participant-unmute"]
    assert names(room.hold(one, True, NOW)) == ["participant-hold"]
    assert names(room.hold(one, False, NOW)) == ["participant-unhold"]


def test_a_participant_is_found_by_call_or_label(room):
    one = caller()
    room.join(one, NOW)
    assert room.find("CA1") is room.find("caller") is one
    assert room.find("agent") is None
