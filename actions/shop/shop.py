"""The shop's system: what it knows and what it changes, in a SQLite file of its own.

Every change takes an idempotency key and is made once for it, together with the note of it. Money goes in and out in
cents, customers by the text of their id.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import JsonValue
from rapidfuzz import fuzz, process, utils
from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from actions.shop.rules import (
    NotThereError,
    Order,
    ShopRefusalError,
    check_cancel,
    check_cancel_return,
    check_credit,
    check_refund,
    check_return,
)
from actions.shop.seed import OrderStatus
from actions.shop.stock import stock
from actions.shop.tables import complaints, customers, mails, orders, products, writes

NEAR_ENOUGH = 75.0
"""Of 100: how like a product's name a spoken one must be."""

Result = dict[str, JsonValue]
Change = Callable[[AsyncConnection], Awaitable[Result]]


@dataclass(frozen=True)
class Customer:
    """A customer as the shop knows them."""

    id: str
    name: str
    phone: str
    postcode: str
    email: str
    born: date
    street: str
    city: str
    balance: int


@dataclass(frozen=True)
class Product:
    """A product as the shop knows it."""

    name: str
    price: int
    stock: int
    warranty_months: int
    restocked_on: date | None


class Shop:
    """One open shop."""

    def __init__(self, engine: AsyncEngine, today: Callable[[], date]) -> None:
        self._engine = engine
        self._today = today

    # What it knows

    async def order(self, number: str) -> Order | None:
        """The order with this number, if there is one."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(orders).where(orders.c.number == number))).first()
        return None if row is None else _order(row)

    async def orders(self, customer: str) -> list[Order]:
        """A customer's orders, newest first."""
        statement = select(orders).where(orders.c.customer_id == _id(customer))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement.order_by(orders.c.ordered_on.desc()))).all()
        return [_order(row) for row in rows]

    async def customers(self) -> list[Customer]:
        """All customers."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(customers).order_by(customers.c.id))).all()
        return [_customer(row) for row in rows]

    async def customer(self, customer: str) -> Customer | None:
        """One customer."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(customers).where(customers.c.id == _id(customer)))).first()
        return None if row is None else _customer(row)

    async def product(self, spoken: str) -> Product | None:
        """The product whose name is most like what was said; None where none is like it."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(products))).all()
        names = [(name, row) for row in rows for name in (row.name, *row.also)]
        best = process.extractOne(
            spoken,
            [name for name, _ in names],
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            score_cutoff=NEAR_ENOUGH,
        )
        if best is None:
            return None
        row = names[best[2]][1]
        return Product(row.name, row.price, row.stock, row.warranty_months, row.restocked_on)

    async def outcome(self, key: str) -> Result | None:
        """What was done by this key; None where nothing was."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(writes).where(writes.c.key == key))).first()
        if row is None:
            return None
        kept: Result = row.result
        return kept

    # What it changes. Each raises NotThereError, or ShopRefusalError with the rule.

    async def cancel_order(self, key: str, customer: str, number: str) -> Result:
        """Cancel an order that the carrier does not have yet; what was paid goes back."""

        async def change(connection: AsyncConnection) -> Result:
            order = await _own_order(connection, customer, number)
            check_cancel(order)
            await _change_order(connection, number, status=OrderStatus.CANCELLED.value, refunded=order.price)
            return {
                "order_number": number,
                "item": order.item,
                "refund": order.price / 100,
                "paid_by": order.paid_by,
            }

        return await self._once(key, "cancel_order", change)

    async def refund_order(self, key: str, customer: str, number: str, amount: int | None) -> Result:
        """Pay back an amount for a delivered order; without one, all that is left of its price."""

        async def change(connection: AsyncConnection) -> Result:
            order = await _own_order(connection, customer, number)
            wanted = order.price - order.refunded if amount is None else amount
            check_refund(order, wanted, self._today())
            await _change_order(connection, number, refunded=order.refunded + wanted)
            return {"order_number": number, "refund": wanted / 100, "paid_by": order.paid_by}

        return await self._once(key, "refund_order", change)

    async def create_return(self, key: str, customer: str, number: str, reason: str) -> Result:
        """Open a return for a delivered order, with the number of its label."""

        async def change(connection: AsyncConnection) -> Result:
            order = await _own_order(connection, customer, number)
            check_return(order, self._today())
            label = f"7{number}{order.expected_on:%d%m}"
            await _change_order(connection, number, return_number=label)
            await _mail(connection, customer, "return_label", number)
            return {"order_number": number, "item": order.item, "return_number": label, "reason": reason}

        return await self._once(key, "create_return", change)

    async def cancel_return(self, key: str, customer: str, number: str) -> Result:
        """Take a return back: its label is no longer accepted, and the customer is told so by mail."""

        async def change(connection: AsyncConnection) -> Result:
            order = await _own_order(connection, customer, number)
            check_cancel_return(order)
            await _change_order(connection, number, return_number=None)
            await _mail(connection, customer, "return_cancelled", number)
            return {"order_number": number, "item": order.item, "return_number": order.return_number}

        return await self._once(key, "cancel_return", change)

    async def change_address(self, key: str, customer: str, street: str, postcode: str, city: str) -> Result:
        """Have a customer's next parcels go to another address."""

        async def change(connection: AsyncConnection) -> Result:
            await _own(connection, customer)
            place = {"street": street, "postcode": postcode, "city": city}
            await connection.execute(update(customers).where(customers.c.id == _id(customer)).values(**place))
            return dict(place)

        return await self._once(key, "change_address", change)

    async def give_credit(self, key: str, customer: str, amount: int, reason: str) -> Result:
        """Add to a customer's balance."""

        async def change(connection: AsyncConnection) -> Result:
            check_credit(amount)
            row = await _own(connection, customer)
            balance = row.balance + amount
            await connection.execute(
                update(customers).where(customers.c.id == row.id).values(balance=balance)
            )
            return {"amount": amount / 100, "balance": balance / 100, "reason": reason}

        return await self._once(key, "give_credit", change)

    async def send_password_reset(self, key: str, customer: str) -> Result:
        """Send the mail that lets a customer set a new password."""

        async def change(connection: AsyncConnection) -> Result:
            return {"email": await _mail(connection, customer, "password_reset", None)}

        return await self._once(key, "send_password_reset", change)

    async def send_invoice(self, key: str, customer: str, number: str) -> Result:
        """Send a copy of an order's invoice."""

        async def change(connection: AsyncConnection) -> Result:
            order = await _own_order(connection, customer, number)
            if order.status is OrderStatus.CANCELLED:
                raise ShopRefusalError("cancelled", "a cancelled order has no invoice")
            address = await _mail(connection, customer, "invoice", number)
            return {"order_number": number, "invoice_number": f"9{number}", "email": address}

        return await self._once(key, "send_invoice", change)

    async def note_complaint(self, key: str, customer: str | None, number: str | None, text: str) -> Result:
        """Note what a caller is unhappy with: a customer, or somebody who is not known."""

        async def change(connection: AsyncConnection) -> Result:
            known = None if customer is None else await _own(connection, customer)
            if known is not None and number is not None:
                await _own_order(connection, str(known.id), number)
            noted = await connection.execute(
                insert(complaints).values(
                    customer_id=known.id if known is not None else None,
                    order_number=number,
                    text=text,
                    noted_on=self._today(),
                )
            )
            identity = noted.inserted_primary_key
            return {"reference": 5000 + int(identity[0] if identity else 0)}

        return await self._once(key, "note_complaint", change)

    async def phone_of(self, customer: str) -> str | None:
        """The customer's number on file; None where there is no such customer."""
        found = await self.customer(customer)
        return found.phone if found is not None else None

    async def close(self) -> None:
        """Close the file."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _once(self, key: str, action: str, change: Change) -> Result:
        """Make a change and note it by its key, both or neither; the same key gets the noted result."""
        try:
            async with self._engine.begin() as connection:
                # First, so that another try of the same key waits here, and finds it taken.
                await connection.execute(insert(writes).values(key=key, action=action, result={}))
                result = await change(connection)
                await connection.execute(update(writes).where(writes.c.key == key).values(result=result))
                return result
        except IntegrityError:
            return await self._noted(key, action)

    async def _noted(self, key: str, action: str) -> Result:
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(writes).where(writes.c.key == key))).one()
        if row.action != action:
            raise ShopRefusalError("key_reused", f"the key was used for {row.action}")
        kept: Result = row.result
        return kept


async def open_shop(path: Path, today: Callable[[], date]) -> Shop:
    """Open the shop in `path`, with its invented stock if it is new. Its dates follow `today`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": 5})
    async with engine.begin() as connection:
        await stock(connection, today())
    return Shop(engine, today)


