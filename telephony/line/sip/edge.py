"""One UDP port on which telephones call in and from which they are called."""

import logging
import re

from aiosipua import IncomingCall, OutgoingCall, SipRequest, SipResponse, SipUAS

from telephony.line.leg import Leg, LegEnd, Switchboard
from telephony.line.sip.address import host_and_port, user_of
from telephony.line.sip.closing import InviteCloser
from telephony.line.sip.legs import IncomingLeg, OutgoingLeg
from telephony.line.sip.uac import LineUac
from telephony.line.sip.udp import UdpTransport
from telephony.tasks import Tasks

USER_AGENT = "Warmline line"
MOST_LEGS = 200
BUSY_EVERYWHERE = 503
# The library logs start lines and addresses, which hold callers' numbers.
logging.getLogger("aiosipua").setLevel(logging.CRITICAL + 1)

LINE_BREAKS = re.compile(r"[\r\n]+")


class SipEdge:
    """UAS and UAC on one transport. Implements `Dialler`."""

    def __init__(self, host: str, port: int, rtp_ports: tuple[int, int], switchboard: Switchboard) -> None:
        self._host = host
        self._rtp_ports = rtp_ports
        self._switchboard = switchboard
        self._transport = UdpTransport((host, port))
        self._uac = LineUac(self._transport)
        self._uas = SipUAS(self._transport, user_agent=USER_AGENT, uac=self._uac)
        self._uas.on_invite = self._on_invite
        self._uas.on_reinvite = self._on_reinvite
        self._uas.on_bye = lambda call, _request: self._ended(call.call_id, LegEnd.HUNG_UP)
        self._uas.on_cancel = lambda request, _from: self._ended(request.call_id or "", LegEnd.CANCELED)
        self._uas.on_ack_timeout = lambda call: self._ended(call.call_id, LegEnd.FAILED)
        self._closer = InviteCloser(self._uac)
        self._legs: dict[str, IncomingLeg | OutgoingLeg] = {}
        self._ringing_here = Tasks()

    @property
    def port(self) -> int:
        """The port we listen on."""
        return int(self._transport.local_addr[1])

    async def start(self) -> None:
        """Listen. Port 0 takes any free one."""
        await self._uas.start()
        self._transport.on_message = self._on_message

    async def stop(self) -> None:
        """End all legs and listen no more."""
        for leg in list(self._legs.values()):
            await leg.hang_up()
        self._ringing_here.cancel()
        await self._uas.stop()

    def dial(
        self,
        to: str,
        caller_id: str,
        headers: dict[str, str],
        credentials: tuple[str, str] | None = None,
    ) -> Leg:
        """Start ringing `to`."""
        remote = host_and_port(to)
        leg = OutgoingLeg(to, self._uac, remote, self._host, self._rtp_ports, lambda: self._forget(leg))
        clean = {name: LINE_BREAKS.sub(" ", value) for name, value in headers.items()}
        caller = caller_id if caller_id.startswith("sip:") else f"sip:{caller_id}@{self._host}:{self.port}"

        def sent(call: OutgoingCall) -> None:
            self._closer.remember(call)
            self._legs[call.call_id] = leg

        leg.start(caller, clean, sent, credentials)
        return leg

    def _on_message(self, message: SipRequest | SipResponse, sender: tuple[str, int]) -> None:
        """See every message before the library does."""
        if isinstance(message, SipResponse):
            self._closer.see(message)
        elif message.method.upper() == "INVITE" and self._is_repeated(message):
            return
        self._uas._on_message(message, sender)

    def _is_repeated(self, invite: SipRequest) -> bool:
        """An INVITE sent again while it is being dealt with: the library would take it for another call."""
        known = self._uas.get_call(invite.call_id or "")
        return known is not None and known.invite.headers.get_first("cseq") == invite.headers.get_first(
            "cseq"
        )

    def _on_invite(self, call: IncomingCall) -> None:
        if len(self._legs) >= MOST_LEGS:
            call.reject(BUSY_EVERYWHERE)
            return
        leg = IncomingLeg(call, self._host, self._rtp_ports, lambda: self._forget(leg))
        self._legs[call.call_id] = leg
        call.ringing()
        self._ringing_here.start(self._switchboard.on_incoming(leg, user_of(call.invite.uri or call.callee)))

    def _on_reinvite(self, call: IncomingCall) -> None:
        leg = self._legs.get(call.call_id)
        if leg is not None:
            leg.offered_again(call)
        else:
            call.reject(481)

    def _ended(self, call_id: str, end: LegEnd) -> None:
        leg = self._legs.get(call_id)
        if leg is not None:
            leg.ended(end)

    def _forget(self, leg: IncomingLeg | OutgoingLeg) -> None:
        self._legs = {call_id: one for call_id, one in self._legs.items() if one is not leg}
