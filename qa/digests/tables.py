"""Which days' digests have been sent: so that several servers send each once, and none is left out."""

from sqlalchemy import Column, Integer, MetaData, String, Table

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)

digests = Table(
    "qa_digests",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("tries", Integer(), nullable=False),
    Column("not_before", UtcDateTime(), nullable=False),
    Column("done_at", UtcDateTime()),
    Column("failure", String(24)),
)
"""By local day, ISO 8601. Columns as in `Standing`; `failure` is the code of the last try that failed."""
