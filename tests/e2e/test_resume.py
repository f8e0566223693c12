"""A carrier made of an HTTP client and a socket: what the server does when a stream breaks, and when a call is over."""

import asyncio
import base64
import json
import secrets
import xml.etree.ElementTree as ET

import httpx
import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect

from calls.events import CallEnded, CallEndReason, StreamEnded, StreamStarted, TurnPlanned
from tests.e2e.caller import open_log

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.models,
    pytest.mark.slow,
    pytest.mark.server,
    pytest.mark.timeout(120),
]
SILENCE = base64.b64encode(b"\xff" * 160).decode()


class BareCarrier:
    """Speaks Twilio's protocol to a running server, as slowly or as rudely as a test wants."""

    def __init__(self, stack):
        self.stack = stack
        self.call_sid = "CA" + secrets.token_hex(16)
        self.sign = RequestValidator(stack.auth_token).compute_signature
        self.heard = 0

    async def ask(self, path, **more):
        """A signed webhook; its TwiML."""
        form = {
            "CallSid": self.call_sid,
            "From": "+15550007777",
            "To": "+15550100100",
            "Direction": "inbound",
        } | more
        url = self.stack.server_url + path
        async with httpx.AsyncClient() as client:
            answer = await client.post(url, data=form, headers={"X-Twilio-Signature": self.sign(url, form)})
        assert answer.is_success
        return ET.fromstring(answer.text) if answer.text else None

    def open(self, document):
        """The media socket that a document asks for."""
        stream = document.find("Connect/Stream")
        self.token = stream.find("Parameter").attrib["value"]
        url = stream.attrib["url"]
        return connect(url, additional_headers={"x-twilio-signature": self.sign(url, {})}, proxy=None)

    async def stream(self, socket, seconds):
        """Start, then the silence of a caller who listens."""
        sid = "MZ" + secrets.token_hex(16)
        start = {
            "streamSid": sid,
            "accountSid": self.stack.account_sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": self.token},
        }
        await socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        await socket.send(
            json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": sid, "start": start})
        )
        reading = asyncio.create_task(self._read(socket))
        for chunk in range(1, int(seconds * 50) + 1):
            media = {
                "track": "inbound",
                "chunk": str(chunk),
                "timestamp": str((chunk - 1) * 20),
                "payload": SILENCE,
            }
            await socket.send(
                json.dumps(
                    {"event": "media", "sequenceNumber": str(chunk + 1), "streamSid": sid, "media": media}
                )
            )
            await asyncio.sleep(0.02)
        reading.cancel()

    async def _read(self, socket):
        async for text in socket:
            message = json.loads(text)
            if message["event"] == "media":
                self.heard += len(base64.b64decode(message["media"]["payload"]))

    async def events(self):
        async with open_log(self.stack.data_dir) as log:
            return [event.body for event in await log.read(self.call_sid)]


async def test_a_call_whose_stream_breaks_is_connected_again_and_apologised_to(stack):
    carrier = BareCarrier(stack)
    socket = await carrier.open(await carrier.ask("/twilio/voice", CallStatus="ringing"))
    await carrier.stream(socket, 2.0)
    assert carrier.heard > 8000
    socket.transport.abort()

    document = await carrier.ask("/twilio/resume", CallStatus="in-progress")
    assert document.find("Connect/Stream") is not None
    async with carrier.open(document) as again:
        await carrier.stream(again, 2.0)
        await again.send(json.dumps({"event": "stop", "sequenceNumber": "102", "streamSid": "x", "stop": {}}))
    await asyncio.sleep(1)

    bodies = await carrier.events()
    streams = [body for body in bodies if isinstance(body, StreamStarted)]
    assert [stream.resumed for stream in streams] == [False, True]
    assert streams[0].recording == streams[1].recording
    planned = [body for body in bodies if isinstance(body, TurnPlanned)]
    assert [body.moment for body in planned] == ["opened", "resumed"]
    assert "cut off" in planned[1].say[0]
    assert next(body.reason for body in bodies if isinstance(body, StreamEnded)) == "disconnected"
    assert planned[1].state["call_id"] == carrier.call_sid


async def test_a_call_that_the_carrier_ends_is_over_once_and_not_connected_again(stack):
    carrier = BareCarrier(stack)
    socket = await carrier.open(await carrier.ask("/twilio/voice", CallStatus="ringing"))
    await carrier.stream(socket, 0.5)
    socket.transport.abort()
    await asyncio.sleep(0.5)
    await carrier.ask("/twilio/status", CallStatus="completed")
    await asyncio.sleep(0.5)
    ends = [body for body in await carrier.events() if isinstance(body, CallEnded)]
    assert [end.reason for end in ends] == [CallEndReason.CARRIER]
    assert (await carrier.ask("/twilio/resume", CallStatus="completed")).find("Hangup") is not None


async def test_a_stream_that_breaks_again_and_again_ends_with_the_carriers_own_apology(stack):
    carrier = BareCarrier(stack)
    document = await carrier.ask("/twilio/voice", CallStatus="ringing")
    for _ in range(10):
        if document.find("Connect/Stream") is None:
            break
        socket = await carrier.open(document)
        await carrier.stream(socket, 0.1)
        socket.transport.abort()
        await asyncio.sleep(0.3)
        document = await carrier.ask("/twilio/resume", CallStatus="in-progress")
    assert [verb.tag for verb in document] == ["Say", "Hangup"]
    assert len([body for body in await carrier.events() if isinstance(body, StreamStarted)]) == 4
