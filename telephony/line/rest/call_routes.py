"""Twilio's REST API for calls, on this machine: `/2010-04-01/Accounts/{sid}/Calls`.

Codes: 20003 authenticate, 20001 bad parameter, 20404 unknown, 21201 no To, 21205 bad Url, 21213 no From,
21216 not allowed to be called, 21220 not in progress (https://www.twilio.com/docs/api/errors).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from telephony.line.call import Call, CallStatus
from telephony.line.carrier import CallNotFoundError, Carrier, NotInProgressError
from telephony.line.config import LineConfig
from telephony.line.instructions import Instructions
from telephony.line.live_call import twiml
from telephony.line.rest.call_resource import call_page, call_resource, calls_path
from telephony.line.rest.order import read_order
from telephony.line.rest.request import (
    Form,
    RestError,
    authenticate,
    http_method,
    read_form,
    read_paging,
    web_address,
)

LONGEST_TWIML = 4000
DATE_FILTERS = {"StartTime": "answered_at", "EndTime": "ended_at"}
COMPARISONS: dict[str, Callable[[date, date], bool]] = {
    "": lambda one, other: one == other,
    "<": lambda one, other: one <= other,
    ">": lambda one, other: one >= other,
}


def create_call_router(config: LineConfig, carrier: Carrier) -> APIRouter:
    """The routes of calls."""
    routes = _Routes(config, carrier)
    path = calls_path(config.account_sid)
    router = APIRouter()
    router.add_api_route(f"{path}.json", routes.create, methods=["POST"])
    router.add_api_route(f"{path}.json", routes.list, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.fetch, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.update, methods=["POST"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.delete, methods=["DELETE"])
    return router


class _Routes:
    """What each route does."""

    def __init__(self, config: LineConfig, carrier: Carrier) -> None:
        self._config = config
        self._carrier = carrier

    async def create(self, request: Request) -> Response:
        """Place a call."""
        form = await read_form(request, self._config)
        call = self._carrier.place(read_order(form, self._config.plan, twiml(_instructions(form))))
        return JSONResponse(call_resource(call), status_code=201)

    async def list(self, request: Request) -> Response:
        """Calls, newest first."""
        authenticate(request, self._config)
        paging = read_paging(request)
        calls = [call for call in self._carrier.calls if _passes(call, paging.filters)]
        shown = call_page(self._config.account_sid, calls, paging.page, paging.size, paging.filters)
        return JSONResponse(shown)

    async def fetch(self, request: Request, sid: str) -> Response:
        """One call."""
        authenticate(request, self._config)
        return JSONResponse(call_resource(self._known(sid)))

    async def update(self, request: Request, sid: str) -> Response:
        """Redirect or end a call."""
        form = await read_form(request, self._config)
        self._known(sid)
        try:
            if self._carrier.faults.of(sid).rest_refuses_moves:
                raise NotInProgressError
            call = await self._update(form, sid)
        except NotInProgressError:
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.") from None
        return JSONResponse(call_resource(call))

    async def delete(self, request: Request, sid: str) -> Response:
        """Forget a call that is over."""
        authenticate(request, self._config)
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

    def _known(self, sid: str) -> Call:
        try:
            return self._carrier.call(sid)
        except CallNotFoundError:
            path = f"{calls_path(self._config.account_sid)}/{sid}.json"
            raise RestError(404, 20404, f"The requested resource {path} was not found") from None


def _instructions(form: Form) -> Instructions:
    document = form.get("Twiml")
    if document:
        if len(document) > LONGEST_TWIML:
            raise RestError(400, 21623, f"Twiml must have at most {LONGEST_TWIML} characters.")
        return Instructions(twiml=document)
    return Instructions(url=web_address(form, "Url"), method=http_method(form, "Method"))


def _passes(call: Call, filters: Mapping[str, str]) -> bool:
    plain = {
        "To": call.callee,
        "From": call.caller,
        "Status": call.status.value,
        "ParentCallSid": call.parent_sid or "",
    }
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
