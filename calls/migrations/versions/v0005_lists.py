"""Saved views, the review queue, and what agents called wrong, for lists."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qa_views",
        sa.Column("view_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("view_id", name="pk_qa_views"),
    )
    op.create_index("ix_qa_views_person_id", "qa_views", ["person_id", "name"], unique=True)
    op.create_table(
        "qa_reviews",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("person_id", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_qa_reviews"),
    )
    op.add_column("qa_facts", sa.Column("wrong", sa.String(40)))
    wrong = sa.table("qa_facts", sa.column("wrong", sa.String), sa.column("facts", sa.JSON))
    op.execute(wrong.update().values(wrong=wrong.c.facts["wrong"].as_string()))
    op.create_index("ix_qa_accesses_person_id", "qa_accesses", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_qa_accesses_person_id", "qa_accesses")
    op.drop_column("qa_facts", "wrong")
    op.drop_table("qa_reviews")
    op.drop_table("qa_views")
