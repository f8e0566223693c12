"""What all readers of TwiML share: errors, and attributes as values. Pure."""

import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

from telephony.line.twiml.verbs import Callback

LONGEST_PARAMETER = 500
"""Characters of name plus value of one `<Parameter>` (facts: below 500)."""
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
HTTP_METHODS = frozenset({"GET", "POST"})


class DocumentError(Exception):
    """A document that cannot be run. `code` is Twilio's: 12100 not XML, 12200 not valid TwiML, 31941 bad track."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def method(element: ET.Element, name: str) -> str:
    """An attribute that is GET or POST."""
    value = element.get(name, "POST").upper()
    if value not in HTTP_METHODS:
        raise DocumentError(12200, f"{name} must be GET or POST")
    return value


def number(element: ET.Element, name: str, default: int) -> int:
    """An attribute that is a whole number."""
    text = element.get(name, str(default))
    if not text.isdigit():
        raise DocumentError(12200, f"<{element.tag}> {name} must be a whole number")
    return int(text)


def yes_or_no(element: ET.Element, name: str, *, default: bool) -> bool:
    """An attribute that is `true` or `false`."""
    return one_of(element, name, ("true", "false"), "true" if default else "false") == "true"


def one_of(element: ET.Element, name: str, allowed: tuple[str, ...], default: str) -> str:
    """An attribute that is one of some words."""
    value = element.get(name, default)
    if value not in allowed:
        raise DocumentError(12200, f"<{element.tag}> {name} must be one of {', '.join(allowed)}")
    return value


def web_address(element: ET.Element, name: str) -> str | None:
    """An attribute that is an http address; None where it is absent or empty."""
    url = element.get(name) or None
    if url is not None and urlsplit(url).scheme not in {"http", "https"}:
        raise DocumentError(12200, f"<{element.tag}> {name} must be an http address")
    return url


def callback(element: ET.Element, name: str, allowed: tuple[str, ...], default: str) -> Callback | None:
    """`name`, `nameMethod` and `nameEvent` together; None without an address."""
    url = web_address(element, name)
    if url is None:
        return None
    events = frozenset(element.get(f"{name}Event", default).split())
    if not events <= set(allowed):
        raise DocumentError(12200, f"<{element.tag}> {name}Event must be of {', '.join(allowed)}")
    return Callback(url, method(element, f"{name}Method"), events)


def stream_url(url: str) -> str:
    """`wss` without a query; on this machine `ws` too, because loopback needs no encryption."""
    parts = urlsplit(url)
    secure = parts.scheme == "wss" or (parts.scheme == "ws" and parts.hostname in LOOPBACK_HOSTS)
    if not secure or not parts.hostname:
        raise DocumentError(12200, "<Stream> url must be wss (or ws on this machine)")
    if parts.query:
        raise DocumentError(12200, "<Stream> url must have no query")
    return url


def parameters(stream: ET.Element) -> dict[str, str]:
    """The `<Parameter>`s of a stream."""
    return dict(_parameter(child) for child in stream)


def _parameter(element: ET.Element) -> tuple[str, str]:
    name, value = element.get("name", ""), element.get("value", "")
    if element.tag != "Parameter" or not name:
        raise DocumentError(12200, "<Stream> holds only <Parameter name value>")
    if len(name) + len(value) >= LONGEST_PARAMETER:
        raise DocumentError(12200, f"<Parameter> must be shorter than {LONGEST_PARAMETER} characters")
    return name, value
