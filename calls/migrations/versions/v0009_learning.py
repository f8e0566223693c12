"""Corrections that people made, and questions that were not answered, with what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qa_corrections",
        sa.Column("correction_id", sa.String(40), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("meant", sa.Text()),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("judged_by", sa.String(40)),
        sa.Column("judged_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("correction_id", name="pk_qa_corrections"),
    )
    op.create_index("ix_qa_corrections_state", "qa_corrections", ["state", "at"])
    op.create_index("ix_qa_corrections_call_id", "qa_corrections", ["call_id"])
    op.create_table(
        "qa_gaps",
        sa.Column("gap_id", sa.String(20), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("callers", sa.Integer(), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gap", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("article", sa.Text()),
        sa.PrimaryKeyConstraint("gap_id", name="pk_qa_gaps"),
    )
    op.create_index("ix_qa_gaps_state", "qa_gaps", ["state", "last_at"])


def downgrade() -> None:
    op.drop_table("qa_gaps")
    op.drop_table("qa_corrections")
