"""What the carrier keeps of a person is deleted there: by requests that Twilio describes, on the local line."""

import asyncio
from types import SimpleNamespace

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from telephony.carrier_data import TRIES, CarrierData, CarrierEntry, Kept
from telephony.carrier_rest import CarrierBusyError
from telephony.line.leg import LegEnd
from telephony.sms import SmsSender
from tests.telephony.between import Asked, Instead, between, problems_of
from tests.telephony.line.conferences.test_conferencing import room, sit
from tests.telephony.line.lab import ACCOUNT, NUMBER, TOKEN, open_lab, until

PERSON, OTHER = "+15550142000", "+15550143000"


@pytest.fixture
async def house():
    """A line on which two people have called, each with a recorded conference, and what stands before it."""
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)

    async with open_lab() as lab:
        calls = {PERSON: await talked(lab, PERSON, "T1"), OTHER: await talked(lab, OTHER, "T2")}
        async with SmsSender(ACCOUNT, TOKEN, NUMBER, lab.url) as sender:
            for number in calls:
                await sender.send(number, "Your code is 123456.")
        async with between(lab.url) as middle, CarrierData(ACCOUNT, TOKEN, middle.url, pause) as carrier:
            sdk = Client(ACCOUNT, TOKEN)
            sdk.api.base_url = lab.url
            yield SimpleNamespace(
                lab=lab, calls=calls, middle=middle, carrier=carrier, sdk=sdk, pauses=pauses
            )


async def talked(lab, number, conference):
    """Somebody is recorded and talks in a recorded conference with an agent. Returns caller's and agent's sid."""
    lab.customer.documents["/after"] = "<Response/>"
    start = f"<Start><Recording recordingStatusCallback='{lab.customer.url}/recorded'/></Start>"
    document = room(lab, conference, record="record-from-start").replace("<Dial", f"{start}<Dial", 1)
    caller = await sit(lab, number, document)
    agent = await sit(lab, f"+1999{number[-4:]}", room(lab, conference, endConferenceOnExit="true"))
    # A few beats of sound, without which a recording is absent.
    await until(lambda: all(one.duration_s for one in lab.carrier.recordings.of()))
    agent.end(LegEnd.HUNG_UP)
    await caller.ended.wait()
    await until(lambda: all(lab.carrier.call(one.sid).over for one in (caller, agent)))
    return caller.sid, agent.sid


async def everything(house, number=PERSON, conference="T1"):
    """What deletion by number begins with: the calls and messages of the number, the agent's leg, the conference."""
    calls, messages = await house.carrier.of_number(number)
    return [
        *(CarrierEntry(Kept.CALL, str(one["sid"])) for one in calls),
        CarrierEntry(Kept.CALL, house.calls[number][1]),
        CarrierEntry(Kept.CONFERENCE, conference),
        *(CarrierEntry(Kept.MESSAGE, str(one["sid"])) for one in messages),
    ]


async def forget(house, entries):
    return [await house.carrier.forget(one) for one in entries]


async def kept(house, number, conference):
    """What Twilio's own SDK finds of a person: calls, messages and recordings."""

    def look():
        caller, agent = house.calls[number]
        sdk = house.sdk
        found = [one.sid for way in ("from_", "to") for one in sdk.calls.list(**{way: number})]
        found += [one.sid for way in ("from_", "to") for one in sdk.messages.list(**{way: number})]
        found += [one.sid for sid in (caller, agent) for one in sdk.recordings.list(call_sid=sid)]
        for one in sdk.conferences.list(friendly_name=conference):
            found += [recording.sid for recording in sdk.conferences(one.sid).recordings.list()]
        try:
            found.append(sdk.calls(agent).fetch().sid)
        except TwilioRestException as error:
            if error.status != 404:
                raise
        return sorted(set(found))

    return await asyncio.to_thread(look)


async def test_nothing_of_a_person_is_left_and_nothing_of_the_other_is_lost(house):
    before = await kept(house, OTHER, "T2")
    assert len(await kept(house, PERSON, "T1")) == 5, "two calls, their two recordings, a message"
    done = await forget(house, await everything(house))
    assert [one.problem for one in done] == [None] * 4
    assert sum(one.deleted for one in done) == 5
    assert await kept(house, PERSON, "T1") == []
    assert await kept(house, OTHER, "T2") == before


async def test_every_request_is_one_that_twilio_describes(house, description):
    await forget(house, await everything(house))
    asked = house.middle.asked
    assert {(one.method, one.resource.rpartition("/")[0] or one.resource) for one in asked} >= {
        ("GET", "Calls"), ("GET", "Messages"), ("GET", "Conferences"),
        ("DELETE", "Calls"), ("DELETE", "Messages"), ("DELETE", "Recordings"),
    }  # fmt: skip
    assert [problem for one in asked for problem in problems_of(description, one)] == []
    assert {one.status for one in asked if one.method == "DELETE"} == {204}


