"""What all routes of the line's REST API share: authentication, forms, errors, pages."""

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from telephony.line.config import LineConfig
from telephony.line.twiml.verbs import Callback

MOST_A_PAGE = 1000
DEFAULT_A_PAGE = 50
PAGING = frozenset({"PageSize", "Page", "PageToken"})
T = TypeVar("T")


class RestError(Exception):
    """An answer with an error code of Twilio's."""

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Form:
    """The fields of a request; a field may come more than once."""

    fields: tuple[tuple[str, str], ...]

    def get(self, name: str, default: str = "") -> str:
        """The last value of a field."""
        return next((value for key, value in reversed(self.fields) if key == name), default)

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return [part for key, value in self.fields if key == name for part in value.split()]


@dataclass(frozen=True)
class Paging:
    """Which part of a list is asked for, and by what it is filtered."""

    page: int
    size: int
    filters: Mapping[str, str]

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """This page of all items."""
        return items[self.page * self.size :][: self.size]

    def fields(self, path: str, count: int) -> dict[str, object]:
        """The page's own fields in an answer; `count` items there are in all."""
        start = self.page * self.size
        shown = max(0, min(self.size, count - start))

        def uri(number: int) -> str:
            query = urlencode({**self.filters, "PageSize": self.size, "Page": number})
            return f"{path}.json?{query}"

        return {
            "page": self.page,
            "page_size": self.size,
            "start": start,
            "end": max(start, start + shown - 1),
            "uri": uri(self.page),
            "first_page_uri": uri(0),
            "previous_page_uri": uri(self.page - 1) if self.page else None,
            "next_page_uri": uri(self.page + 1) if start + self.size < count else None,
        }


def read_paging(request: Request) -> Paging:
    """The page that a request asks for.

    Raises:
        RestError: 20001.
    """
    query = dict(request.query_params)
    return Paging(
        page=whole(query.get("Page"), "Page", 0),
        size=min(MOST_A_PAGE, max(1, whole(query.get("PageSize"), "PageSize", DEFAULT_A_PAGE))),
        filters={name: value for name, value in query.items() if name not in PAGING},
    )


async def read_form(request: Request, config: LineConfig) -> Form:
    """The form of an authenticated request.

    Raises:
        RestError: 20003.
    """
    authenticate(request, config)
    body = (await request.body()).decode("utf-8", "replace")
    return Form(tuple(parse_qsl(body, keep_blank_values=True)))


def authenticate(request: Request, config: LineConfig) -> None:
    """Let only the account in.

    Raises:
        RestError: 20003.
    """
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    expected = f"{config.account_sid}:{config.auth_token}".encode()
    try:
        decoded = base64.b64decode(given, validate=True) if scheme.lower() == "basic" else b""
    except binascii.Error:
        decoded = b""
    if not secrets.compare_digest(decoded, expected):
        raise RestError(401, 20003, "Authenticate")


def whole(text: str | None, name: str, default: int) -> int:
    """A whole number of a request.

    Raises:
        RestError: 20001.
    """
    if not text:
        return default
    if not text.isdigit():
        raise RestError(400, 20001, f"{name} must be a whole number.")
    return int(text)


def web_address(form: Form, name: str) -> str:
    """An http address of a request.

    Raises:
        RestError: 21205.
    """
    url = form.get(name)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise RestError(400, 21205, f"{name} must be an http or https address.")
    return url


def http_method(form: Form, name: str, default: str = "POST") -> str:
    """GET or POST.

    Raises:
        RestError: 20001.
    """
    method = form.get(name, default).upper()
    if method not in {"GET", "POST"}:
        raise RestError(400, 20001, f"{name} must be GET or POST.")
    return method


def callback_of(form: Form, name: str, events: frozenset[str]) -> Callback | None:
    """`name` and `nameMethod` as whom to tell of `events`; None without an address.

    Raises:
        RestError: 21205, 20001.
    """
    if not form.get(name):
        return None
    return Callback(web_address(form, name), http_method(form, f"{name}Method"), events)


async def answer_error(_request: Request, error: Exception) -> Response:
    """An error as Twilio writes it."""
    if not isinstance(error, RestError):
        raise error
    body = {
        "code": error.code,
        "message": str(error),
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else {}
    return JSONResponse(body, status_code=error.status, headers=headers)
