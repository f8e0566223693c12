"""One leg's sound: PCMU over RTP with RFC 4733 keys.

Put together from aiortp's parts instead of its session, whose jitter buffer holds each frame back until the next
has come; on the loopback interface packets come in order, and the call's own inbox evens out when they come.
"""

import asyncio
from collections.abc import Callable

from aiortp import DtmfReceiver, DtmfSender, RtpPacket, RtpTransport
from aiortp.sender import RtpSender
from loguru import logger

from telephony.line.leg import FRAME_BYTES

PCMU = 0
DTMF = 101
"""Payload type of keys, unless the far end offers them under another."""
KEY_MS = 100
LATE = 0x8000
"""A sequence number that lies this far ahead (of 65,536) lies behind."""


class NoPortError(Exception):
    """Every port of the range for sound is in use."""


class RtpAudio:
    """Sends and receives frames of 160 bytes of µ-law. Takes packets only from the far end's own host."""

    def __init__(
        self, on_frame: Callable[[bytes], None], on_digit: Callable[[str], None], dtmf_type: int = DTMF
    ) -> None:
        self._on_frame = on_frame
        self._dtmf_type = dtmf_type
        self._keys = DtmfReceiver(lambda digit, _duration: on_digit(digit))
        self._transport = RtpTransport(self._on_packet, lambda _data, _from: None)
        self._sender = RtpSender(self._transport, PCMU, enable_history=False)
        self._sender.timestamp_increment = FRAME_BYTES
        self._remote: tuple[str, int] | None = None
        self._listens = True
        self._last: int | None = None
        self._rest = b""
        self.port = 0

    async def open(self, host: str, ports: tuple[int, int]) -> None:
        """Bind to the first free even port of the range.

        Raises:
            NoPortError: there is none.
        """
        loop = asyncio.get_running_loop()
        for port in range(ports[0] + ports[0] % 2, ports[1] + 1, 2):
            try:
                transport, _ = await loop.create_datagram_endpoint(
                    lambda: self._transport, local_addr=(host, port)
                )
            except OSError:
                continue
            self.port = transport.get_extra_info("sockname")[1]
            return
        raise NoPortError(f"no port from {ports[0]} to {ports[1]} is free")

    def connect(
        self, remote: tuple[str, int] | None, dtmf_type: int | None = None, *, listens: bool = True
    ) -> None:
        """Exchange sound with `remote` from now on; one that does not listen is sent nothing."""
        self._remote = remote
        self._listens = listens
        if dtmf_type is not None:
            self._dtmf_type = dtmf_type

    def send(self, frame: bytes) -> None:
        """Send one frame."""
        if self._remote is not None and self._listens:
            self._sender.send_frame_auto(frame, addr=self._remote)

    def press(self, digit: str) -> None:
        """Send one key."""
        if self._remote is not None and self._listens:
            keys = DtmfSender(self._sender, self._dtmf_type)
            keys.send_digit(digit, KEY_MS, timestamp=self._sender.current_timestamp, addr=self._remote)

    def close(self) -> None:
        """Send and receive nothing more."""
        self._remote = None
        self._transport.close()

    def _on_packet(self, data: bytes, sender: tuple[str, int]) -> None:
        if self._remote is None or sender[0] != self._remote[0]:
            return
        try:
            packet = RtpPacket.parse(data)
            if packet.payload_type == self._dtmf_type:
                self._keys.handle_packet(packet)
        except ValueError:
            logger.debug("a packet that is no RTP was dropped")
            return
        if packet.payload_type == PCMU and self._is_new(packet.sequence_number):
            self._deliver(packet.payload)

    def _is_new(self, number: int) -> bool:
        """Whether a packet comes after the last; one that comes late or twice has lost its place."""
        if self._last is not None and not 0 < (number - self._last) % 65536 < LATE:
            return False
        self._last = number
        return True

    def _deliver(self, payload: bytes) -> None:
        """Frames of 20 ms, whatever the far end's packets hold."""
        sound = self._rest + payload
        whole = len(sound) // FRAME_BYTES * FRAME_BYTES
        for start in range(0, whole, FRAME_BYTES):
            self._on_frame(sound[start : start + FRAME_BYTES])
        self._rest = sound[whole:]
