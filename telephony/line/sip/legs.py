"""SIP dialogs as legs of calls."""

import asyncio
from collections.abc import Callable

from aiosipua import IncomingCall, OutgoingCall, SipUAC
from aiosipua.auth import SipDigestAuth
from aiosipua.sdp import SdpMessage, negotiate_sdp
from aiosipua.sdp_negotiate import SdpNegotiationError, build_sdp
from loguru import logger

from telephony.line.leg import LegEnd
from telephony.line.sip.address import number_of
from telephony.line.sip.rtp import DTMF, PCMU, NoPortError, RtpAudio
from telephony.line.told_leg import ToldLeg

REJECTIONS = {LegEnd.BUSY: 486, LegEnd.DECLINED: 603, LegEnd.NOT_FOUND: 404}
ENDS = {
    486: LegEnd.BUSY,
    600: LegEnd.BUSY,
    603: LegEnd.DECLINED,
    480: LegEnd.NO_ANSWER,
    408: LegEnd.NO_ANSWER,
    404: LegEnd.NOT_FOUND,
    487: LegEnd.CANCELED,
}
NOT_ACCEPTABLE = 488
UNAVAILABLE = 503
LISTENING = frozenset({"sendrecv", "recvonly"})
"""Directions, as the far end says them, in which it takes sound of ours."""
NOWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound: older telephones hold a call by this address


class SipLeg(ToldLeg):
    """What incoming and outgoing legs share."""

    def __init__(self, party: str, host: str, ports: tuple[int, int], on_over: Callable[[], None]) -> None:
        super().__init__(party)
        self._host = host
        self._ports = ports
        self._on_over = on_over
        self.headers: dict[str, str] = {}
        """The X- headers that came with an incoming call."""
        self.audio = RtpAudio(self.heard, self.pressed)
        self._described: SdpMessage | None = None
        """Our side of the session as the far end knows it."""

    def send(self, frame: bytes) -> None:
        """Play one frame to the far end."""
        self.audio.send(frame)

    def press(self, digit: str) -> None:
        """Send one key to the far end."""
        self.audio.press(digit)

    def closing(self, end: LegEnd) -> None:
        """No more sound."""
        self.audio.close()
        self._on_over()

    def offered_again(self, call: IncomingCall) -> None:
        """The far end changes the session: hold, after which we send nothing, or another address of its own host.

        A change that we cannot take is refused, and the session stays as it is (RFC 3261, 14.2).
        """
        if not call.invite.body:
            call.accept(self._described)  # it asks what we have
            return
        try:
            self._described = self._agree(call.sdp_offer, call.source_addr[0])
        except SdpNegotiationError as error:
            logger.bind(code="not_acceptable").warning("a session could not be changed: {}", error)
            # The library's own refusal would end the whole call.
            call._send_response(NOT_ACCEPTABLE, "Not Acceptable Here")
            return
        call.accept(self._described)

    def _agree(self, offer: SdpMessage | None, host: str) -> SdpMessage:
        """Exchange sound as `offer` asks. Returns the answer.

        Raises:
            SdpNegotiationError: we cannot.
        """
        address = offer.rtp_address if offer is not None else None
        if offer is None or offer.audio is None or address is None:
            raise SdpNegotiationError("no offer of sound")
        # Sound goes only to where the signalling came from: an offer cannot point us at a third party.
        if address[0] not in {host, NOWHERE}:
            raise SdpNegotiationError("sound and signalling from different hosts")
        dtmf_type = _dtmf_type(offer) or DTMF
        known = self._described.origin if self._described is not None else None
        answer, _ = negotiate_sdp(
            offer,
            self._host,
            self.audio.port,
            supported_codecs=[PCMU],
            dtmf_payload_type=dtmf_type,
            session_id=known.session_id if known is not None else None,
        )
        if known is not None:
            answer.origin.session_version = str(int(known.session_version) + 1)
        listens = address[0] != NOWHERE and offer.audio.direction in LISTENING
        self.audio.connect(address if address[0] != NOWHERE else None, dtmf_type, listens=listens)
        return answer


