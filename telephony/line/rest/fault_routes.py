"""The line's own API for faults, outside Twilio's paths: `/line/faults`. For this machine and the account only."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from telephony.line.config import LineConfig
from telephony.line.faults.faults import FaultSet, LineFaults
from telephony.line.rest.request import RestError, authenticate


class _Order(BaseModel):
    """The faults to have from now on."""

    model_config = ConfigDict(extra="forbid")

    line: FaultSet = FaultSet()
    calls: dict[str, FaultSet] = Field(default_factory=dict)
    rest_times: int | None = Field(default=None, ge=0)


def create_fault_router(config: LineConfig, faults: LineFaults) -> APIRouter:
    """GET shows the faults, PUT sets all of them anew, DELETE clears them, POST …/drop drops media streams."""
    routes = _Routes(config, faults)
    router = APIRouter(prefix="/line/faults")
    router.add_api_route("", routes.show, methods=["GET"])
    router.add_api_route("", routes.put, methods=["PUT"])
    router.add_api_route("", routes.clear, methods=["DELETE"])
    router.add_api_route("/drop", routes.drop, methods=["POST"])
    return router


def slow_or_failing(faults: LineFaults) -> Callable[[Request], Awaitable[None]]:
    """What each request to Twilio's own paths meets first."""

    async def meet(request: Request) -> None:
        names = (request.path_params.get("sid"), request.path_params.get("call_sid"))
        met = faults.of_request(*names)
        await asyncio.sleep(met.rest_delay_s)
        if met.rest_status is not None:
            raise RestError(met.rest_status, 20500, "An internal server error has occurred.")

    return meet


class _Routes:
    """What each route does."""

    def __init__(self, config: LineConfig, faults: LineFaults) -> None:
        self._config = config
        self._faults = faults

    async def show(self, request: Request) -> Response:
        """The faults that are set."""
        self._check(request)
        return JSONResponse(self._faults.shown)

    async def put(self, request: Request) -> Response:
        """Have these faults and no others."""
        self._check(request)
        try:
            order = _Order.model_validate_json(await request.body())
        except ValidationError as error:
            broken = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
            raise RestError(400, 20001, f"These faults are not valid: {broken}.") from None
        self._faults.clear()
        for name, one in order.calls.items():
            self._faults.set(one, name)
        self._faults.set(order.line, rest_times=order.rest_times)
        return JSONResponse(self._faults.shown)

    async def clear(self, request: Request) -> Response:
        """Have none."""
        self._check(request)
        self._faults.clear()
        return Response(status_code=204)

    async def drop(self, request: Request, call: str | None = None) -> Response:
        """Lose the connection of media streams now."""
        self._check(request)
        return JSONResponse({"dropped": self._faults.drop_streams(call)})

    def _check(self, request: Request) -> None:
        authenticate(request, self._config)
        host = request.client.host if request.client is not None else ""
        try:
            here = ipaddress.ip_address(host).is_loopback
        except ValueError:
            here = False
        if not here:
            raise RestError(403, 20403, "Faults are set from this machine only.")
