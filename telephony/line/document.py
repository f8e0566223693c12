"""TwiML as the carrier reads it: a document becomes verbs. Pure."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_BYTES = 64 * 1024
LONGEST_PARAMETER = 500
"""Characters of name plus value of one `<Parameter>` (facts: below 500)."""
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
SIP_REASONS = frozenset({"busy", "rejected"})
HTTP_METHODS = frozenset({"GET", "POST"})


class DocumentError(Exception):
    """A document that cannot be run. `code` is Twilio's: 12100 not XML, 12200 not valid TwiML, 31941 bad track."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Say:
    """Speak `text`; `loop` 0 means for ever."""

    text: str
    voice: str | None = None
    loop: int = 1


@dataclass(frozen=True)
class Play:
    """Play the WAV file at `url`, or DTMF `digits`; `loop` 0 means for ever."""

    url: str | None = None
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True)
class Pause:
    """Silence."""

    seconds: int = 1


@dataclass(frozen=True)
class Redirect:
    """Go on with the document at `url`."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Reject:
    """Refuse the call without answering."""

    reason: str = "rejected"


@dataclass(frozen=True)
class Gather:
    """Waits for keys while it says something; without any, the next verb follows."""

    prompts: tuple["Verb", ...]
    action: str
    method: str = "POST"
    num_digits: int | None = None
    timeout_s: int = 5
    finish_on: str = "#"


@dataclass(frozen=True)
class ConnectStream:
    """A two-way media stream; what follows runs when it ends."""

    url: str
    name: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    status_callback: str | None = None
    status_callback_method: str = "POST"


Verb = Say | Play | Pause | Gather | Redirect | Hangup | Reject | ConnectStream


def read_document(text: str) -> tuple[Verb, ...]:
    """The verbs of a TwiML document, in order.

    Raises:
        DocumentError: not XML, with a DOCTYPE, too large, or with something that this line does not do.
    """
    if len(text.encode()) > MOST_BYTES:
        raise DocumentError(12200, f"must be at most {MOST_BYTES} bytes")
    # Entities can only be declared in a DOCTYPE; without one, nothing in the document can grow or reach out.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DocumentError(12100, "must have no DOCTYPE")
    try:
        root = ET.fromstring(text)  # noqa: S314 - see above
    except ET.ParseError as error:
        raise DocumentError(12100, f"is not XML: {error}") from None
    if root.tag != "Response":
        raise DocumentError(12200, f"must be a <Response>, not <{root.tag}>")
    return tuple(_verb(element) for element in root)


def _verb(element: ET.Element) -> Verb:
    reader = READERS.get(element.tag)
    if reader is None:
        raise DocumentError(12200, f"<{element.tag}> is not done by this line")
    return reader(element)


def _say(element: ET.Element) -> Verb:
    return Say(" ".join((element.text or "").split()), element.get("voice"), _number(element, "loop", 1))


def _play(element: ET.Element) -> Verb:
    digits = element.get("digits", "")
    if any(one not in "0123456789*#wW" for one in digits):
        raise DocumentError(13320, "<Play> digits must be of 0-9, *, #, w")
    url = (element.text or "").strip()
    if not digits and urlsplit(url).scheme not in {"http", "https"}:
        raise DocumentError(12200, "<Play> needs an http address or digits")
    return Play(url or None, digits, _number(element, "loop", 1))


def _pause(element: ET.Element) -> Verb:
    return Pause(_number(element, "length", 1))


def _gather(element: ET.Element) -> Verb:
    if element.get("input", "dtmf") != "dtmf":
        raise DocumentError(12200, "<Gather> input must be dtmf")
    action = element.get("action", "")
    if not action:
        raise DocumentError(12200, "<Gather> needs an action")
    prompts = tuple(_verb(child) for child in element)
    if not all(isinstance(prompt, Say | Play | Pause) for prompt in prompts):
        raise DocumentError(12200, "<Gather> holds only <Say>, <Play> and <Pause>")
    return Gather(
        prompts=prompts,
        action=action,
        method=_method(element, "method"),
        num_digits=_number(element, "numDigits", 0) or None,
        timeout_s=_number(element, "timeout", 5),
        finish_on=element.get("finishOnKey", "#"),
    )


def _redirect(element: ET.Element) -> Verb:
    return Redirect((element.text or "").strip(), _method(element, "method"))


def _hangup(_element: ET.Element) -> Verb:
    return Hangup()


def _reject(element: ET.Element) -> Verb:
    reason = element.get("reason", "rejected")
    if reason not in SIP_REASONS:
        raise DocumentError(12200, "<Reject> reason must be busy or rejected")
    return Reject(reason)


def _connect(element: ET.Element) -> Verb:
    streams = list(element)
    if len(streams) != 1 or streams[0].tag != "Stream":
        raise DocumentError(12200, "<Connect> needs exactly one <Stream>")
    stream = streams[0]
    if stream.get("track", "inbound_track") != "inbound_track":
        raise DocumentError(31941, "<Connect><Stream> has only the inbound_track")
    return ConnectStream(
        url=_stream_url(stream.get("url", "")),
        name=stream.get("name"),
        parameters=dict(_parameter(child) for child in stream),
        status_callback=stream.get("statusCallback"),
        status_callback_method=_method(stream, "statusCallbackMethod"),
    )


def _stream_url(url: str) -> str:
    """`wss` without a query; on this machine `ws` too, because loopback needs no encryption."""
    parts = urlsplit(url)
    secure = parts.scheme == "wss" or (parts.scheme == "ws" and parts.hostname in LOOPBACK_HOSTS)
    if not secure or not parts.hostname:
        raise DocumentError(12200, "<Stream> url must be wss (or ws on this machine)")
    if parts.query:
        raise DocumentError(12200, "<Stream> url must have no query")
    return url


def _parameter(element: ET.Element) -> tuple[str, str]:
    name, value = element.get("name", ""), element.get("value", "")
    if element.tag != "Parameter" or not name:
        raise DocumentError(12200, "<Stream> holds only <Parameter name value>")
    if len(name) + len(value) >= LONGEST_PARAMETER:
        raise DocumentError(12200, f"<Parameter> must be shorter than {LONGEST_PARAMETER} characters")
    return name, value


def _method(element: ET.Element, name: str) -> str:
    method = element.get(name, "POST").upper()
    if method not in HTTP_METHODS:
        raise DocumentError(12200, f"{name} must be GET or POST")
    return method


def _number(element: ET.Element, name: str, default: int) -> int:
    text = element.get(name, str(default))
    if not text.isdigit():
        raise DocumentError(12200, f"<{element.tag}> {name} must be a whole number")
    return int(text)


READERS: dict[str, Callable[[ET.Element], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
    "Connect": _connect,
}
