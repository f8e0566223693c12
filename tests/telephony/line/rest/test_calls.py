"""The REST API, by Twilio's own SDK and against Twilio's own description of it."""

import asyncio

import httpx
import pytest
from openapi_schema_validator import OAS30Validator
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from telephony.line.leg import LegEnd
from tests.telephony.line.lab import ACCOUNT, TOKEN, open_lab, until

SIP = "sip:agent@127.0.0.1:5999"
WAIT = "<Response><Pause length='30'/></Response>"


@pytest.fixture
async def lab():
    async with open_lab() as one:
        one.customer.documents["/agent"] = WAIT
        yield one


async def blocking(call, *args, **kwargs):
    """The SDK blocks: it gets a thread of its own."""
    return await asyncio.to_thread(call, *args, **kwargs)


async def place(lab, client, **more):
    values = {"to": SIP, "from_": "+15550100100", "url": f"{lab.customer.url}/agent"} | more
    return await blocking(client.calls.create, **values)


async def refused(work):
    with pytest.raises(TwilioRestException) as refusal:
        await work
    return refusal.value


async def test_a_call_is_placed_answered_fetched_and_ended(lab, client):
    call = await place(lab, client)
    assert call.status == "queued"
    assert call.direction == "outbound-api"
    leg = lab.dialler.legs[0]
    leg.listener.on_ringing()
    assert (await blocking(client.calls(call.sid).fetch)).status == "ringing"
    leg.listener.on_answered()
    assert (await blocking(client.calls(call.sid).fetch)).status == "in-progress"
    await blocking(client.calls(call.sid).update, status="completed")
    ended = await blocking(client.calls(call.sid).fetch)
    assert ended.status == "completed"
    assert ended.duration is not None
    assert ended.date_created is not None


async def test_a_live_call_is_sent_elsewhere(lab, client):
    call = await place(lab, client)
    leg = lab.dialler.legs[0]
    leg.listener.on_answered()
    await blocking(client.calls(call.sid).update, twiml="<Response><Say>x</Say></Response>")
    await asyncio.wait_for(leg.ended.wait(), 5)
    assert b"x" * 160 in leg.heard()


async def test_a_ringing_call_is_cancelled(lab, client):
    call = await place(lab, client)
    await blocking(client.calls(call.sid).update, status="canceled")
    assert (await blocking(client.calls(call.sid).fetch)).status == "canceled"
    assert lab.dialler.legs[0].ended.is_set()


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (LegEnd.BUSY, "busy"),
        (LegEnd.DECLINED, "busy"),
        (LegEnd.NO_ANSWER, "no-answer"),
        (LegEnd.NOT_FOUND, "failed"),
        (LegEnd.FAILED, "failed"),
    ],
)
async def test_how_a_call_that_was_not_answered_ends(lab, client, end, status):
    call = await place(lab, client)
    lab.dialler.legs[0].end(end)
    await until(lambda: lab.carrier.call(call.sid).over)
    assert (await blocking(client.calls(call.sid).fetch)).status == status


async def test_nobody_answers_in_time(lab, client):
    call = await place(lab, client, timeout=1)
    await until(lab.dialler.legs[0].ended.is_set)
    assert (await blocking(client.calls(call.sid).fetch)).status == "no-answer"


async def test_progress_is_told_in_order(lab, client):
    await place(
        lab,
        client,
        status_callback=f"{lab.customer.url}/progress",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    leg = lab.dialler.legs[0]
    leg.listener.on_ringing()
    leg.listener.on_answered()
    leg.end(LegEnd.HUNG_UP)
    await until(lambda: len(lab.customer.asked("/progress")) == 4)
    told = lab.customer.asked("/progress")
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"]
    assert [one["CallStatus"] for one in told] == ["queued", "ringing", "in-progress", "completed"]


async def test_headers_for_the_far_end(lab, client):
    await place(lab, client, to=f"{SIP}?X-Transfer-Id=42")
    assert lab.dialler.dialled[0] == (SIP, "+15550100100", {"X-Transfer-Id": "42"})
    assert (await refused(place(lab, client, to=f"{SIP}?Contact=evil"))).code == 13252


async def test_lists_come_in_pages_newest_first(lab, client):
    sids = [(await place(lab, client)).sid for _ in range(5)]
    listed = await blocking(client.calls.list, page_size=2)
    assert [call.sid for call in listed] == sids[::-1]
    assert await blocking(client.calls.list, status="completed") == []
    assert len(await blocking(client.calls.list, to=SIP, limit=3)) == 3


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"url": "ftp://x"}, 21205),
        ({"to": "+15551234567"}, 21211),
        ({"to": "sip:agent@evil.example.com"}, 21216),
        ({"to": "sip:127.0.0.1@evil.example.com"}, 21216),
        ({"method": "DELETE"}, 20001),
        ({"status_callback_event": ["dancing"]}, 21626),
    ],
)
async def test_a_call_that_must_not_be_placed_is_refused_with_twilios_code(lab, client, values, code):
    assert (await refused(place(lab, client, **values))).code == code
    assert lab.dialler.legs == []


async def test_unknown_calls_and_calls_that_are_over(lab, client):
    unknown = "CA" + "0" * 32
    assert (await refused(blocking(client.calls(unknown).fetch))).code == 20404
    assert (await refused(blocking(client.calls(unknown).update, status="completed"))).code == 20404
    call = await place(lab, client)
    assert (await refused(blocking(client.calls(call.sid).update, twiml=WAIT))).code == 21220
    lab.dialler.legs[0].end(LegEnd.BUSY)
    await until(lambda: lab.carrier.call(call.sid).over)
    error = await refused(blocking(client.calls(call.sid).update, status="completed"))
    assert (error.code, error.status) == (21220, 400)
    await blocking(client.calls(call.sid).delete)
    assert (await refused(blocking(client.calls(call.sid).fetch))).code == 20404


async def test_whoever_does_not_know_the_token_is_refused(lab):
    stranger = Client(ACCOUNT, "f" * 32)
    stranger.api.base_url = lab.url
    error = await refused(blocking(stranger.calls("CA" + "0" * 32).fetch))
    assert (error.status, error.code) == (401, 20003)


async def test_every_answer_is_as_twilio_describes_it(lab, description):
    base = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
    form = {"To": SIP, "From": "+1", "Url": f"{lab.customer.url}/agent"}
    async with httpx.AsyncClient(base_url=lab.url, auth=(ACCOUNT, TOKEN)) as http:
        created = await http.post(f"{base}.json", data=form)
        one = f"{base}/{created.json()['sid']}.json"
        lab.dialler.legs[0].listener.on_answered()
        answers = [
            ("/Calls.json", "post", created),
            ("/Calls/{Sid}.json", "get", await http.get(one)),
            ("/Calls.json", "get", await http.get(f"{base}.json", params={"PageSize": 1})),
            ("/Calls/{Sid}.json", "post", await http.post(one, data={"Status": "completed"})),
            ("/Calls/{Sid}.json", "get", await http.get(one)),
        ]
        for path, method, answer in answers:
            check(description, path, method, answer)
        assert (await http.delete(one)).status_code == 204


def check(description, path, method, answer):
    operation = description["paths"][f"/2010-04-01/Accounts/{{AccountSid}}{path}"][method]
    schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    errors = list(
        OAS30Validator({**schema, "components": description["components"]}).iter_errors(answer.json())
    )
    assert errors == []