def _id(customer: str) -> int:
    """A customer's number in the tables; no customer has -1."""
    return int(customer) if customer.isascii() and customer.isdigit() else -1


async def _own(connection: AsyncConnection, customer: str) -> Row[tuple[object, ...]]:
    row = (await connection.execute(select(customers).where(customers.c.id == _id(customer)))).first()
    if row is None:
        raise NotThereError("there is no such customer")
    return row


async def _own_order(connection: AsyncConnection, customer: str, number: str) -> Order:
    mine = (orders.c.number == number, orders.c.customer_id == _id(customer))
    row = (await connection.execute(select(orders).where(*mine))).first()
    if row is None:
        raise NotThereError("the customer has no such order")
    return _order(row)


async def _change_order(connection: AsyncConnection, number: str, **values: object) -> None:
    await connection.execute(update(orders).where(orders.c.number == number).values(**values))


async def _mail(connection: AsyncConnection, customer: str, kind: str, about: str | None) -> str:
    """Send a mail. Returns its address as it may be said aloud."""
    row = await _own(connection, customer)
    await connection.execute(
        insert(mails).values(customer_id=row.id, kind=kind, address=row.email, about=about)
    )
    name, _, host = str(row.email).partition("@")
    return f"{name[0]}***@{host}"


def _order(row: Row[tuple[object, ...]]) -> Order:
    return Order(
        number=row.number,
        customer=str(row.customer_id),
        item=row.item,
        items=tuple((name, quantity) for name, quantity in row.items),
        status=OrderStatus(row.status),
        ordered_on=row.ordered_on,
        expected_on=row.expected_on,
        carrier=row.carrier,
        price=row.price,
        paid_by=row.paid_by,
        refunded=row.refunded,
        return_number=row.return_number,
    )


def _customer(row: Row[tuple[object, ...]]) -> Customer:
    return Customer(
        id=str(row.id),
        name=row.name,
        phone=row.phone,
        postcode=row.postcode,
        email=row.email,
        born=row.born,
        street=row.street,
        city=row.city,
        balance=row.balance,
    )
