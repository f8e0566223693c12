"""Saved views, the review queue; what agents called wrong, and indexes of what lists are narrowed by."""

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
    for column in ("escalation", "queue", "agent"):
        op.create_index(f"ix_qa_facts_{column}", "qa_facts", [column, "started_at"])
    op.create_index("ix_qa_accesses_person_id", "qa_accesses", ["person_id"])
    if op.get_bind().dialect.name != "sqlite":
        # An index on an expression leaves the expression to be computed wherever the planner reads the table.
        op.execute("DROP INDEX ix_qa_texts_text")
        op.execute(
            "ALTER TABLE qa_texts ADD COLUMN said tsvector "
            "GENERATED ALWAYS AS (to_tsvector('english', text)) STORED"
        )
        op.execute("CREATE INDEX ix_qa_texts_said ON qa_texts USING gin (said)")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP INDEX ix_qa_texts_said")
        op.execute("ALTER TABLE qa_texts DROP COLUMN said")
        op.execute("CREATE INDEX ix_qa_texts_text ON qa_texts USING gin (to_tsvector('english', text))")
    op.drop_index("ix_qa_accesses_person_id", "qa_accesses")
    for column in ("escalation", "queue", "agent"):
        op.drop_index(f"ix_qa_facts_{column}", "qa_facts")
    op.drop_column("qa_facts", "wrong")
    op.drop_table("qa_reviews")
    op.drop_table("qa_views")
