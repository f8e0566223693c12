"""Where facts are kept: the values that lists filter and sort by as columns, all of them as one JSON document."""

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)

facts = Table(
    "qa_facts",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("last_seq", Integer(), nullable=False),
    Column("started_at", UtcDateTime(), nullable=False),
    Column("duration_s", Float()),
    Column("outcome", String(24), nullable=False),
    Column("intent", String(120)),
    Column("escalation", String(40)),
    Column("queue", String(60)),
    Column("agent", String(120)),
    Column("sentiment", Float()),
    Column("discontent", Float(), nullable=False),
    Column("confidence", Float()),
    Column("answer_p95_s", Float()),
    Column("action_failures", Integer(), nullable=False),
    Column("no_match", Integer(), nullable=False),
    Column("unanswered", Integer(), nullable=False),
    Column("needless", Boolean()),
    Column("wrong", String(40)),
    Column("csat_assistant", Integer()),
    Column("csat_agent", Integer()),
    Column("score", Float()),
    Column("auto_fail", Boolean(), nullable=False),
    Column("caller", Text()),
    Column("facts", JSON(), nullable=False),
    Index("ix_qa_facts_started_at", "started_at"),
    Index("ix_qa_facts_outcome", "outcome", "started_at"),
    Index("ix_qa_facts_intent", "intent", "started_at"),
    Index("ix_qa_facts_caller", "caller", "started_at"),
)
COLUMNS = tuple(column.name for column in facts.c if column.name != "facts")

texts = Table(
    "qa_texts",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("text", Text(), nullable=False),
)
"""What was said. An FTS5 table on SQLite, one with a text index on PostgreSQL: see the migration."""
