"""Which days' digests the server has sent."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qa_digests",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("failure", sa.String(24)),
        sa.PrimaryKeyConstraint("day", name="pk_qa_digests"),
    )


def downgrade() -> None:
    op.drop_table("qa_digests")
