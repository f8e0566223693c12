"""What the assistant may do in the shop."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, JsonValue

from actions.errors import ActionError
from actions.identity.told import IdentifyArguments
from actions.registry import Action, Arguments, Registry
from actions.shop.identify import Match, match_likeliest
from actions.shop.rules import NotThereError, Order, ShopRefusalError
from actions.shop.shop import Shop
from actions.types import Failure

Result = dict[str, JsonValue]
A = TypeVar("A", bound=Arguments)
GRANTED = 1
"""The identity level of a caller who is found."""


def _filled(value: object) -> object:
    """Nothing, where a template had nothing to fill in."""
    return None if value == "" else value


OrderNumber = Annotated[str, Field(pattern=r"^\d{4}$")]
Money = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
Short = Annotated[str, Field(min_length=1, max_length=200)]


class OrderStatusArguments(Arguments):
    """Which order."""

    order_number: OrderNumber


class CustomerArguments(Arguments):
    """Which customer: filled in from the caller's identity."""

    customer: Annotated[str, Field(max_length=20)]


class OrderArguments(CustomerArguments):
    """Which of the customer's orders."""

    order_number: OrderNumber


class RefundArguments(OrderArguments):
    """How much of it; without, all that is left."""

    amount: Money | None = None


class ReturnArguments(OrderArguments):
    """Why it comes back."""

    reason: Short


class AddressArguments(CustomerArguments):
    """Where parcels go."""

    street: Short
    postcode: Annotated[str, Field(pattern=r"^\d{5}$")]
    city: Short


class CreditArguments(CustomerArguments):
    """How much, and why."""

    amount: Money
    reason: Short


class ComplaintArguments(Arguments):
    """What a caller is unhappy with."""

    text: Annotated[str, Field(min_length=1, max_length=500)]
    customer: Annotated[Annotated[str, Field(max_length=20)] | None, BeforeValidator(_filled)] = None
    order_number: Annotated[OrderNumber | None, BeforeValidator(_filled)] = None


class ProductArguments(Arguments):
    """A product as it was said."""

    product: Short


class OutcomeArguments(Arguments):
    """The idempotency key of a write."""

    key: Annotated[str, Field(max_length=200)]


def register(registry: Registry, shop: Shop, delay_s: float = 0.0, match: Match = match_likeliest) -> None:
    """Add the shop's actions to `registry`; a look-up takes `delay_s` longer than it needs to.

    `match` finds the customer who fits what a caller has told.
    """
    _register_order_reads(registry, shop, delay_s)
    _register_other_reads(registry, shop, delay_s, match)
    _register_order_writes(registry, shop)
    _register_customer_writes(registry, shop)


def _register_order_reads(registry: Registry, shop: Shop, delay_s: float) -> None:
    async def order_status(arguments: OrderStatusArguments, _key: str) -> Result:
        await asyncio.sleep(delay_s)
        order = await shop.order(arguments.order_number)
        if order is None:
            raise NotThereError("there is no such order")
        return _public(order)

    async def find_order(arguments: OrderArguments, _key: str) -> Result:
        await asyncio.sleep(delay_s)
        order = await shop.order(arguments.order_number)
        if order is None or order.customer != arguments.customer:
            raise NotThereError("the customer has no such order")
        return _details(order)

    async def customer_orders(arguments: CustomerArguments, _key: str) -> Result:
        await asyncio.sleep(delay_s)
        found = await shop.orders(arguments.customer)
        latest = found[0] if found else None
        return {
            "count": len(found),
            "orders": [_details(order) for order in found],
            "latest": None if latest is None else _details(latest),
        }

    for name, model, run in (
        ("order_status", OrderStatusArguments, order_status),
        ("find_order", OrderArguments, find_order),
        ("customer_orders", CustomerArguments, customer_orders),
    ):
        _add(registry, name, model, run, reads=True)


