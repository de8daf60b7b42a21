"""The database file: opened, made, locked, copied, put back; every fault is one sentence and loses nothing."""

import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import raws
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event

from tbt_watch.errors import BusyError, StoreError
from tbt_watch.store import Store, tables
from tbt_watch.store.database import HEAD, MIGRATIONS, make_engine, revision


def started(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """A process of its own that runs this code with these arguments."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def ended(process: "subprocess.Popen[str]") -> str:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def one_sentence(error: pytest.ExceptionInfo[StoreError], *named: object) -> None:
    text = str(error.value)
    assert text.endswith("."), text
    assert "\n" not in text
    assert [part for part in map(str, named) if part not in text] == [], text


# ── Migrations ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_newest_migration_is_head() -> None:
    files = sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert files[-1] == HEAD
    assert files == [f"{number:04}" for number in range(1, len(files) + 1)]


def shape(path: Path) -> dict[str, object]:
    """What a database is made of, column by column, but for the full-text tables."""
    engine = sa.create_engine(f"sqlite:///{path}")
    found: dict[str, object] = {}
    inspector = sa.inspect(engine)
    for name in inspector.get_table_names():
        if name.startswith(("notice_search", "memory_search")) or name == "alembic_version":
            continue
        columns = {(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(name)}
        uniques = {tuple(one["column_names"]) for one in inspector.get_unique_constraints(name)}
        indexes = {(one["name"], tuple(one["column_names"])) for one in inspector.get_indexes(name)}
        foreign = {
            (tuple(one["constrained_columns"]), one["referred_table"], one["options"].get("ondelete"))
            for one in inspector.get_foreign_keys(name)
        }
        key = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
        found[name] = (columns, uniques, indexes, foreign, key)
    engine.dispose()
    return found


def test_migrating_gives_the_tables_that_the_verbs_believe_in(store: Store, tmp_path: Path) -> None:
    other = tmp_path / "metadata.db"
    engine = sa.create_engine(f"sqlite:///{other}")
    tables.metadata.create_all(engine)
    engine.dispose()
    assert shape(store.path) == shape(other)


def test_a_new_file_is_at_head_and_in_wal(store: Store) -> None:
    assert revision(store.path) == HEAD
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_opening_again_keeps_everything(store: Store, now: datetime) -> None:
    raws.put(store, now, raws.notice())
    store.close()
    with Store.open(store.path) as again:
        assert len(list(again.notices.every())) == 1


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "a b%20c?d#e.db"
    path.parent.mkdir()
    path.touch()
    with Store.open(path) as store:
        assert store.notices.counts() == {}
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert revision(path) == HEAD


def test_a_migration_that_fails_halfway_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    with monkeypatch.context() as patched:
        patched.setattr("tbt_watch.store.database.make_engine", limited(12))
        with pytest.raises(StoreError, match=r"^The disk is full: .*store\.db could not be written") as error:
            Store.open(path)
        one_sentence(error, path)
    with Store.open(path) as store:
        assert store.notices.counts() == {}


def at_revision(path: Path, wanted: str) -> None:
    """Make a database as that version of the program left it, with a row in every table."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = make_engine(path)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in tables_of(connection):
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            values = {
                column[1]: 1 if "INT" in column[2] or "BOOL" in column[2] else "[]" for column in columns
            }
            names = ", ".join(f'"{column}"' for column in values)
            places = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {name} ({names}) VALUES ({places})", list(values.values()))  # noqa: S608


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """All tables but those of the full-text search, of the migrations, and that count changes."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'"
    return [row[0] for row in connection.execute(query) if row[0] not in ("alembic_version", "change_count")]


EARLIER = sorted(
    file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py") if file.name[:4] < HEAD
)


@pytest.mark.parametrize("wanted", EARLIER)
def test_a_database_in_use_is_brought_up_from_every_earlier_version(tmp_path: Path, wanted: str) -> None:
    path = tmp_path / "store.db"
    at_revision(path, wanted)
    with closing(sqlite3.connect(path)) as connection:
        before = tables_of(connection)
    Store.open(path).close()
    assert revision(path) == HEAD
    with closing(sqlite3.connect(path)) as connection:
        rows = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in before}  # noqa: S608
        assert set(rows.values()) == {1}
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


# ── Files that are none of ours ─────────────────────────────────────────────────────────────────────────


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store: Store, tmp_path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match=r"newer version .*9999.*install the newer version") as error:
        Store.open(store.path)
    one_sentence(error, store.path, HEAD)
    assert store.path.read_bytes() == before
    with pytest.raises(StoreError, match="newer version"):
        Store.restore(store.path, tmp_path / "live.db")
    assert not (tmp_path / "live.db").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,address\nCam,1\n" * 200, "is damaged or no database of TBT Watch"),
        (b"PK\x03\x04" + bytes(9000), "is damaged or no database of TBT Watch"),
        (b"SQLite format 3\x00" + b"\xff" * 5000, "no database of TBT Watch"),
    ],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=words) as error:
        Store.open(path)
    one_sentence(error, path)
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmark (id INTEGER)")
    with pytest.raises(StoreError, match="not one of TBT Watch") as error:
        Store.open(path)
    one_sentence(error, path)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    one_sentence(error, tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"name another in \[store\] path") as error:
        Store.open(tmp_path / "file" / "sub" / "store.db")
    one_sentence(error, tmp_path / "file")


def test_damage_in_the_middle_is_told_in_a_sentence(store: Store, now: datetime) -> None:
    raws.put(store, now, *(raws.notice(f"G/TBT/N/USA/{n}", summary="x" * 3000) for n in range(1, 60)))
    store.close()
    with store.path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * 4096 * 60)
    with pytest.raises(StoreError, match="restore a backup") as error:
        keys(store.path)
    one_sentence(error, store.path)


# ── Folders and disks ───────────────────────────────────────────────────────────────────────────────────


def test_a_folder_without_permission_is_told_in_a_sentence(tmp_path: Path, empty_database: bytes) -> None:
    (tmp_path / "old.db").write_bytes(empty_database)
    tmp_path.chmod(0o555)
    try:
        said = as_nobody(tmp_path)
    finally:
        tmp_path.chmod(0o755)
    assert len(said) == 3
    assert [line for line in said if not re.search(r"permission|opened for writing|cannot be", line)] == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["old.db"]


def as_nobody(folder: Path) -> list[str]:
    """What the store says in that folder to somebody who may not write there; root may write anywhere."""
    code = """
        import os, sys
        from pathlib import Path
        from tbt_watch.errors import StoreError
        from tbt_watch.store import Store
        from datetime import datetime, UTC
        from tbt_watch.store.database import Database
        if os.geteuid() == 0:
            import sqlite3, sqlalchemy, alembic.command, alembic.config, encodings.ascii
            os.setgid(65534); os.setuid(65534)
        folder = Path(sys.argv[1])
        def lock():
            with Database(folder / "new.db").lock("serve"):
                pass
        def keep():
            with Store.open(folder / "old.db") as store:
                store.raw.file_kept("s", "h", "n", 1, datetime.now(UTC))
        for job in (lambda: Store.open(folder / "new.db"), lock, keep):
            try:
                job()
                print("it could")
            except StoreError as error:
                print(error)
    """
    parents = [
        one for one in folder.parents if one.stat().st_uid == os.geteuid() and one.name.startswith("pytest-")
    ]
    modes = {one: one.stat().st_mode for one in parents}
    for one in parents:
        one.chmod(0o755)
    try:
        return ended(started(code, folder)).splitlines()
    finally:
        for one, mode in modes.items():
            one.chmod(mode)


def limited(pages: int) -> Callable[[Path], sa.Engine]:
    """``make_engine`` with a disk that has room for so many pages in all."""
    from tbt_watch.store.database import make_engine

    def make(path: Path) -> sa.Engine:
        engine = make_engine(path)

        @event.listens_for(engine, "connect")
        def _limit(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        return engine

    return make


def test_a_full_disk_is_one_sentence_and_nothing_is_lost(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    raws.put(store, now, raws.notice())
    store.close()
    pages = store.path.stat().st_size // 4096
    monkeypatch.setattr("tbt_watch.store.database.make_engine", limited(pages + 20))
    with Store.open(store.path) as tight:
        kept = filled(tight, now)
        assert 0 < kept < 500
        assert len(tight.raw.due(limit=1000)) == kept
        assert [one.notice.key for one in tight.notices.every()] == [raws.notice().key]
    monkeypatch.undo()
    with Store.open(store.path) as roomy:
        roomy.raw.keep([raws.raw("s", "more", {"text": "x" * 9000}, now)])
        assert len(roomy.raw.due(limit=1000)) == kept + 1
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def filled(store: Store, now: datetime) -> int:
    """Keep five records at a time until the disk is full; how many were kept."""
    kept, said = 0, ""
    while not said:
        some = [raws.raw("s", str(kept + n), {"text": "x" * 3000}, now) for n in range(5)]
        try:
            store.raw.keep(some)
            kept += 5
        except StoreError as error:
            said = str(error)
    assert re.fullmatch(rf"The disk is full: {store.path} could not be .* nothing is lost\.", said)
    return kept


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of that size; skips where none may be mounted."""
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if (
        mount is None
        or unmount is None
        or subprocess.run(command, check=False, capture_output=True).returncode
    ):
        pytest.skip("no disk may be mounted here; the limit on pages above says the same of the database")
    try:
        yield folder
    finally:
        subprocess.run([unmount, str(folder)], check=True)


def test_a_disk_that_is_really_full(tmp_path: Path, now: datetime, empty_database: bytes) -> None:
    with small_disk(tmp_path / "disk", 1200) as disk:
        (disk / "store.db").write_bytes(empty_database)
        with Store.open(disk / "store.db") as store:
            kept = filled(store, now)
            assert len(store.raw.due(limit=1000)) == kept > 0
            with pytest.raises(StoreError, match="disk is full"):
                store.backup(disk / "copy.db")
            assert not (disk / "copy.db").exists()


# ── Backup and restore ──────────────────────────────────────────────────────────────────────────────────


def keys(path: Path) -> list[str]:
    with Store.open(path) as store:
        return [one.notice.key for one in store.notices.every()]


def test_a_backup_is_whole_while_others_write_and_can_be_put_back(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    raws.put(store, now, raws.notice("G/TBT/N/USA/1"))
    copy = tmp_path / "copy.db"
    with Store.open(store.path) as other, other.transaction():
        raws.put(other, now, raws.notice("G/TBT/N/USA/2"))
        store.backup(copy)
    store.close()
    assert keys(copy) == ["G/TBT/N/USA/1"]
    assert keys(store.path) == ["G/TBT/N/USA/1", "G/TBT/N/USA/2"]
    Store.restore(copy, store.path)
    assert keys(store.path) == ["G/TBT/N/USA/1"]
    assert keys(store.path.with_name("store.db.before-restore")) == ["G/TBT/N/USA/1", "G/TBT/N/USA/2"]


def test_a_restore_can_be_taken_back_with_the_file_it_kept(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    store.backup(copy)
    raws.put(store, now, raws.notice())
    store.close()
    Store.restore(copy, store.path)
    assert keys(store.path) == []
    Store.restore(store.path.with_name("store.db.before-restore"), store.path)
    assert keys(store.path) == [raws.notice().key]
    assert keys(store.path.with_name("store.db.before-restore")) == []
    Store.restore(store.path, store.path)
    assert keys(store.path) == [raws.notice().key]


def test_what_a_killed_program_left_in_the_log_is_kept_with_the_old_one(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    copy, killed = tmp_path / "copy.db", tmp_path / "killed.db"
    store.backup(copy)
    raws.put(store, now, raws.notice())
    for rest in ("", "-wal"):  # as a kill leaves them: the notice stands in the log only
        shutil.copy(f"{store.path}{rest}", f"{killed}{rest}")
    Store.restore(copy, killed)
    assert keys(killed) == []
    assert keys(tmp_path / "killed.db.before-restore") == [raws.notice().key]


@pytest.mark.parametrize("content", [None, b"", b"no database at all " * 99])
def test_what_is_no_backup_changes_nothing(
    store: Store, now: datetime, tmp_path: Path, content: bytes | None
) -> None:
    raws.put(store, now, raws.notice())
    store.close()
    copy = tmp_path / "copy.db"
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(StoreError) as error:
        Store.restore(copy, store.path)
    one_sentence(error, copy)
    assert keys(store.path) == [raws.notice().key]


def test_a_backup_never_writes_over_a_file_and_says_where_it_cannot(store: Store, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    with pytest.raises(StoreError, match="exists already") as error:
        store.backup(there)
    one_sentence(error, there)
    assert there.read_text() == "mine"
    with pytest.raises(StoreError) as error:
        store.backup(tmp_path / "no folder" / "copy.db")
    one_sentence(error, "copy.db")


# ── Several at once ─────────────────────────────────────────────────────────────────────────────────────

HOLD = """
    import sys
    from tbt_watch.store import Store
    with Store.open(sys.argv[1]) as store, store.lock("serve"):
        print("held", flush=True)
        sys.stdin.read()
"""


def test_a_lock_holds_where_its_number_cannot_be_written(store: Store) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))  # every write fails, as on a full disk
    try:
        with store.lock("stages"), pytest.raises(BusyError, match="unknown"), store.lock("stages"):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_lock_holds_across_processes_and_goes_with_the_process(store: Store) -> None:
    process = started(HOLD, store.path)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(BusyError, match=rf"process {process.pid}\).*\(serve\)") as error, store.lock("serve"):
        pass
    assert str(error.value).endswith(".")
    with store.lock("collect-congbao"):
        pass
    process.kill()
    process.communicate(timeout=60)
    with store.lock("serve"), pytest.raises(BusyError, match=str(os.getpid())), store.lock("serve"):
        pass
    with store.lock("serve"):
        pass


WRITE = """
    import sys
    from datetime import datetime, UTC
    sys.path.insert(0, sys.argv[3])
    import raws
    from tbt_watch.store import Store
    now = datetime(2026, 11, 20, tzinfo=UTC)
    with Store.open(sys.argv[1]) as store:
        for n in range(40):
            store.raw.keep([raws.raw(sys.argv[2], f"{n}-{m}", {"text": "x" * 500}, now) for m in range(5)])
"""


def test_several_processes_make_and_fill_one_database(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    here = Path(__file__).parent
    processes = [started(WRITE, path, name, here) for name in ("a", "b", "c")]
    assert [ended(one) for one in processes] == ["", "", ""]
    with Store.open(path) as store:
        due = store.raw.due(limit=1000)
    assert len(due) == 600
    assert len({one.raw_id for one in due}) == 600
    assert {one.record.source for one in due} == {"a", "b", "c"}


def test_a_transaction_is_all_or_nothing_and_joins(store: Store, now: datetime) -> None:
    def stopped() -> None:
        with store.transaction():
            raws.put(store, now, raws.notice("G/TBT/N/USA/1"))
            with store.transaction():
                store.raw.keep([raws.raw("s", "1", {}, now)])
            assert len(store.raw.due()) == 1
            raise InterruptedError

    with pytest.raises(InterruptedError):
        stopped()
    assert store.raw.due() == []
    assert list(store.notices.every()) == []
    with store.transaction():
        raws.put(store, now, raws.notice("G/TBT/N/USA/1"))
    assert len(list(store.notices.every())) == 1
