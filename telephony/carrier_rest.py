"""Requests to the carrier's REST API (Twilio, or the local line), with an answer or a typed failure."""

from collections.abc import Awaitable, Mapping
from types import TracebackType
from typing import Self

import httpx

API_VERSION = "2010-04-01"
NOT_IN_PROGRESS = frozenset({21220, 20404})
"""Twilio's codes for a call that is over, or unknown."""


class CarrierError(Exception):
    """The carrier did not do what it was asked. The text holds no number, no address and no words of a message."""


class CarrierRefusedError(CarrierError):
    """It refused; `code` is Twilio's, 0 where it gave none."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"the carrier refused with {status}, code {code or 'none'}")
        self.code = code

    @property
    def gone(self) -> bool:
        """Whether the call is over or unknown."""
        return self.code in NOT_IN_PROGRESS


class CarrierUnansweredError(CarrierError):
    """It did not answer, or had a fault: what was asked may have been done."""


class CarrierUnreachedError(CarrierUnansweredError):
    """It was not even reached: what was asked was surely not done."""


class CarrierRest:
    """The API of one account. Closed with its connections."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str, timeout_s: float) -> None:
        self._path = f"/{API_VERSION}/Accounts/{account_sid}"
        self._client = httpx.AsyncClient(
            base_url=base_url,
            auth=(account_sid, auth_token),
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=False,
        )

    async def post(self, resource: str, form: Mapping[str, str | list[str]]) -> httpx.Response:
        """Post to a resource of the account, such as `Calls`. Returns the answer, which is a success.

        Raises:
            CarrierRefusedError: it said no.
            CarrierUnreachedError, CarrierUnansweredError: it said nothing that can be relied on.
        """
        return await self._ask(self._client.post(self._address(resource), data=dict(form)))

    async def get(self, resource: str, wanted: Mapping[str, str]) -> httpx.Response:
        """Read a resource of the account, such as `Conferences`.

        Raises:
            CarrierRefusedError, CarrierUnreachedError, CarrierUnansweredError: see `post`.
        """
        return await self._ask(self._client.get(self._address(resource), params=dict(wanted)))

    def _address(self, resource: str) -> str:
        return f"{self._path}/{resource}.json"

    async def _ask(self, asking: Awaitable[httpx.Response]) -> httpx.Response:
        try:
            answer = await asking
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise CarrierUnreachedError(f"the carrier cannot be reached: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise CarrierUnansweredError(f"the carrier did not answer: {type(error).__name__}") from None
        if answer.status_code >= 500:
            raise CarrierUnansweredError(f"the carrier answered {answer.status_code}")
        if not answer.is_success:
            raise CarrierRefusedError(answer.status_code, _code(answer))
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def sid_of(answer: httpx.Response) -> str:
    """The sid of what a request has made.

    Raises:
        CarrierUnansweredError: the answer has none.
    """
    try:
        return str(answer.json()["sid"])
    except (ValueError, LookupError, TypeError):
        raise CarrierUnansweredError("the carrier's answer has no sid") from None


def listed(answer: httpx.Response, name: str) -> list[dict[str, object]]:
    """The resources of a list's first page.

    Raises:
        CarrierUnansweredError: the answer is no such list.
    """
    try:
        return [dict(one) for one in answer.json()[name]]
    except (ValueError, LookupError, TypeError):
        raise CarrierUnansweredError(f"the carrier's answer has no {name}") from None


def _code(answer: httpx.Response) -> int:
    """Twilio's error code; 0 where there is none."""
    try:
        return int(answer.json()["code"])
    except (ValueError, LookupError, TypeError):
        return 0
