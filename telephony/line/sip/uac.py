"""The library's client, which forgets a call's own headers when the far end asks who calls."""

from aiosipua import SipRequest, SipUAC
from aiosipua.dialog import Dialog
from aiosipua.sdp import SdpMessage

KEPT = ("x-", "user-to-user")


class LineUac(SipUAC):  # type: ignore[misc]
    """Sends the headers of a call again with the answer to a digest challenge (401, 407: MD5 and SHA-256)."""

    def _build_invite(
        self, dialog: Dialog, *, sdp_offer: SdpMessage | None, user_agent: str | None
    ) -> SipRequest:
        invite = super()._build_invite(dialog, sdp_offer=sdp_offer, user_agent=user_agent)
        before = self.get_call(dialog.call_id)
        if before is not None:
            for name, values in before.invite.headers.items():
                if name.lower().startswith(KEPT):
                    invite.headers.set_single(name, values[0])
        return invite
