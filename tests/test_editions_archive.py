"""The yearly ZIP and its verifier, and the verbs of the bulletin as a person types them."""

import csv
import io
import json
import random
import shutil
import subprocess
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from desk import Desk, Printed, sampled
from lxml import html

from tbt_watch.bulletin.archive import SUMS, verify_archive, write_archive
from tbt_watch.errors import ArchiveError
from tbt_watch.export import COLUMNS

SAMPLE = ("--sample", "--lang", "en")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The sample with one edition published and another begun; the tests only look at it."""
    made = sampled(tmp_path_factory)
    assert made.typed("bulletin", "new", "--until", "2025-07-03", *SAMPLE).code == 0
    assert made.typed("bulletin", "publish", "1", *SAMPLE).code == 0
    return made


@pytest.fixture(scope="module")
def zipped(desk: Desk) -> Path:
    """The archive of the sample's year."""
    done = desk.typed("bulletin", "archive", "2025", *SAMPLE)
    assert done.code == 0, done.err
    return desk.folder / done.out.strip()


@pytest.fixture
def own(desk: Desk, tmp_path: Path) -> Desk:
    """A copy of the sample that a test may change."""
    shutil.copytree(desk.folder, tmp_path / "own")
    return Desk(tmp_path / "own", config=None)


def lines(done: Printed) -> str:
    assert done.code in (0, 1), done.err
    return done.out


# ── The verbs ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_week_from_draft_to_comparison(own: Desk) -> None:
    listed = own.typed("bulletin", "list", "--json", *SAMPLE).records
    assert [(one["kind"], one["year"], one["number"], one["state"]) for one in listed] == [
        ("bulletin", 2025, 1, "published")
    ]
    shown = lines(own.typed("bulletin", "show", "1/2025", *SAMPLE))
    assert "Bản tin nhanh số 1/2025" in shown, "an edition speaks its own language"
    assert "I. Tin cảnh báo" in shown
    assert "G/TBT/N/USA/2211" in shown
    same = own.typed("bulletin", "build", "--edition", "1", "--compare", *SAMPLE)
    assert same.code == 0
    assert same.out.count("the same bytes as published") in (3, 4)
    assert "it would read the same" in same.out
    assert own.typed("notices", "amend", "G/TBT/N/USA/2211", "comment_until", "2025-08-05", *SAMPLE).code == 0
    other = own.typed("bulletin", "build", "--edition", "1/2025", "--compare", *SAMPLE)
    assert other.code == 0
    assert other.out.count("the same bytes as published") in (3, 4)
    assert "G/TBT/N/USA/2211" in other.out
    assert "a fact was corrected" in other.out
    assert "    - 14/7/2025\n    + 21/7/2025\n" in other.out


def test_a_published_edition_keeps_its_files_through_later_builds(own: Desk) -> None:
    folder = own.folder / "sample-run/bulletin/ban-tin/2025/so-1"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert own.typed("notices", "amend", "G/TBT/N/USA/2211", "headline", "Hoa Kỳ: khác", *SAMPLE).code == 0
    assert own.typed("bulletin", "build", *SAMPLE).code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_draft_is_looked_at_without_being_published(own: Desk, tmp_path: Path) -> None:
    made = own.typed(
        "bulletin", "new", "--since", "2025-06-01", "--until", "2025-06-30", "--json", *SAMPLE
    ).records
    assert made[0]["state"] == "draft"
    number = str(made[0]["id"])
    done = own.typed("bulletin", "build", "--edition", number, "--out", str(tmp_path / "x"), *SAMPLE)
    names = {path.name for path in (tmp_path / "x").iterdir()}
    assert names >= {f"ban-tin-du-thao-{number}.html", f"ban-tin-du-thao-{number}.docx"}
    assert done.out.count("ban-tin-du-thao") == len(names)
    assert "du-thao" not in str(list((own.folder / "sample-run/bulletin").rglob("*")))
    empty = own.typed("bulletin", "publish", number, *SAMPLE)
    assert empty.code in (0, 2)
    days = ("--since", "2025-07-01", "--until", "2025-07-04")
    draft = own.typed("bulletin", "new", *days, "--json", *SAMPLE).records
    number = str(draft[0]["id"])
    moved = own.typed("bulletin", "redate", number, "--since", "2025-06-30", "--json", *SAMPLE).records
    assert [(one["since"], one["until"], one["revision"]) for one in moved] == [
        ("2025-06-30", "2025-07-04", 2)
    ]
    assert own.typed("bulletin", "drop", number, *SAMPLE).code == 0


