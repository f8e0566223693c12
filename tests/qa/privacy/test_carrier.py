"""`warmline privacy delete` as somebody runs it, with the local line as the carrier, failures half-way included."""

import asyncio
from types import SimpleNamespace

import pytest
from twilio.rest import Client
from typer.testing import CliRunner

import cli
from calls import events as e
from handoff.transfer.store import TransferStore
from handoff.transfer.types import Order
from qa.privacy.carrier import CarrierDeletions
from telephony import carrier_data
from telephony.carrier_data import Kept
from tests.calls.redaction.paying import BEGAN, call
from tests.qa.privacy.conftest import NOW
from tests.telephony.between import Instead, between
from tests.telephony.line.lab import ACCOUNT, NUMBER, TOKEN, open_lab
from tests.telephony.test_carrier_data import OTHER, PERSON, SmsSender, kept, talked


@pytest.fixture
async def people(house, tmp_path, database_url, monkeypatch):
    """Two people whose calls the local line and our own log know, each transferred to an agent."""
    monkeypatch.setattr(carrier_data, "FIRST_PAUSE_S", 0.0)
    async with open_lab() as lab, between(lab.url) as middle:
        calls = {}
        for number, transfer in ((PERSON, "T1"), (OTHER, "T2")):
            caller, agent = calls[number] = await talked(lab, number, transfer)
            await logged(house, number, caller, agent, transfer)
            async with SmsSender(ACCOUNT, TOKEN, NUMBER, lab.url) as sender:
                await sender.send(number, "Your code is 123456.")
        for name, value in {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": middle.url,
            "PUBLIC_URL": "http://127.0.0.1:8080",
            "DATABASE_URL": database_url,
            "WARMLINE_DATA_DIR": str(tmp_path),
        }.items():
            monkeypatch.setenv(name, value)
        sdk = Client(ACCOUNT, TOKEN)
        sdk.api.base_url = lab.url
        yield SimpleNamespace(house=house, calls=calls, middle=middle, sdk=sdk)


async def logged(house, number, caller, agent, transfer):
    """Our own record of a call that was transferred."""
    leg = e.TransferLeg(transfer_id=transfer, leg=1, target="maria", state="over", sid=agent)
    bodies = [
        e.CallStarted(caller=number, callee=NUMBER, playbook="acme@1"),
        leg,
        e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=40.0),
    ]
    await house.store.write(call(bodies, caller, BEGAN))
    order = Order(transfer_id=transfer, call_id=caller, queue="returns", reason="asked_for_person", words="x")
    await TransferStore(house.engine, lambda: NOW).begin(order)


async def delete(number=PERSON):
    """The command; it brings an event loop of its own, on a thread of its own."""
    return await asyncio.to_thread(CliRunner().invoke, cli.app, ["privacy", "delete", number, "--yes"])


async def waiting(people):
    return await CarrierDeletions(people.house.engine, None, lambda: NOW).waiting()


async def test_after_the_command_nothing_of_the_person_is_left_there(people):
    others = await kept(people, OTHER, "T2")
    assert len(await kept(people, PERSON, "T1")) == 5
    run = await delete()
    assert run.exit_code == 0, run.output
    assert await kept(people, PERSON, "T1") == []
    assert await kept(people, OTHER, "T2") == others
    assert await people.house.store.summary(people.calls[OTHER][0]) is not None
    assert await waiting(people) == []


@pytest.mark.parametrize("works", [2, 6, 9, 12])
async def test_a_failure_half_way_is_resumed_and_nothing_is_lost(people, works):
    """The carrier fails for good after some requests, wherever that is; our own rows are gone by then."""
    others = await kept(people, OTHER, "T2")
    people.middle.instead = lambda _method, _path, before: Instead(503) if before >= works else None
    run = await delete()
    assert run.exit_code == 1
    assert "at the carrier" in run.output
    assert PERSON not in run.output
    caller, agent = people.calls[PERSON]
    assert await people.house.store.summary(caller) is None, "what we have is deleted"
    assert await kept(people, PERSON, "T1") != [], "and something of the person is still there"
    names = {one.name for one in await waiting(people)}
    assert agent in names or agent not in await kept(people, PERSON, "T1"), "whom only our own log knew"
    people.middle.instead = lambda *_: None
    again = await delete()
    assert again.exit_code == 0, again.output
    assert await kept(people, PERSON, "T1") == []
    assert await kept(people, OTHER, "T2") == others
    assert await waiting(people) == []


async def test_a_command_that_is_killed_half_way_is_resumed(people, monkeypatch):
    """It dies at the carrier, before it has touched our own record."""

    class Killed(BaseException):
        pass

    real = carrier_data.CarrierData.forget
    left = iter((True, True))

    async def dies(carrier, entry):
        if next(left, False):
            return await real(carrier, entry)
        raise Killed

    monkeypatch.setattr(carrier_data.CarrierData, "forget", dies)
    with pytest.raises(Killed):
        await delete()
    assert await people.house.store.summary(people.calls[PERSON][0]) is not None
    assert len(await waiting(people)) > 0
    monkeypatch.setattr(carrier_data.CarrierData, "forget", real)
    assert (await delete()).exit_code == 0
    assert await kept(people, PERSON, "T1") == []
    assert await waiting(people) == []


async def test_what_one_persons_deletion_left_is_finished_with_the_next_and_told_apart(people):
    people.middle.instead = lambda method, *_: Instead(503) if method == "DELETE" else None
    await delete()
    people.middle.instead = lambda *_: None
    run = await delete(OTHER)
    assert run.exit_code == 0, run.output
    # Each has a second call in our log, which the carrier does not know any more.
    assert "2 calls, 1 files and 6 entries at the carrier are deleted" in run.output
    assert "Of deletions before this one, 6 entries" in run.output
    assert await kept(people, PERSON, "T1") == await kept(people, OTHER, "T2") == []


async def test_a_sweep_finishes_it_too(people):
    people.middle.instead = lambda method, *_: Instead(503) if method == "DELETE" else None
    await delete()
    people.middle.instead = lambda *_: None
    swept = await asyncio.to_thread(CliRunner().invoke, cli.app, ["privacy", "sweep"])
    assert swept.exit_code == 0, swept.output
    assert await kept(people, PERSON, "T1") == []


async def test_what_waits_tells_nothing_of_the_person(people, tmp_path):
    people.middle.instead = lambda method, *_: Instead(503) if method == "DELETE" else None
    await delete()
    assert {one.kind for one in await waiting(people)} == set(Kept)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if PERSON.encode() in path.read_bytes()] == []
