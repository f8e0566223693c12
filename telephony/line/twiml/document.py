"""TwiML as the carrier reads it: a document becomes verbs. Pure."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from urllib.parse import urlsplit

from telephony.line.twiml.attributes import DocumentError, method, number
from telephony.line.twiml.dial import read_dial
from telephony.line.twiml.start import read_connect, read_record, read_start, read_stop
from telephony.line.twiml.verbs import Gather, Hangup, Pause, Play, Redirect, Reject, Say, Sounding, Verb

MOST_BYTES = 64 * 1024
SIP_REASONS = frozenset({"busy", "rejected"})


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


def read_waiting(text: str) -> tuple[Sounding | Redirect, ...]:
    """The verbs of a document that is heard while a conference waits, or that is announced in it.

    Raises:
        DocumentError: as above, or 12200 with any verb but Say, Play, Pause and Redirect.
    """
    verbs = read_document(text)
    allowed = tuple(verb for verb in verbs if isinstance(verb, Say | Play | Pause | Redirect))
    if len(allowed) != len(verbs):
        raise DocumentError(12200, "holds only <Say>, <Play>, <Pause> and <Redirect>")
    return allowed


def _verb(element: ET.Element) -> Verb:
    reader = READERS.get(element.tag)
    if reader is None:
        raise DocumentError(12200, f"<{element.tag}> is not done by this line")
    return reader(element)


def _say(element: ET.Element) -> Verb:
    return Say(" ".join((element.text or "").split()), element.get("voice"), number(element, "loop", 1))


def _play(element: ET.Element) -> Verb:
    digits = element.get("digits", "")
    if any(one not in "0123456789*#wW" for one in digits):
        raise DocumentError(13320, "<Play> digits must be of 0-9, *, #, w")
    url = (element.text or "").strip()
    if not digits and urlsplit(url).scheme not in {"http", "https"}:
        raise DocumentError(12200, "<Play> needs an http address or digits")
    return Play(url or None, digits, number(element, "loop", 1))


def _pause(element: ET.Element) -> Verb:
    return Pause(number(element, "length", 1))


def _gather(element: ET.Element) -> Verb:
    if element.get("input", "dtmf") != "dtmf":
        raise DocumentError(12200, "<Gather> input must be dtmf")
    action = element.get("action", "")
    if not action:
        raise DocumentError(12200, "<Gather> needs an action")
    children = tuple(_verb(child) for child in element)
    prompts = tuple(child for child in children if isinstance(child, Say | Play | Pause))
    if len(prompts) != len(children):
        raise DocumentError(12200, "<Gather> holds only <Say>, <Play> and <Pause>")
    return Gather(
        prompts=prompts,
        action=action,
        method=method(element, "method"),
        num_digits=number(element, "numDigits", 0) or None,
        timeout_s=number(element, "timeout", 5),
        finish_on=element.get("finishOnKey", "#"),
    )


def _redirect(element: ET.Element) -> Verb:
    return Redirect((element.text or "").strip(), method(element, "method"))


def _hangup(_element: ET.Element) -> Verb:
    return Hangup()


def _reject(element: ET.Element) -> Verb:
    reason = element.get("reason", "rejected")
    if reason not in SIP_REASONS:
        raise DocumentError(12200, "<Reject> reason must be busy or rejected")
    return Reject(reason)


READERS: dict[str, Callable[[ET.Element], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
    "Connect": read_connect,
    "Start": read_start,
    "Stop": read_stop,
    "Record": read_record,
    "Dial": read_dial,
}
