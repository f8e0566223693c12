"""The carrier's end of a media stream, against a real WebSocket server."""

import asyncio
import base64
import json

import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.server import serve

from telephony.line.streams.media_stream import MediaStream
from telephony.line.streams.wire import StreamOutcome
from telephony.line.twiml.verbs import ConnectStream
from tests.telephony.line.lab import until

TOKEN = "0123456789abcdef0123456789abcdef"
SOUND = bytes(range(160))


class Server:
    """Keeps what the carrier says."""

    def __init__(self):
        self.messages = []
        self.socket = None
        self.headers = {}
        self.opened = asyncio.Event()
        self.closed = asyncio.Event()

    async def handle(self, socket):
        self.socket = socket
        self.headers = dict(socket.request.headers.raw_items())
        self.opened.set()
        async for text in socket:
            self.messages.append(json.loads(text))
        self.closed.set()

    async def say(self, event, stream_sid="MZ1", **content):
        await self.socket.send(json.dumps({"event": event, "streamSid": stream_sid, **content}))
        await asyncio.sleep(0.05)

    def all(self, event):
        return [message for message in self.messages if message["event"] == event]


@pytest.fixture
async def server():
    one = Server()
    async with serve(one.handle, "127.0.0.1", 0) as listening:
        one.port = listening.sockets[0].getsockname()[1]
        yield one


def stream_to(server, **parameters):
    url = f"ws://127.0.0.1:{server.port}/media"
    validator = RequestValidator(TOKEN)
    verb = ConnectStream(url=url, parameters=parameters)
    return MediaStream(verb, "MZ1", "CA1", "AC1", lambda signed: validator.compute_signature(signed, {}))


@pytest.fixture
async def stream(server):
    one = stream_to(server, token="secret")
    started = asyncio.Event()
    running = asyncio.create_task(one.run(started.set))
    await started.wait()
    one.running = running
    yield one
    one.stop()
    await running


async def test_the_upgrade_is_signed_for_its_exact_address(server, stream):
    signature = server.headers["x-twilio-signature"]
    assert RequestValidator(TOKEN).validate(stream.verb.url, {}, signature)


async def test_a_stream_begins_as_twilio_begins_it(server, stream):
    await until(lambda: len(server.messages) >= 2)
    connected, start = server.messages[:2]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": "MZ1",
        "start": {
            "streamSid": "MZ1",
            "accountSid": "AC1",
            "callSid": "CA1",
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": "secret"},
        },
    }


async def test_the_callers_sound_counts_on_in_time(server, stream):
    for _ in range(3):
        stream.exchange(SOUND)
    stream.press("5")
    await until(lambda: server.all("dtmf"))
    media = server.all("media")
    assert [one["sequenceNumber"] for one in media] == ["2", "3", "4"]
    assert [one["media"]["chunk"] for one in media] == ["1", "2", "3"]
    assert [one["media"]["timestamp"] for one in media] == ["0", "20", "40"]
    assert all(one["media"]["track"] == "inbound" for one in media)
    assert base64.b64decode(media[0]["media"]["payload"]) == SOUND
    assert server.all("dtmf")[0]["dtmf"] == {"track": "inbound_track", "digit": "5"}


async def test_what_the_server_sends_is_played_marked_and_cleared(server, stream):
    payload = base64.b64encode(b"a" * 320).decode()
    await server.say("media", media={"payload": payload})
    await server.say("mark", mark={"name": "first"})
    assert stream.exchange(SOUND) == b"a" * 160
    await asyncio.sleep(0.05)
    assert server.all("mark") == []
    assert stream.exchange(SOUND) == b"a" * 160
    await until(lambda: server.all("mark"))
    assert [one["mark"]["name"] for one in server.all("mark")] == ["first"]

    await server.say("media", media={"payload": payload})
    await server.say("mark", mark={"name": "second"})
    await server.say("clear")
    assert stream.exchange(SOUND) is None
    assert [one["mark"]["name"] for one in server.all("mark")] == ["first", "second"]


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "[]",
        '{"event":"media"}',
        '{"event":"dance","streamSid":"MZ1"}',
        '{"event":"clear","streamSid":"MZ2"}',
    ],
)
async def test_what_is_no_message_ends_the_stream(server, stream, message):
    await server.socket.send(message)
    assert await stream.running is StreamOutcome.MALFORMED


async def test_when_the_server_closes_the_call_may_go_on(server, stream):
    await server.socket.close()
    assert await stream.running is StreamOutcome.CLOSED_BY_SERVER


async def test_when_the_call_ends_the_server_is_told(server, stream):
    stream.exchange(SOUND)
    stream.stop()
    assert await stream.running is StreamOutcome.STOPPED
    await server.closed.wait()
    assert server.messages[-1]["stop"] == {"accountSid": "AC1", "callSid": "CA1"}
    assert server.messages[-1]["sequenceNumber"] == "3"


async def test_a_server_that_is_not_there_or_refuses():
    async def refuse(connection, _request):
        return connection.respond(403, "no")

    async with serve(lambda _socket: None, "127.0.0.1", 0, process_request=refuse) as listening:
        port = listening.sockets[0].getsockname()[1]
        nobody = Server()
        nobody.port = port
        assert await stream_to(nobody).run(lambda: None) is StreamOutcome.REFUSED
    assert await stream_to(nobody).run(lambda: None) is StreamOutcome.UNREACHABLE
