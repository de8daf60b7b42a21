"""Back-fill: which days a crawl asked for, what it cost, and the wish that what is late be announced."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.false()
    op.add_column("crawl", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("crawl", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("crawl", sa.Column("announce", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("crawl", sa.Column("requests", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("source_record", sa.Column("announce", sa.Boolean(), nullable=False, server_default=no))
