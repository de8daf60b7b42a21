"""Alembic's entry: the store hands in an open connection; there is no offline mode."""

from alembic import context
from sqlalchemy.engine import Connection

from tbt_watch.store.tables import metadata


def run(connection: Connection) -> None:
    """Run the migrations on that connection."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
