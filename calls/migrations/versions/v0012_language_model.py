"""Facts of calls in which a language model was asked are made anew: they count how often, and its tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    events = sa.table(
        "events", sa.column("call_id", sa.String), sa.column("name", sa.String), sa.column("body", sa.JSON)
    )
    facts = sa.table("qa_facts", sa.column("call_id", sa.String), sa.column("last_seq", sa.Integer))
    asked = sa.select(events.c.call_id).where(
        events.c.name == "turn.planned", events.c.body["proposed"].as_string().is_not(None)
    )
    # Behind its log, the server's projector takes a call up again; until then its facts stay as they are.
    op.execute(facts.update().where(facts.c.call_id.in_(asked)).values(last_seq=0))


def downgrade() -> None:
    pass
