"""Where corrections are kept."""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)

corrections = Table(
    "qa_corrections",
    metadata,
    Column("correction_id", String(40), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("turn", Integer(), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("text", Text(), nullable=False),
    Column("meant", Text()),
    Column("by", String(120), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("state", String(16), nullable=False),
    Column("judged_by", String(40)),
    Column("judged_at", UtcDateTime()),
    Index("ix_qa_corrections_state", "state", "at"),
    Index("ix_qa_corrections_call_id", "call_id"),
)
