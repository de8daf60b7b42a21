"""When a delivery was written, so that a correction goes to those alone whose message said what was wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("rendered_at", sa.String(32)))
    op.execute(
        "UPDATE delivery SET rendered_at = created_at"
        " WHERE EXISTS (SELECT 1 FROM part WHERE part.delivery_id = delivery.id)"
    )
