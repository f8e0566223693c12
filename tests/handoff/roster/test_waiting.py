"""Where a caller stands in line."""

from datetime import UTC, datetime

import pytest

from handoff.roster.person import Person, Presence
from handoff.roster.waiting import Waiting, handle_times, waiting
from handoff.transfer.table import start, step
from handoff.transfer.types import CallerChose, Choice, Kind, Order

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CALLS = [200.0, 300.0, 400.0]


def caller(transfer_id, at, queue="support", kind=Kind.WARM):
    return start(
        Order(transfer_id=transfer_id, call_id="CA1", queue=queue, kind=kind, reason="asked", may_wait=True),
        at,
    )[0]


def agent(person_id, presence=Presence.BUSY, transfer_id=None):
    return Person(
        person_id=person_id,
        name=person_id,
        presence=presence,
        presence_at=NOON,
        idle_since=NOON,
        transfer_id=transfer_id,
    )


LINE = [caller("t3", 30), caller("t1", 10), caller("x", 5, queue="returns"), caller("t2", 20)]


@pytest.mark.parametrize(("who", "position"), [("t1", 1), ("t2", 2), ("t3", 3), ("x", 1)])
def test_callers_of_a_queue_stand_in_the_order_in_which_they_came(who, position):
    assert waiting(LINE, [], who, CALLS) == Waiting(position, None)


def test_whoever_is_through_or_has_left_is_not_in_line():
    gone = step(LINE[1], CallerChose(at=40, choice=Choice.CALL_BACK))[0]
    line = [LINE[0], gone, LINE[3]]
    assert waiting(line, [], "t2", CALLS).position == 1
    assert waiting(line, [], "t1", CALLS) is None


def test_a_call_back_takes_no_place_in_the_line():
    line = [caller("b1", 1, kind=Kind.CALL_BACK), *LINE]
    assert waiting(line, [], "t1", CALLS).position == 1
    assert waiting(line, [], "b1", CALLS) is None


def test_two_agents_in_calls_of_five_minutes_free_one_every_two_and_a_half():
    people = [agent("anna"), agent("bert", Presence.WRAP_UP)]
    assert [waiting(LINE, people, who, CALLS).expected_s for who in ("t1", "t2", "t3")] == [150, 300, 450]


def test_an_agent_who_is_free_or_just_being_rung_is_there_at_once():
    people = [
        agent("anna", Presence.AVAILABLE),
        agent("bert", transfer_id="t1"),
        agent("cleo", transfer_id="other"),
    ]
    assert [waiting(LINE, people, who, CALLS).expected_s for who in ("t1", "t2", "t3")] == [0, 0, 100]


@pytest.mark.parametrize("people", [[], [agent("anna", Presence.AWAY), agent("bert", Presence.OFFLINE)]])
def test_without_an_agent_at_work_nothing_is_expected_and_that_is_not_zero(people):
    assert waiting(LINE, people, "t1", CALLS).expected_s is None


def test_too_few_calls_make_no_mean():
    assert waiting(LINE, [agent("anna")], "t1", CALLS[:2]).expected_s is None


def test_how_long_calls_take_is_told_by_those_in_which_people_talked():
    talked = caller("t1", 0).model_copy(update={"bridged_at": 20.0, "ended_at": 200.0})
    elsewhere = talked.model_copy(update={"order": caller("x", 0, queue="returns").order})
    nobody = caller("t2", 0).model_copy(update={"ended_at": 90.0})
    still = caller("t3", 0).model_copy(update={"bridged_at": 20.0})
    assert handle_times([talked, elsewhere, nobody, still], "support", wrap_up_s=30) == [210.0]
