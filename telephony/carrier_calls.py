"""Places, redirects and ends calls through the carrier's REST API (Twilio Calls, or the local line)."""

from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote

from telephony.carrier_rest import CarrierRefusedError, CarrierRest, sid_of

TIMEOUT_S = 5.0
CONFERENCE_OVER, CONFERENCE_RUNS = "completed", "in-progress"
STATUS_EVENTS = ("initiated", "ringing", "answered", "completed")


@dataclass(frozen=True)
class OutgoingLeg:
    """A call to be placed."""

    to: str
    """A `sip:` address, or a telephone number."""
    caller_id: str
    url: str
    """Asked for TwiML when it is answered."""
    status_url: str
    timeout_s: int
    limit_s: int = 4 * 3600
    headers: dict[str, str] = field(default_factory=dict)
    """For the far end: X- headers only, and nothing personal, because they are logged everywhere."""
    user: str = ""
    password: str = ""


class CarrierCalls(CarrierRest):
    """The calls of one account. Closed with its connections."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str = "https://api.twilio.com") -> None:
        super().__init__(account_sid, auth_token, base_url, TIMEOUT_S)

    async def place(self, leg: OutgoingLeg) -> str:
        """Ring somebody. Returns the call's sid.

        Raises:
            CarrierRefusedError: it does not ring.
            CarrierUnansweredError: it may.
        """
        headers = "&".join(f"{name}={quote(value, safe='')}" for name, value in leg.headers.items())
        form: dict[str, str | list[str]] = {
            "To": f"{leg.to}?{headers}" if headers else leg.to,
            "From": leg.caller_id,
            "Url": leg.url,
            "Method": "POST",
            "StatusCallback": leg.status_url,
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": list(STATUS_EVENTS),
            "Timeout": str(leg.timeout_s),
            "TimeLimit": str(leg.limit_s),
        }
        if leg.user:
            form |= {"SipAuthUsername": leg.user, "SipAuthPassword": leg.password}
        return sid_of(await self.post("Calls", form))

    async def redirect(self, sid: str, twiml: str) -> None:
        """Have a call that is in progress go on with other TwiML.

        Raises:
            CarrierRefusedError, CarrierUnansweredError: see `place`.
        """
        await self.post(f"Calls/{sid}", {"Twiml": twiml})

    async def end(self, sid: str, *, answered: bool) -> None:
        """End a call; one that is over already is none to worry about.

        `canceled` ends only what was not answered, which may just have changed: then it is `completed`.

        Raises:
            CarrierRefusedError, CarrierUnansweredError: see `place`.
        """
        if not answered:
            with suppress(CarrierRefusedError):
                await self.post(f"Calls/{sid}", {"Status": "canceled"})
                return
        try:
            await self.post(f"Calls/{sid}", {"Status": "completed"})
        except CarrierRefusedError as error:
            if not error.gone:
                raise

    async def participants(self, conference: str) -> tuple[str | None, frozenset[str], bool]:
        """The sid of the conference of this name that is not over, the labels in it, and whether it has begun.

        No sid and no labels where there is none.

        Raises:
            CarrierRefusedError, CarrierUnansweredError: the carrier does not tell.
        """
        found = await self.entries("Conferences", FriendlyName=conference)
        now = next((one for one in found if one.get("status") != CONFERENCE_OVER), None)
        if now is None:
            return None, frozenset(), False
        sid = str(now.get("sid"))
        people = await self.entries(f"Conferences/{sid}/Participants")
        return sid, frozenset(str(one.get("label")) for one in people), now.get("status") == CONFERENCE_RUNS
