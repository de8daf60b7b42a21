"""Relations: what a notice says of another one, so that the other finds it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relation",
        sa.Column("notice_id", sa.Integer(), sa.ForeignKey("notice.id", ondelete="CASCADE"), nullable=False),
        sa.Column("rel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "rel", "key"),
    )
    op.create_index("ix_relation_key", "relation", ["key"])
    op.execute(
        "INSERT OR IGNORE INTO relation "
        "SELECT notice.id, json_extract(one.value, '$[0]'), json_extract(one.value, '$[1]') "
        "FROM notice, json_each(notice.facts, '$.related') AS one"
    )