def test_a_request_that_twilio_does_not_describe_is_told(description):
    account = f"/2010-04-01/Accounts/{ACCOUNT}"
    sid = "RE" + "0" * 32
    for wrong in (
        Asked("DELETE", f"{account}/Conferences/CF{'0' * 32}.json", (), 204, b""),
        Asked("DELETE", f"{account}/Recordings/CA1.json", (), 204, b""),
        Asked("DELETE", f"{account}/Recordings/{sid}.json", (), 200, b""),
        Asked("GET", f"{account}/Calls.json", (("PageSize", "2000"),), 200, b"{}"),
        Asked("GET", f"{account}/Calls.json", (("Caller", "x"),), 200, b"{}"),
    ):
        assert problems_of(description, wrong) != []


async def test_what_is_gone_already_is_deleted_whoever_says_so(house):
    entries = await everything(house)
    await forget(house, entries)
    again = await forget(house, entries)
    assert [one.problem for one in again] == [None] * 4
    house.middle.instead = lambda *_: Instead(404, body=b"<html>not found</html>")
    assert (await house.carrier.forget(entries[0])).problem is None, "a proxy knows no codes of Twilio's"


async def test_whoever_asks_too_often_waits_as_long_as_is_told(house):
    busy = iter(
        [Instead(429, {"Retry-After": "17"}, b'{"code": 20429}'), Instead(429, None, b'{"code": 20429}')]
    )
    house.middle.instead = lambda *_: next(busy, None)
    assert (await house.carrier.forget(CarrierEntry(Kept.CALL, house.calls[PERSON][0]))).problem is None
    assert house.pauses == [17.0, 2.0], "where nothing is told, each pause is twice the one before"


async def test_nobody_waits_for_longer_than_a_minute(house):
    house.middle.instead = lambda *_: Instead(429, {"Retry-After": "3600"}, b'{"code": 20429}')
    with pytest.raises(CarrierBusyError):
        await house.carrier.of_number(PERSON)
    assert house.pauses == []


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_fault_is_tried_again_even_where_it_was_done(house, status):
    faults = iter([Instead(status), Instead(status, done=True)])
    house.middle.instead = lambda method, *_: next(faults, None) if method == "DELETE" else None
    message = (await everything(house))[-1]
    assert (await house.carrier.forget(message)).problem is None
    assert house.pauses == [1.0, 2.0]
    assert [one.status for one in house.middle.asked[-3:]] == [status, status, 404]


async def test_after_a_few_tries_it_is_told_and_the_call_stays_to_be_found_by(house):
    house.middle.instead = lambda method, path, _: Instead(500) if "/Recordings/" in path else None
    caller = house.calls[PERSON][0]
    done = await house.carrier.forget(CarrierEntry(Kept.CALL, caller))
    assert done.problem.startswith(f"Calls/{caller}: Recordings/RE")
    assert PERSON not in done.problem
    assert sum(one.method == "DELETE" for one in house.middle.asked) == TRIES
    house.middle.instead = lambda *_: None
    assert (await house.carrier.forget(CarrierEntry(Kept.CALL, caller))).deleted == 3, (
        "both recordings and the call"
    )


async def test_a_list_of_recordings_that_cannot_be_read_keeps_its_call(house):
    house.middle.instead = lambda method, path, _: Instead(503) if path.endswith("/Recordings.json") else None
    caller = house.calls[PERSON][0]
    done = await house.carrier.forget(CarrierEntry(Kept.CALL, caller))
    assert (done.deleted, done.problem is None) == (0, False)
    assert not any(one.method == "DELETE" for one in house.middle.asked), "without it nobody would find them"


async def test_a_carrier_that_does_not_filter_costs_nobody_else_their_data(house):
    """Its lists hold everybody's entries, whatever is asked for."""
    before = await kept(house, OTHER, "T2")
    house.middle.query = lambda _: "PageSize=1000"
    await forget(house, await everything(house))
    house.middle.query = lambda query: query
    assert await kept(house, OTHER, "T2") == before
    assert await kept(house, PERSON, "T1") == []


async def test_the_calls_that_a_calls_twiml_has_made_go_with_it(house):
    lab = house.lab
    lab.customer.documents["/voice"] = (
        "<Response><Dial record='record-from-answer'><Sip>sip:a@127.0.0.1</Sip></Dial></Response>"
    )
    caller = await lab.call_in("+15550144000")
    await until(lambda: lab.dialler.legs)
    agent = lab.dialler.legs[-1]
    agent.listener.on_answered()
    await until(lambda: lab.carrier.recordings.of()[0].duration_s)
    agent.end(LegEnd.HUNG_UP)
    await caller.ended.wait()
    child, parent = lab.carrier.calls[:2]
    await until(lambda: child.over and parent.over)
    assert (child.parent_sid, child.callee) == (parent.sid, "sip:a@127.0.0.1"), "no list of the number has it"
    done = await house.carrier.forget(CarrierEntry(Kept.CALL, parent.sid))
    assert (done.deleted, done.problem) == (3, None)
    assert not {child.sid, parent.sid} & {one.sid for one in await asyncio.to_thread(house.sdk.calls.list)}


async def test_long_lists_are_read_to_their_end(house):
    async with SmsSender(ACCOUNT, TOKEN, NUMBER, house.lab.url) as sender:
        for number in range(5):
            await sender.send(PERSON, str(number))

    house.middle.query = lambda query: query.replace("PageSize=1000", "PageSize=2")
    _, messages = await house.carrier.of_number(PERSON)
    assert len({one["sid"] for one in messages}) == 6
