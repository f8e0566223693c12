"""The carrier's routes: what is let in, what is refused, and that refusing one call touches no other."""

import base64
import time
import xml.etree.ElementTree as ET

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from loguru import logger
from starlette.websockets import WebSocketDisconnect
from twilio.request_validator import RequestValidator

from telephony.media.messages import StreamFault
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport, StreamEnd
from telephony.routes import AfterStream, create_router
from telephony.signature import SignatureCheck
from telephony.tokens import StreamTokens
from telephony.twiml import CallTwiml

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://phone.example.com"
CALLER = "+15551234567"


class Desk:
    """Takes calls and reads their streams; remembers what it was told."""

    def __init__(self):
        self.calls = []
        self.room = True
        self.calls_back = True
        self.call_backs = []
        self.statuses = []
        self.after = {}
        self.ends = {}
        self.heard = {}

    async def on_call(self, call):
        self.calls.append(call)
        return self.room

    async def may_connect(self, call_sid):
        return self.room

    async def call_back(self, call_sid):
        self.call_backs.append(call_sid)
        return self.calls_back

    async def after_stream(self, call_sid):
        return self.after.get(call_sid, AfterStream.HANG_UP)

    async def on_status(self, call_sid, status):
        self.statuses.append((call_sid, status))

    async def on_stream(self, websocket, start, protocol):
        transport = MediaTransport(
            websocket, MediaSerializer(start, protocol), _Ear(self, start.call_sid), time.monotonic
        )
        await transport.input()._read()


class _Ear:
    def __init__(self, desk, call_sid):
        self.desk, self.call_sid = desk, call_sid
        desk.heard[call_sid] = []

    def on_caller_audio(self, at_sample, pcm):
        self.desk.heard[self.call_sid].append((at_sample, pcm.copy()))

    def on_played(self, played):
        pass

    def on_cleared(self):
        pass

    def on_stream_ended(self, end):
        self.desk.ends[self.call_sid] = end


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def client(desk):
    app = FastAPI()
    check = SignatureCheck(TOKEN, PUBLIC)
    tokens = StreamTokens(time.monotonic)
    documents = CallTwiml(PUBLIC, check.socket_url, tokens.issue)
    app.include_router(create_router(desk, check, tokens, documents, PUBLIC))
    with TestClient(app, base_url=PUBLIC) as made:
        yield made


@pytest.fixture
def log_lines():
    lines = []
    sink = logger.add(lambda message: lines.append(str(message)), format="{message} {extra}")
    yield lines
    logger.remove(sink)


def form(call_sid="CA1", **more):
    return {"CallSid": call_sid, "AccountSid": "AC1", "From": CALLER, "To": "+15550100100", **more}


def post(client, path, params, *, token=TOKEN, headers=None):
    signature = RequestValidator(token).compute_signature(PUBLIC + path, params)
    return client.post(path, data=params, headers={"X-Twilio-Signature": signature, **(headers or {})})


def stream_token(answer):
    return ET.fromstring(answer.text).find("Connect/Stream/Parameter").attrib["value"]


def upgrade_headers(url="wss://phone.example.com/twilio/media", token=TOKEN):
    return {"x-twilio-signature": RequestValidator(token).compute_signature(url, {})}


def start(call_sid, token):
    return {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": "MZ" + call_sid,
        "start": {
            "streamSid": "MZ" + call_sid,
            "accountSid": "AC1",
            "callSid": call_sid,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": token},
        },
    }


def media(sequence, payload=b"\xff" * 160):
    return {
        "event": "media",
        "sequenceNumber": str(sequence),
        "media": {"timestamp": str((sequence - 2) * 20), "payload": base64.b64encode(payload).decode()},
    }


def closed_with(socket):
    try:
        while True:
            socket.receive_text()
    except WebSocketDisconnect as closed:
        return closed.code


def test_the_voice_webhook_connects_the_call_to_our_stream(client, desk):
    answer = post(client, "/twilio/voice", form())

    document = ET.fromstring(answer.text)
    assert [verb.tag for verb in document] == ["Connect", "Redirect"]
    assert document.find("Connect/Stream").attrib["url"] == "wss://phone.example.com/twilio/media"
    assert document.find("Redirect").text == "https://phone.example.com/twilio/resume"
    assert [(call.call_sid, call.caller) for call in desk.calls] == [("CA1", CALLER)]


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/busy", "/twilio/resume", "/twilio/status"])
def test_a_forged_webhook_gets_403_and_a_log_line_without_personal_data(client, desk, log_lines, path):
    answer = post(client, path, form(CallStatus="completed"), token="another token altogether")

    assert answer.status_code == 403
    assert desk.calls == desk.statuses == []
    assert any("request refused" in line for line in log_lines)
    assert not any(CALLER in line for line in log_lines)


def test_an_unsigned_webhook_gets_403(client):
    assert client.post("/twilio/voice", data=form()).status_code == 403


def test_a_call_for_which_there_is_no_room_is_told_so_and_may_wait_or_be_called_back(client, desk):
    desk.room = False
    document = ET.fromstring(post(client, "/twilio/voice", form()).text)

    assert [verb.tag for verb in document] == ["Gather", "Redirect"]
    gather = document.find("Gather")
    assert gather.attrib["action"] == document.find("Redirect").text == PUBLIC + "/twilio/busy"
    assert "busy" in gather.find("Say").text
    assert "press 1" in gather.find("Say").text


