"""Who is rung, in order: stories of one Wednesday in a small company."""

from datetime import UTC, datetime, timedelta

import pytest

from dialog.schema.queues import QueuesFile
from handoff.roster.choose import hours_of, limits_of, reachable, targets
from handoff.roster.person import Person, Presence, Role
from tests.dialog.story import acme

NOON = datetime(2026, 11, 25, 12, 0)
NIGHT = datetime(2026, 11, 25, 23, 0)
START = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
OPEN = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
QUEUES = QueuesFile.model_validate(
    {
        "hours": OPEN,
        "queues": {
            "returns": {
                "name": "our returns team",
                "skills": ["returns", "refunds"],
                "targets": ["sip:returns@pbx.example.com;transport=tls"],
                "overflow": "support",
            },
            "support": {
                "name": "our support team",
                "targets": ["sip:a@pbx.example.com", "sip:b@pbx.example.com"],
            },
            "mine": {"name": "our own people", "skills": ["returns"]},
            "round": {"name": "one of two", "overflow": "about"},
            "about": {"name": "the other", "overflow": "round"},
        },
    }
)


def agent(person_id, idle_min=0, presence=Presence.AVAILABLE, **more):
    values = {
        "person_id": person_id,
        "name": person_id.title(),
        "sip": f"sip:{person_id}@127.0.0.1",
        "skills": {"returns", "refunds"},
        "presence": presence,
        "presence_at": START,
        "idle_since": START - timedelta(minutes=idle_min),
    }
    return Person.model_validate(values | more)


def rung(queue, people, at=NOON, language="en", queues=QUEUES, **more):
    return [
        target.agent or target.name for target in targets(queue, queues, people, at, language, **more).targets
    ]


def test_whoever_is_idle_longest_is_rung_first_and_then_the_outside_queue():
    people = [agent("anna", 5), agent("bert", 30), agent("cleo", 10)]
    assert rung("mine", people) == ["bert", "cleo", "anna"]
    assert rung("returns", people)[:4] == ["bert", "cleo", "anna", "returns@pbx.example.com"]


def test_the_outside_queue_is_first_where_the_playbook_says_so():
    later = QUEUES.queues["returns"].model_copy(update={"people_first": False, "overflow": None})
    queues = QUEUES.model_copy(update={"queues": {"returns": later}})
    assert rung("returns", [agent("anna")], queues=queues) == ["returns@pbx.example.com", "anna"]


@pytest.mark.parametrize(
    "unfit",
    [
        {"skills": {"returns"}},
        {"languages": {"de"}},
        {"roles": {Role.SUPERVISOR}},
        {"sip": None},
        {"active": False},
        {"presence": Presence.AWAY},
        {"presence": Presence.OFFLINE},
    ],
)
def test_whoever_does_not_fit_or_is_not_there_is_neither_rung_nor_waited_for(unfit):
    own = QUEUES.queues["returns"].model_copy(update={"targets": (), "overflow": None})
    queues = QUEUES.model_copy(update={"queues": {"returns": own}})
    choice = targets("returns", queues, [agent("anna", **unfit)], NOON, "en")
    assert (choice.targets, choice.may_wait, choice.reaches) == ((), False, False)


@pytest.mark.parametrize("presence", [Presence.BUSY, Presence.WRAP_UP])
def test_whoever_is_in_a_call_is_waited_for(presence):
    choice = targets("mine", QUEUES, [agent("anna", presence=presence)], NOON, "en")
    assert (choice.targets, choice.may_wait) == ((), True)


def test_whoever_was_rung_for_this_caller_is_neither_rung_nor_waited_for_again():
    people = [agent("anna"), agent("bert", presence=Presence.BUSY)]
    tried = ["sip:anna@127.0.0.1", "sip:bert@127.0.0.1"]
    choice = targets("mine", QUEUES, people, NOON, "en", tried)
    assert (choice.targets, choice.may_wait) == ((), False)


def test_the_queue_that_takes_over_follows_and_nobody_is_rung_twice():
    assert rung("returns", [agent("anna")]) == [
        "anna",
        "returns@pbx.example.com",
        "a@pbx.example.com",
        "b@pbx.example.com",
    ], "anna has what support needs, too"


def test_queues_that_take_over_from_each_other_end():
    assert rung("round", []) == []


def test_a_queue_that_there_is_not_has_nobody():
    assert not targets("lost", QUEUES, [agent("anna")], NOON, "en").reaches


def test_at_night_nobody_is_rung_and_nobody_waited_for():
    people = [agent("anna"), agent("bert", presence=Presence.BUSY)]
    for queue in QUEUES.queues:
        assert not targets(queue, QUEUES, people, NIGHT, "en").reaches


def test_where_the_queue_is_closed_the_one_that_takes_over_is_rung_while_it_is_open():
    queues = acme().playbook.queues
    half_past_five = datetime(2026, 11, 25, 17, 30)
    assert rung("billing", [], half_past_five, queues=queues) == [
        "support@pbx.example.com",
        "support-overflow@pbx.example.com",
    ]


def test_a_closed_day_is_closed():
    christmas = datetime(2026, 12, 25, 12, 0)
    assert not targets("support", acme().playbook.queues, [], christmas, "en").reaches


def test_the_dialog_is_told_which_queues_can_be_reached_by_the_company_s_own_clock():
    playbook = acme().playbook
    all_of_them = ("support", "returns", "billing", "care")
    assert reachable(playbook, [], datetime(2026, 11, 25, 8, 30, tzinfo=UTC)) == all_of_them, "9:30 in Berlin"
    assert reachable(playbook, [], datetime(2026, 11, 25, 7, 30, tzinfo=UTC)) == ()


def test_only_addresses_of_the_playbook_and_the_roster_are_rung():
    people = [agent("anna"), agent("bert")]
    allowed = {address for queue in QUEUES.queues.values() for address in queue.targets}
    allowed |= {one.sip for one in people}
    for queue in QUEUES.queues:
        for target in targets(queue, QUEUES, people, NOON, "en").targets:
            assert target.address in allowed


def test_a_queue_s_limits_become_the_transfer_s():
    care = acme().playbook.queues.queues["care"]
    limits = limits_of(care)
    assert (limits.ring_s, limits.patience_s, limits.at_once) == (25, 180, 2)


def test_hours_are_the_queue_s_own_or_the_company_s():
    queues = acme().playbook.queues
    assert hours_of("billing", queues).fri == ("09:00-15:00",)
    assert hours_of("support", queues) == hours_of("lost", queues) == queues.hours
