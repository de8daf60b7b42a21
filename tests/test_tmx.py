"""Translation memories as files: TMX that any tool reads, TMX that any tool writes, and CSV from spreadsheets."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tbt_watch.domain.memory import Unit
from tbt_watch.domain.remark import remark
from tbt_watch.errors import UsageError
from tbt_watch.language import Language
from tbt_watch.translate.checks.checker import Checker
from tbt_watch.translate.memory.exchange import OTHER, merge, read_units, write_report, write_units
from tbt_watch.translate.memory.tmx import BadUnit
from tbt_watch.translate.sentences.passages import clean
from tbt_watch.translate.sentences.tongue import is_vietnamese
from tbt_watch.translate.terms.base import load_terms

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

# The elements and attributes of TMX 1.4 that we write, by the specification (LISA OSCAR, 2005), chapter 4.
DTD = etree.DTD(
    io.StringIO(
        """
<!ELEMENT tmx (header, body)> <!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note|prop|ude)*>
<!ATTLIST header creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED
  segtype (block|paragraph|sentence|phrase) #REQUIRED o-tmf CDATA #REQUIRED adminlang CDATA #REQUIRED
  srclang CDATA #REQUIRED datatype CDATA #REQUIRED creationdate CDATA #IMPLIED creationid CDATA #IMPLIED>
