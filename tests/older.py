"""A database as an older version of the program left it: in the form of an earlier migration."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from tbt_watch.store.database import MIGRATIONS, make_engine


def made_older(path: Path, revision: str) -> None:
    """Put in the place of a database one of that migration, with its rows as far as there is a place for them; the
    index of words is empty."""
    old = path.with_suffix(".older")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = make_engine(old)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(old)) as database:
        database.execute("ATTACH DATABASE ? AS later", (str(path),))
        for table in _tables(database, "main") & _tables(database, "later"):
            columns = _columns(database, "main", table) & _columns(database, "later", table)
            names = ", ".join(f'"{name}"' for name in sorted(columns))
            rows = f'SELECT {names} FROM later."{table}"'  # noqa: S608
            database.execute(f'INSERT OR REPLACE INTO main."{table}" ({names}) {rows}')
        database.commit()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    old.replace(path)


def _tables(database: sqlite3.Connection, schema: str) -> set[str]:
    rows = database.execute(f"SELECT name, sql FROM {schema}.sqlite_master WHERE type = 'table'").fetchall()  # noqa: S608
    indexes = tuple(name for name, sql in rows if sql and sql.startswith("CREATE VIRTUAL TABLE"))
    return {name for name, _ in rows if not name.startswith(("sqlite_", "alembic_version", *indexes))}


def _columns(database: sqlite3.Connection, schema: str, table: str) -> set[str]:
    return {row[1] for row in database.execute(f'PRAGMA {schema}.table_info("{table}")')}
