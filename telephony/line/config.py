"""What the local line needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from telephony.line.destinations import DialPlan

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class LineConfig:
    """One line with one number. Everything listens on the loopback interface."""

    account_sid: str
    auth_token: str
    number: str
    """The number that is answered here, E.164."""
    voice_url: str
    """Asked for TwiML when a call comes in."""
    status_callback_url: str | None = None
    """Told when an incoming call is over."""
    transcript_base_url: str | None = None
    """The server whose live transcripts the browser phone shows."""
    host: str = LOOPBACK
    http_port: int = 0
    sip_port: int = 0
    rtp_ports: tuple[int, int] = (40000, 40999)
    dial_hosts: frozenset[str] = frozenset({LOOPBACK, "localhost"})
    """The only hosts that may be dialled."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Numbers that may be dialled besides, and the `sip:` address on these hosts that each rings."""

    @property
    def plan(self) -> DialPlan:
        """What this line dials."""
        return DialPlan(self.dial_hosts, self.numbers)
