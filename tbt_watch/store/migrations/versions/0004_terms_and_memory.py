"""The office's own terms and its translation memory; with each translation, the language and terms it was made from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("translation", sa.Column("source_language", sa.String(), nullable=False, server_default=""))
    op.add_column("translation", sa.Column("terms", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("fr", sa.String(), nullable=False),
        sa.Column("es", sa.String(), nullable=False),
        sa.Column("vi", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("en", "fr", "es", "vi", name="uq_term"),
    )
    op.create_table(
        "term_base",
        sa.Column("version", sa.String(), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
    )
    op.create_table(
        "memory",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.UniqueConstraint("language", "source", "notice", "field", name="uq_memory_source"),
    )
    op.create_index("ix_memory_notice", "memory", ["notice", "field"])