def test_who_gets_it_is_said_before_and_after(own: Desk) -> None:
    table = own.folder / "readers.csv"
    table.write_text("name,channel,address,frequency,bulletin\nSở,pretend,so,,yes\n", encoding="utf-8")
    assert own.typed("subscribers", "import", "readers.csv", *SAMPLE).code == 0
    assert "bulletin" in own.typed("subscribers", "list", *SAMPLE).out
    listed = own.typed("subscribers", "list", "--json", *SAMPLE).records
    assert [one["name"] for one in listed if one["bulletin"]] == ["Sở"]
    days = ("--since", "2025-06-30", "--until", "2025-07-04")
    number = str(own.typed("bulletin", "new", *days, "--json", *SAMPLE).records[0]["id"])
    built = own.typed("bulletin", "build", "--edition", number, *SAMPLE)
    assert "Readers of the bulletin: pretend 1" in built.err
    assert "Bản tin nhanh số 2/2025" in built.err
    done = own.typed("bulletin", "publish", number, *SAMPLE)
    assert "pretend PENDING 1" in done.out
    assert "Bản tin nhanh số 2/2025" in done.err
    sent = own.typed("deliver", *SAMPLE)
    assert sent.code == 0
    again = own.typed("bulletin", "build", "--edition", number, *SAMPLE)
    assert "pretend SENT 1" in again.err
    # The sample's clock stands still, so that number 1 was published at the very moment of asking.
    files = (own.folder / "sample-run/messages/so").glob("*.txt")
    first = [path.read_text(encoding="utf-8").splitlines()[0] for path in files]
    assert sorted(first) == ["Bản tin nhanh số 1/2025", "Bản tin nhanh số 2/2025"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("build", "--edition", "so-12.docx"), "cannot be taken back in"),
        (("build", "--edition", "Bản tin.DOCX"), "cannot be taken back in"),
        (("build", "--edition", "twelve"), "is no edition"),
        (("build", "--edition", "99"), "tbt-watch bulletin list"),
        (("build", "--edition", "3/2031"), "tbt-watch bulletin list"),
        (("build", "--compare"), "--edition N"),
        (("publish", "1"), "published already"),
        (("drop", "1"), "stays as it is"),
        (("redate", "1"), "give --since"),
        (("redate", "1", "--until", "2025-07-04"), "stays as it is"),
        (("new", "--until", "0001-01-01"), "write a year from 1995"),
        (("new", "--since", "2025-07-09", "--until", "2025-07-01"), "mend the days"),
        (("verify", "nothing.zip"), "cannot be read"),
        (("archive", "2199"), "has not begun"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(desk: Desk, words: tuple[str, ...], said: str) -> None:
    done = desk.typed("bulletin", *words, *SAMPLE)
    assert done.code in (1, 2)
    assert said in done.sentence


# ── The archive ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_archive_needs_no_server_and_no_script(zipped: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zipped) as given:
        given.extractall(tmp_path)
        assert {one.date_time for one in given.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    index = html.fromstring((tmp_path / "index.html").read_bytes())
    links = index.xpath("//a/@href")
    assert {
        "ban-tin/2025/so-1/index.html",
        "du-lieu/thong-bao-2025.csv",
        "du-lieu/tu-dien-du-lieu.csv",
    } <= set(links)
    assert all((tmp_path / link).is_file() for link in links)
    assert index.xpath("//li/a/@href")[0] == "ban-tin/2025/so-1/index.html", (
        "what any browser opens comes first"
    )
    edition = html.fromstring((tmp_path / "ban-tin/2025/so-1/index.html").read_bytes())
    assert not index.xpath("//script|//link[@rel='stylesheet']") + edition.xpath("//script|//link|//img")
    records = [
        json.loads(line)
        for line in (tmp_path / "du-lieu/thong-bao-2025.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(records) == 43
    rows = list(csv.DictReader(io.StringIO((tmp_path / "du-lieu/thong-bao-2025.csv").read_text("utf-8-sig"))))
    assert (
        [row["key"] for row in rows]
        == [record["key"] for record in records]
        == sorted(row["key"] for row in rows)
    )
    told = list(
        csv.DictReader(io.StringIO((tmp_path / "du-lieu/tu-dien-du-lieu.csv").read_text("utf-8-sig")))
    )
    assert {row["field"] for row in told if row["in"] in ("csv", "both")} == set(COLUMNS)
    assert {row["field"] for row in told if row["in"] in ("jsonl", "both")} == set(records[0])
    assert all(row["vi"] and row["en"] and row["type"] for row in told)


def test_the_same_data_give_the_same_bytes(desk: Desk, zipped: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    assert desk.typed("bulletin", "archive", "2025", "--out", str(again), *SAMPLE).code == 0
    assert again.read_bytes() == zipped.read_bytes()


def test_sha256sum_reads_the_checksums_too(zipped: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zipped) as given:
        given.extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", SUMS], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_whole_archive_is_whole(desk: Desk, zipped: Path) -> None:
    done = desk.typed("bulletin", "verify", str(zipped), "--lang", "en")
    assert done.code == 0
    with zipfile.ZipFile(zipped) as given:
        assert done.out == f"{len(given.namelist()) - 1} files are whole.\n"


def test_any_flipped_byte_is_found(zipped: Path, tmp_path: Path) -> None:
    body = zipped.read_bytes()
    chance = random.Random(8)
    places = [0, 5, 10, 14, len(body) - 1, len(body) - 20, *chance.sample(range(len(body)), 60)]
    broken = tmp_path / "broken.zip"
    for place in places:
        changed = bytearray(body)
        changed[place] ^= 1 << chance.randrange(8)
        broken.write_bytes(changed)
        with suppress(ArchiveError):  # so damaged that it is no archive any more: that is found too
            assert verify_archive(broken).problems, f"byte {place} of {len(body)}"


def test_what_is_missing_changed_or_added_is_named(zipped: Path, tmp_path: Path, desk: Desk) -> None:
    with zipfile.ZipFile(zipped) as given:
        files = {name: given.read(name) for name in given.namelist()}
    files["index.html"] += b" "
    del files["du-lieu/thong-bao-2025.csv"]
    files["new.txt"] = b"x"
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as made:
        for name, body in files.items():
            made.writestr(name, body)
    done = desk.typed("bulletin", "verify", str(broken), "--lang", "en")
    assert done.code == 1
    assert set(done.out.splitlines()[:3]) == {
        "index.html is not what was written.", "du-lieu/thong-bao-2025.csv is missing.", "new.txt was added.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "no ZIP"), (b"PK\x03\x04 nothing more", "no ZIP"), (None, SUMS)],
    ids=["empty", "cut off", "another ZIP"],
)
def test_what_is_no_archive_says_so(tmp_path: Path, body: bytes | None, said: str) -> None:
    path = tmp_path / "x.zip"
    if body is None:
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("a.txt", "a")
    else:
        path.write_bytes(body)
    with pytest.raises(ArchiveError, match=said):
        verify_archive(path)


def test_the_order_of_the_files_does_not_matter() -> None:
    files = [("b", b"2"), ("a", b"1"), ("c/d", b"")]
    first, second = io.BytesIO(), io.BytesIO()
    assert write_archive(files, first) == write_archive(reversed(files), second) == 4
    assert first.getvalue() == second.getvalue()


def test_a_full_disk_leaves_no_half_archive(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = desk.typed("bulletin", "archive", "2025", "--out", str(tmp_path / "file/x.zip"), *SAMPLE)
    assert done.code == 1
    assert "could not be written" in done.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
