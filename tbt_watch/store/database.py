"""The database itself: opening, migrating, transactions, locks. SQLite in WAL mode; nothing else is tried yet."""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext

from tbt_watch.errors import BusyError, StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0012"
"""The newest migration; a test holds it against the migrations folder, so that opening needs no Alembic."""

_LOOKS = 10
"""How often in a second a lock is tried that another holds."""


def make_engine(path: Path) -> Engine:
    """An engine on a SQLite file: WAL, foreign keys, transactions that are begun by us and not by the driver."""
    address = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(address, connect_args={"timeout": 30}, pool_size=5, max_overflow=5)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin late, and never for a read
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-32000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    @event.listens_for(engine, "handle_error")
    def _told(context: ExceptionContext) -> None:
        fault = context.original_exception
        if isinstance(fault, sqlite3.OperationalError | sqlite3.DatabaseError) and not isinstance(
            fault, sqlite3.IntegrityError | sqlite3.ProgrammingError
        ):
            raise StoreError(_sentence(str(fault), path)) from fault

    return engine


def _sentence(fault: str, path: Path) -> str:
    if "full" in fault:
        return f"The disk is full: {path} could not be written; free some space and run this again, nothing is lost."
    if "locked" in fault:
        return f"The database {path} was busy for 30 seconds; wait for the other command to end and run this one again."
    if "not a database" in fault or "malformed" in fault:
        return f"{path} is damaged or no database of TBT Watch ({fault}); restore a backup: tbt-watch restore PATH."
    if "readonly" in fault or "unable to open" in fault:
        return f"The database {path} cannot be opened for writing ({fault}); check the folder and its permissions."
    return f"The database {path} answered: {fault}; run tbt-watch doctor."


class Database:
    """One SQLite file. ``transaction`` writes, ``reading`` only reads; both join one that is open in this thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = make_engine(path)
        self._local = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction: all or nothing."""
        with self._begin(reading=False) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view for reading."""
        with self._begin(reading=True) as connection:
            yield connection

    @contextmanager
    def _begin(self, *, reading: bool) -> Iterator[Connection]:
        current: Connection | None = getattr(self._local, "connection", None)
        if current is not None:
            if not reading and current.get_execution_options().get("reading"):
                raise StoreError("A write was tried inside a read of the database; please report this fault.")
            yield current
            return
        with self._engine.connect() as connection:
            view = connection.execution_options(reading=reading)
            with view.begin():
                self._local.connection = view
                try:
                    yield view
                finally:
                    self._local.connection = None

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def lock(self, name: str, patience: int = 0) -> Iterator[None]:
        """Hold a lock of that name across processes; it goes with the process, however that ends.

        Raises BusyError when another process holds it still after so many seconds of ``patience``.
        """
        path = self.path.with_name(f"{self.path.name}.{name}.lock")
        try:
            opened = path.open("a+", encoding="ascii", errors="replace")
        except OSError as fault:
            raise StoreError(
                f"The lock {path} cannot be written ({fault.strerror}); check the folder and its permissions."
            ) from fault
        with opened as file:
            if not _locked(file.fileno(), patience):
                file.seek(0)
                holder = file.read().strip() or "unknown"
                raise BusyError(
                    f"Another tbt-watch (process {holder}) is already at work ({name}) on {self.path}; "
                    "wait until it has ended, or stop it first."
                )
            with suppress(
                OSError
            ):  # the number only helps who has to wait; on a full disk the lock holds without it
                os.ftruncate(file.fileno(), 0)
                os.write(file.fileno(), str(os.getpid()).encode())
            yield

    def backup(self, to: Path) -> None:
        """Write a consistent copy while others go on working."""
        copy_database(self.path, to)


def _locked(file: int, patience: int) -> bool:
    """Whether we have the lock on an open file, after so many seconds at most."""
    for left in range(patience * _LOOKS, -1, -1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if left:
                time.sleep(1 / _LOOKS)
        else:
            return True
    return False


def copy_database(path: Path, to: Path) -> None:
    """Copy a database as it stands to a new file, or leave none. Raises StoreError."""
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
    except sqlite3.Error as fault:
        to.unlink(missing_ok=True)
        raise StoreError(_sentence(str(fault), to)) from fault


def revision(path: Path) -> str | None:
    """The migration a file is at; None for a new or empty one. Raises StoreError for a file that is no database."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            }
            if "alembic_version" not in tables:
                if tables:
                    raise StoreError(
                        f"{path} is a database, but not one of TBT Watch; name another file in [store] path."
                    )
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as fault:
        raise StoreError(_sentence(str(fault), path)) from fault
    return str(row[0]) if row else None


def migrate(path: Path) -> None:
    """Bring a file to the newest form, all or nothing; a new file gets all tables.

    Raises StoreError for one of a newer version.
    """
    at = revision(path)
    if at == HEAD:
        return
    refuse_newer(path, at)
    from alembic import command  # half a second to import: only when there is something to do
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = make_engine(path)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def refuse_newer(path: Path, at: str | None) -> None:
    """Raise StoreError when a file is at a migration that this program does not have."""
    known = {file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    if at is not None and at not in known:
        raise StoreError(
            f"{path} was written by a newer version of TBT Watch (its form is {at}, this program knows up to {HEAD}); "
            "install the newer version, or restore a backup made by this one."
        )
