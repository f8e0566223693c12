"""Who may be dialled, and how an address is written. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

ALLOWED_HEADERS = ("x-", "user-to-user")
FORBIDDEN_HEADERS = ("x-twilio",)
LONGEST_ADDRESS = 255
LONGEST_HEADERS = 1024
NUMBER = re.compile(r"\+?\d{2,20}")


class NotDialledError(Exception):
    """An address is not dialled. `code` is Twilio's: 21211, 21216, 13224, 13252, 21227, 32113."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Destination:
    """A `sip:` address on a host that may be dialled, and the headers for it."""

    address: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DialPlan:
    """What this line dials."""

    hosts: frozenset[str]
    numbers: Mapping[str, str]
    """Number → `sip:` address."""

    def number(self, number: str) -> Destination:
        """Where a number rings.

        Raises:
            NotDialledError: 13224 nobody has that number, and what `sip` raises.
        """
        address = self.numbers.get(number)
        if address is None:
            raise NotDialledError(13224, "this line knows no such number")
        return self.sip(address)

    def sip(self, text: str) -> Destination:
        """A `sip:` address, with headers after `?`.

        Raises:
            NotDialledError: 21211 no such address, 21216 a host that may not be dialled, 13252 and 32113 a header
                that is not passed on, 21227 headers of more than 1,024 characters.
        """
        address, _, query = text.partition("?")
        scheme, _, rest = address.partition(":")
        host = rest.rpartition("@")[2].split(";")[0].split(":")[0]
        if scheme != "sip" or not host or len(address) >= LONGEST_ADDRESS or re.search(r"[\s<>]", address):
            raise NotDialledError(21211, "this line dials only sip: addresses")
        transport = re.search(r";transport=([^;?]*)", address, re.IGNORECASE)
        if transport is not None and transport[1].lower() != "udp":
            raise NotDialledError(21211, "this line speaks SIP over UDP only")
        if host not in self.hosts:
            raise NotDialledError(21216, "this host may not be dialled")
        return Destination(address, _headers(query))


def _headers(query: str) -> tuple[tuple[str, str], ...]:
    """Headers for the far end: only those that Twilio passes on."""
    if len(query) >= LONGEST_HEADERS:
        raise NotDialledError(21227, f"headers must have fewer than {LONGEST_HEADERS} characters")
    headers = tuple(parse_qsl(query))
    for name, _ in headers:
        if name.lower().startswith(FORBIDDEN_HEADERS):
            raise NotDialledError(32113, "X-Twilio headers are Twilio's own")
        if not name.lower().startswith(ALLOWED_HEADERS):
            raise NotDialledError(13252, "only X- headers and User-to-User may be sent")
    return headers
