"""What the assistant may do in the shop."""

import asyncio
from typing import Annotated

from pydantic import Field, JsonValue

from actions.registry import Action, ActionError, Arguments, Registry
from actions.shop.shop import Shop
from actions.types import Failure


class OrderStatusArguments(Arguments):
    """Which order."""

    order_number: Annotated[str, Field(pattern=r"^\d{4}$")]


class CallbackArguments(Arguments):
    """Whom to call back, and why."""

    phone: Annotated[str, Field(pattern=r"^\+?\d{5,15}$")]
    reason: Annotated[str, Field(max_length=200)]
    call_id: str


def register(registry: Registry, shop: Shop, delay_s: float = 0.0) -> None:
    """Add the shop's actions to `registry`; a look-up takes `delay_s` longer than it needs to."""

    async def order_status(arguments: OrderStatusArguments, _key: str) -> dict[str, JsonValue]:
        await asyncio.sleep(delay_s)
        order = await shop.order(arguments.order_number)
        if order is None:
            raise ActionError(Failure.NOT_FOUND, "there is no such order")
        return {
            "order_number": order.number,
            "item": order.item,
            "status": order.status.value,
            "ordered_on": order.ordered_on.isoformat(),
            "expected_on": order.expected_on.isoformat() if order.expected_on else None,
            "carrier": order.carrier,
        }

    async def request_callback(arguments: CallbackArguments, key: str) -> dict[str, JsonValue]:
        reference = await shop.request_callback(key, arguments.call_id, arguments.phone, arguments.reason)
        return {"reference": reference}

    registry.add(Action("shop.order_status", OrderStatusArguments, order_status, reads=True))
    registry.add(Action("shop.request_callback", CallbackArguments, request_callback, reads=False))
