"""Actions over HTTP: one pooled client, deadlines, and what an answer says about the effect."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from pydantic import JsonValue

from actions.arguments import check_arguments
from actions.errors import ActionError, OutcomeUnknownError
from actions.spec import ActionSpec, HttpAction
from actions.templates import fill, fill_url, pick, places, plain, with_environment
from actions.types import Failure

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_BYTES = 1_000_000
"""Of one answer."""
MOST_REASON_BYTES = 4_000
"""Of a refusal's body that is handed on."""
MOST_REDIRECTS = 3
IDEMPOTENCY_HEADER = "Idempotency-Key"
SENT = ".send_request_headers.started"
"""httpcore's trace event, after `http11` or `http2`: before it, nothing of the request has left."""
STATUS_FAILURES = {
    400: Failure.INVALID,
    401: Failure.BROKEN,
    402: Failure.REFUSED,
    403: Failure.REFUSED,
    404: Failure.NOT_FOUND,
    405: Failure.BROKEN,
    409: Failure.REFUSED,
    410: Failure.NOT_FOUND,
    412: Failure.REFUSED,
    422: Failure.INVALID,
    423: Failure.REFUSED,
    429: Failure.UNAVAILABLE,
    451: Failure.REFUSED,
}
"""What a status comes to; other 4xx are INVALID. Whoever answers 4xx has not done it."""

# Addresses may hold secrets from the environment; httpx writes each of them to its log.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class UnsafeAddressError(ValueError):
    """An address that actions may not use."""


@dataclass(frozen=True)
class HttpCall:
    """One request, complete."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: JsonValue = None
    result: Mapping[str, str] = field(default_factory=dict)
    """Result name to the dotted place in the answer."""
    failures: Mapping[str, str] = field(default_factory=dict)
    """Status to failure, before the usual meaning."""


@dataclass
class _Progress:
    """How far an attempt came."""

    sent: bool = False

    async def trace(self, event: str, _info: object) -> None:
        """Called by httpcore."""
        self.sent = self.sent or event.endswith(SENT)


def open_client() -> httpx.AsyncClient:
    """The client that all HTTP actions of a process share."""
    return httpx.AsyncClient(
        timeout=None,  # noqa: S113 - every attempt has its own deadline
        follow_redirects=False,
        # Shorter than servers keep idle connections: a write must not meet one that is being closed.
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=4),
        trust_env=False,
    )


def check_address(url: str) -> str:
    """`url`, if actions may use it. Returns its host.

    Raises:
        UnsafeAddressError: neither https nor this machine, or with a password in it. The text never shows the address.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise UnsafeAddressError("the address must be http(s)")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise UnsafeAddressError("the address must be https unless it is on this machine")
    if parts.username or parts.password:
        raise UnsafeAddressError("the address must hold no user or password: use headers")
    return host


async def send(
    client: httpx.AsyncClient, call: HttpCall, key: str, timeout_s: float, *, writes: bool
) -> dict[str, JsonValue]:
    """Make one attempt and read its result.

    Raises:
        ActionError: nothing was sent, or the far end says that it has done nothing.
        OutcomeUnknownError: it was sent, and the answer is missing or says nothing.
    """
    progress = _Progress()
    try:
        async with asyncio.timeout(timeout_s):
            response, content = await _exchange(client, call, key, progress, writes=writes)
    except UnsafeAddressError as error:
        raise ActionError(Failure.BROKEN, str(error)) from None
    except TimeoutError:
        raise _unanswered(progress, Failure.TIMED_OUT, f"no answer within {timeout_s} s") from None
    except httpx.InvalidURL:
        raise ActionError(Failure.BROKEN, "the address cannot be read") from None
    except httpx.HTTPError as error:
        # The error's own text may hold the address.
        raise _unanswered(progress, Failure.UNAVAILABLE, type(error).__name__) from None
    return _read(call, response, content)


async def _exchange(
    client: httpx.AsyncClient, call: HttpCall, key: str, progress: _Progress, *, writes: bool
) -> tuple[httpx.Response, bytes]:
    host = check_address(call.url)
    headers = {"Accept": "application/json", **call.headers}
    if writes:
        headers[IDEMPOTENCY_HEADER] = key
    url: str | None = call.url
    query: Mapping[str, str] | None = call.query or None
    for _ in range(MOST_REDIRECTS + 1):
        request = client.build_request(
            call.method,
            url or "",
            params=query,
            headers=headers,
            json=call.body if call.body is not None else None,
            extensions={"trace": progress.trace},
        )
        response = await client.send(request, stream=True)
        try:
            url = _next_address(response, host) if call.method == "GET" else None
            if url is None:
                return response, await _content(response)
        finally:
            await response.aclose()
        query = None
    raise ActionError(Failure.BROKEN, f"{host} redirects without end")


def _next_address(response: httpx.Response, host: str) -> str | None:
    """Where a read is redirected to; None where it is not, or to another host, which gets none of our headers."""
    if not response.has_redirect_location:
        return None
    url = urljoin(str(response.request.url), response.headers["location"])
    return url if check_address(url) == host else None


async def _content(response: httpx.Response) -> bytes:
    parts = bytearray()
    async for chunk in response.aiter_bytes():
        parts += chunk
        if len(parts) > MOST_BYTES:
            raise OutcomeUnknownError(Failure.BROKEN, f"an answer has over {MOST_BYTES} bytes", over=True)
    return bytes(parts)


