"""Curators and their sessions, what a person's text replaced, and the indexes of the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "curator",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False, unique=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False, server_default=""),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "web_session",
        sa.Column("token", sa.String(), primary_key=True),
        sa.Column(
            "curator_id", sa.Integer(), sa.ForeignKey("curator.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_web_session_curator", "web_session", ["curator_id"])
    op.create_table(
        "replaced_text",
        sa.Column(
            "decision_id", sa.Integer(), sa.ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("text", sa.Text(), nullable=False),
    )
    # The queue: what is no archive by its deadline, each state, each area, and all of it by its deadline.
    op.execute("CREATE INDEX ix_notice_news ON notice (comment_until, id) WHERE age <> 'ARCHIVE'")
    op.create_index("ix_notice_deadline", "notice", ["state", "comment_until", "id"])
    op.create_index("ix_notice_all", "notice", ["comment_until", "id"])
    op.create_index("ix_notice_area", "notice", ["area", "comment_until", "id"])
    op.create_index("ix_tag_code", "tag", ["kind", "code", "notice_id"])
    op.execute("CREATE INDEX ix_translation_failed ON translation (notice_id) WHERE checks <> '[]'")
    op.execute("""CREATE INDEX ix_decision_people ON decision (id) WHERE "by" <> 'policy'""")
