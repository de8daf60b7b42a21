"""Who wants the editions of the bulletin and since when, and which edition a delivery brings."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE subscriber ADD COLUMN bulletin_since VARCHAR(32)")
    op.execute("ALTER TABLE edition ADD COLUMN bulletin_id INTEGER REFERENCES bulletin (id)")
    op.execute(
        "CREATE UNIQUE INDEX uq_edition_bulletin ON edition (bulletin_id, lang) WHERE bulletin_id IS NOT NULL"
    )