def _unanswered(progress: _Progress, failure: Failure, text: str) -> ActionError:
    if progress.sent:
        return OutcomeUnknownError(failure, f"sent, but unanswered: {text}")
    return ActionError(failure, f"not sent: {text}")


def _read(call: HttpCall, response: httpx.Response, content: bytes) -> dict[str, JsonValue]:
    status = response.status_code
    named = call.failures.get(str(status))
    if named is not None or not 200 <= status < 300:
        raise _failure(status, named, response, content)
    if not content and not call.result:
        return {}
    try:
        answer: JsonValue = json.loads(content)
        if call.result:
            return {name: pick(answer, place) for name, place in call.result.items()}
    except (ValueError, LookupError, RecursionError):
        raise OutcomeUnknownError(
            Failure.BROKEN, f"a {status} whose body is not as declared", over=True
        ) from None
    if not isinstance(answer, dict):
        raise OutcomeUnknownError(Failure.BROKEN, f"a {status} whose body is no object", over=True)
    return answer


def _failure(status: int, named: str | None, response: httpx.Response, content: bytes) -> ActionError:
    text, data = f"status {status}", _reason(content)
    failure = Failure(named) if named is not None else STATUS_FAILURES.get(status)
    if failure is Failure.UNKNOWN:
        return OutcomeUnknownError(Failure.BROKEN, text, data, over=True)
    if failure is not None:
        return ActionError(failure, text, data)
    if 400 <= status < 500:
        return ActionError(Failure.INVALID, text, data)
    if status == 503 and "retry-after" in response.headers:
        # RFC 9110, 10.2.3: the service was not there for this request, and says when it will be.
        return ActionError(Failure.UNAVAILABLE, text, data)
    # A gateway's own time-out says nothing of what is still going on behind it.
    over = status != 504
    return OutcomeUnknownError(
        Failure.UNAVAILABLE if status >= 500 else Failure.BROKEN, text, data, over=over
    )


def _reason(content: bytes) -> dict[str, JsonValue]:
    """What a refusal says, if it is a small JSON object; many frameworks wrap it in `detail`."""
    if len(content) > MOST_REASON_BYTES:
        return {}
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, dict):
        return detail
    return body if isinstance(body, dict) else {}


class HttpRunner:
    """Runs one `http` action."""

    def __init__(
        self, spec: ActionSpec, run: HttpAction, client: httpx.AsyncClient, environment: Mapping[str, str]
    ) -> None:
        self._spec = spec
        self._run = run
        self._client = client
        self._environment = environment

    @property
    def circuit(self) -> str:
        """Its host, as declared."""
        return f"http:{urlsplit(self._run.url).netloc}"

    async def names(self) -> frozenset[str]:
        """The declared ones."""
        return frozenset(self._spec.arguments)

    async def check(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The arguments as declared."""
        checked = check_arguments(self._spec.arguments, self._spec.required, given)
        fill_url(self._run.url, checked)
        return checked

    async def attempt(
        self, arguments: Mapping[str, JsonValue], key: str, timeout_s: float
    ) -> dict[str, JsonValue]:
        """Send the request."""
        return await send(self._client, self._call(arguments), key, timeout_s, writes=not self._spec.reads)

    def _call(self, arguments: Mapping[str, JsonValue]) -> HttpCall:
        run = self._run
        return HttpCall(
            method=run.method,
            url=with_environment(fill_url(run.url, arguments), self._environment),
            headers=filled_headers(run.headers, self._environment),
            query={
                name: plain(value)
                for name, value in dict_of(fill(dict(run.query), arguments)).items()
                if value is not None
            },
            body=None if run.body is None else fill(run.body, arguments),
            result=run.result,
            failures=run.failures,
        )


def filled_headers(headers: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Declared headers with what the environment holds.

    Raises:
        MissingVariableError: see there.
    """
    return {name: with_environment(value, environment) for name, value in headers.items()}


def dict_of(value: JsonValue) -> dict[str, JsonValue]:
    """A filled object, which stays one."""
    return value if isinstance(value, dict) else {}


def http_problems(run: HttpAction, arguments: Mapping[str, Any]) -> list[str]:
    """What is wrong with a declaration, whatever its arguments will be."""
    problems = []
    try:
        check_address(run.url.replace("${", "{"))
    except UnsafeAddressError as error:
        if not run.url.startswith("${"):
            problems.append(f"url: {error}")
    parts = urlsplit(run.url)
    if list(places(parts.scheme + parts.netloc)):
        problems.append("url: an argument cannot name the host")
    used: list[JsonValue] = [run.url, dict(run.query), run.body]
    problems += [
        f"{{{name}}} is not among its arguments"
        for name in dict.fromkeys(name for value in used for name in places(value))
        if name not in arguments
    ]
    text = json.dumps([run.query, run.body])
    if "${" in text:
        problems.append("${NAME} may stand only in url and headers")
    problems += failure_problems(run.failures)
    return problems


def failure_problems(failures: Mapping[str, str]) -> list[str]:
    """What is wrong with a table of status to failure."""
    known = {failure.value for failure in Failure}
    return [
        f"failures: {status}: {name} is no failure of a status"
        for status, name in failures.items()
        if name not in known or not (status.isdigit() and len(status) == 3)
    ]
