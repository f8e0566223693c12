"""SIP over UDP: one datagram, one message.

aiosipua's own transport asserts a base class that asyncio's datagram transports have only from Python 3.12 on, and
does not tell the port it was given.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiosipua import SipRequest, SipResponse
from aiosipua.transport import SipTransport
from loguru import logger


class _Datagrams(asyncio.DatagramProtocol):
    """Passes datagrams on."""

    def __init__(self, owner: "UdpTransport") -> None:
        self._owner = owner

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._owner.received(data, (str(addr[0]), int(addr[1])))

    def error_received(self, exc: Exception) -> None:
        # A far end that is gone answers with ICMP; what it did not take is told by the dialog's own timers.
        logger.debug("a SIP datagram did not arrive: {}", type(exc).__name__)


@dataclass
class UdpTransport(SipTransport):  # type: ignore[misc]
    """Sends and receives on `local_addr`; port 0 becomes the one that was given."""

    _udp: asyncio.DatagramTransport | None = field(default=None, init=False, repr=False)

    async def start(self) -> None:
        """Bind."""
        loop = asyncio.get_running_loop()
        address: tuple[str, int] = self.local_addr
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=address)
        self.local_addr: tuple[str, int] = self._udp.get_extra_info("sockname")[:2]

    def send(self, message: SipRequest | SipResponse, addr: tuple[str, int]) -> None:
        """Send one message; nothing once closed."""
        if self._udp is not None:
            self._udp.sendto(bytes(message), addr)

    async def stop(self) -> None:
        """Close."""
        if self._udp is not None:
            self._udp.close()
            self._udp = None

    def received(self, data: bytes, sender: tuple[str, int]) -> None:
        """A datagram has come in."""
        self._dispatch(data, sender)
