"""One-time codes: sent to the number on file, checked a few times, kept as digests."""

import asyncio

import pytest
from sqlalchemy import select

from actions.identity.codes import MOST_SENT, MOST_TRIES, SENT_WITHIN, Codes, register_codes
from actions.ledger_table import codes as table
from actions.registry import Registry
from actions.spec import ActionSpec, Limits
from actions.types import Failure
from telephony.sms import SmsError, SmsUnansweredError
from tests.actions.asking import request

SPECS = {
    "identity.send_code": ActionSpec(
        effect="writes",
        confirm="never",
        identity=1,
        lookup="identity.code_outcome",
        limits={"per_day": 3},
        retries={"most": 1},
    ),
    "identity.check_code": ActionSpec(
        effect="writes", confirm="never", grants=2, lookup="identity.code_outcome"
    ),
    "identity.code_outcome": ActionSpec(effect="reads", retries={"most": 0}),
}


class Phone:
    """The telephone of customer 1."""

    def __init__(self):
        self.messages = []
        self.trouble = []

    async def send(self, to, text):
        if self.trouble:
            raise self.trouble.pop(0)
        self.messages.append((to, text))
        return f"SM{len(self.messages)}"

    @property
    def code(self):
        return next(word for word in self.messages[-1][1].replace(".", " ").split() if word.isdigit())


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
def actions(make, ledger, phone, now):
    async def phone_of(customer):
        return {"1": "+15550142000", "2": "+15550142001"}.get(customer)

    registry = Registry()
    service = Codes(ledger.engine, b"secret", "Acme", phone.send, phone_of, now)
    register_codes(registry, service)
    return make(SPECS, registry=registry)


@pytest.fixture
def send(actions):
    async def run(key="CA1:1:send", who="1"):
        return await actions.run(request("identity.send_code", key, who=who))

    return run


@pytest.fixture
def check(actions):
    tries = iter(range(99))

    async def run(code, who="1", key=None):
        return await actions.run(
            request("identity.check_code", key or f"CA1:{next(tries)}:check", who=who, code=code)
        )

    return run


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_whoever_reads_the_code_back_is_at_level_two(send, check, phone):
    assert (await send()).data == {"sent": True, "number_ending": "00"}
    assert phone.messages[0][0] == "+15550142000"
    assert len(phone.code) == 6
    assert (await check(phone.code)).data == {"level": 2, "customer": "1"}


async def test_one_of_three_readings_may_be_right(send, check, phone):
    await send()
    spaced = f"{phone.code[:3]} {phone.code[3:]}"
    assert (await check([wrong(phone.code), spaced])).done


@pytest.mark.parametrize("many", [["000001", "000002", "000003", "000004"], []])
async def test_more_readings_than_three_or_none_are_invalid(send, check, many):
    await send()
    assert (await check(many)).failure is Failure.INVALID


async def test_after_five_wrong_codes_the_right_one_is_refused(send, check, phone):
    await send()
    for left in range(MOST_TRIES - 1, -1, -1):
        result = await check(wrong(phone.code))
        assert (result.failure, result.data) == (Failure.REFUSED, {"reason": "wrong", "tries_left": left})
    assert (await check(phone.code)).data["reason"] == "too_many_tries"


async def test_a_code_lives_for_ten_minutes(send, check, phone, now):
    await send()
    now.move(minutes=10)
    assert (await check(phone.code)).data["reason"] == "expired"


async def test_a_code_works_once(send, check, phone):
    await send()
    assert (await check(phone.code, key="CA1:7:check")).done
    assert (await check(phone.code, key="CA1:7:check")).done, "the same key is the same check"
    assert (await check(phone.code, key="CA1:8:check")).failure is Failure.REFUSED


async def test_a_new_code_ends_the_one_before(send, check, phone, now):
    await send()
    first = phone.code
    now.move(seconds=1)
    await send("CA1:2:send")
    if phone.code != first:
        assert (await check(first)).failure is Failure.REFUSED
    assert (await check(phone.code)).done


async def test_a_code_is_for_its_customer_only(send, check, phone):
    await send()
    assert (await check(phone.code, who="2")).failure is Failure.NOT_FOUND


async def test_the_same_key_sends_one_message(send, phone):
    assert (await send()).data == (await send()).data
    assert len(phone.messages) == 1


async def test_a_message_that_was_surely_not_sent_is_sent_again(send, phone):
    phone.trouble = [SmsError("no connection")]
    assert (await send()).done
    assert len(phone.messages) == 1


async def test_a_message_that_may_have_been_sent_is_unknown_and_not_sent_again(send, phone):
    phone.trouble = [SmsUnansweredError("no answer")]
    assert (await send()).failure is Failure.UNKNOWN
    assert (await send()).failure is Failure.UNKNOWN
    assert phone.messages == []


async def test_without_a_number_on_file_there_is_no_code(send):
    assert (await send(who="3")).failure is Failure.NOT_FOUND


async def test_codes_are_limited_and_need_an_identity(send, actions):
    for number in range(3):
        assert (await send(f"CA1:{number}:send")).done
    assert (await send("CA1:4:send")).failure is Failure.LIMIT
    stranger = request("identity.send_code", "CA1:5:send", level=0, customer="1")
    assert (await actions.run(stranger)).failure is Failure.FORBIDDEN


@pytest.fixture
def unlimited(make, ledger, phone, now):
    """The playbook sets no limit of a day."""

    async def phone_of(_customer):
        return "+15550142000"

    registry = Registry()
    register_codes(registry, Codes(ledger.engine, b"secret", "Acme", phone.send, phone_of, now))
    specs = SPECS | {
        "identity.send_code": SPECS["identity.send_code"].model_copy(update={"limits": Limits()})
    }
    actions = make(specs, registry=registry)

    async def run(key, who="1"):
        return await actions.run(request("identity.send_code", key, who=who))

    return run


async def test_a_customer_is_sent_so_many_codes_in_an_hour_whoever_asks(unlimited, phone, now):
    for number in range(MOST_SENT):
        now.move(minutes=1)
        assert (await unlimited(f"CA{number}:send")).done
    assert (await unlimited("CA9:send")).failure is Failure.LIMIT
    assert (await unlimited("CA0:send")).done, "the same key again sends none"
    assert len(phone.messages) == MOST_SENT
    assert (await unlimited("CA9:send:2", who="2")).done
    now.at += SENT_WITHIN
    assert (await unlimited("CA10:send")).done


async def test_asking_for_codes_at_once_sends_no_more_of_them(unlimited, phone):
    results = await asyncio.gather(*(unlimited(f"CA{number}:send") for number in range(MOST_SENT + 5)))
    assert sum(one.done for one in results) == MOST_SENT
    assert len(phone.messages) == MOST_SENT


async def test_messages_that_surely_did_not_go_out_are_not_counted(unlimited, phone):
    for number in range(MOST_SENT):
        phone.trouble = [SmsError("no connection")] * 2
        assert (await unlimited(f"CA{number}:lost")).failure is Failure.UNAVAILABLE
        assert (await unlimited(f"CA{number}:send")).done
    assert len(phone.messages) == MOST_SENT


async def test_no_code_stands_in_the_database(send, phone, ledger):
    await send()
    async with ledger.engine.connect() as connection:
        row = (await connection.execute(select(table))).one()
    assert phone.code not in str(row)
    entry = await ledger.entry("CA1:1:send")
    assert phone.code not in str(entry)
