"""Editions of the bulletin: drafts, who saved what, and what a published one was made from."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("lang", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("sections", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("composed_at", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("number", sa.Integer),
        sa.Column("published_by", sa.String, nullable=False, server_default=""),
        sa.Column("published_at", sa.String(32)),
        sa.Column("frame", sa.Text, nullable=False, server_default=""),
        sa.Column("made", sa.Text, nullable=False, server_default="{}"),
        sa.UniqueConstraint("kind", "year", "number", name="uq_bulletin_number"),
    )
    op.create_table(
        "bulletin_revision",
        sa.Column(
            "bulletin_id", sa.Integer, sa.ForeignKey("bulletin.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("bulletin_id", "revision"),
    )
    op.create_table(
        "bulletin_notice",
        sa.Column(
            "bulletin_id", sa.Integer, sa.ForeignKey("bulletin.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("bulletin_id", "position"),
        sa.Index("ix_bulletin_notice_key", "key"),
    )
    op.create_table(
        "bulletin_paper",
        sa.Column(
            "bulletin_id", sa.Integer, sa.ForeignKey("bulletin.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("media", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("bulletin_id", "name"),
    )