def test_a_call_that_waited_is_connected_as_soon_as_there_is_room(client, desk):
    desk.room = False
    post(client, "/twilio/voice", form())
    assert ET.fromstring(post(client, "/twilio/busy", form()).text).find("Gather") is not None
    desk.room = True
    assert ET.fromstring(post(client, "/twilio/busy", form()).text).find("Connect/Stream") is not None


def test_a_call_that_waited_is_called_back_when_it_wants_to_be(client, desk):
    desk.room = False
    document = ET.fromstring(post(client, "/twilio/busy", form(Digits="1")).text)
    assert [verb.tag for verb in document] == ["Say", "Hangup"]
    assert desk.call_backs == ["CA1"]

    desk.calls_back = False
    document = ET.fromstring(post(client, "/twilio/busy", form("CA2", Digits="1")).text)
    assert document.find("Gather/Say") is not None, "what failed is said, and nobody is hung up on"


def test_a_repeated_voice_webhook_gets_403(client, desk):
    assert post(client, "/twilio/voice", form()).status_code == 200
    assert post(client, "/twilio/voice", form()).status_code == 403
    assert len(desk.calls) == 1


def test_a_repeated_status_is_told_once(client, desk):
    again = {"I-Twilio-Idempotency-Token": "once"}
    codes = [
        post(client, "/twilio/status", form(CallStatus="completed"), headers=again).status_code
        for _ in range(2)
    ]
    assert codes == [204, 403]
    assert desk.statuses == [("CA1", "completed")]


def test_resume_connects_what_broke_off_and_hangs_up_what_was_finished(client, desk):
    assert "<Hangup" in post(client, "/twilio/resume", form()).text
    desk.after["CA1"] = AfterStream.CONNECT
    assert "<Connect>" in post(client, "/twilio/resume", form()).text


def test_when_our_voice_is_gone_the_carriers_own_apologises(client, desk):
    desk.after["CA1"] = AfterStream.APOLOGISE
    document = ET.fromstring(post(client, "/twilio/resume", form()).text)
    assert [verb.tag for verb in document] == ["Say", "Hangup"]


def test_a_forged_upgrade_gets_403(client):
    for headers in (
        {},
        upgrade_headers(token="wrong wrong wrong"),
        upgrade_headers(url="wss://evil.example/x"),
    ):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/twilio/media", headers=headers):
            pass


def test_a_token_opens_its_own_call_once(client, desk):
    token = stream_token(post(client, "/twilio/voice", form("CA1")))
    with client.websocket_connect("/twilio/media", headers=upgrade_headers()) as socket:
        socket.send_json(start("CA1", token))
        socket.send_json(media(2))
        socket.send_json({"event": "stop", "sequenceNumber": "3"})
    assert desk.ends == {"CA1": StreamEnd.STOPPED}

    with client.websocket_connect("/twilio/media", headers=upgrade_headers()) as socket:
        socket.send_json(start("CA1", token))
        assert closed_with(socket) == StreamFault.FORBIDDEN


def test_a_token_does_not_open_another_call(client):
    token = stream_token(post(client, "/twilio/voice", form("CA1")))
    with client.websocket_connect("/twilio/media", headers=upgrade_headers()) as socket:
        socket.send_json(start("CA2", token))
        assert closed_with(socket) == StreamFault.FORBIDDEN


@pytest.mark.parametrize(
    ("send", "fault"),
    [
        (lambda socket: socket.send_text("nonsense"), StreamFault.MALFORMED),
        (lambda socket: socket.send_bytes(b"\x00\x01"), StreamFault.BINARY),
        (lambda socket: socket.send_json(media(3, b"\xff" * 20_000)), StreamFault.OVERSIZED),
        (lambda socket: socket.send_json(media(2)), StreamFault.OUT_OF_ORDER),
        (lambda socket: socket.send_json({"event": "connected"}), StreamFault.OUT_OF_ORDER),
    ],
)
def test_a_broken_message_closes_its_own_stream_and_touches_no_other(client, desk, send, fault):
    tokens = {sid: stream_token(post(client, "/twilio/voice", form(sid))) for sid in ("CA1", "CA2")}
    with (
        client.websocket_connect("/twilio/media", headers=upgrade_headers()) as good,
        client.websocket_connect("/twilio/media", headers=upgrade_headers()) as bad,
    ):
        good.send_json(start("CA1", tokens["CA1"]))
        bad.send_json(start("CA2", tokens["CA2"]))
        bad.send_json(media(2))
        send(bad)
        assert closed_with(bad) == fault

        good.send_json(media(2, b"\x10" * 160))
        good.send_json({"event": "stop", "sequenceNumber": "3"})
    assert desk.ends == {"CA1": StreamEnd.STOPPED, "CA2": StreamEnd.PROTOCOL}
    assert len(desk.heard["CA1"]) == 1
    assert desk.heard["CA1"][0][1].any(), "the good call's sound arrived"
    assert not any(pcm.any() for _, pcm in desk.heard["CA2"]), "and did not arrive in the other"


def test_a_socket_that_drops_is_told_as_disconnected(client, desk):
    token = stream_token(post(client, "/twilio/voice", form("CA1")))
    with client.websocket_connect("/twilio/media", headers=upgrade_headers()) as socket:
        socket.send_json(start("CA1", token))
        socket.send_json(media(2))
    assert desk.ends == {"CA1": StreamEnd.DISCONNECTED}
