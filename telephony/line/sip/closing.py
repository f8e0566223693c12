"""Ends INVITE transactions as RFC 3261 asks and aiosipua does not: every final answer gets its ACK.

aiosipua acknowledges only a 200 to a call it still knows. Without an ACK a refusal is sent again for half a
minute, and a call that is answered in the moment it is taken back would stay up at the far end. Nor does it take
from the 200 where a PBX wants what follows: its `Contact`, and the proxies of `Record-Route`.
"""

from aiosipua import OutgoingCall, SipRequest, SipResponse, SipUAC
from aiosipua.dialog import Dialog, DialogState
from aiosipua.headers import stringify_uri
from aiosipua.uac_responses import _send_ack

INVITE = "INVITE"
FIRST_REFUSAL = 300
MOST_KEPT = 500


class InviteCloser:
    """Remembers the INVITEs of one edge and acknowledges what the library leaves."""

    def __init__(self, uac: SipUAC) -> None:
        self._uac = uac
        self._calls: dict[str, OutgoingCall] = {}

    def remember(self, call: OutgoingCall) -> None:
        """An INVITE has been sent."""
        self._calls[call.call_id] = call
        while len(self._calls) > MOST_KEPT:
            del self._calls[next(iter(self._calls))]

    def see(self, response: SipResponse) -> None:
        """A response has come in; the library has not seen it yet."""
        call = self._calls.get(response.call_id or "")
        if call is None or response.cseq is None or response.cseq.method.upper() != INVITE:
            return
        if response.status_code >= FIRST_REFUSAL:
            self._uac.transport.send(_refusal_ack(call.invite, response), call.remote_addr)
        elif response.status_code >= 200:
            late = self._uac.get_call(call.call_id) is None
            if late:
                call.dialog.state = DialogState.EARLY  # which taking it back has ended
            _learn_way(call.dialog, response)
            if late:
                self._end_late_answer(call, response)

    def _end_late_answer(self, call: OutgoingCall, response: SipResponse) -> None:
        """Answered in the moment we took it back: acknowledge, then hang up."""
        to = response.to_addr
        if to is not None and to.tag:
            call.dialog.remote_tag = to.tag
        call.dialog.confirm()
        _send_ack(self._uac, call, response)
        self._uac.send_bye(call.dialog, call.remote_addr)


def _learn_way(dialog: Dialog, response: SipResponse) -> None:
    """Where requests within the call go from now on (RFC 3261, 12.1.2)."""
    if response.contact:
        dialog.remote_target = stringify_uri(response.contact[0].uri)
    if dialog.state is DialogState.EARLY:
        dialog.route_set = list(reversed(response.headers.get("record-route")))


def _refusal_ack(invite: SipRequest, response: SipResponse) -> SipRequest:
    """The ACK of a refusal belongs to the INVITE's own transaction (RFC 3261, 17.1.1.3)."""
    ack = SipRequest(method="ACK", uri=invite.uri)
    for name, message in (("Via", invite), ("From", invite), ("To", response), ("Call-ID", invite)):
        value = message.headers.get_first(name.lower())
        if value:
            ack.headers.append(name, value)
    number = invite.cseq.seq if invite.cseq else 1
    ack.headers.set_single("CSeq", f"{number} ACK")
    ack.headers.set_single("Max-Forwards", "70")
    return ack
