"""Invented customers, orders and products. Dates are days from the day the shop is opened, so the demo never ages."""

from dataclasses import dataclass
from datetime import date
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
class SeedCustomer:
    """One customer; `balance` in cents."""

    id: int
    name: str
    phone: str
    postcode: str
    email: str
    born: date
    street: str
    city: str
    balance: int = 0


@dataclass(frozen=True)
class SeedOrder:
    """One order; days are relative to the opening day. For a delivered one, `expected` is when it came. `price` in
    cents, of all `items`."""

    number: str
    customer: int
    item: str
    status: OrderStatus
    ordered: int
    expected: int | None = None
    carrier: str | None = None
    price: int = 0
    paid_by: str = "card"
    items: tuple[tuple[str, int], ...] = ()
    """Product and quantity."""


@dataclass(frozen=True)
class SeedProduct:
    """One product; `price` in cents."""

    name: str
    price: int
    stock: int
    warranty_months: int
    also: tuple[str, ...] = ()
    """Other ways to say it."""
    restocked: int | None = None
    """When there will be more, in days."""


CUSTOMERS = (
    SeedCustomer(
        1,
        "Maria Silva",
        "+15550142000",
        "10115",
        "maria.silva@example.com",
        date(1984, 3, 12),
        "Linden Street 5",
        "Berlin",
        500,
    ),
    SeedCustomer(
        2,
        "James Okafor",
        "+15550142001",
        "20095",
        "james.okafor@example.com",
        date(1990, 11, 2),
        "Harbour Road 17",
        "Hamburg",
    ),
    SeedCustomer(
        3,
        "Lena Fischer",
        "+15550142002",
        "50667",
        "lena.fischer@example.com",
        date(1977, 6, 30),
        "Cathedral Square 2",
        "Cologne",
        1250,
    ),
    SeedCustomer(
        4,
        "Tom Becker",
        "+15550142003",
        "80331",
        "tom.becker@example.com",
        date(1968, 1, 19),
        "Garden Lane 44",
        "Munich",
    ),
    SeedCustomer(
        5,
        "Aisha Khan",
        "+15550142004",
        "60311",
        "aisha.khan@example.com",
        date(1995, 9, 8),
        "Bridge Street 9",
        "Frankfurt",
    ),
    SeedCustomer(
        6,
        "Pedro Gomez",
        "+15550142005",
        "70173",
        "pedro.gomez@example.com",
        date(1959, 12, 24),
        "Hill Road 31",
        "Stuttgart",
        2000,
    ),
    SeedCustomer(
        7,
        "Nora Lind",
        "+15550142006",
        "04109",
        "nora.lind@example.com",
        date(2001, 4, 15),
        "Music Lane 8",
        "Leipzig",
    ),
    SeedCustomer(
        8,
        "Henry Walsh",
        "+15550142007",
        "01067",
        "henry.walsh@example.com",
        date(1972, 7, 7),
        "River Street 60",
        "Dresden",
    ),
    SeedCustomer(
        9,
        "Yuki Tanaka",
        "+15550142008",
        "28195",
        "yuki.tanaka@example.com",
        date(1988, 2, 28),
        "Market Square 3",
        "Bremen",
    ),
)

_PROCESSING, _PACKED, _SHIPPED = OrderStatus.PROCESSING, OrderStatus.PACKED, OrderStatus.SHIPPED
_DELIVERED, _DELAYED, _CANCELLED = OrderStatus.DELIVERED, OrderStatus.DELAYED, OrderStatus.CANCELLED
_EXPRESS, _CITY, _FREIGHT = "Parcel Express", "City Couriers", "Big Freight"

