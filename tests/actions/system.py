"""The demo shop as a system of its own: over HTTP with an OpenAPI document, and as an MCP server, with faults.

Executed, it is the MCP server over standard streams: `python -m tests.actions.system FOLDER`.
"""

import asyncio
import inspect
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse, Response
from mcp.server import MCPServer
from sqlalchemy import func, select

from actions.errors import ActionError
from actions.registry import Registry
from actions.shop import open_shop, register
from actions.shop.tables import complaints, customers, mails, orders
from actions.types import Failure

TODAY = date(2026, 11, 23)
STATUS = {Failure.NOT_FOUND: 404, Failure.REFUSED: 409}

WRITES = {
    "cancel_order": {"customer": "1", "order_number": "4712"},
    "refund_order": {"customer": "2", "order_number": "1024", "amount": 5},
    "create_return": {"customer": "7", "order_number": "7303", "reason": "too small"},
    "cancel_return": {"customer": "5", "order_number": "5006"},
    "change_address": {"customer": "3", "street": "New Street 1", "postcode": "50668", "city": "Cologne"},
    "give_credit": {"customer": "4", "amount": 10, "reason": "late parcel"},
    "send_password_reset": {"customer": "5"},
    "send_invoice": {"customer": "6", "order_number": "6120"},
    "note_complaint": {"text": "the box was open", "customer": "8"},
}


class Fault(StrEnum):
    """What goes wrong with a write."""

    NONE = "none"
    HANGS_BEFORE = "hangs_before"
    HANGS_AFTER = "hangs_after"
    LATE = "late"
    """Acts after the caller has given up."""
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    WRONG_BEFORE = "wrong_before"
    """200, but no JSON, and nothing done."""
    WRONG_AFTER = "wrong_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    BUSY = "busy"
    """503 with Retry-After."""


AFTER = {Fault.HANGS_AFTER, Fault.LATE, Fault.ERROR_AFTER, Fault.WRONG_AFTER, Fault.RESET_AFTER}


async def prepare(shop):
    """What must be there before WRITES: a return to take back."""
    await shop.create_return("before", "5", "5006", "chipped")


class BrokenError(Exception):
    """An error in the system's own code."""


class System:
    """The shop behind its own walls. `times` says how often a key meets the fault, `standstill` where it gets stuck."""

    def __init__(self, shop, standstill=None):
        self.shop = shop
        self.standstill = standstill
        self.registry = Registry()
        register(self.registry, shop)
        self.fault = Fault.NONE
        self.times = 99
        self.forgetful = False
        """It takes the same key for another request each time."""
        self.asked = {}
        self.headers = []

    async def do(self, name, arguments, key):
        """Run a write with its fault."""
        number = self.asked[key] = self.asked.get(key, 0) + 1
        fault = self.fault if number <= self.times else Fault.NONE
        used = f"{key}#{number}" if self.forgetful and number > 1 else key
        if fault is Fault.HANGS_BEFORE:
            await self.standstill.hang(key)
        if fault is Fault.LATE:
            async with self.standstill.late(key):
                return fault, await self._act(name, arguments, used)
        data = await self._act(name, arguments, used) if fault in AFTER or fault is Fault.NONE else None
        if fault is Fault.HANGS_AFTER:
            await self.standstill.hang(key)
        return fault, data

    async def _act(self, name, arguments, key):
        action = self.registry.action(f"shop.{name}")
        return await action.run(action.arguments.model_validate(arguments), key)

    async def effects(self, name):
        """How often a write of WRITES has had its effect."""
        arguments = WRITES[name]
        number, customer = arguments.get("order_number"), int(arguments.get("customer", 0))
        statements = {
            "cancel_order": select(func.count()).where(
                orders.c.number == number, orders.c.status == "cancelled"
            ),
            "refund_order": select(orders.c.refunded / 500).where(orders.c.number == number),
            "create_return": select(func.count()).where(
                mails.c.kind == "return_label", mails.c.about == number
            ),
            "cancel_return": select(func.count()).where(mails.c.kind == "return_cancelled"),
            "change_address": select(func.count()).where(
                customers.c.id == customer, customers.c.street == arguments.get("street")
            ),
            "give_credit": select(customers.c.balance / 1000).where(customers.c.id == customer),
            "send_password_reset": select(func.count()).where(mails.c.kind == "password_reset"),
            "send_invoice": select(func.count()).where(mails.c.kind == "invoice"),
            "note_complaint": select(func.count()).select_from(complaints),
        }
        async with self.shop._engine.connect() as connection:
            return int(await connection.scalar(statements[name]))


