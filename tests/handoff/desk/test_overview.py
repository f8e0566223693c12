"""Who waits, who is rung, whose call is whose."""

from datetime import UTC, datetime

from handoff.desk import overview
from handoff.desk.overview import Lost
from handoff.desk.words import DeskWords, QueueWords
from handoff.roster.person import Person
from handoff.transfer.table import start, step
from handoff.transfer.types import (
    CallerLeft,
    Kind,
    LegAnswered,
    LegKeyed,
    Limits,
    Order,
    Target,
    TimePassed,
)

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
WORDS = DeskWords(
    queues={
        "returns": QueueWords("Returns team", frozenset({"returns"})),
        "care": QueueWords("Care", frozenset({"legal"})),
    }
)


def person(person_id, *skills):
    return Person(
        person_id=person_id,
        name=person_id.title(),
        sip=f"sip:{person_id}@127.0.0.1",
        skills=frozenset(skills),
        presence_at=NOW,
        idle_since=NOW,
    )


MARIA, TOM = person("maria", "returns"), person("tom", "returns")


def transfer(*people, queue="returns", transfer_id="t1", at=0.0, kind=Kind.WARM):
    targets = tuple(
        Target(address=one.sip, name=one.name, queue=queue, agent=one.person_id) for one in people
    )
    ordered = Order(
        transfer_id=transfer_id,
        call_id=f"CA{transfer_id}",
        queue=queue,
        kind=kind,
        reason="asked",
        words="asked for a person",
        targets=targets,
        may_wait=True,
        limits=Limits(at_once=2),
    )
    return start(ordered, at)[0]


def after(one, *events):
    for event in events:
        one, _ = step(one, event)
    return one


def answered(*people):
    ringing = transfer(*people)
    return after(ringing, *(LegAnswered(at=1, leg=leg.number) for leg in ringing.legs))


def test_an_agent_sees_who_waits_for_their_skills_longest_first_and_a_supervisor_everybody():
    open_ones = [
        transfer(transfer_id="t2", at=20.0),
        transfer(transfer_id="t1", at=10.0),
        transfer(transfer_id="t3", at=5.0, queue="care"),
    ]
    mine = overview.waiting(open_ones, MARIA, WORDS, all_queues=False)
    assert [row.transfer_id for row in mine] == ["t1", "t2"]
    everything = overview.waiting(open_ones, MARIA, WORDS, all_queues=True)
    assert [row.queue for row in everything] == ["Care", "Returns team", "Returns team"]


def test_the_list_of_those_who_wait_says_nothing_of_who_they_are():
    row = overview.waiting([transfer(MARIA)], TOM, WORDS, all_queues=True)[0]
    assert set(row.model_dump()) == {"transfer_id", "queue", "since", "phase", "mine", "agent"}


def test_a_call_can_be_taken_once_the_telephone_is_picked_up():
    assert overview.ring([transfer(MARIA)], MARIA, WORDS).answered is False
    assert overview.ring([answered(MARIA)], MARIA, WORDS).answered is True
    assert overview.ring([answered(MARIA)], TOM, WORDS) is None


def test_who_is_slower_learns_that_a_colleague_took_it():
    both = answered(MARIA, TOM)
    taken = after(both, LegKeyed(at=2, leg=1, key="1"), LegKeyed(at=2, leg=2, key="1"))
    assert overview.ring([taken], TOM, WORDS) is None
    assert overview.ring([taken], MARIA, WORDS) is None
    assert overview.current([taken], "maria") == taken
    assert overview.current([taken], "tom") is None
    assert overview.lost(taken, "tom") is Lost.TAKEN
    assert overview.lost(taken, "maria") is None
    assert (overview.took(taken, "maria"), overview.took(taken, "tom")) == (True, False)


def test_why_it_no_longer_rings_is_told_apart():
    ringing = answered(MARIA)
    assert overview.lost(after(ringing, CallerLeft(at=2)), "maria") is Lost.CALLER_GONE
    assert overview.lost(after(ringing, LegKeyed(at=2, leg=1, key="2")), "maria") is Lost.DECLINED
    assert overview.lost(after(ringing, TimePassed(at=500)), "maria") is Lost.NO_ANSWER
    assert overview.lost(ringing, "maria") is None


def test_a_taken_call_no_longer_waits_and_a_supervisor_sees_with_whom_it_is():
    taken = after(answered(MARIA), LegKeyed(at=2, leg=1, key="1"))
    assert overview.waiting([taken], MARIA, WORDS, all_queues=False) == ()
    assert [row.agent for row in overview.waiting([taken], TOM, WORDS, all_queues=True)] == ["Maria"]


def test_nobody_waits_in_a_call_back_but_its_agent_is_rung():
    call_back = transfer(MARIA, kind=Kind.CALL_BACK)
    assert overview.waiting([call_back], MARIA, WORDS, all_queues=False) == ()
    ring = overview.ring([call_back], MARIA, WORDS)
    assert (ring.call_back, ring.words) == (True, "asked for a person")
    assert not overview.ring([transfer(MARIA)], MARIA, WORDS).call_back
