"""Fills the shop's tables with its invented stock, and moves their dates along with the days."""

from datetime import date, timedelta

from sqlalchemy import insert, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop.seed import CUSTOMERS, ORDERS, PRODUCTS, SeedOrder
from actions.shop.tables import customers, metadata, opened, orders, products

VERSION = 2


async def stock(connection: AsyncConnection, today: date) -> None:
    """Make the tables ready for `today`: new ones are filled, older ones keep what was changed in them.

    Tables of an earlier form are made anew.
    """
    names = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    if names and opened.name not in names:
        await connection.run_sync(metadata.drop_all)
    await connection.run_sync(metadata.create_all)
    day = await connection.scalar(select(opened.c.day).where(opened.c.version == VERSION))
    if day is None:
        await _fill(connection, today)
    elif day != today:
        await _move(connection, (today - day).days, today)


async def _fill(connection: AsyncConnection, today: date) -> None:
    await connection.execute(
        insert(customers),
        [
            {
                "id": one.id,
                "name": one.name,
                "phone": one.phone,
                "postcode": one.postcode,
                "email": one.email,
                "born": one.born,
                "street": one.street,
                "city": one.city,
                "balance": one.balance,
            }
            for one in CUSTOMERS
        ],
    )
    await connection.execute(
        insert(products),
        [
            {
                "name": one.name,
                "also": list(one.also),
                "price": one.price,
                "stock": one.stock,
                "warranty_months": one.warranty_months,
                "restocked_on": _day(today, one.restocked),
            }
            for one in PRODUCTS
        ],
    )
    await connection.execute(insert(orders), [_order(one, today) for one in ORDERS])
    await connection.execute(insert(opened).values(version=VERSION, day=today))


async def _move(connection: AsyncConnection, days: int, today: date) -> None:
    """SQLite has no arithmetic for dates that other databases share: row by row."""
    by = timedelta(days=days)
    for row in (await connection.execute(select(orders))).all():
        moved = {
            "ordered_on": row.ordered_on + by,
            "expected_on": None if row.expected_on is None else row.expected_on + by,
        }
        await connection.execute(update(orders).where(orders.c.number == row.number).values(**moved))
    for row in (await connection.execute(select(products))).all():
        if row.restocked_on is not None:
            there = {"restocked_on": row.restocked_on + by}
            await connection.execute(update(products).where(products.c.name == row.name).values(**there))
    await connection.execute(update(opened).values(day=today))


def _order(order: SeedOrder, today: date) -> dict[str, object]:
    return {
        "number": order.number,
        "customer_id": order.customer,
        "item": order.item,
        "items": [list(one) for one in order.items],
        "status": order.status.value,
        "ordered_on": _day(today, order.ordered),
        "expected_on": _day(today, order.expected),
        "carrier": order.carrier,
        "price": order.price,
        "paid_by": order.paid_by,
        "refunded": 0,
        "return_number": None,
    }


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)
