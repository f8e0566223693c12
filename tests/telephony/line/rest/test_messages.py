"""Text messages of the line: by our sender, by Twilio's SDK, and against Twilio's own description of them."""

import asyncio

import httpx
import pytest
from openapi_schema_validator import OAS30Validator
from twilio.base.exceptions import TwilioRestException

from telephony.sms import SmsError, SmsSender, SmsUnansweredError
from tests.telephony.line.lab import ACCOUNT, NUMBER, TOKEN, open_lab, served

PARTY = "+15550142000"
BASE = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"


@pytest.fixture
async def lab():
    async with open_lab() as one:
        yield one


async def test_what_our_sender_sends_is_on_the_list(lab, client):
    async with SmsSender(ACCOUNT, TOKEN, NUMBER, lab.url) as sender:
        sid = await sender.send(PARTY, "Your code is 123456.")
        await sender.send("+15550142001", "Another.")
    listed = await asyncio.to_thread(client.messages.list, to=PARTY)
    assert [(one.sid, one.body, one.status) for one in listed] == [(sid, "Your code is 123456.", "delivered")]
    assert (await asyncio.to_thread(client.messages(sid).fetch)).from_ == NUMBER


async def test_lists_come_in_pages_newest_first(client):
    sids = [
        (await asyncio.to_thread(client.messages.create, to=PARTY, from_=NUMBER, body=str(n))).sid
        for n in range(5)
    ]
    listed = await asyncio.to_thread(client.messages.list, page_size=2)
    assert [one.sid for one in listed] == sids[::-1]
    await asyncio.to_thread(client.messages(sids[0]).delete)
    with pytest.raises(TwilioRestException) as gone:
        await asyncio.to_thread(client.messages(sids[0]).fetch)
    assert gone.value.code == 20404


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "sip:x@127.0.0.1"}, 21211),
        ({"from_": ""}, 21603),
        ({"from_": "+15550009999"}, 21606),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
    ],
)
async def test_a_message_that_must_not_be_sent_is_refused_with_twilios_code(client, values, code):
    with pytest.raises(TwilioRestException) as refusal:
        await asyncio.to_thread(
            client.messages.create, **{"to": PARTY, "from_": NUMBER, "body": "x", **values}
        )
    assert refusal.value.code == code
    assert await asyncio.to_thread(client.messages.list) == []


async def test_every_answer_is_as_twilio_describes_it(lab, description):
    async with httpx.AsyncClient(base_url=lab.url, auth=(ACCOUNT, TOKEN)) as http:
        created = await http.post(f"{BASE}.json", data={"To": PARTY, "From": NUMBER, "Body": "é" * 100})
        assert created.json()["num_segments"] == "2"
        answers = [
            ("/Messages.json", "post", created),
            ("/Messages.json", "get", await http.get(f"{BASE}.json", params={"PageSize": 1})),
            ("/Messages/{Sid}.json", "get", await http.get(f"{BASE}/{created.json()['sid']}.json")),
        ]
    for path, method, answer in answers:
        operation = description["paths"][f"/2010-04-01/Accounts/{{AccountSid}}{path}"][method]
        schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        errors = OAS30Validator({**schema, "components": description["components"]}).iter_errors(
            answer.json()
        )
        assert list(errors) == []


async def test_our_sender_tells_what_was_surely_not_sent_from_what_may_have_been(lab):
    async with SmsSender(ACCOUNT, "f" * 32, NUMBER, lab.url) as stranger:
        with pytest.raises(SmsError, match="20003"):
            await stranger.send(PARTY, "x")
    async with SmsSender(ACCOUNT, TOKEN, NUMBER, "http://127.0.0.1:9") as nowhere:
        with pytest.raises(SmsError):
            await nowhere.send(PARTY, "x")

    async def breaks(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with served(breaks) as url, SmsSender(ACCOUNT, TOKEN, NUMBER, url) as broken:
        with pytest.raises(SmsUnansweredError):
            await broken.send(PARTY, "x")
