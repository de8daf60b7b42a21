"""The store: tables and migrations. All SQL is here; other rooms hand in nouns and get nouns back.

``Store.open(path)`` gives the verbs by noun: ``store.raw``, ``store.notices``, ``store.issues``,
``store.subscribers``, ``store.editions``, ``store.deliveries``, ``store.runs``, ``store.tags``, ``store.taps``,
``store.talks``, ``store.terms``, ``store.memory``, ``store.vocabulary``, ``store.bulletins``,
``store.curators``, ``store.deeds``, ``store.queue``, ``store.departed``. Every verb is a transaction of its own, or
joins the one opened with ``store.transaction()``.
"""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tbt_watch.errors import StoreError
from tbt_watch.store.bulletins import BulletinRoom
from tbt_watch.store.curators import CuratorRoom
from tbt_watch.store.database import Database, copy_database, migrate, refuse_newer, revision
from tbt_watch.store.deeds import DeedRoom
from tbt_watch.store.deliveries import DeliveryRoom
from tbt_watch.store.departed import DepartedRoom
from tbt_watch.store.editions import EditionRoom
from tbt_watch.store.issues import IssueRoom
from tbt_watch.store.memory import MemoryRoom
from tbt_watch.store.notices import NoticeRoom
from tbt_watch.store.queue import QueueRoom
from tbt_watch.store.raw import RawRoom
from tbt_watch.store.runs import RunRoom
from tbt_watch.store.subscribers import SubscriberRoom
from tbt_watch.store.tags import TagRoom
from tbt_watch.store.talks import TalkRoom
from tbt_watch.store.taps import TapRoom
from tbt_watch.store.terms import TermRoom
from tbt_watch.store.vocabulary import VocabularyRoom

__all__ = ["Store"]


class Store:
    """An open database. Use ``Store.open``; close it when done, or use it in a ``with``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.raw = RawRoom(database)
        self.notices = NoticeRoom(database)
        self.issues = IssueRoom(database)
        self.subscribers = SubscriberRoom(database)
        self.editions = EditionRoom(database)
        self.deliveries = DeliveryRoom(database)
        self.runs = RunRoom(database)
        self.tags = TagRoom(database)
        self.terms = TermRoom(database)
        self.memory = MemoryRoom(database)
        self.vocabulary = VocabularyRoom(database)
        self.taps = TapRoom(database)
        self.talks = TalkRoom(database)
        self.bulletins = BulletinRoom(database)
        self.curators = CuratorRoom(database)
        self.deeds = DeedRoom(database)
        self.queue = QueueRoom(database)
        self.departed = DepartedRoom(database)

    @classmethod
    def open(cls, path: Path | str) -> "Store":
        """Open a database file, making or migrating it as needed.

        Raises StoreError when it is no database of ours, is of a newer version, or cannot be written.
        """
        path = Path(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise StoreError(
                f"The folder {path.parent} cannot be made ({fault.strerror}); name another in [store] path."
            ) from fault
        migrate(path)
        return cls(Database(path))

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def transaction(self) -> AbstractContextManager[Any]:
        """All verbs inside belong together: all of them or none."""
        return self._database.transaction()

    def lock(self, name: str, patience: int = 0) -> AbstractContextManager[None]:
        """Hold a lock across processes. Raises BusyError when another holds it still after so many seconds."""
        return self._database.lock(name, patience)

    def whole(self) -> bool:
        """Whether the file passes SQLite's own check. Raises StoreError when it cannot be checked at all."""
        with self._database.reading() as connection:
            return bool(connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok")

    def backup(self, to: Path) -> None:
        """Write a consistent copy to that path, while others may go on. Raises StoreError."""
        if to.exists():
            raise StoreError(f"{to} exists already; name a new file for the backup.")
        self._database.backup(to)

    @staticmethod
    def restore(copy: Path, path: Path) -> None:
        """Put a backup in the place of the database; the old one is kept beside it as ``.before-restore``.

        Raises StoreError when the copy is no backup of ours, or of a newer version, and BusyError while the service or
        a stage is at work on the database; then nothing has changed.
        """
        at = revision(copy)
        if at is None:
            raise StoreError(f"{copy} is no backup of TBT Watch: there is no such file or it is empty.")
        refuse_newer(copy, at)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            database = Database(path)
            with database.lock("serve"), database.lock("deliver"), database.lock("stages"):
                _put_in_place(copy, path)
        except OSError as fault:
            raise StoreError(
                f"{copy} could not be put in the place of {path} ({fault.strerror}); check the folder."
            ) from fault
        migrate(path)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def _put_in_place(copy: Path, path: Path) -> None:
    fresh, keep = (path.with_name(f"{path.name}.{end}") for end in ("restoring", "before-restore"))
    fresh.unlink(missing_ok=True)
    copy_database(copy, fresh)  # before anything is moved: the copy may be the one kept last time
    for rest in ("", "-wal", "-shm"):  # what a killed program left in the log belongs to the old one
        old, kept = (one.with_name(one.name + rest) for one in (path, keep))
        kept.unlink(missing_ok=True)
        if old.exists():
            old.rename(kept)
    fresh.rename(path)
