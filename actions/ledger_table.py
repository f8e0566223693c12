"""The tables of what the assistant does: the ledger of writes, and the one-time codes it has sent.

They live in the call store's database, and its migrations create them.
"""

from sqlalchemy import JSON, Column, Index, Integer, MetaData, String, Table, Text

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)

ledger = Table(
    "ledger",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("action", String(80), nullable=False),
    Column("fingerprint", String(16), nullable=False),
    Column("customer", Text()),
    Column("call_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("failure", String(16)),
    Column("result", JSON(), nullable=False),
    Column("attempts", Integer(), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("held_until", UtcDateTime(), nullable=False),
    Column("requested_at", UtcDateTime(), nullable=False),
    Column("changed_at", UtcDateTime(), nullable=False),
    # What a day's limit counts.
    Index("ix_ledger_action", "action", "customer", "requested_at"),
)

codes = Table(
    "codes",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("customer", Text(), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("sent_at", UtcDateTime(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False),
    Column("tries", Integer(), nullable=False),
    Column("message", String(64)),
    Column("checked_by", String(200)),
    Index("ix_codes_customer", "customer", "sent_at"),
)
