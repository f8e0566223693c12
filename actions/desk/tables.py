"""The table of call-backs that were promised. It lives in the call store's database, and its migrations create it."""

from enum import StrEnum

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

from calls.tables import NAMES, UtcDateTime


class PromiseState(StrEnum):
    """Where a promise stands. Names never change meaning."""

    WAITING = "waiting"
    """For its time, for an agent, or for the next try."""
    CALLING = "calling"
    """A try is under way, or was when a process died."""
    KEPT = "kept"
    """Caller and agent have talked."""
    GIVEN_UP = "given_up"
    """Tried too often: people must see to it."""


metadata = MetaData(naming_convention=NAMES)
promises = Table(
    "promises",
    metadata,
    Column("promise_id", String(32), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("phone", Text(), nullable=False),
    Column("queue", String(60), nullable=False),
    Column("reason", Text(), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcDateTime(), nullable=False),
    Column("tries", Integer(), nullable=False),
    Column("held_by", String(32)),
    Column("held_until", UtcDateTime()),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("changed_at", UtcDateTime(), nullable=False),
    Index("ix_promises_state", "state", "due_at"),
)