def http_app(system):
    """The system over HTTP."""
    app = FastAPI()

    def route(name, model):
        async def handle(
            request: Request, arguments: model, idempotency_key: Annotated[str, Header()]
        ) -> dict:
            system.headers.append(dict(request.headers))
            fault, data = await system.do(name, arguments.model_dump(exclude_unset=True), idempotency_key)
            return answer(fault, data, request)

        handle.__signature__ = inspect.signature(handle, eval_str=True)
        app.add_api_route(
            f"/actions/{name}", handle, methods=["POST"], operation_id=name, response_model=None
        )

    for name in WRITES:
        route(name, system.registry.action(f"shop.{name}").arguments)

    @app.get("/orders/{order_number}", operation_id="order_status")
    async def order_status(order_number: str):
        action = system.registry.action("shop.order_status")
        return await action.run(action.arguments(order_number=order_number), "")

    @app.get("/outcomes/{key}", operation_id="write_outcome")
    async def write_outcome(key: str):
        result = await system.shop.outcome(key)
        return {"found": False} if result is None else {"found": True, "result": result}

    @app.exception_handler(ActionError)
    async def refused(_request, error):
        return JSONResponse(error.data, STATUS.get(error.failure, 500))

    return Abortable(app)


class Abortable:
    """Gives a route the connection it came over, so that it can break it."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope["transport"] = send.__self__.transport
        await self.app(scope, receive, send)


def answer(fault, data, request):
    match fault:
        case Fault.ERROR_BEFORE | Fault.ERROR_AFTER:
            return JSONResponse({"detail": "internal"}, 500)
        case Fault.WRONG_BEFORE | Fault.WRONG_AFTER:
            return Response("<html>fine</html>", 200)
        case Fault.RESET_BEFORE | Fault.RESET_AFTER:
            request.scope["transport"].abort()
            return Response()
        case Fault.BUSY:
            return Response(status_code=503, headers={"Retry-After": "1"})
        case _:
            return JSONResponse(data if data is not None else {})


def mcp_server(system):
    """The system as an MCP server."""
    server = MCPServer("shop", log_level="ERROR")

    def add(name, model):
        fields = ["idempotency_key: str"]
        for field, info in model.model_fields.items():
            kind = {"amount": "float"}.get(field, "str")
            fields.append(f"{field}: {kind}" if info.is_required() else f"{field}: {kind} | None = None")
        scope = {"work": lambda **given: run(name, given)}
        names = ", ".join(f"{one.split(':')[0]}={one.split(':')[0]}" for one in fields)
        exec(f"async def {name}({', '.join(fields)}) -> dict:\n    return await work({names})", scope)  # noqa: S102
        server.add_tool(scope[name], name=name)

    async def run(name, given):
        key = given.pop("idempotency_key")
        arguments = {field: value for field, value in given.items() if value is not None}
        fault, data = await system.do(name, arguments, key)
        if fault in {Fault.ERROR_BEFORE, Fault.ERROR_AFTER}:
            raise BrokenError("internal")
        if fault in {Fault.WRONG_BEFORE, Fault.WRONG_AFTER}:
            return {"something": "else"}
        return {"answer": data or {}}

    for name in WRITES:
        add(name, system.registry.action(f"shop.{name}").arguments)

    @server.tool()
    async def write_outcome(key: str) -> dict:
        """Look up a write."""
        result = await system.shop.outcome(key)
        return {"found": False} if result is None else {"found": True, "result": {"answer": result}}

    return server


async def main(folder):
    async with await open_shop(Path(folder) / "shop.db", lambda: TODAY) as shop:
        await mcp_server(System(shop)).run_stdio_async()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
