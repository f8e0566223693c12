"""The browser phone without a browser: its page, its socket, its transcript."""

import asyncio
import json
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from twilio.request_validator import RequestValidator

from telephony.line.leg import LegEnd
from telephony.line.phone import SignedTranscripts, TranscriptLine, create_phone_router
from telephony.line.text_messages import TextMessages
from tests.telephony.line.lab import TOKEN, served

NUMBER = "+15550100100"
CALLER = "+15550142000"
SOUND = b"\x55" * 160


class Board:
    """Answers every call and gives it a sid."""

    def __init__(self):
        self.calls = []

    async def on_incoming(self, leg, to):
        call = Call(leg, to, f"CA{len(self.calls)}")
        self.calls.append(call)
        leg.label(call.sid)
        leg.listen(call)
        await leg.answer()


class Call:
    def __init__(self, leg, to, sid):
        self.leg, self.to, self.sid = leg, to, sid
        self.heard, self.digits, self.end = [], [], None

    def on_audio(self, frame):
        self.heard.append(frame)
        self.leg.send(frame)

    def on_digit(self, digit):
        self.digits.append(digit)

    def on_ended(self, end):
        self.end = end


class Transcripts:
    async def follow(self, call_sid, after):
        for seq in range(after + 1, 4):
            yield TranscriptLine(seq=seq, who="caller", text=f"{call_sid} says {seq}")


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def messages():
    return TextMessages("AC1", lambda: datetime(2026, 11, 25, tzinfo=UTC))


@pytest.fixture
def client(board, messages):
    app = FastAPI()
    app.include_router(create_phone_router(board, NUMBER, Transcripts(), messages))
    with TestClient(app, base_url="http://testserver") as one:
        yield one


def socket(client, origin="http://testserver"):
    return client.websocket_connect("/line/phone/socket", headers={"origin": origin} if origin else {})


def dial(phone, number=NUMBER, caller=CALLER):
    """Call; returns what the page is told until it knows its call."""
    phone.send_text(json.dumps({"type": "dial", "number": number, "from": caller}))
    told = [json.loads(phone.receive_text()) for _ in range(3)]
    return {one["type"]: one for one in told}


def test_the_page_runs_only_its_own_code(client):
    answer = client.get("/line/phone")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "microphone=(self)" in answer.headers["permissions-policy"]
    assert NUMBER in answer.text
    assert "<script>" not in answer.text
    assert "style=" not in answer.text


def test_only_the_pages_own_files_are_served(client):
    assert client.get("/line/phone/static/phone.js").status_code == 200
    for name in ("phone.html", "..%2frouter.py", "nothing.js"):
        assert client.get(f"/line/phone/static/{name}").status_code == 404


def test_a_call_rings_is_answered_and_carries_sound_and_keys(client, board):
    with socket(client) as phone:
        assert set(dial(phone)) == {"ringing", "answered", "call"}
        phone.send_bytes(SOUND)
        assert phone.receive_bytes() == SOUND
        phone.send_text('{"type": "digit", "digit": "#"}')
        phone.send_text('{"type": "hang_up"}')
        assert json.loads(phone.receive_text())["type"] == "ended"
    call = board.calls[0]
    assert (call.to, call.leg.party) == (NUMBER, CALLER)
    assert call.digits == ["#"]
    assert call.end is LegEnd.HUNG_UP


def test_a_page_that_goes_away_hangs_up(client, board):
    with socket(client) as phone:
        dial(phone)
    assert board.calls[0].end is LegEnd.HUNG_UP


def test_two_phones_at_once_never_mix(client, board):
    with socket(client) as one, socket(client) as other:
        dial(one)
        dial(other)
        one.send_bytes(b"\x01" * 160)
        other.send_bytes(b"\x02" * 160)
        assert one.receive_bytes() == b"\x01" * 160
        assert other.receive_bytes() == b"\x02" * 160


def test_text_messages_come_to_the_telephone_of_their_number_and_to_no_other(client, messages):
    with socket(client) as one, socket(client) as other:
        dial(one, caller="+15550142000")
        dial(other, caller="+15550142001")
        for to in ("+15550142002", "+15550142001", "+15550142000"):
            client.portal.call(messages.send, to, NUMBER, f"for {to}")
        told = [json.loads(phone.receive_text()) for phone in (one, other)]
    assert told == [
        {"type": "message", "from": NUMBER, "text": f"for {to}"} for to in ("+15550142000", "+15550142001")
    ]


def test_a_telephone_that_is_gone_gets_no_more_messages(client, messages):
    with socket(client) as phone:
        dial(phone)
    with socket(client) as phone:
        dial(phone)
        client.portal.call(messages.send, CALLER, NUMBER, "hello")
        assert json.loads(phone.receive_text())["text"] == "hello"
    assert client.portal.call(messages.send, CALLER, NUMBER, "nobody is there").to == CALLER


@pytest.mark.parametrize("origin", [None, "http://evil.example.com", "null", "http://testserver.evil.com"])
def test_other_pages_get_no_socket(client, board, origin):
    with pytest.raises(WebSocketDisconnect) as refusal, socket(client, origin):
        pass
    assert refusal.value.code == 4403


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "[]",
        '{"type":"dance"}',
        '{"type":"dial"}',
        '{"type":"dial","number":"+15550100100"}',
        '{"type":"dial","number":"+15550100100","from":"Maria <b>"}',
        '{"type":"digit","digit":"12"}',
        b"\x00" * 159,
        b"",
    ],
)
def test_a_malformed_message_closes_that_socket_only(client, board, message):
    with socket(client) as good:
        dial(good)
        with socket(client) as bad:
            dial(bad)
            (bad.send_text if isinstance(message, str) else bad.send_bytes)(message)
            assert _closed(bad) == 4400
        good.send_bytes(SOUND)
        assert good.receive_bytes() == SOUND


def _closed(phone):
    while True:
        message = phone.receive()
        if message["type"] == "websocket.close":
            return message["code"]


def test_the_transcript_needs_the_calls_own_token(client):
    with socket(client) as phone:
        token = dial(phone)["call"]["transcript"]
        answer = client.get(f"/line/phone/transcript/{token}")
    assert answer.text.count("event: line") == 3
    assert "CA0 says 1" in answer.text
    assert answer.text.endswith("event: end\ndata: {}\n\n")
    resumed = client.get(f"/line/phone/transcript/{token}", headers={"last-event-id": "2"})
    assert resumed.text.count("event: line") == 1
    assert client.get("/line/phone/transcript/CA0").status_code == 404


async def test_a_transcript_goes_on_where_it_broke_off():
    app, asked = FastAPI(), []

    @app.get("/line/transcript/{call_sid}")
    async def transcript(request: Request, call_sid: str, after: int):
        signature = request.headers["x-twilio-signature"]
        assert RequestValidator(TOKEN).validate(str(request.url), {}, signature)
        asked.append(after)
        if len(asked) == 1:
            return httpx.codes.NOT_FOUND

        async def lines():
            yield f'id: {after + 1}\nevent: line\ndata: {{"who": "caller", "text": "{after + 1}"}}\n\n'
            if after == 2:
                yield "event: end\ndata: {}\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    async with served(app) as url, asyncio.timeout(20):
        lines = [line async for line in SignedTranscripts(url, TOKEN).follow("CA1", 0)]
    assert [line.text for line in lines] == ["1", "2", "3"]
    assert asked == [0, 0, 1, 2]
