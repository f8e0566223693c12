"""Comments on calls, each at a second of the recording."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qa_comments",
        sa.Column("comment_id", sa.String(24), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at_s", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("comment_id", name="pk_qa_comments"),
    )
    op.create_index("ix_qa_comments_call_id", "qa_comments", ["call_id"])


def downgrade() -> None:
    op.drop_table("qa_comments")
