"""A file is written whole or not at all, whatever happens in between."""

import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk

from tbt_watch.whole import whole_file

KILLED = """
import os, sys
from pathlib import Path
from tbt_watch.whole import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half" * 100_000)
    file.flush()
    os._exit(9)
"""


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".txt")  # as long as a name may be, nearly
    for content in (b"old", b"new"):
        with whole_file(path) as file:
            file.write(content)
        assert path.read_bytes() == content
    beside = tmp_path / "beside"
    beside.touch()
    assert path.stat().st_mode == beside.stat().st_mode, "others may read it as they may read what we write"
    assert sorted(tmp_path.iterdir()) == [beside, path]


def test_what_stood_there_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"old")

    def half(error: type[BaseException]) -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise error

    for error in (ValueError, KeyboardInterrupt, OSError):
        with pytest.raises(error):
            half(error)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_stood_there_stays_when_the_program_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=60)
    assert done.returncode == 9
    assert path.read_bytes() == b"old"
    with whole_file(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_two_who_write_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with whole_file(path) as one, whole_file(path) as other:
        one.write(b"one")
        other.write(b"other")
        one.write(b"one")
    assert path.read_bytes() == b"oneone"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("", IsADirectoryError),
        ("folder", IsADirectoryError),
        ("file/below", NotADirectoryError),
        ("gone/below", FileNotFoundError),
    ],
)
def test_a_place_where_nothing_can_be_written(tmp_path: Path, place: str, error: type[OSError]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(error), whole_file(tmp_path / place) as file:
        file.write(b"new")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
    assert not list(tmp_path.parent.glob(".*.part"))


@pytest.mark.parametrize(
    "words",
    [
        ("notices", "export", "--out"), ("notices", "export", "--format", "xlsx", "--out"),
        ("vocabulary", "export"), ("subscribers", "export"), ("terms", "export"), ("memory", "export"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["gone/all.xlsx", "all.csv/all.xlsx"])
def test_a_person_is_told_in_one_sentence(tmp_path: Path, words: tuple[str, ...], place: str) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "all.csv").write_bytes(b"old")
    if words[0] in ("terms", "memory"):
        place = place.replace(".xlsx", ".csv")
    done = desk.typed(*words, place)
    assert done.code == 2
    assert f"{place} could not be written" in done.sentence
    assert (tmp_path / "all.csv").read_bytes() == b"old"
    assert not list(tmp_path.rglob("*.part"))
