"""The office's own rows of the vocabulary."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vocabulary",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("sheet", "key", name="uq_vocabulary"),
    )
