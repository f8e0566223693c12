"""The ledger of what the assistant changes, and the one-time codes it sends."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("customer", sa.Text()),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("failure", sa.String(16)),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_ledger"),
    )
    op.create_index("ix_ledger_action", "ledger", ["action", "customer", "requested_at"])
    op.create_table(
        "codes",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(64)),
        sa.Column("checked_by", sa.String(200)),
        sa.PrimaryKeyConstraint("key", name="pk_codes"),
    )
    op.create_index("ix_codes_customer", "codes", ["customer", "sent_at"])


def downgrade() -> None:
    op.drop_table("codes")
    op.drop_table("ledger")
