"""The two tables of the call store: `events` is the truth, `calls` a summary of it for lists."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# Names by rule, so that a later migration can name a constraint on every database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite forgets the zone; reading puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody could say what it means."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(naming_convention=NAMES)

calls = Table(
    "calls",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("started_at", UtcDateTime(), nullable=False),
    Column("ended_at", UtcDateTime()),
    Column("duration_s", Float()),
    Column("direction", String(16)),
    Column("caller", Text()),
    Column("callee", Text()),
    Column("playbook", Text()),
    Column("recording", Text()),
    Column("turns", Integer(), nullable=False),
    Column("end_reason", String(32)),
    Column("answers_s", JSON(), nullable=False),
    Column("last_seq", Integer(), nullable=False, server_default="0"),
    Index("ix_calls_started_at", "started_at"),
    Index("ix_calls_caller", "caller", "started_at"),
)

events = Table(
    "events",
    metadata,
    # Deferred, because a batch writes its events before the summaries of their calls (see `CallStore.write`).
    Column(
        "call_id",
        String(64),
        ForeignKey("calls.call_id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("seq", Integer(), primary_key=True, autoincrement=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("name", String(64), nullable=False),
    Column("body", JSON(), nullable=False),
    Index("ix_events_name", "name"),
)
