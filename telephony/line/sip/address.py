"""SIP addresses. Pure."""

import re

ADDRESS = re.compile(r"sips?:(?:(?P<user>[^@;?>]*)@)?(?P<host>[^:;?>]+)(?::(?P<port>\d+))?")
NUMBER = re.compile(r"\+?\d{2,20}")
DEFAULT_PORT = 5060


def user_of(address: str) -> str:
    """The part before the `@`; empty when there is none."""
    found = ADDRESS.search(address)
    return (found["user"] or "").split(":")[0] if found else ""


def number_of(address: str) -> str:
    """The number that an address stands for, or the address itself without its brackets and parameters."""
    user = user_of(address)
    if NUMBER.fullmatch(user):
        return user
    found = ADDRESS.search(address)
    return found[0] if found else address


def host_and_port(address: str) -> tuple[str, int]:
    """Where requests for an address go.

    Raises:
        ValueError: it is no SIP address.
    """
    found = ADDRESS.search(address)
    if found is None:
        raise ValueError("must be a sip: address")
    host = "127.0.0.1" if found["host"] == "localhost" else found["host"]
    return host, int(found["port"] or DEFAULT_PORT)
