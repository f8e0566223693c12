"""The shop's tables."""

from sqlalchemy import Column, Date, ForeignKey, Integer, MetaData, String, Table

metadata = MetaData()

customers = Table(
    "customers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("phone", String, nullable=False, unique=True),
    Column("postcode", String, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("number", String, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("item", String, nullable=False),
    Column("status", String, nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("expected_on", Date),
    Column("carrier", String),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("call_id", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("requested_on", Date, nullable=False),
)
