"""Times and names that a subscription follows, what is owed to an audience, taps, conversations, and what a person said
of tags; buttons and answers of messages."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.String(32)


def upgrade() -> None:
    # One by one: a table that is made anew is dropped first, and what was delivered to its rows forbids that.
    for column in (
        sa.Column("pause", sa.String(), nullable=False, server_default=""),
        sa.Column("office", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("strikes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("struck_at", _MOMENT),
    ):
        op.add_column("subscriber", column)
    op.execute("UPDATE subscriber SET pause = 'asked' WHERE paused")
    op.execute("ALTER TABLE subscriber DROP COLUMN paused")
    op.add_column("delivery", sa.Column("reply_to", sa.String()))
    op.add_column("part", sa.Column("buttons", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "owed",
        sa.Column("audience", sa.String(), sa.ForeignKey("audience.key"), nullable=False),
        _notice_id(),
        sa.PrimaryKeyConstraint("audience", "notice_id"),
    )
    op.create_table(
        "tap",
        sa.Column("subscriber_id", sa.Integer(), sa.ForeignKey("subscriber.id"), nullable=False),
        _notice_id(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", "notice_id", "kind"),
    )
    op.create_index("ix_tap_notice", "tap", ["notice_id"])
    op.create_table(
        "talk",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address"),
    )
    op.create_table(
        "ruling",
        _notice_id(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "kind", "code"),
    )


def _notice_id() -> sa.Column[int]:
    return sa.Column(
        "notice_id", sa.Integer(), sa.ForeignKey("notice.id", ondelete="CASCADE"), nullable=False
    )