def _register_other_reads(registry: Registry, shop: Shop, delay_s: float, match: Match) -> None:
    async def product(arguments: ProductArguments, _key: str) -> Result:
        await asyncio.sleep(delay_s)
        found = await shop.product(arguments.product)
        if found is None:
            raise NotThereError("there is no product like it")
        return {
            "name": found.name,
            "price": found.price / 100,
            "stock": found.stock,
            "available": found.stock > 0,
            "warranty_months": found.warranty_months,
            "restocked_on": found.restocked_on.isoformat() if found.restocked_on else None,
        }

    async def identify(arguments: IdentifyArguments, _key: str) -> Result:
        found = await asyncio.to_thread(match, arguments, await shop.customers())
        customer = None if found is None else await shop.customer(found)
        if customer is None:
            raise NotThereError("nobody fits what was told")
        return {"level": GRANTED, "customer": customer.id, "name": customer.name}

    async def write_outcome(arguments: OutcomeArguments, _key: str) -> Result:
        result = await shop.outcome(arguments.key)
        return {"found": False} if result is None else {"found": True, "result": result}

    for name, model, run in (
        ("product", ProductArguments, product),
        ("identify", IdentifyArguments, identify),
        ("write_outcome", OutcomeArguments, write_outcome),
    ):
        _add(registry, name, model, run, reads=True)


def _register_order_writes(registry: Registry, shop: Shop) -> None:
    async def cancel_order(arguments: OrderArguments, key: str) -> Result:
        return await shop.cancel_order(key, arguments.customer, arguments.order_number)

    async def refund_order(arguments: RefundArguments, key: str) -> Result:
        amount = None if arguments.amount is None else _cents(arguments.amount)
        return await shop.refund_order(key, arguments.customer, arguments.order_number, amount)

    async def create_return(arguments: ReturnArguments, key: str) -> Result:
        return await shop.create_return(key, arguments.customer, arguments.order_number, arguments.reason)

    async def cancel_return(arguments: OrderArguments, key: str) -> Result:
        return await shop.cancel_return(key, arguments.customer, arguments.order_number)

    async def send_invoice(arguments: OrderArguments, key: str) -> Result:
        return await shop.send_invoice(key, arguments.customer, arguments.order_number)

    for name, model, run in (
        ("cancel_order", OrderArguments, cancel_order),
        ("refund_order", RefundArguments, refund_order),
        ("create_return", ReturnArguments, create_return),
        ("cancel_return", OrderArguments, cancel_return),
        ("send_invoice", OrderArguments, send_invoice),
    ):
        _add(registry, name, model, run, reads=False)


def _register_customer_writes(registry: Registry, shop: Shop) -> None:
    async def change_address(arguments: AddressArguments, key: str) -> Result:
        return await shop.change_address(
            key, arguments.customer, arguments.street, arguments.postcode, arguments.city
        )

    async def give_credit(arguments: CreditArguments, key: str) -> Result:
        return await shop.give_credit(key, arguments.customer, _cents(arguments.amount), arguments.reason)

    async def send_password_reset(arguments: CustomerArguments, key: str) -> Result:
        return await shop.send_password_reset(key, arguments.customer)

    async def note_complaint(arguments: ComplaintArguments, key: str) -> Result:
        return await shop.note_complaint(key, arguments.customer, arguments.order_number, arguments.text)

    for name, model, run in (
        ("change_address", AddressArguments, change_address),
        ("give_credit", CreditArguments, give_credit),
        ("send_password_reset", CustomerArguments, send_password_reset),
        ("note_complaint", ComplaintArguments, note_complaint),
    ):
        _add(registry, name, model, run, reads=False)


def _add(
    registry: Registry,
    name: str,
    model: type[Arguments],
    run: Callable[[Any, str], Awaitable[Result]],
    *,
    reads: bool,
) -> None:
    """Register a function of the shop's: what the shop refuses becomes a failure with its reason."""

    @wraps(run)
    async def told(arguments: Arguments, key: str) -> Result:
        try:
            return await run(arguments, key)
        except NotThereError as error:
            raise ActionError(Failure.NOT_FOUND, str(error)) from None
        except ShopRefusalError as error:
            raise ActionError(Failure.REFUSED, str(error), {"reason": error.reason}) from None

    registry.add(Action(f"shop.{name}", model, told, reads=reads))


def _public(order: Order) -> Result:
    """What anybody may hear who knows the number."""
    return {
        "order_number": order.number,
        "item": order.item,
        "status": order.status.value,
        "ordered_on": order.ordered_on.isoformat(),
        "expected_on": order.expected_on.isoformat() if order.expected_on else None,
        "carrier": order.carrier,
    }


def _details(order: Order) -> Result:
    """What its customer may hear."""
    return {
        **_public(order),
        "items": [{"product": name, "quantity": quantity} for name, quantity in order.items],
        "price": order.price / 100,
        "paid_by": order.paid_by,
        "refunded": order.refunded / 100,
        "return_number": order.return_number,
    }


def _cents(amount: float) -> int:
    return round(amount * 100)
