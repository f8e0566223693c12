"""What the carrier needs of the far end of a call, be it a SIP dialog or the browser phone.

Audio is G.711 µ-law, 8 kHz mono, in frames of exactly 160 bytes (20 ms). All methods are called on the
event loop; `send` never waits.
"""

from enum import StrEnum
from typing import Protocol, runtime_checkable

FRAME_BYTES = 160
FRAME_S = 0.02
ULAW_SILENCE = b"\xff" * FRAME_BYTES


class LegEnd(StrEnum):
    """How a leg came to its end, in the words of the carrier. Names never change meaning."""

    HUNG_UP = "hung_up"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    NOT_FOUND = "not_found"
    CANCELED = "canceled"
    FAILED = "failed"


class LegListener(Protocol):
    """Who is told what the far end does. Each method returns at once."""

    def on_ringing(self) -> None:
        """The far end of a dialled leg is ringing."""

    def on_answered(self) -> None:
        """The far end of a dialled leg has answered: audio may flow."""

    def on_audio(self, frame: bytes) -> None:
        """One 20 ms frame from the far end, 160 bytes of µ-law."""

    def on_digit(self, digit: str) -> None:
        """One key was pressed and released: `0-9`, `*`, `#` or `A-D`."""

    def on_ended(self, end: LegEnd) -> None:
        """The leg is over. Told once, and last, also when `hang_up` was called from this side."""


class Leg(Protocol):
    """The far end of one call."""

    @property
    def party(self) -> str:
        """Who is there: an E.164 number or a `sip:` URI. Personal data."""

    def listen(self, listener: LegListener) -> None:
        """Tell `listener` from now on. Called once, before `answer`."""

    async def answer(self) -> None:
        """Accept an incoming leg; does nothing on one that is answered."""

    async def reject(self, end: LegEnd) -> None:
        """Refuse an incoming leg that is not answered: BUSY, DECLINED or NOT_FOUND."""

    async def hang_up(self) -> None:
        """End the leg, whatever state it is in. Does nothing the second time."""

    def send(self, frame: bytes) -> None:
        """Play one frame of 160 bytes to the far end; the carrier calls this every 20 ms."""


@runtime_checkable
class LabelledLeg(Protocol):
    """A leg that wants to know which call it belongs to."""

    def label(self, call_sid: str) -> None:
        """The carrier has given the call its sid. Called before anything else."""


@runtime_checkable
class KeyedLeg(Protocol):
    """A leg whose far end can be sent keys."""

    def press(self, digit: str) -> None:
        """Send one key."""


@runtime_checkable
class SipEnded(Protocol):
    """A leg that knows the far end's final answer in SIP's own numbers."""

    @property
    def response_code(self) -> int | None:
        """The final response to our INVITE: 200, 486, 603 …; None while there is none."""


class Dialler(Protocol):
    """Places outgoing legs. The SIP edge is one; tests bring their own."""

    def dial(
        self,
        to: str,
        caller_id: str,
        headers: dict[str, str],
        credentials: tuple[str, str] | None = None,
    ) -> Leg:
        """Start ringing `to` (a `sip:` URI) and return at once. Progress goes to the leg's listener.

        `credentials` are the name and password for a far end that asks for them (digest, 401 and 407).
        """


class Switchboard(Protocol):
    """Takes incoming legs. The carrier is one."""

    async def on_incoming(self, leg: Leg, to: str) -> None:
        """`leg` is ringing here and asked for `to` (a number or the user part of a URI)."""
