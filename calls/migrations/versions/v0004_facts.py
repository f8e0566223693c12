"""What is known of each call in a few values, its text for searching, its last event's number; who accessed what."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQLITE_SEARCH = (
    "CREATE VIRTUAL TABLE qa_search USING fts5("
    "text, content='qa_texts', content_rowid='number', tokenize='porter unicode61')",
    "CREATE TRIGGER qa_texts_added AFTER INSERT ON qa_texts BEGIN "
    "INSERT INTO qa_search(rowid, text) VALUES (new.number, new.text); END",
    "CREATE TRIGGER qa_texts_removed AFTER DELETE ON qa_texts BEGIN "
    "INSERT INTO qa_search(qa_search, rowid, text) VALUES ('delete', old.number, old.text); END",
)
"""An index that holds no text of its own: what is removed from the table is gone from it too."""


def upgrade() -> None:
    op.add_column("calls", sa.Column("last_seq", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_calls_caller", "calls", ["caller", "started_at"])
    op.execute(
        "UPDATE calls SET last_seq = COALESCE("
        "(SELECT MAX(events.seq) FROM events WHERE events.call_id = calls.call_id), 0)"
    )
    op.create_table(
        "qa_facts",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_s", sa.Float()),
        sa.Column("outcome", sa.String(24), nullable=False),
        sa.Column("intent", sa.String(120)),
        sa.Column("escalation", sa.String(40)),
        sa.Column("queue", sa.String(60)),
        sa.Column("agent", sa.String(120)),
        sa.Column("sentiment", sa.Float()),
        sa.Column("discontent", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float()),
        sa.Column("answer_p95_s", sa.Float()),
        sa.Column("action_failures", sa.Integer(), nullable=False),
        sa.Column("no_match", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("needless", sa.Boolean()),
        sa.Column("csat_assistant", sa.Integer()),
        sa.Column("csat_agent", sa.Integer()),
        sa.Column("score", sa.Float()),
        sa.Column("auto_fail", sa.Boolean(), nullable=False),
        sa.Column("caller", sa.Text()),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_qa_facts"),
    )
    op.create_index("ix_qa_facts_started_at", "qa_facts", ["started_at"])
    op.create_index("ix_qa_facts_outcome", "qa_facts", ["outcome", "started_at"])
    op.create_index("ix_qa_facts_intent", "qa_facts", ["intent", "started_at"])
    op.create_index("ix_qa_facts_caller", "qa_facts", ["caller", "started_at"])
    op.create_table(
        "qa_accesses",
        sa.Column("access_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(40), nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("call_id", sa.String(64)),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("access_id", name="pk_qa_accesses"),
    )
    op.create_index("ix_qa_accesses_call_id", "qa_accesses", ["call_id"])
    op.create_index("ix_qa_accesses_at", "qa_accesses", ["at"])
    op.create_table(
        "qa_texts",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_qa_texts"),
        sa.UniqueConstraint("call_id", name="uq_qa_texts_call_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_SEARCH:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX ix_qa_texts_text ON qa_texts USING gin (to_tsvector('english', text))")


def downgrade() -> None:
    op.drop_table("qa_accesses")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE qa_search")
    op.drop_table("qa_texts")
    op.drop_table("qa_facts")
    op.drop_index("ix_calls_caller", "calls")
    op.drop_column("calls", "last_seq")
