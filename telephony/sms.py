"""Sends text messages through the carrier's REST API (Twilio Messages, or the local line)."""

from types import TracebackType
from typing import Self

import httpx

TIMEOUT_S = 10.0
API_VERSION = "2010-04-01"


class SmsError(Exception):
    """A text message was not sent. The text holds neither number nor words of it."""


class SmsUnansweredError(Exception):
    """The carrier did not answer: the message may have been sent."""


class SmsSender:
    """Sends from one number of one account. Closed with its connections."""

    def __init__(
        self, account_sid: str, auth_token: str, number: str, base_url: str = "https://api.twilio.com"
    ) -> None:
        self._number = number
        self._path = f"/{API_VERSION}/Accounts/{account_sid}/Messages.json"
        self._client = httpx.AsyncClient(
            base_url=base_url,
            auth=(account_sid, auth_token),
            timeout=TIMEOUT_S,
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, to: str, text: str) -> str:
        """Send `text` to an E.164 number. Returns the message's sid.

        Raises:
            SmsError: it was surely not sent.
            SmsUnansweredError: it may have been.
        """
        form = {"To": to, "From": self._number, "Body": text}
        try:
            answer = await self._client.post(self._path, data=form)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SmsError(f"the carrier cannot be reached: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise SmsUnansweredError(f"the carrier did not answer: {type(error).__name__}") from None
        if answer.status_code >= 500:
            raise SmsUnansweredError(f"the carrier answered {answer.status_code}")
        if answer.status_code != httpx.codes.CREATED:
            raise SmsError(f"the carrier refused the message with {answer.status_code}, code {_code(answer)}")
        try:
            return str(answer.json()["sid"])
        except (ValueError, LookupError, TypeError):
            raise SmsUnansweredError("the carrier's answer has no sid") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _code(answer: httpx.Response) -> str:
    """Twilio's error code, if there is one."""
    try:
        return str(int(answer.json()["code"]))
    except (ValueError, LookupError, TypeError):
        return "none"