class IncomingLeg(SipLeg):
    """Somebody calls us."""

    def __init__(
        self, call: IncomingCall, host: str, ports: tuple[int, int], on_over: Callable[[], None]
    ) -> None:
        super().__init__(number_of(call.caller), host, ports, on_over)
        self._call = call
        self._answered = False
        self.headers = call.x_headers

    async def answer(self) -> None:
        """Accept the call; one whose sound we cannot take is refused with 488."""
        if self._answered or self._over:
            return
        self._answered = True
        try:
            await self.audio.open(self._host, self._ports)
            self._described = self._agree(self._call.sdp_offer, self._call.source_addr[0])
        except (SdpNegotiationError, NoPortError) as error:
            logger.bind(code="not_acceptable").warning("a call could not be answered: {}", error)
            self._call.reject(UNAVAILABLE if isinstance(error, NoPortError) else NOT_ACCEPTABLE)
            self.ended(LegEnd.FAILED)
            return
        self._call.accept(self._described)

    async def reject(self, end: LegEnd) -> None:
        """Refuse the call."""
        if not self._answered and not self._over:
            self._call.reject(REJECTIONS.get(end, 480))
            self.ended(end)

    async def hang_up(self) -> None:
        """End it, answered or not."""
        if self._over:
            return
        if self._answered:
            self._call.hangup()
            self._call._stop_retransmissions()
        else:
            self._call.reject(REJECTIONS[LegEnd.DECLINED])
        self.ended(LegEnd.HUNG_UP)


class OutgoingLeg(SipLeg):
    """We call somebody."""

    def __init__(
        self,
        to: str,
        uac: SipUAC,
        remote: tuple[str, int],
        host: str,
        ports: tuple[int, int],
        on_over: Callable[[], None],
    ) -> None:
        super().__init__(to, host, ports, on_over)
        self._uac = uac
        self._remote = remote
        self._call: OutgoingCall | None = None
        self._starting: asyncio.Task[None] | None = None
        self._response_code: int | None = None

    @property
    def response_code(self) -> int | None:
        """The far end's final answer."""
        return self._response_code

    def start(
        self,
        caller_uri: str,
        headers: dict[str, str],
        on_call: Callable[[OutgoingCall], None],
        credentials: tuple[str, str] | None = None,
    ) -> None:
        """Send the INVITE as soon as there is a port for the sound."""
        auth = SipDigestAuth(*credentials) if credentials is not None else None
        self._starting = asyncio.create_task(self._start(caller_uri, headers, on_call, auth))

    async def _start(
        self,
        caller_uri: str,
        headers: dict[str, str],
        on_call: Callable[[OutgoingCall], None],
        auth: SipDigestAuth | None,
    ) -> None:
        try:
            await self.audio.open(self._host, self._ports)
        except NoPortError as error:
            logger.bind(code="no_port").error("a call could not be placed: {}", error)
            self.ended(LegEnd.FAILED)
            return
        offer = build_sdp(self._host, self.audio.port, PCMU, "PCMU", dtmf_payload_type=DTMF)
        self._described = offer
        call = self._uac.send_invite(
            caller_uri, self._party, self._remote, offer, extra_headers=headers, auth=auth
        )
        call.on_ringing = lambda _call: self._rings()
        call.on_answer = self._answers
        call.on_rejected = lambda _call, status, _reason: self._refused(status)
        self._call = call
        on_call(call)

    async def answer(self) -> None:
        """Nothing: the far end answers."""

    async def reject(self, end: LegEnd) -> None:
        """Nothing: only incoming legs are refused."""

    async def hang_up(self) -> None:
        """End it; while it rings, take the call back."""
        if self._over:
            return
        if self._starting is not None and self._call is None:
            self._starting.cancel()
        elif self._call is not None:
            _ = self._call.cancel(self._uac) or self._call.hangup(self._uac)
        self.ended(LegEnd.HUNG_UP)

    def _refused(self, status: int) -> None:
        self._response_code = status
        self.ended(ENDS.get(status, LegEnd.FAILED))

    def _rings(self) -> None:
        """180, or 183 with early media: it rings, and is not answered. Nobody hears that media."""
        if self._listener is not None:
            self._listener.on_ringing()

    def _answers(self, call: OutgoingCall) -> None:
        answer = call.sdp_answer
        address = answer.rtp_address if answer is not None else None
        takes_pcmu = (
            answer is not None
            and answer.audio is not None
            and any(codec.payload_type == PCMU for codec in answer.audio.codecs)
        )
        if answer is None or address is None or address[0] != self._remote[0] or not takes_pcmu:
            call.hangup(self._uac)
            self.ended(LegEnd.FAILED)
            return
        self._response_code = 200
        self.audio.connect(address, _dtmf_type(answer))
        if self._listener is not None:
            self._listener.on_answered()


def _dtmf_type(description: SdpMessage) -> int | None:
    audio = description.audio
    codecs = audio.codecs if audio is not None else []
    return next((one.payload_type for one in codecs if one.encoding_name.lower() == "telephone-event"), None)
