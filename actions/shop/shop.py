"""The shop's system: looks up orders and notes call-backs, in a SQLite file of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from actions.shop.seed import CUSTOMERS, ORDERS, OrderStatus, SeedOrder
from actions.shop.tables import callbacks, customers, metadata, orders


@dataclass(frozen=True)
class Order:
    """An order as the shop knows it."""

    number: str
    item: str
    status: OrderStatus
    ordered_on: date
    expected_on: date | None
    carrier: str | None


class Shop:
    """One open shop."""

    def __init__(self, engine: AsyncEngine, today: Callable[[], date]) -> None:
        self._engine = engine
        self._today = today

    async def order(self, number: str) -> Order | None:
        """The order with this number, if there is one."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(orders).where(orders.c.number == number))).first()
        if row is None:
            return None
        return Order(
            row.number, row.item, OrderStatus(row.status), row.ordered_on, row.expected_on, row.carrier
        )

    async def request_callback(self, key: str, call_id: str, phone: str, reason: str) -> int:
        """Note a call-back; the same `key` notes it once. Returns its reference number."""
        values = {"key": key, "call_id": call_id, "phone": phone, "reason": reason}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(callbacks).values(**values, requested_on=self._today()))
        except IntegrityError:
            pass  # noted before: the reference of the first time is the answer
        async with self._engine.connect() as connection:
            found = await connection.execute(select(callbacks.c.id).where(callbacks.c.key == key))
            return int(found.scalar_one())

    async def close(self) -> None:
        """Close the file."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def open_shop(path: Path, today: Callable[[], date]) -> Shop:
    """Open the shop in `path`, with its invented stock if it is new. Its dates follow `today`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": 5})
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await _stock(connection, today())
    return Shop(engine, today)


async def _stock(connection: AsyncConnection, today: date) -> None:
    """Put customers and orders in, or move the orders' dates to today."""
    if (await connection.execute(select(customers.c.id).limit(1))).first() is None:
        rows = [
            {"id": number, "name": name, "phone": phone, "postcode": postcode}
            for number, name, phone, postcode in CUSTOMERS
        ]
        await connection.execute(insert(customers), rows)
    await connection.execute(orders.delete())
    await connection.execute(insert(orders), [_row(order, today) for order in ORDERS])


def _row(order: SeedOrder, today: date) -> dict[str, object]:
    return {
        "number": order.number,
        "customer_id": order.customer,
        "item": order.item,
        "status": order.status.value,
        "ordered_on": today + timedelta(days=order.ordered),
        "expected_on": None if order.expected is None else today + timedelta(days=order.expected),
        "carrier": order.carrier,
    }
