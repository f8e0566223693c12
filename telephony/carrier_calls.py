"""Places, redirects and ends calls through the carrier's REST API (Twilio Calls, or the local line)."""

from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx

TIMEOUT_S = 5.0
API_VERSION = "2010-04-01"
NOT_IN_PROGRESS = frozenset({21220, 20404})
"""Twilio's codes for a call that is over, or unknown."""
STATUS_EVENTS = ("initiated", "ringing", "answered", "completed")


class CarrierError(Exception):
    """The carrier did not do what it was asked. The text holds no number and no address."""


class CarrierRefusedError(CarrierError):
    """It refused; `code` is Twilio's, 0 where it gave none."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"the carrier refused with {status}, code {code}")
        self.code = code

    @property
    def gone(self) -> bool:
        """Whether the call is over or unknown."""
        return self.code in NOT_IN_PROGRESS


class CarrierUnansweredError(CarrierError):
    """It did not answer, or had a fault: what was asked may have been done."""


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


class CarrierCalls:
    """The calls of one account. Closed with its connections."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str = "https://api.twilio.com") -> None:
        self._path = f"/{API_VERSION}/Accounts/{account_sid}/Calls"
        self._client = httpx.AsyncClient(
            base_url=base_url,
            auth=(account_sid, auth_token),
            timeout=TIMEOUT_S,
            follow_redirects=False,
            trust_env=False,
        )

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
        answer = await self._post(f"{self._path}.json", form)
        try:
            return str(answer.json()["sid"])
        except (ValueError, LookupError, TypeError):
            raise CarrierUnansweredError("the carrier's answer has no sid") from None

    async def redirect(self, sid: str, twiml: str) -> None:
        """Have a call that is in progress go on with other TwiML.

        Raises:
            CarrierRefusedError, CarrierUnansweredError: see `place`.
        """
        await self._post(f"{self._path}/{sid}.json", {"Twiml": twiml})

    async def end(self, sid: str, *, answered: bool) -> None:
        """End a call; one that is over already is none to worry about.

        `canceled` ends only what was not answered, which may just have changed: then it is `completed`.

        Raises:
            CarrierRefusedError, CarrierUnansweredError: see `place`.
        """
        if not answered:
            with suppress(CarrierRefusedError):
                await self._post(f"{self._path}/{sid}.json", {"Status": "canceled"})
                return
        try:
            await self._post(f"{self._path}/{sid}.json", {"Status": "completed"})
        except CarrierRefusedError as error:
            if not error.gone:
                raise

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _post(self, path: str, form: dict[str, str | list[str]] | dict[str, str]) -> httpx.Response:
        try:
            answer = await self._client.post(path, data=form)
        except httpx.HTTPError as error:
            raise CarrierUnansweredError(f"the carrier did not answer: {type(error).__name__}") from None
        if answer.status_code >= 500:
            raise CarrierUnansweredError(f"the carrier answered {answer.status_code}")
        if not answer.is_success:
            raise CarrierRefusedError(answer.status_code, twilio_code(answer))
        return answer


def twilio_code(answer: httpx.Response) -> int:
    """Twilio's error code; 0 where there is none."""
    try:
        return int(answer.json()["code"])
    except (ValueError, LookupError, TypeError):
        return 0
