"""When a promise is due, and what follows a try. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.desk.tables import PromiseState
from dialog.schema.queues import QueuesFile
from handoff.promises.promise import MOST_TRIES, Promise, Result, after, due, promised, tried
from handoff.promises.record import PromiseRecord

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
QUEUES = QueuesFile.model_validate(
    {
        "timezone": "Europe/Berlin",
        "hours": {"wed": ["09:00-18:00"]},
        "queues": {
            "support": {"name": "support"},
            "early": {"name": "early birds", "hours": {"wed": ["06:00-10:00"]}},
        },
    }
)


def promise(number=1, **more):
    values = {
        "promise_id": f"{number:032x}",
        "call_id": "CA1",
        "phone": "+15550142000",
        "queue": "support",
        "reason": "returns",
        "due_at": NOON,
        "created_at": NOON,
    }
    return Promise.model_validate(values | more)


def test_what_is_due_comes_in_the_order_in_which_it_became_due():
    later, now, earlier = (
        promise(n, due_at=NOON + timedelta(minutes=m)) for n, m in ((1, 1), (2, 0), (3, -5))
    )
    assert due([later, now, earlier], QUEUES, NOON) == [earlier, now]


@pytest.mark.parametrize(("queue", "is_due"), [("support", True), ("early", False), ("lost", True)])
def test_it_waits_for_its_queue_s_hours_or_the_company_s(queue, is_due):
    assert bool(due([promise(queue=queue)], QUEUES, NOON)) is is_due
    assert not due([promise(queue=queue)], QUEUES, NOON + timedelta(hours=8)), (
        "nobody is called in the evening"
    )


@pytest.mark.parametrize("state", [PromiseState.KEPT, PromiseState.GIVEN_UP])
def test_what_is_over_is_not_due(state):
    assert not due([promise(state=state)], QUEUES, NOON)


def test_a_try_belongs_to_its_process_until_the_hold_is_over_and_then_goes_on_whatever_the_hours():
    night = NOON + timedelta(hours=10)
    held = promise(state=PromiseState.CALLING, tries=1, held_by="a", held_until=night + timedelta(seconds=1))
    assert not due([held], QUEUES, night)
    assert due([held], QUEUES, night + timedelta(seconds=1)) == [held]


def test_a_try_keeps_its_name_and_the_next_has_another():
    one = promise(tries=1)
    assert one.attempt == promise(tries=1).attempt != promise(tries=2).attempt
    assert len(promise(tries=999).attempt) == 32


def test_pauses_grow_and_after_the_last_try_people_must_see_to_it():
    pauses, one = [], promise()
    for number in range(1, MOST_TRIES + 1):
        one = after(one.model_copy(update={"tries": number}), Result.NO_ANSWER, NOON)
        pauses.append((one.due_at - NOON) / timedelta(minutes=1))
    assert pauses[:-1] == [5, 15, 60, 180, 720]
    assert one.state is PromiseState.GIVEN_UP


def test_what_is_kept_is_kept_also_at_the_last_try():
    last = promise(tries=MOST_TRIES, held_by="a", held_until=NOON)
    kept = after(last, Result.KEPT, NOON)
    assert (kept.state, kept.held_by, kept.held_until) == (PromiseState.KEPT, None, None)


def test_where_no_agent_took_it_the_next_try_is_soon():
    assert after(promise(tries=1), Result.NO_AGENT, NOON).due_at == NOON + timedelta(minutes=2)


def test_the_record_tells_what_was_promised_and_tried():
    data = {
        "reference": 123456,
        "promise_id": "p",
        "phone": "+15550142000",
        "queue": "support",
        "due_at": "2026-11-25T12:00:00+00:00",
        "reason": "returns",
    }
    event = promised("desk.call_back", data)
    assert (event.promise_id, event.phone, event.due_at) == ("p", "+15550142000", NOON)
    assert promised("shop.order_status", data) is None
    assert promised("desk.call_back", {"reference": 7}) is None, "another system's action of that name"
    given_up = promise(state=PromiseState.GIVEN_UP)
    assert [event.result for event in tried(given_up, Result.BUSY)] == ["busy", "given_up"]
    assert [event.result for event in tried(promise(), Result.BUSY)] == ["busy"]


async def test_what_a_try_came_to_stands_in_the_record_of_the_call_that_it_was_promised_in():
    record = []

    async def append(call_id, event):
        record.append((call_id, event.promise_id, event.result))

    given_up = promise(state=PromiseState.GIVEN_UP)
    await PromiseRecord(append).tried(given_up, Result.NO_ANSWER)
    assert record == [("CA1", given_up.promise_id, "no_answer"), ("CA1", given_up.promise_id, "given_up")]
