"""Twilio's REST API for calls, on this machine: `/2010-04-01/Accounts/{sid}/Calls`.

Codes: 20003 authenticate, 20001 bad parameter, 20404 unknown, 21201 no To, 21205 bad Url, 21213 no From,
21216 not allowed to be called, 21220 not in progress (https://www.twilio.com/docs/api/errors).
"""

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from telephony.line.call import Call, CallStatus
from telephony.line.carrier import CallNotFoundError, Carrier, NotInProgressError, OutgoingCall
from telephony.line.config import LineConfig
from telephony.line.leg import Dialler
from telephony.line.live_call import Instructions
from telephony.line.resource import call_page, call_resource, calls_path

MOST_A_PAGE = 1000
DEFAULT_A_PAGE = 50
LONGEST_TWIML = 4000
LONGEST_TIMEOUT_S = 600
STATUS_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
ALLOWED_HEADERS = ("x-", "user-to-user")
DATE_FILTERS = {"StartTime": "answered_at", "EndTime": "ended_at"}
COMPARISONS: dict[str, Callable[[date, date], bool]] = {
    "": lambda one, other: one == other,
    "<": lambda one, other: one <= other,
    ">": lambda one, other: one >= other,
}


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


def add_rest_routes(app: FastAPI, config: LineConfig, carrier: Carrier, dialler: Dialler) -> None:
    """Mount the API."""
    routes = _Routes(config, carrier, dialler)
    path = calls_path(config.account_sid)
    router = APIRouter()
    router.add_api_route(f"{path}.json", routes.create, methods=["POST"])
    router.add_api_route(f"{path}.json", routes.list, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.fetch, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.update, methods=["POST"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.delete, methods=["DELETE"])
    app.include_router(router)
    app.add_exception_handler(RestError, _error)


class _Routes:
    """What each route does."""

    def __init__(self, config: LineConfig, carrier: Carrier, dialler: Dialler) -> None:
        self._config = config
        self._carrier = carrier
        self._dialler = dialler

    async def create(self, request: Request) -> Response:
        """Place a call."""
        form = await self._form(request)
        call = self._carrier.place(self._order(form), self._dialler)
        return JSONResponse(call_resource(call), status_code=201)

    async def list(self, request: Request) -> Response:
        """Calls, newest first."""
        self._authenticate(request)
        query = dict(request.query_params)
        size = min(MOST_A_PAGE, max(1, _whole(query.get("PageSize"), "PageSize", DEFAULT_A_PAGE)))
        page = _whole(query.get("Page"), "Page", 0)
        filters = {
            name: value for name, value in query.items() if name not in {"PageSize", "Page", "PageToken"}
        }
        calls = [call for call in self._carrier.calls if _passes(call, filters)]
        return JSONResponse(call_page(self._config.account_sid, calls, page, size, filters))

    async def fetch(self, request: Request, sid: str) -> Response:
        """One call."""
        self._authenticate(request)
        return JSONResponse(call_resource(self._known(sid)))

    async def update(self, request: Request, sid: str) -> Response:
        """Redirect or end a call."""
        form = await self._form(request)
        self._known(sid)
        try:
            call = await self._update(form, sid)
        except NotInProgressError:
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.") from None
        return JSONResponse(call_resource(call))

    async def delete(self, request: Request, sid: str) -> Response:
        """Forget a call that is over."""
        self._authenticate(request)
        self._known(sid)
        try:
            self._carrier.forget(sid)
        except NotInProgressError:
            raise RestError(409, 20409, "A call that is not over cannot be deleted.") from None
        return Response(status_code=204)

    async def _update(self, form: Form, sid: str) -> Call:
        status = form.get("Status")
        if status:
            if status not in {CallStatus.COMPLETED, CallStatus.CANCELED}:
                raise RestError(400, 20001, "Status must be completed or canceled.")
            return await self._carrier.end(sid, CallStatus(status))
        return self._carrier.redirect(sid, _instructions(form))

    def _order(self, form: Form) -> OutgoingCall:
        to, caller = form.get("To"), form.get("From")
        if not to:
            raise RestError(400, 21201, "No 'To' number is specified.")
        if not caller:
            raise RestError(400, 21213, "No 'From' number is specified.")
        address, _, headers = to.partition("?")
        self._check_dialled(address)
        events = form.all("StatusCallbackEvent")
        if not STATUS_EVENTS.issuperset(events):
            raise RestError(400, 21626, f"StatusCallbackEvent must be of {', '.join(sorted(STATUS_EVENTS))}.")
        return OutgoingCall(
            to=address,
            caller=caller,
            instructions=_instructions(form),
            status_callback=_web_address(form, "StatusCallback") if form.get("StatusCallback") else None,
            status_callback_method=_method(form, "StatusCallbackMethod"),
            status_events=frozenset(events or {"completed"}),
            timeout_s=min(LONGEST_TIMEOUT_S, _whole(form.get("Timeout"), "Timeout", 60)),
            limit_s=_whole(form.get("TimeLimit"), "TimeLimit", 14400),
            headers=_sip_headers(headers),
        )

    def _check_dialled(self, address: str) -> None:
        """Only `sip:` to the hosts on the list is dialled."""
        scheme, _, rest = address.partition(":")
        host = rest.rpartition("@")[2].split(";")[0].split(":")[0]
        if scheme != "sip" or not host:
            raise RestError(400, 21211, "Invalid 'To': this line dials only sip: addresses.")
        if host not in self._config.dial_hosts:
            raise RestError(400, 21216, "Account not allowed to call this address.")

    def _known(self, sid: str) -> Call:
        try:
            return self._carrier.call(sid)
        except CallNotFoundError:
            path = f"{calls_path(self._config.account_sid)}/{sid}.json"
            raise RestError(404, 20404, f"The requested resource {path} was not found") from None

    async def _form(self, request: Request) -> Form:
        self._authenticate(request)
        body = (await request.body()).decode("utf-8", "replace")
        return Form(tuple(parse_qsl(body, keep_blank_values=True)))

    def _authenticate(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        expected = f"{self._config.account_sid}:{self._config.auth_token}".encode()
        try:
            decoded = base64.b64decode(given, validate=True) if scheme.lower() == "basic" else b""
        except binascii.Error:
            decoded = b""
        if not secrets.compare_digest(decoded, expected):
            raise RestError(401, 20003, "Authenticate")


def _instructions(form: Form) -> Instructions:
    twiml = form.get("Twiml")
    if twiml:
        if len(twiml) > LONGEST_TWIML:
            raise RestError(400, 21623, f"Twiml must have at most {LONGEST_TWIML} characters.")
        return Instructions(twiml=twiml)
    return Instructions(url=_web_address(form, "Url"), method=_method(form, "Method"))


def _web_address(form: Form, name: str) -> str:
    url = form.get(name)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise RestError(400, 21205, f"{name} must be an http or https address.")
    return url


def _method(form: Form, name: str) -> str:
    method = form.get(name, "POST").upper()
    if method not in {"GET", "POST"}:
        raise RestError(400, 20001, f"{name} must be GET or POST.")
    return method


def _sip_headers(query: str) -> tuple[tuple[str, str], ...]:
    """Headers for the far end, after a `?` in the address: only those that Twilio passes on."""
    headers = tuple(parse_qsl(query))
    if any(not name.lower().startswith(ALLOWED_HEADERS) for name, _ in headers):
        raise RestError(400, 13252, "Only X- headers and User-to-User may be sent.")
    return headers


def _whole(text: str | None, name: str, default: int) -> int:
    if not text:
        return default
    if not text.isdigit():
        raise RestError(400, 20001, f"{name} must be a whole number.")
    return int(text)


def _passes(call: Call, filters: Mapping[str, str]) -> bool:
    plain = {"To": call.callee, "From": call.caller, "Status": call.status.value, "ParentCallSid": ""}
    if any(value != plain[name] for name, value in filters.items() if name in plain and value):
        return False
    return all(
        _passes_date(call, name, value)
        for name, value in filters.items()
        if name.rstrip("<>") in DATE_FILTERS
    )


def _passes_date(call: Call, name: str, value: str) -> bool:
    at: datetime | None = getattr(call, DATE_FILTERS[name.rstrip("<>")])
    try:
        wanted = datetime.fromisoformat(value).date()
    except ValueError:
        raise RestError(400, 20001, f"{name} must be a date.") from None
    return at is not None and COMPARISONS[name[len(name.rstrip("<>")) :]](at.astimezone(UTC).date(), wanted)


async def _error(_request: Request, error: Exception) -> Response:
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
