"""The messages of a Twilio media stream, one type each.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages. Numbers arrive as strings.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

MAX_MESSAGE_CHARS = 64 * 1024
MAX_PAYLOAD_BYTES = 8000  # one second of µ-law: carriers send 20 ms
DIGITS = frozenset("0123456789*#ABCD")
INBOUND, OUTBOUND = "inbound", "outbound"
TRACKS = frozenset({INBOUND, OUTBOUND})


class StreamFault(IntEnum):
    """Why we close a stream; the numbers are WebSocket close codes and never change meaning."""

    BINARY = 1003
    MALFORMED = 1007
    OVERSIZED = 1009
    FORBIDDEN = 4403
    NO_START = 4408
    OUT_OF_ORDER = 4409
    AFTER_STOP = 4410


class StreamError(Exception):
    """A message that breaks the protocol. `fault` is the code, the text says which rule."""

    def __init__(self, fault: StreamFault, rule: str) -> None:
        super().__init__(rule)
        self.fault = fault


@dataclass(frozen=True)
class Connected:
    """The socket is open; comes first, without a sequence number."""


@dataclass(frozen=True)
class Start:
    """The stream begins; comes once."""

    sequence: int
    stream_sid: str
    call_sid: str
    account_sid: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Media:
    """Sound of the caller: µ-law, 8 kHz mono, usually 160 bytes."""

    sequence: int
    timestamp_ms: int
    """Milliseconds since the start of the stream."""
    payload: bytes
    track: str = INBOUND
    """`inbound` is what the party says; on a one-way stream of both tracks, `outbound` is what they hear."""


@dataclass(frozen=True)
class Digit:
    """The caller pressed a key."""

    sequence: int
    digit: str


@dataclass(frozen=True)
class Mark:
    """A mark we sent has come back: played, or dropped by `clear`."""

    sequence: int
    name: str


@dataclass(frozen=True)
class Stop:
    """The stream is over."""

    sequence: int


Message = Connected | Start | Media | Digit | Mark | Stop


def parse(text: str | bytes) -> Message:
    """Read one message.

    Raises:
        StreamError: BINARY, OVERSIZED or MALFORMED, naming the field that is wrong.
    """
    if isinstance(text, bytes):
        raise StreamError(StreamFault.BINARY, "a media stream has text messages only")
    if len(text) > MAX_MESSAGE_CHARS:
        raise StreamError(StreamFault.OVERSIZED, f"a message has at most {MAX_MESSAGE_CHARS} characters")
    try:
        message = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise StreamError(StreamFault.MALFORMED, "a message is one JSON object") from None
    if not isinstance(message, dict):
        raise StreamError(StreamFault.MALFORMED, "a message is one JSON object")
    event = message.get("event")
    reader = _READERS.get(event) if isinstance(event, str) else None
    if reader is None:
        raise StreamError(StreamFault.MALFORMED, "`event` is one of " + ", ".join(_READERS))
    return reader(message)


def _part(message: dict[str, Any], name: str) -> dict[str, Any]:
    part = message.get(name)
    if not isinstance(part, dict):
        raise StreamError(StreamFault.MALFORMED, f"`{name}` is an object")
    return part


def _text(part: dict[str, Any], name: str) -> str:
    value = part.get(name)
    if not isinstance(value, str) or not value:
        raise StreamError(StreamFault.MALFORMED, f"`{name}` is a string that is not empty")
    return value


def _number(part: dict[str, Any], name: str) -> int:
    value = part.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise StreamError(StreamFault.MALFORMED, f"`{name}` is a whole number of 0 or more")


def _start(message: dict[str, Any]) -> Start:
    start = _part(message, "start")
    media_format = _part(start, "mediaFormat")
    if (media_format.get("encoding"), media_format.get("sampleRate")) != ("audio/x-mulaw", 8000):
        raise StreamError(StreamFault.MALFORMED, "`mediaFormat` is audio/x-mulaw at 8000 Hz")
    parameters = start.get("customParameters", {})
    if not isinstance(parameters, dict):
        raise StreamError(StreamFault.MALFORMED, "`customParameters` is an object")
    return Start(
        sequence=_number(message, "sequenceNumber"),
        stream_sid=_text(start, "streamSid"),
        call_sid=_text(start, "callSid"),
        account_sid=_text(start, "accountSid"),
        parameters={str(name): str(value) for name, value in parameters.items()},
    )


def _media(message: dict[str, Any]) -> Media:
    media = _part(message, "media")
    try:
        payload = base64.b64decode(_text(media, "payload"), validate=True)
    except (binascii.Error, ValueError):
        raise StreamError(StreamFault.MALFORMED, "`payload` is base64") from None
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise StreamError(StreamFault.OVERSIZED, f"`payload` has at most {MAX_PAYLOAD_BYTES} bytes")
    track = media.get("track", INBOUND)
    if track not in TRACKS:
        raise StreamError(StreamFault.MALFORMED, "`track` is one of inbound, outbound")
    return Media(_number(message, "sequenceNumber"), _number(media, "timestamp"), payload, track)


def _digit(message: dict[str, Any]) -> Digit:
    digit = _text(_part(message, "dtmf"), "digit")
    if digit not in DIGITS:
        raise StreamError(StreamFault.MALFORMED, "`digit` is one of 0-9 * # A-D")
    return Digit(_number(message, "sequenceNumber"), digit)


def _mark(message: dict[str, Any]) -> Mark:
    return Mark(_number(message, "sequenceNumber"), _text(_part(message, "mark"), "name"))


_READERS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "connected": lambda _message: Connected(),
    "start": _start,
    "media": _media,
    "dtmf": _digit,
    "mark": _mark,
    "stop": lambda message: Stop(_number(message, "sequenceNumber")),
}
