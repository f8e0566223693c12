"""Requests to the carrier's REST API (Twilio, or the local line), with an answer or a typed failure."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

API_VERSION = "2010-04-01"
UNKNOWN, TOO_MANY = 404, 429
NOT_FOUND = 20404
NOT_IN_PROGRESS = frozenset({21220, NOT_FOUND})
"""Twilio's codes for a call that is over, or unknown."""


class CarrierError(Exception):
    """The carrier did not do what it was asked. The text holds no number, no address and no words of a message."""


class CarrierRefusedError(CarrierError):
    """It refused; `code` is Twilio's, 0 where it gave none."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"the carrier refused with {status}, code {code or 'none'}")
        self.status = status
        self.code = code

    @property
    def gone(self) -> bool:
        """Whether the call is over or unknown."""
        return self.code in NOT_IN_PROGRESS

    @property
    def unknown(self) -> bool:
        """Whether there is no such thing there; a proxy in between gives no code."""
        return self.status == UNKNOWN or self.code == NOT_FOUND


class CarrierBusyError(CarrierRefusedError):
    """It was asked too often, and has done nothing; it may be asked again after `wait_s`, where it tells."""

    def __init__(self, code: int, wait_s: float | None) -> None:
        super().__init__(TOO_MANY, code)
        self.wait_s = wait_s


class CarrierUnansweredError(CarrierError):
    """It did not answer, or had a fault: what was asked may have been done.

    `wait_s` is after how long it wants to be asked again, where it tells.
    """

    def __init__(self, text: str, wait_s: float | None = None) -> None:
        super().__init__(text)
        self.wait_s = wait_s


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
        return await self._ask("POST", f"{self._path}/{resource}.json", data=form)

    async def delete(self, resource: str) -> None:
        """Delete a resource of the account, such as `Recordings/RE…`; one that is gone already is none to worry about.

        Raises:
            CarrierRefusedError, CarrierUnreachedError, CarrierUnansweredError: see `post`.
        """
        try:
            await self._ask("DELETE", f"{self._path}/{resource}.json")
        except CarrierRefusedError as error:
            if not error.unknown:
                raise

    async def entries(self, resource: str, **filters: str) -> list[dict[str, object]]:
        """All entries of a list of the account, such as `Messages`, page by page; none where there is no such list.

        Raises:
            CarrierRefusedError, CarrierUnreachedError, CarrierUnansweredError: see `post`.
        """
        found: list[dict[str, object]] = []
        address: str | None = f"{self._path}/{resource}.json"
        asked = {"PageSize": "1000", **filters}
        while address is not None:
            try:
                answer = await self._ask("GET", address, params=asked)
                page = answer.json()
                found += page[resource.rpartition("/")[2].lower()]
                # It brings its own query, and leads nowhere but to the same account.
                following = page.get("next_page_uri")
            except CarrierRefusedError as error:
                if error.unknown:
                    return found
                raise
            except (ValueError, LookupError, TypeError, AttributeError):
                raise CarrierUnansweredError(f"the carrier's list of {resource} cannot be read") from None
            address = following if following and str(following).startswith(f"{self._path}/") else None
            asked = {}
        return found

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        data: Mapping[str, str | list[str]] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            answer = await self._client.request(method, path, data=data, params=params or None)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise CarrierUnreachedError(f"the carrier cannot be reached: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise CarrierUnansweredError(f"the carrier did not answer: {type(error).__name__}") from None
        if answer.status_code >= 500:
            raise CarrierUnansweredError(f"the carrier answered {answer.status_code}", _wait_s(answer))
        if answer.status_code == TOO_MANY:
            raise CarrierBusyError(_code(answer), _wait_s(answer))
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


def _wait_s(answer: httpx.Response) -> float | None:
    """`Retry-After` in seconds; None where there is none, or it is a date, whose clock may not be ours."""
    told = answer.headers.get("retry-after", "").strip()
    return float(told) if told.isascii() and told.isdecimal() else None


def _code(answer: httpx.Response) -> int:
    """Twilio's error code; 0 where there is none."""
    try:
        return int(answer.json()["code"])
    except (ValueError, LookupError, TypeError):
        return 0
