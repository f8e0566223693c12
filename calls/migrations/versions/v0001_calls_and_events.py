"""The events of calls, and a summary of each call."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("duration_s", sa.Float()),
        sa.Column("direction", sa.String(16)),
        sa.Column("caller", sa.Text()),
        sa.Column("callee", sa.Text()),
        sa.Column("playbook", sa.Text()),
        sa.Column("recording", sa.Text()),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("end_reason", sa.String(32)),
        sa.Column("answers_s", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_calls"),
    )
    op.create_index("ix_calls_started_at", "calls", ["started_at"])
    op.create_table(
        "events",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["calls.call_id"],
            name="fk_events_call_id_calls",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("call_id", "seq", name="pk_events"),
    )
    op.create_index("ix_events_name", "events", ["name"])


def downgrade() -> None:
    op.drop_table("events")
    op.drop_table("calls")
