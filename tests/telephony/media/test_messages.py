"""The wire format of a media stream and the order of its messages."""

import base64
import json

import pytest

from telephony.media.messages import (
    Connected,
    Digit,
    Mark,
    Media,
    Start,
    Stop,
    StreamError,
    StreamFault,
    parse,
)
from telephony.media.protocol import StreamProtocol, StreamState

START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ1",
    "start": {
        "streamSid": "MZ1",
        "accountSid": "AC1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "t"},
    },
}


def media(sequence: int, timestamp: int, payload: bytes = b"\xff" * 160) -> str:
    return json.dumps(
        {
            "event": "media",
            "sequenceNumber": str(sequence),
            "streamSid": "MZ1",
            "media": {
                "track": "inbound",
                "chunk": str(sequence - 1),
                "timestamp": str(timestamp),
                "payload": base64.b64encode(payload).decode(),
            },
        }
    )


def test_each_message_of_a_stream_is_read():
    assert parse('{"event":"connected","protocol":"Call","version":"1.0.0"}') == Connected()
    assert parse(json.dumps(START)) == Start(1, "MZ1", "CA1", "AC1", {"token": "t"})
    assert parse(media(2, 20)) == Media(2, 20, b"\xff" * 160)
    assert parse(
        '{"event":"dtmf","sequenceNumber":"3","dtmf":{"track":"inbound_track","digit":"5"}}'
    ) == Digit(3, "5")
    assert parse('{"event":"mark","sequenceNumber":"4","mark":{"name":"7"}}') == Mark(4, "7")
    assert parse('{"event":"stop","sequenceNumber":"5","stop":{"callSid":"CA1"}}') == Stop(5)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"\x00\x01", StreamFault.BINARY),
        ("not json", StreamFault.MALFORMED),
        ("[" * 5000, StreamFault.MALFORMED),
        ("[]", StreamFault.MALFORMED),
        ('{"event":"nonsense"}', StreamFault.MALFORMED),
        ('{"event":{"a":1}}', StreamFault.MALFORMED),
        ('{"event":"media","sequenceNumber":"2"}', StreamFault.MALFORMED),
        (
            '{"event":"media","sequenceNumber":"2","media":{"timestamp":"0","payload":"*"}}',
            StreamFault.MALFORMED,
        ),
        (
            '{"event":"media","sequenceNumber":"-2","media":{"timestamp":"0","payload":"/w=="}}',
            StreamFault.MALFORMED,
        ),
        ('{"event":"dtmf","sequenceNumber":"2","dtmf":{"digit":"55"}}', StreamFault.MALFORMED),
        (json.dumps({"event": "x" * 70_000}), StreamFault.OVERSIZED),
        (media(2, 20, b"\xff" * 9000), StreamFault.OVERSIZED),
        (json.dumps({**START, "start": {**START["start"], "mediaFormat": {}}}), StreamFault.MALFORMED),
    ],
)
def test_what_breaks_the_format_is_refused_by_its_code(text, fault):
    with pytest.raises(StreamError) as refused:
        parse(text)
    assert refused.value.fault is fault


def taking(*messages: str) -> StreamProtocol:
    protocol = StreamProtocol()
    for message in messages:
        protocol.take(parse(message))
    return protocol


def test_a_stream_runs_from_start_to_stop():
    protocol = taking(
        '{"event":"connected"}',
        json.dumps(START),
        media(2, 0),
        media(3, 20),
        '{"event":"stop","sequenceNumber":"4"}',
    )
    assert protocol.state is StreamState.STOPPED


@pytest.mark.parametrize(
    ("messages", "fault"),
    [
        ([media(2, 0)], StreamFault.OUT_OF_ORDER),
        (['{"event":"connected"}', '{"event":"connected"}'], StreamFault.OUT_OF_ORDER),
        ([json.dumps(START), json.dumps({**START, "sequenceNumber": "2"})], StreamFault.OUT_OF_ORDER),
        ([json.dumps(START), media(3, 0), media(2, 20)], StreamFault.OUT_OF_ORDER),
        ([json.dumps(START), media(2, 0), media(2, 20)], StreamFault.OUT_OF_ORDER),
        ([json.dumps(START), media(2, 40), media(3, 20)], StreamFault.OUT_OF_ORDER),
        ([json.dumps(START), media(2, 10**12)], StreamFault.OUT_OF_ORDER),
        ([json.dumps(START), '{"event":"stop","sequenceNumber":"2"}', media(3, 0)], StreamFault.AFTER_STOP),
    ],
)
def test_what_breaks_the_order_is_refused_by_its_code(messages, fault):
    with pytest.raises(StreamError) as refused:
        taking(*messages)
    assert refused.value.fault is fault
