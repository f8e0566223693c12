"""Scorecards: versions of forms, evaluations, disputes, calibration sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qa_forms",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(40), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True)),
        sa.Column("activated_by", sa.String(40)),
        sa.PrimaryKeyConstraint("name", "version", name="pk_qa_forms"),
    )
    op.create_table(
        "qa_evaluations",
        sa.Column("evaluation_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("scorer", sa.String(40), nullable=False),
        sa.Column("build", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("points", sa.Float()),
        sa.Column("auto_fail", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("evaluation_id", name="pk_qa_evaluations"),
        sa.UniqueConstraint("call_id", "form", "version", "scorer", name="uq_qa_evaluations_call_id"),
    )
    op.create_index("ix_qa_evaluations_form", "qa_evaluations", ["form", "version", "submitted_at"])
    op.create_table(
        "qa_disputes",
        sa.Column("dispute_id", sa.String(32), nullable=False),
        sa.Column("evaluation_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("question", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.String(40), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("answer", sa.JSON()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.String(40)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("dispute_id", name="pk_qa_disputes"),
    )
    op.create_index("ix_qa_disputes_call_id", "qa_disputes", ["call_id"])
    op.create_index("ix_qa_disputes_state", "qa_disputes", ["state", "raised_at"])
    op.create_table(
        "qa_calibrations",
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewers", sa.JSON(), nullable=False),
        sa.Column("opened_by", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_qa_calibrations"),
    )
    op.create_index("ix_qa_calibrations_call_id", "qa_calibrations", ["call_id"])
    op.create_index("ix_qa_calibrations_opened_at", "qa_calibrations", ["opened_at"])


def downgrade() -> None:
    for table in ("qa_calibrations", "qa_disputes", "qa_evaluations", "qa_forms"):
        op.drop_table(table)
