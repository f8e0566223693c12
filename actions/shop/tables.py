"""The shop's tables. Money is in cents."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, MetaData, String, Table

metadata = MetaData()

customers = Table(
    "customers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("phone", String, nullable=False, unique=True),
    Column("postcode", String, nullable=False),
    Column("email", String, nullable=False),
    Column("born", Date, nullable=False),
    Column("street", String, nullable=False),
    Column("city", String, nullable=False),
    Column("balance", Integer, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("name", String, primary_key=True),
    Column("also", JSON, nullable=False),
    Column("price", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("warranty_months", Integer, nullable=False),
    Column("restocked_on", Date),
)

orders = Table(
    "orders",
    metadata,
    Column("number", String, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("item", String, nullable=False),
    Column("items", JSON, nullable=False),
    Column("status", String, nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("expected_on", Date),
    Column("carrier", String),
    Column("price", Integer, nullable=False),
    Column("paid_by", String, nullable=False),
    Column("refunded", Integer, nullable=False),
    Column("return_number", String),
)

complaints = Table(
    "complaints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Integer),
    Column("order_number", String),
    Column("text", String, nullable=False),
    Column("noted_on", Date, nullable=False),
)

mails = Table(
    "mails",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("address", String, nullable=False),
    Column("about", String),
)

writes = Table(
    "writes",
    metadata,
    Column("key", String, primary_key=True),
    Column("action", String, nullable=False),
    Column("result", JSON, nullable=False),
)
"""What was done by which idempotency key: in the same transaction as what it did."""

opened = Table(
    "opened",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("day", Date, nullable=False),
)
"""One row: the form of these tables, and the day to which their dates belong."""