ORDERS = (
    SeedOrder(
        "4711",
        1,
        "a pair of hiking boots",
        _SHIPPED,
        -4,
        2,
        _EXPRESS,
        12990,
        "card",
        (("hiking boots", 1),),
    ),
    SeedOrder("4712", 1, "a rain jacket", _PROCESSING, -1, 6, None, 8950, "paypal", (("rain jacket", 1),)),
    SeedOrder("4713", 1, "a head torch", _DELIVERED, -14, -10, _EXPRESS, 3490, "card", (("head torch", 1),)),
    SeedOrder(
        "1024",
        2,
        "a coffee grinder",
        _DELIVERED,
        -9,
        -3,
        _EXPRESS,
        6900,
        "card",
        (("coffee grinder", 1),),
    ),
    SeedOrder(
        "1025", 2, "a set of filters", _PACKED, -2, 3, _CITY, 1290, "invoice", (("coffee filters", 2),)
    ),
    SeedOrder("2048", 3, "a desk lamp", _DELAYED, -8, 5, _EXPRESS, 4590, "card", (("desk lamp", 1),)),
    SeedOrder("2049", 3, "a bookshelf", _SHIPPED, -5, 1, _FREIGHT, 15900, "paypal", (("bookshelf", 1),)),
    SeedOrder("3141", 4, "a bicycle pump", _CANCELLED, -12, None, None, 2450, "card", (("bicycle pump", 1),)),
    SeedOrder("3142", 4, "a bicycle lock", _SHIPPED, -3, 2, _CITY, 5990, "card", (("bicycle lock", 1),)),
    SeedOrder("5005", 5, "a kettle", _PROCESSING, 0, 7, None, 3990, "card", (("kettle", 1),)),
    SeedOrder("5006", 5, "four tea cups", _DELIVERED, -20, -15, _EXPRESS, 2800, "paypal", (("tea cup", 4),)),
    SeedOrder("6120", 6, "a garden hose", _DELAYED, -10, 4, _FREIGHT, 4250, "invoice", (("garden hose", 1),)),
    SeedOrder(
        "6121",
        6,
        "a lawn mower",
        _DELIVERED,
        -60,
        -55,
        _FREIGHT,
        24900,
        "invoice",
        (("lawn mower", 1),),
    ),
    SeedOrder("7302", 7, "a winter coat", _PACKED, -1, 4, _EXPRESS, 18900, "card", (("winter coat", 1),)),
    SeedOrder("7303", 7, "wool socks", _DELIVERED, -6, -1, _CITY, 1990, "card", (("wool socks", 2),)),
    SeedOrder("8080", 8, "a keyboard", _SHIPPED, -2, 1, _EXPRESS, 7900, "paypal", (("keyboard", 1),)),
    SeedOrder(
        "8081", 8, "a monitor stand", _CANCELLED, -15, None, None, 5450, "card", (("monitor stand", 1),)
    ),
    SeedOrder("9204", 9, "a rice cooker", _PROCESSING, -1, 5, None, 6490, "card", (("rice cooker", 1),)),
)

PRODUCTS = (
    SeedProduct("hiking boots", 12990, 14, 24, ("walking boots", "trekking shoes")),
    SeedProduct("rain jacket", 8950, 0, 24, ("raincoat", "waterproof jacket"), 9),
    SeedProduct("head torch", 3490, 120, 24, ("head lamp", "forehead light")),
    SeedProduct("coffee grinder", 6900, 31, 36, ("coffee mill",)),
    SeedProduct("coffee filters", 645, 400, 0, ("filter papers",)),
    SeedProduct("desk lamp", 4590, 0, 24, ("table lamp", "reading lamp"), 12),
    SeedProduct("bookshelf", 15900, 6, 60, ("book case", "shelf")),
    SeedProduct("bicycle pump", 2450, 52, 24, ("bike pump",)),
    SeedProduct("bicycle lock", 5990, 18, 24, ("bike lock",)),
    SeedProduct("kettle", 3990, 75, 36, ("water boiler", "electric kettle")),
    SeedProduct("tea cup", 700, 210, 0, ("tea cups", "cups")),
    SeedProduct("garden hose", 4250, 0, 60, ("water hose",), 21),
    SeedProduct("lawn mower", 24900, 3, 36, ("grass cutter", "mower")),
    SeedProduct("winter coat", 18900, 9, 24, ("winter jacket", "parka")),
    SeedProduct("wool socks", 995, 88, 0, ("woollen socks", "socks")),
    SeedProduct("keyboard", 7900, 40, 24, ("computer keyboard",)),
    SeedProduct("monitor stand", 5450, 22, 24, ("screen stand",)),
    SeedProduct("rice cooker", 6490, 17, 36, ()),
)
