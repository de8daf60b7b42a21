"""How often the answer to a part was lost, so that it is sent once more at most, and the ledger says so."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("part", sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE part SET lost = 1 WHERE state = 'UNCERTAIN'")
    op.create_index("ix_delivery_subscriber", "delivery", ["subscriber_id"])
