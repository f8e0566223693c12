"""What the page and its socket say to each other: sound as 160 bytes of µ-law, everything else as JSON. Pure."""

import json
import re
from dataclasses import dataclass

from telephony.line.leg import FRAME_BYTES

KEYS = "0123456789*#"
LONGEST_NUMBER = 20
OWN_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


class PhoneMessageError(Exception):
    """A message breaks the protocol; the text names the rule. Closes the socket with 4400."""


@dataclass(frozen=True)
class Dial:
    """Call a number."""

    number: str
    caller: str
    """The telephone's own number, E.164."""


@dataclass(frozen=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True)
class Press:
    """A key."""

    digit: str


@dataclass(frozen=True)
class Audio:
    """20 ms of the microphone."""

    frame: bytes


Message = Dial | HangUp | Press | Audio


def read(data: str | bytes) -> Message:
    """One message of the page.

    Raises:
        PhoneMessageError: it breaks a rule.
    """
    if isinstance(data, bytes):
        if len(data) != FRAME_BYTES:
            raise PhoneMessageError(f"sound must come in frames of {FRAME_BYTES} bytes")
        return Audio(data)
    try:
        told = json.loads(data)
        kind = told["type"]
    except (ValueError, KeyError, TypeError):
        raise PhoneMessageError("must be JSON with a type") from None
    match kind:
        case "dial":
            number = told.get("number")
            if not isinstance(number, str) or not 0 < len(number) <= LONGEST_NUMBER:
                raise PhoneMessageError("dial needs a number")
            caller = told.get("from")
            if not isinstance(caller, str) or not OWN_NUMBER.fullmatch(caller):
                raise PhoneMessageError("dial needs the number that calls in from, such as +15550142000")
            return Dial(number, caller)
        case "hang_up":
            return HangUp()
        case "digit":
            digit = told.get("digit")
            if not isinstance(digit, str) or len(digit) != 1 or digit not in KEYS:
                raise PhoneMessageError(f"digit must be one of {KEYS}")
            return Press(digit)
    raise PhoneMessageError("type must be dial, hang_up or digit")