<!ELEMENT body (tu*)> <!ELEMENT note (#PCDATA)> <!ELEMENT ude EMPTY>
<!ELEMENT prop (#PCDATA)> <!ATTLIST prop type CDATA #REQUIRED>
<!ELEMENT tu ((note|prop)*, tuv+)>
<!ATTLIST tu tuid CDATA #IMPLIED datatype CDATA #IMPLIED creationdate CDATA #IMPLIED creationid CDATA #IMPLIED
  changedate CDATA #IMPLIED changeid CDATA #IMPLIED segtype (block|paragraph|sentence|phrase) #IMPLIED
  srclang CDATA #IMPLIED>
<!ELEMENT tuv ((note|prop)*, seg)> <!ATTLIST tuv xml:lang CDATA #REQUIRED>
<!ELEMENT seg (#PCDATA)>
"""
    )
)


@pytest.fixture
def checker(language: Language) -> Checker:
    return Checker(load_terms(), language)


def unit(source: str, target: str, language: str = "en") -> Unit:
    return Unit(language=language, source=source, target=target, origin="import")


def tmx(body: str, head: str = '<?xml version="1.0"?>\n', version: str = "1.4") -> str:
    return f'{head}<tmx version="{version}"><header/><body>\n{body}\n</body></tmx>'


def pair(english: str, vietnamese: str) -> str:
    return (
        f'<tu><tuv xml:lang="en"><seg>{english}</seg></tuv>'
        f'<tuv xml:lang="vi"><seg>{vietnamese}</seg></tuv></tu>'
    )


def read(folder: Path, content: str | bytes, name: str = "memory.tmx") -> list[Unit | BadUnit]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_units(path))


def texts(found: Iterable[Unit | BadUnit]) -> list[tuple[str, str, str]]:
    return [(one.language, one.source, one.target) for one in found if isinstance(one, Unit)]


WORDS = (
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
    .map(lambda text: clean(text).strip())
    .filter(bool)
)
UNITS = st.builds(
    Unit,
    language=st.sampled_from(["en", "fr", "es"]),
    source=WORDS.filter(lambda text: not is_vietnamese(text)),  # such a one is refused
    target=WORDS,
    origin=st.just("import"),
    by=st.sampled_from(["", "An", "Văn phòng TBT & <Đắk Lắk>"]),
    at=st.none() | st.just(AT),
    notice=st.sampled_from(["", "G/TBT/N/ARE/703"]),
    field=st.sampled_from(["", "title"]),
)


@given(st.lists(UNITS, max_size=5))
def test_what_is_written_as_tmx_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, units: list[Unit]
) -> None:
    written = "".join(write_units(units, ".tmx"))
    assert DTD.validate(etree.fromstring(written.encode()))
    # A character that no XML file can hold is left out.
    holds = [one for one in units if not set("\ufffe\uffff") & set(one.source + one.target)]
    if holds == units:
        assert read(tmp_path_factory.mktemp("tmx"), written) == units


@given(st.lists(UNITS, max_size=5))
def test_what_is_written_as_csv_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, units: list[Unit]
) -> None:
    # An apostrophe before what a spreadsheet would compute cannot be told from the one that disarms it.
    units = [one for one in units if not (one.source + one.target).count("'")]
    written = "".join(write_units(units, ".csv"))
    assert read(tmp_path_factory.mktemp("csv"), written, "memory.csv") == units
    cells = [cell for row in csv.reader(io.StringIO(written.removeprefix("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("version", ["1.1", "1.2", "1.3", "1.4"])
def test_files_of_every_version_and_encoding_are_read(tmp_path: Path, version: str, encoding: str) -> None:
    name = encoding.removesuffix("-sig").removesuffix("-le")
    head = (
        f'<?xml version="1.0" encoding="{name}"?>\n<!DOCTYPE tmx SYSTEM "tmx{version[0]}{version[2]}.dtd">\n'
    )
    body = (
        '<tu tuid="1" changedate="20260102T030405Z" creationdate="20250102T030405Z" creationid="AN">'
        '<tuv lang="EN-US"><seg>Lead in toys</seg></tuv><tuv lang="vi-VN"><seg>Chì trong đồ chơi</seg></tuv></tu>'
    )
    text = tmx(body, head, version)
    content = ("\ufeff" + text if encoding == "utf-16-le" else text).encode(encoding)
    assert read(tmp_path, content) == [
        replace(
            unit("Lead in toys", "Chì trong đồ chơi"), by="AN", at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        )
    ]


def test_a_unit_of_many_languages_is_a_pair_for_each_original(tmp_path: Path) -> None:
    said = {"de": "Spielzeug", "fr-FR": "Jouets", "VI": "Đồ chơi", "es_MX": "Juguetes", "en": "Toys"}
    body = "".join(f'<tuv xml:lang="{lang}"><seg>{text}</seg></tuv>' for lang, text in said.items())
    assert texts(read(tmp_path, tmx(f"<tu>{body}</tu>"))) == [
        ("en", "Toys", "Đồ chơi"), ("fr", "Jouets", "Đồ chơi"), ("es", "Juguetes", "Đồ chơi"),
    ]  # fmt: skip


def test_formatting_of_other_programs_is_taken_out_and_marked_text_kept(tmp_path: Path) -> None:
    english = (
        '<bpt i="1">&lt;b&gt;</bpt>Lead<ept i="1">&lt;/b&gt;</ept> in <hi type="x">toys<ph>x</ph></hi>'
        "<!-- no --><it pos='begin'>y<sub>z</sub></it>, 90&#160;mg/kg"
    )
    (found,) = read(tmp_path, tmx(pair(english, "Chì trong đồ chơi, 90 mg/kg")))
    assert texts([found]) == [("en", "Lead in toys, 90 mg/kg", "Chì trong đồ chơi, 90 mg/kg")]


def test_text_is_taken_in_as_the_house_keeps_it(tmp_path: Path) -> None:
    (found,) = read(tmp_path, tmx(pair("Toys\tand\r\n games &#x200b;", "Đô\u0300 chơi\nvà trò chơi")))
    assert texts([found]) == [("en", "Toys and\n games", "Đồ chơi\nvà trò chơi")]


def test_a_namespace_does_not_hide_the_units(tmp_path: Path) -> None:
    text = tmx(pair("Toys", "Đồ chơi")).replace("<tmx ", '<tmx xmlns="http://www.lisa.org/tmx14" ')
    assert texts(read(tmp_path, text)) == [("en", "Toys", "Đồ chơi")]


def test_bad_units_are_named_with_their_line_and_the_good_ones_kept(tmp_path: Path) -> None:
    bad = [
        '<tu><tuv xml:lang="de"><seg>Spielzeug</seg></tuv><tuv xml:lang="vi"><seg>Đồ chơi</seg></tuv></tu>',
        '<tu><tuv xml:lang="en"><seg>Toys</seg></tuv></tu>',
        pair("  ", "Đồ chơi"),
        pair("Toys", "<ph>only a code</ph>"),
        pair("A", "B").replace("</tu>", '<tuv xml:lang="vi"><seg>C</seg></tuv></tu>'),
        "<tu></tu>",
        "<tu><tuv><seg>Toys</seg></tuv></tu>",
    ]
    body = "\n".join([pair("First", "Trước"), *bad, pair("Last", "Sau")])
    found = read(tmp_path, tmx(body))
    assert texts(found) == [("en", "First", "Trước"), ("en", "Last", "Sau")]
    faults = [one for one in found if isinstance(one, BadUnit)]
    assert [one.line for one in faults] == list(range(4, 4 + len(bad)))
    assert all(str(one.fault) for one in faults)
    assert "de, vi" in str(faults[0].fault)
    assert "in vi" in str(faults[4].fault)


def test_a_file_that_breaks_off_gives_what_stood_before(tmp_path: Path) -> None:
    whole = tmx("\n".join(pair(f"Sentence {n}", f"Câu {n}") for n in range(300)))
    found = read(tmp_path, whole[: len(whole) // 2])
    assert 100 < len(texts(found)) < 200
    (fault,) = [one for one in found if isinstance(one, BadUnit)]
    assert found[-1] is fault
    assert fault.line > 100
    assert "breaks off" in str(fault.fault)


HOSTILE = {
    "an entity from a file": '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    "an entity from an address": '<!DOCTYPE tmx [<!ENTITY x SYSTEM "http://192.0.2.1/x">]>',
    "many laughs": "<!DOCTYPE tmx [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghx", strict=True))
    + "]>",
    "a parameter entity": '<!DOCTYPE tmx [<!ENTITY % p SYSTEM "file:///etc/hostname"><!ENTITY x "y">]>',
}


@pytest.mark.parametrize("doctype", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(tmp_path: Path, doctype: str) -> None:
    head = f'<?xml version="1.0"?>{doctype}'
    with pytest.raises(UsageError, match="declares entities"):
        read(tmp_path, tmx(pair("&x;", "&x;"), head))


@pytest.mark.parametrize(
    "content",
    [b"", b"source,target\n", b"<xliff/>", b"\x00\x01\x02", b"<html><tmx/></html>"],
)
def test_what_is_no_tmx_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UsageError, match="no TMX file"):
        read(tmp_path, content)


@pytest.mark.parametrize("name", ["gone.tmx", "gone.csv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=name):
        list(read_units(tmp_path / name))


def test_only_tmx_and_csv_are_known(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="suffix"):
        read(tmp_path, "", "memory.xlsx")
    with pytest.raises(UsageError, match="xlsx"):
        list(write_units([], ".xlsx"))


def test_a_big_file_is_read_in_little_room(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "big.tmx"
    body = pair("Sentence about lead in toys and other articles for children", "Câu về chì trong đồ chơi")
    with path.open("w", encoding="utf-8") as file:
        file.write('<tmx version="1.4"><header/><body>')
        file.writelines(f"{body}\n" for _ in range(10_000))
        file.write("</body></tmx>")
    tracemalloc.start()
    count = sum(1 for _ in read_units(path))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_000
    assert most < path.stat().st_size / 2


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_every_spreadsheet_are_read(tmp_path: Path, delimiter: str, encoding: str) -> None:
    out = io.StringIO()
    rows = [
        ("Target", "Source", "Language", "at", "remark"),
        ("Đồ chơi; trò chơi, v.v.", "Toys, games; etc.", "", "2026-11-20T09:00:00+07:00", "x"),
        ("'=1+1 là hai", "'=1+1 is two", "EN-gb", "2026-11-20", ""),
        ("Hai\ndòng", "Deux\nlignes", "fr", "yesterday", ""),
        ("", "", "", "", ""),
    ]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    found = read(tmp_path, out.getvalue().encode(encoding), "memory.csv")
    assert texts(found) == [
        ("en", "Toys, games; etc.", "Đồ chơi; trò chơi, v.v."),
        ("en", "=1+1 is two", "=1+1 là hai"),
        ("fr", "Deux\nlignes", "Hai\ndòng"),
    ]
    assert [one.at for one in found if isinstance(one, Unit)] == [
        AT, datetime(2026, 11, 20, tzinfo=UTC), None,
    ]  # fmt: skip


def test_bad_rows_are_named_with_their_line(tmp_path: Path) -> None:
    rows = (
        'source,target,language\nA,B,en\n"two\nlines",,en\nC,D,de\n,E,en\nF\n'
        + "x" * 200_000
        + ",G\nH,I,es\n"
    )
    found = read(tmp_path, rows, "memory.csv")
    assert texts(found) == [("en", "A", "B"), ("es", "H", "I")]
    faults = [one for one in found if isinstance(one, BadUnit)]
    assert [one.line for one in faults][:4] == [3, 5, 6, 7]
    assert all(str(one.fault) for one in faults)


def test_two_sides_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    swapped = 'source,target\n"Đồ chơi trẻ em phải được ghi nhãn",Toys shall be labelled\n'
    body = pair("Đồ chơi trẻ em phải được ghi nhãn", "Toys shall be labelled")
    for found in (read(tmp_path, swapped, "memory.csv"), read(tmp_path, tmx(body))):
        assert [str(one.fault).split(";")[0] for one in found if isinstance(one, BadUnit)] == [
            "its original is in Vietnamese already"
        ]


def test_a_table_for_excel_with_a_mark_left_open_loses_that_row_only(tmp_path: Path) -> None:
    rows = 'sep=;\nsource;target\nToys;Đồ chơi\n"Open;Mở\nGames;Trò chơi\n"Two\nlines";"Hai\ndòng"\n'
    found = read(tmp_path, rows, "memory.csv")
    assert texts(found) == [
        ("en", "Toys", "Đồ chơi"), ("en", "Games", "Trò chơi"), ("en", "Two\nlines", "Hai\ndòng"),
    ]  # fmt: skip
    assert [one.line for one in found if isinstance(one, BadUnit)] == [4]


def test_what_is_of_use_for_its_notice_alone_is_not_shared() -> None:
    kept = replace(unit("Thông tư", "Thông tư mới", "vi"), notice="X", field="title")
    written = "".join(write_units([kept, unit("Toys", "Đồ chơi")], ".csv"))
    assert "Thông tư" not in written
    assert "Toys" in written


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"source\nx\n"])
def test_a_table_without_the_columns_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UsageError, match="lacks the column"):
        read(tmp_path, content, "memory.csv")


def test_a_table_in_an_old_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        read(tmp_path, "source,target\ncafé,cà phê\n".encode("cp1258", "replace"), "memory.csv")


# ── Merging ─────────────────────────────────────────────────────────────────────────────────────────────


def test_ours_stays_theirs_is_listed_and_what_is_known_counted(checker: Checker) -> None:
    ours = [replace(unit("Toys are covered.", "Áp dụng cho đồ chơi."), origin="human", by="An")]
    shipped = [replace(unit("Food is covered.", "Áp dụng cho thực phẩm."), origin="shipped")]
    incoming: list[Unit | BadUnit] = [
        unit("Toys  are covered.", "Quy định về đồ chơi."),
        unit("Toys are covered.", "Áp dụng cho  đồ chơi."),
        unit("Food is covered.", "Áp dụng cho thực phẩm."),
        unit("Games are covered.", "Áp dụng cho trò chơi."),
        unit("Games are covered.", "Bao gồm trò chơi."),
        unit("The limit is 5 mg/kg.", "Giới hạn là 50 mg/kg."),
        BadUnit(7, remark("bad")),
    ]
    done = merge(incoming, ours, shipped, checker, AT)
    assert texts(done.taken) == [("en", "Games are covered.", "Áp dụng cho trò chơi.")]
    assert (done.same, [one.line for one in done.bad]) == (2, [7])
    assert [(one.theirs.target, one.ours and one.ours.target, one.why) for one in done.disputed] == [
        ("Quy định về đồ chơi.", "Áp dụng cho đồ chơi.", OTHER),
        ("Bao gồm trò chơi.", "Áp dụng cho trò chơi.", OTHER),
        ("Giới hạn là 50 mg/kg.", None, "numbers: 5 is missing, 50 is not in the original"),
    ]
    rows = list(csv.DictReader(io.StringIO("".join(write_report(done.disputed)).removeprefix("\ufeff"))))
    assert rows[0] == {
        "language": "en", "source": "Toys are covered.", "ours": "Áp dụng cho đồ chơi.",
        "theirs": "Quy định về đồ chơi.", "ours_by": "An", "theirs_by": "", "why": OTHER,
    } | {"source": "Toys  are covered."}  # fmt: skip


def test_theirs_and_unchecked_take_what_else_waits(checker: Checker) -> None:
    ours = [unit("Toys are covered.", "Áp dụng cho đồ chơi.")]
    later = AT + timedelta(days=30)
    incoming = [
        replace(
            unit("Toys are covered.", "Quy định về đồ chơi."),
            at=AT - timedelta(days=9),
            notice="X",
            field="title",
        ),
        unit("The limit is 5 mg/kg.", "Giới hạn là 50 mg/kg."),
        replace(unit("Food is covered.", "Áp dụng cho thực phẩm."), at=later),
    ]
    done = merge(incoming, ours, (), checker, AT, theirs=True, unchecked=True)
    assert [one.source for one in done.taken] == [one.source for one in incoming]
    assert done.disputed == []
    # What takes the place of ours is newer than it; nobody translated in the future; a file's units have no place.
    assert [(one.at, one.notice, one.field) for one in done.taken] == [
        (AT, "", ""),
        (AT, "", ""),
        (AT, "", ""),
    ]


def test_over_the_projects_own_memory_theirs_wins(checker: Checker) -> None:
    shipped = [unit("Food is covered.", "Áp dụng cho thực phẩm.")]
    done = merge([unit("Food is covered.", "Bao gồm thực phẩm.")], (), shipped, checker, AT)
    assert texts(done.taken) == [("en", "Food is covered.", "Bao gồm thực phẩm.")]
