"""Where scorecards are kept. Answers and reasons may quote what was said: they go when their call goes."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)

forms = Table(
    "qa_forms",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("version", Integer(), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("form", JSON(), nullable=False),
    Column("source", Text(), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("activated_at", UtcDateTime()),
    Column("activated_by", String(40)),
)

evaluations = Table(
    "qa_evaluations",
    metadata,
    Column("evaluation_id", String(32), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("form", String(60), nullable=False),
    Column("version", Integer(), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("scorer", String(40), nullable=False),
    Column("build", JSON(), nullable=False),
    Column("answers", JSON(), nullable=False),
    Column("points", Float()),
    Column("auto_fail", Boolean(), nullable=False),
    Column("began_at", UtcDateTime(), nullable=False),
    Column("submitted_at", UtcDateTime()),
    UniqueConstraint("call_id", "form", "version", "scorer", name="uq_qa_evaluations_call_id"),
    Index("ix_qa_evaluations_form", "form", "version", "submitted_at"),
)
"""One a call, version and scorer."""

disputes = Table(
    "qa_disputes",
    metadata,
    Column("dispute_id", String(32), primary_key=True),
    Column("evaluation_id", String(32), nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("question", String(60), nullable=False),
    Column("reason", Text(), nullable=False),
    Column("raised_by", String(40), nullable=False),
    Column("raised_at", UtcDateTime(), nullable=False),
    Column("state", String(12), nullable=False),
    Column("answer", JSON()),
    Column("note", Text(), nullable=False),
    Column("settled_by", String(40)),
    Column("settled_at", UtcDateTime()),
    Index("ix_qa_disputes_call_id", "call_id"),
    Index("ix_qa_disputes_state", "state", "raised_at"),
)

calibrations = Table(
    "qa_calibrations",
    metadata,
    Column("session_id", String(32), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("form", String(60), nullable=False),
    Column("version", Integer(), nullable=False),
    Column("reviewers", JSON(), nullable=False),
    Column("opened_by", String(40), nullable=False),
    Column("opened_at", UtcDateTime(), nullable=False),
    Index("ix_qa_calibrations_call_id", "call_id"),
    Index("ix_qa_calibrations_opened_at", "opened_at"),
)
