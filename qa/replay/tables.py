"""The table of comments on calls."""

from sqlalchemy import Column, Float, Index, MetaData, String, Table, Text

from calls.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)
comments = Table(
    "qa_comments",
    metadata,
    Column("comment_id", String(24), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("person_id", String(40), nullable=False),
    Column("name", Text(), nullable=False),
    Column("at_s", Float(), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("text", Text(), nullable=False),
    Column("made_at", UtcDateTime(), nullable=False),
    Column("changed_at", UtcDateTime()),
    Index("ix_qa_comments_call_id", "call_id"),
)
