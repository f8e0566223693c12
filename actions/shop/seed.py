"""Invented customers and orders. Dates are days from the day the shop is opened, so the demo never ages."""

from dataclasses import dataclass
from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order is. Names never change meaning."""

    PROCESSING = "processing"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class SeedOrder:
    """One order; days are relative to the opening day."""

    number: str
    customer: int
    item: str
    status: OrderStatus
    ordered: int
    expected: int | None = None
    carrier: str | None = None


CUSTOMERS = (
    (1, "Maria Silva", "+15550142000", "10115"),
    (2, "James Okafor", "+15550142001", "20095"),
    (3, "Lena Fischer", "+15550142002", "50667"),
    (4, "Tom Becker", "+15550142003", "80331"),
    (5, "Aisha Khan", "+15550142004", "60311"),
    (6, "Pedro Gomez", "+15550142005", "70173"),
    (7, "Nora Lind", "+15550142006", "04109"),
    (8, "Henry Walsh", "+15550142007", "01067"),
    (9, "Yuki Tanaka", "+15550142008", "28195"),
)

ORDERS = (
    SeedOrder("4711", 1, "a pair of hiking boots", OrderStatus.SHIPPED, -4, 2, "Parcel Express"),
    SeedOrder("4712", 1, "a rain jacket", OrderStatus.PROCESSING, -1, 6),
    SeedOrder("1024", 2, "a coffee grinder", OrderStatus.DELIVERED, -9, -3, "Parcel Express"),
    SeedOrder("1025", 2, "a set of filters", OrderStatus.PACKED, -2, 3, "City Couriers"),
    SeedOrder("2048", 3, "a desk lamp", OrderStatus.DELAYED, -8, 5, "Parcel Express"),
    SeedOrder("2049", 3, "a bookshelf", OrderStatus.SHIPPED, -5, 1, "Big Freight"),
    SeedOrder("3141", 4, "a bicycle pump", OrderStatus.CANCELLED, -12),
    SeedOrder("3142", 4, "a bicycle lock", OrderStatus.SHIPPED, -3, 2, "City Couriers"),
    SeedOrder("5005", 5, "a kettle", OrderStatus.PROCESSING, 0, 7),
    SeedOrder("5006", 5, "four tea cups", OrderStatus.DELIVERED, -20, -15, "Parcel Express"),
    SeedOrder("6120", 6, "a garden hose", OrderStatus.DELAYED, -10, 4, "Big Freight"),
    SeedOrder("7302", 7, "a winter coat", OrderStatus.PACKED, -1, 4, "Parcel Express"),
    SeedOrder("7303", 7, "wool socks", OrderStatus.DELIVERED, -6, -1, "City Couriers"),
    SeedOrder("8080", 8, "a keyboard", OrderStatus.SHIPPED, -2, 1, "Parcel Express"),
    SeedOrder("8081", 8, "a monitor stand", OrderStatus.CANCELLED, -15),
    SeedOrder("9204", 9, "a rice cooker", OrderStatus.PROCESSING, -1, 5),
)
