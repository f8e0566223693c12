"""What was redacted, what has expired, what is held, what was swept, and counts of what was deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qa_redactions",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_qa_redactions"),
    )
    op.create_table(
        "qa_expiries",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "kind", name="pk_qa_expiries"),
    )
    op.create_table(
        "qa_holds",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_qa_holds"),
    )
    op.create_table(
        "qa_sweeps",
        sa.Column("sweep_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sweep_id", name="pk_qa_sweeps"),
    )
    op.create_index("ix_qa_sweeps_at", "qa_sweeps", ["at"])
    op.create_table(
        "qa_deleted_counts",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(24), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "outcome", name="pk_qa_deleted_counts"),
    )


def downgrade() -> None:
    for table in ("qa_deleted_counts", "qa_sweeps", "qa_holds", "qa_expiries", "qa_redactions"):
        op.drop_table(table)
