"""The carrier's requests to the customer's server, signed as Twilio signs them."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Self
from urllib.parse import urlencode, urlsplit

import httpx
from loguru import logger
from twilio.request_validator import RequestValidator

from telephony.line.call import Call
from telephony.line.faults.faults import FaultSet, LineFaults
from telephony.line.rest.call_resource import API_VERSION

TIMEOUT_S = 15.0
"""The whole time a server has for its answer (Twilio error 11205)."""


class WebhookError(Exception):
    """The server did not answer a webhook well. `code` is Twilio's: 11200 bad answer, 11205 no connection."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Webhooks:
    """Sends webhooks for one account."""

    def __init__(self, auth_token: str, faults: LineFaults | None = None) -> None:
        self.faults = faults or LineFaults()
        self._validator = RequestValidator(auth_token)
        self._client = httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)

    async def ask(self, url: str, method: str, params: Mapping[str, str]) -> str:
        """Ask for a document.

        Raises:
            WebhookError: no answer in time, or none with a 2xx status.
        """
        return (await self._answered(url, method, params)).text

    async def fetch(self, url: str, method: str, params: Mapping[str, str]) -> bytes:
        """Ask for a document or a file.

        Raises:
            WebhookError: as above.
        """
        return (await self._answered(url, method, params)).content

    async def download(self, url: str) -> bytes:
        """A file.

        Raises:
            WebhookError: it cannot be had.
        """
        return (await self._answered(url, "GET", {})).content

    async def tell(self, url: str, method: str, params: Mapping[str, str]) -> None:
        """Report something. A server that does not take it has missed it."""
        headers = {"I-Twilio-Idempotency-Token": secrets.token_hex(16)}
        for _ in range(self._faults_of(params).webhook_copies):
            await self._tell(url, method, params, headers)

    async def _tell(
        self, url: str, method: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> None:
        try:
            answer = await self._send(url, method, params, headers)
        except WebhookError as error:
            logger.bind(code=error.code).warning("a callback did not arrive: {}", error)
            return
        if not answer.is_success:
            logger.bind(code=11200).warning("a callback was answered with HTTP {}", answer.status_code)

    def _faults_of(self, params: Mapping[str, str]) -> FaultSet:
        return self.faults.of(*(params.get(name) for name in ("CallSid", "To", "From")))

    def signature(self, url: str, params: Mapping[str, str]) -> str:
        """The `X-Twilio-Signature` of a request."""
        return str(self._validator.compute_signature(url, dict(params)))

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _answered(self, url: str, method: str, params: Mapping[str, str]) -> httpx.Response:
        answer = await self._send(url, method, params, {})
        _stop_if_cancelled()
        if not answer.is_success:
            raise WebhookError(11200, f"answered with HTTP {answer.status_code}")
        return answer

    async def _send(
        self, url: str, method: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpx.Response:
        told = params
        if method == "GET" and params:
            url += ("&" if urlsplit(url).query else "?") + urlencode(sorted(params.items()))
            params = {}
        await asyncio.sleep(self._faults_of(told).webhook_delay_s)
        signed = {**headers, "X-Twilio-Signature": self.signature(url, params)}
        try:
            async with asyncio.timeout(TIMEOUT_S):
                if method == "GET":
                    return await self._client.get(url, headers=signed)
                return await self._client.post(url, data=dict(params), headers=signed)
        except (httpx.HTTPError, TimeoutError) as error:
            _stop_if_cancelled()
            raise WebhookError(11205, f"no answer: {type(error).__name__}") from error


def _stop_if_cancelled() -> None:
    """The HTTP client can swallow a cancellation that comes while it connects.

    The call was sent elsewhere then, and what it asked for before is not to be followed.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def call_params(call: Call) -> dict[str, str]:
    """What every webhook says of its call."""
    params = {
        "AccountSid": call.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status.value,
        "Called": call.callee,
        "Caller": call.caller,
        "Direction": call.direction.value,
        "From": call.caller,
        "To": call.callee,
    }
    if call.parent_sid is not None:
        params["ParentCallSid"] = call.parent_sid
    return params
