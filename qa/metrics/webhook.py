"""Tells another system of alerts: one signed POST, as Standard Webhooks has it (https://www.standardwebhooks.com)."""

import asyncio
import base64
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential

from qa.metrics.digest import Digest

KIND = "metrics.alerts"
TRIES = 3
TIMEOUT_S = 10.0


class NotToldError(Exception):
    """The receiver did not take the message. The text has its status or the kind of failure, never its address."""

    def __init__(self, why: str, *, may_pass: bool) -> None:
        super().__init__(f"the alerts could not be told: {why}")
        self.may_pass = may_pass


@dataclass(frozen=True)
class Message:
    """What is told. The same alerts of the same day have the same id, so that a receiver knows them again."""

    id: str
    at: datetime
    body: bytes
    """JSON. Figures only: nothing of a call or a person."""


def message_of(digest: Digest, at: datetime, url: str | None) -> Message | None:
    """The message on a day's alerts; None where there is none. `url` is the address of the digest, if it has one."""
    if not digest.alerts:
        return None
    alerts = [
        {
            "metric": rung.alert.metric,
            "name": rung.figure.metric.name,
            "unit": rung.figure.metric.unit.value,
            "value": rung.figure.now.value,
            rung.alert.sign.value: rung.alert.limit,
            "counted": rung.figure.now.count,
        }
        for rung in digest.alerts
    ]
    data = {"day": digest.day.isoformat(), "digest": url, "alerts": alerts}
    known = {"type": KIND, "timestamp": at.isoformat(), "data": data}
    name = f"{KIND}:{digest.day}:" + ",".join(sorted({rung.alert.metric for rung in digest.alerts}))
    return Message(name, at, json.dumps(known).encode())


def signed(message: Message, key: bytes, sent_at: datetime) -> dict[str, str]:
    """The headers that prove who sent a message, and when."""
    stamp = str(int(sent_at.timestamp()))
    digest = hmac.digest(key, b".".join((message.id.encode(), stamp.encode(), message.body)), "sha256")
    return {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


async def tell(
    client: httpx.AsyncClient,
    url: str,
    message: Message,
    key: bytes,
    now: Callable[[], datetime],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Send a message, and again where that may help. Redirects are not followed: only `url` is told.

    Raises:
        NotToldError: it was not taken.
    """
    tries = AsyncRetrying(
        sleep=pause,
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential(),
        retry=retry_if_exception(lambda error: isinstance(error, NotToldError) and error.may_pass),
        reraise=True,
    )
    await tries(_once, client, url, message, key, now)


async def _once(
    client: httpx.AsyncClient, url: str, message: Message, key: bytes, now: Callable[[], datetime]
) -> None:
    headers = signed(message, key, now())
    try:
        answer = await client.post(
            url, content=message.body, headers=headers, timeout=TIMEOUT_S, follow_redirects=False
        )
    except httpx.TransportError as error:
        raise NotToldError(type(error).__name__, may_pass=True) from None
    if not answer.is_success:
        busy = answer.status_code >= 500 or answer.status_code == 429
        raise NotToldError(f"status {answer.status_code}", may_pass=busy)
