"""What redaction and retention keep of their own work."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, MetaData, String, Table

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)

redactions = Table(
    "qa_redactions",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("last_seq", Integer(), nullable=False),
    Column("rules", String(120), nullable=False),
)
"""Up to which event a call was looked through, and by which rules."""

expiries = Table(
    "qa_expiries",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
)
"""What has gone of a call because its time was over."""

holds = Table(
    "qa_holds",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("person_id", String(40), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
)
"""Calls that nobody deletes: a court, an authority or a dispute needs them."""

sweeps = Table(
    "qa_sweeps",
    metadata,
    Column("sweep_id", Integer(), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("done", JSON(), nullable=False),
    Column("whole", Boolean(), nullable=False),
    Index("ix_qa_sweeps_at", "at"),
)
"""What retention has deleted: counts by kind, and whether nothing failed."""

counts = Table(
    "qa_deleted_counts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("outcome", String(24), primary_key=True),
    Column("calls", Integer(), nullable=False),
)
"""How many calls were deleted on request, by day and outcome, where that is to be counted: nothing of a person."""

at_carrier = Table(
    "qa_at_carrier",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("asked_at", UtcDateTime(), nullable=False),
)
"""What somebody has asked to have deleted at the carrier and is not gone yet: sids and names, nothing of a person."""
