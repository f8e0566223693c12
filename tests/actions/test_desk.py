"""What the assistant leaves for people: once for a key, and only numbers that may be called."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from actions.desk import Appointment, Promises, register_desk
from actions.desk.numbers import NumberError, dialable
from actions.desk.tables import promises as table
from actions.errors import ActionError
from actions.registry import Registry
from actions.spec import ActionSpec
from actions.types import Failure
from tests.actions.asking import request

SPECS = {
    "desk.call_back": ActionSpec(effect="writes", confirm="never", lookup="desk.outcome"),
    "desk.leave_message": ActionSpec(effect="writes", confirm="never", lookup="desk.outcome"),
    "desk.outcome": ActionSpec(effect="reads"),
}
WANTED = {
    "phone": "+15550142000",
    "reason": "returns",
    "queue": "returns",
    "when": "morning",
    "call_id": "CA1",
}


class Diary:
    """Tomorrow suits everybody."""

    region = "US"

    def appoint(self, queue, when, now):
        if when == "never":
            raise ValueError("never is no time")
        return Appointment(queue or "support", now + timedelta(days=1))


@pytest.fixture
def promises(ledger, now):
    return Promises(ledger.engine, now, Diary)


@pytest.fixture
def actions(make, promises):
    registry = Registry()
    register_desk(registry, promises)
    return make(SPECS, registry=registry)


async def noted(promises):
    async with promises._engine.connect() as connection:
        return await connection.scalar(select(func.count()).select_from(table))


async def test_a_call_back_is_promised_once_however_often_it_is_asked_for(actions, promises, now):
    asked = [actions.run(request("desk.call_back", "CA1:2:x", **WANTED)) for _ in range(3)]
    results = await asyncio.gather(*asked)
    assert {result.data["reference"] for result in results} == {results[0].data["reference"]}
    assert results[0].data["due_at"] == (now.at + timedelta(days=1)).isoformat()
    assert await noted(promises) == 1


async def test_two_calls_get_two_promises_with_two_references(actions, promises):
    one, other = await asyncio.gather(
        actions.run(request("desk.call_back", "CA1:2:x", **WANTED)),
        actions.run(request("desk.call_back", "CA2:2:x", **WANTED | {"call_id": "CA2"})),
    )
    assert one.data["reference"] != other.data["reference"]
    assert await noted(promises) == 2


async def test_two_processes_that_note_the_same_promise_note_one(promises, database_url, now):
    values = ("CA1:2:x", "CA1", "+15550142000", "asked", "", "")
    one, other = await asyncio.gather(
        promises.note(*values), Promises(promises._engine, now, Diary).note(*values)
    )
    assert one == other
    assert await noted(promises) == 1


@pytest.mark.parametrize(
    ("wrong", "failure", "reason"),
    [
        ({"phone": "12345"}, Failure.REFUSED, "invalid_number"),
        ({"phone": "+19005550199"}, Failure.REFUSED, "costly_number"),
        ({"when": "never"}, Failure.INVALID, None),
        ({"queue": "No Queue"}, Failure.INVALID, None),
    ],
)
async def test_what_cannot_be_kept_is_not_promised(actions, promises, wrong, failure, reason):
    result = await actions.run(request("desk.call_back", "CA1:2:x", **WANTED | wrong))
    assert (result.failure, result.data.get("reason")) == (failure, reason)
    assert await noted(promises) == 0


async def test_a_message_has_a_reference_that_stays_the_same(actions):
    text = {"text": "the box was open", "queue": "support", "call_id": "CA1"}
    one = await actions.run(request("desk.leave_message", "CA1:3:x", **text))
    again = await actions.run(request("desk.leave_message", "CA1:3:x", **text))
    other = await actions.run(request("desk.leave_message", "CA2:3:x", **text | {"call_id": "CA2"}))
    assert one.data == again.data
    assert one.data["reference"] != other.data["reference"]


async def test_who_only_looks_at_the_actions_cannot_promise(promises, now):
    def no_diary():
        raise RuntimeError("no playbook")

    with pytest.raises(RuntimeError):
        await Promises(promises._engine, now, no_diary).note("CA1:2:x", "CA1", "+15550142000", "", "", "")


@pytest.mark.parametrize(
    ("given", "region", "number"),
    [
        ("+15550142000", None, "+15550142000"),
        ("5550142999", "US", "+15550142999"),
        ("030 123456", "DE", "+4930123456"),
        ("0049 30 123456", "DE", "+4930123456"),
    ],
)
def test_numbers_are_dialled_in_one_form(given, region, number):
    assert dialable(given, region) == number


@pytest.mark.parametrize(
    ("given", "region", "reason"),
    [
        ("030123456", None, "invalid_number"),
        ("anonymous", "US", "invalid_number"),
        ("911", "US", "invalid_number"),
        ("112", "DE", "invalid_number"),
        ("11833", "DE", "invalid_number"),
        ("+499001234567", None, "costly_number"),
        ("0900 1234567", "DE", "costly_number"),
        ("+449098790000", None, "costly_number"),
    ],
)
def test_numbers_that_are_none_or_earn_by_the_call_are_not_dialled(given, region, reason):
    with pytest.raises(NumberError) as caught:
        dialable(given, region)
    assert caught.value.reason == reason


def test_an_action_error_says_nothing_of_the_number():
    with pytest.raises(NumberError) as caught:
        dialable("12345678901234567890", "US")
    assert "1234" not in str(caught.value)
    assert not issubclass(NumberError, ActionError)
