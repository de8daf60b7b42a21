"""The verbs on the term base: files as offices keep them, in and out, and what is wrong with them told line by line."""

import csv
import io
import time
import unicodedata
from pathlib import Path

import pytest
from desk import Desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tbt_watch.domain.term import Term
from tbt_watch.store import Store
from tbt_watch.translate.terms.base import TermBase, load_terms
from tbt_watch.translate.terms.table import read_term_table, written_terms

HEAD = "en,fr,es,vi,status,domain,note\n"
GOOD = HEAD + (
    "border gauge|border gage,jauge de bord,,thước biên giới,preferred,own,đã thống nhất\n"
    "border gauge|border gage,,,máy đo biên,forbidden,own,\n"
    '"gauge, left-handed",,,"thước thuận tay trái",admitted,own,"nói ""thước"""\n'
)
TAKEN = [
    Term(en=("border gauge", "border gage"), fr=("jauge de bord",), vi="thước biên giới", domain="own",
         note="đã thống nhất"),
    Term(en=("border gauge", "border gage"), vi="máy đo biên", status="forbidden", domain="own"),
    Term(en=("gauge, left-handed",), vi="thước thuận tay trái", status="admitted", domain="own", note='nói "thước"'),
]  # fmt: skip
TARIFF = "level,hs_code,vi,en,path_vi,path_en,mfn_rate\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office without terms of its own."""
    return Desk(tmp_path)


def written(desk: Desk, text: str | bytes, name: str = "terms.csv", encoding: str = "utf-8") -> Path:
    path = desk.folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def own(desk: Desk) -> list[Term]:
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        return store.terms.all()


def said(new: int = 0, changed: int = 0, same: int = 0, removed: int = 0) -> str:
    return f"Terms: {new:,} new, {changed:,} changed, {same:,} as they were, {removed:,} removed\n"


# ── import ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "form", ["csv", "bom", "semicolons", "sep", "tabs", "old-mac", "windows", "order", "utf-16"]
)
def test_a_table_is_taken_in_as_people_keep_it(desk: Desk, form: str) -> None:
    rows = list(csv.reader(io.StringIO(GOOD)))
    out = io.StringIO()
    if form == "order":
        rows = [row[::-1] for row in rows]
    csv.writer(out, delimiter={"semicolons": ";", "sep": ";", "tabs": "\t"}.get(form, ",")).writerows(rows)
    text = out.getvalue()
    if form == "sep":
        text = "sep=;\r\n" + text
    if form == "old-mac":
        text = text.replace("\r\n", "\r")
    path = written(desk, text, encoding={"bom": "utf-8-sig", "utf-16": "utf-16"}.get(form, "utf-8"))
    done = desk.typed("terms", "import", path)
    assert (done.code, done.out, done.err) == (0, said(new=3), "")
    assert own(desk) == TAKEN
    again = desk.typed("terms", "import", path)
    assert (again.code, again.out) == (0, said(same=3))
    assert own(desk) == TAKEN


def test_a_term_is_changed_by_its_next_import(desk: Desk) -> None:
    desk.typed("terms", "import", written(desk, GOOD))
    more = "en,vi,status,note\nborder gauge|border gage,máy đo biên,admitted,nay được dùng\n"
    done = desk.typed("terms", "import", written(desk, more))
    assert (done.code, done.out) == (0, said(changed=1))
    assert [one.status for one in own(desk)] == ["preferred", "admitted", "admitted"]


def test_bad_rows_are_named_and_left_out_and_the_good_ones_kept(desk: Desk) -> None:
    text = HEAD + (
        "good,,,tốt,preferred,own,\n"
        ",,,không có gì,preferred,own,\n"
        "nothing,,,,preferred,own,\n"
        "liked,,,thích,liked,own,\n"
        f"long {'x' * 300},,,dài,preferred,own,\n"
        "bell\x07,,,chuông,preferred,own,\n"
        "turned\u202e,,,lật,preferred,own,\n"
        "two|Two,,,hai,preferred,own,\n"
        "several,,,một|hai,preferred,own,\n"
        "good,,,hay,preferred,own,\n"
        "good,,,tốt,forbidden,own,\n"
        "more,,,nhiều,preferred,own,,cells,here\n"
        ",,,,,,\n"
        "last,,,cuối,,,\n"
    )
    done = desk.typed("terms", "import", written(desk, text))
    lines = done.err.splitlines()
    assert (done.code, done.out) == (1, said(new=2))
    assert [line.split(":")[0] for line in lines] == [f"terms.csv, line {number}" for number in range(3, 14)]
    assert all(line.endswith(".") for line in lines)
    for line, word in zip(lines, ("spelling", "vi is empty", "none of preferred", "too long", "U+0007", "U+202E",
                                  "twice", "several renderings", "two preferred", "decide", "9 cells"),
                          strict=True):  # fmt: skip
        assert word in line
    assert [(one.en, one.vi, one.status) for one in own(desk)] == [
        (("good",), "tốt", "preferred"), (("last",), "cuối", "preferred"),
    ]  # fmt: skip


def test_a_row_that_contradicts_what_the_office_has_is_left_out(desk: Desk) -> None:
    desk.typed("terms", "import", written(desk, GOOD))
    done = desk.typed("terms", "import", written(desk, "en,vi\nborder gauge,thước ranh giới\n"))
    assert (done.code, done.out) == (1, said())
    assert "“thước biên giới” and “thước ranh giới”; make one of them admitted" in done.err
    both = "en,vi,status\nborder gauge|border gage,thước biên giới,admitted\nborder gauge,thước ranh giới,preferred\n"
    done = desk.typed("terms", "import", written(desk, both))
    assert (done.code, done.out) == (0, said(new=1, changed=1))


def test_columns_that_nobody_reads_are_told(desk: Desk) -> None:
    done = desk.typed("terms", "import", written(desk, "en,vi,quelle\nthing,vật,here\n"))
    assert (done.code, done.out) == (0, said(new=1))
    assert done.err == "terms.csv: the column quelle is not read.\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"en,vi\n\xff\xfe", "UTF-8"),
        ("en,vi\nthing,vật\n".encode("utf-16")[:-1], "UTF-16"),
        (b"PK\x03\x04rest", "workbook"),
        (b"", "lacks the column 'vi'"),
        (b"en,status\n", "lacks the column 'vi'"),
        (b"vi,status\n", "lacks the column 'en'"),
        (b"en,vi,EN\n", "two columns 'en'"),
        (b"\x00\x01\x02", "lacks the column"),
    ],
)
def test_a_file_that_is_no_table_is_one_sentence(desk: Desk, text: bytes, words: str) -> None:
    done = desk.typed("terms", "import", written(desk, text))
    assert done.code == 2
    assert words in done.sentence
    assert own(desk) == []


def test_a_file_that_is_not_there_is_one_sentence(desk: Desk) -> None:
    assert "check the path" in desk.typed("terms", "import", "nowhere.csv").sentence
    assert "check the path" in desk.typed("terms", "import", desk.folder).sentence


def test_a_quotation_mark_that_nobody_closed_takes_no_row_with_it_in_silence(desk: Desk) -> None:
    rows = "".join(f"thing {n},vật {n}\n" for n in range(30))
    done = desk.typed("terms", "import", written(desk, 'en,vi\nfirst,một\n"open,vật\n' + rows))
    assert (done.code, done.out) == (1, said(new=31))
    assert "line 3: a quotation mark is opened and not closed" in done.err


def test_faults_are_told_in_the_readers_language(desk: Desk) -> None:
    path = written(desk, "en,vi,status\nborder gauge,,\nthing,vật,liked\na,b|c,\n,d,\n")
    done = desk.typed("--lang", "vi", "terms", "import", path, "--replace")
    told = [line.partition(": ")[0] for line in done.err.splitlines()]
    assert told == [*(f"terms.csv, dòng {line}" for line in (2, 3, 4, 5)), "terms.csv"]
    assert "ô vi trống" in done.err
    assert "không xóa thuật ngữ nào" in done.err


def test_a_huge_cell_is_left_out(desk: Desk) -> None:
    done = desk.typed("terms", "import", written(desk, f"en,vi\nfirst,một\n{'x' * 200_000},vật\nlast,cuối\n"))
    assert done.code == 1
    assert "line 3: it cannot be read" in done.err
    assert [one.en for one in own(desk)] == [("first",), ("last",)]
    done = desk.typed("terms", "import", written(desk, f"en\tvi\n{'x' * 200_000}\tvật\n"))
    assert "line 2: the cell en is too long (200000 characters" in done.err


def test_replace_removes_what_the_file_does_not_name(desk: Desk) -> None:
    tariff = TARIFF + "0,1006,Lúa gạo,Rice,,,\n"
    desk.typed("terms", "import", written(desk, tariff))
    desk.typed("terms", "import", written(desk, GOOD))
    done = desk.typed("terms", "import", written(desk, "en,vi\nborder gauge,thước ranh giới\n"), "--replace")
    assert (done.code, done.out) == (0, said(new=1, removed=3))
    assert [one.vi for one in own(desk)] == ["Lúa gạo", "thước ranh giới"]


# ── a tariff ────────────────────────────────────────────────────────────────────────────────────────────

ROWS = (
    '0,0101,"Ngựa, lừa, la sống","Live horses, asses, mules and hinnies",,,\n'
    "1,,Ngựa:,Horses:,,,\n"
    "2,01012100,Loại thuần chủng để nhân giống,Pure-bred breeding animals,,,0\n"
    "2,01012900,Loại khác (SEN),Other,,,5\n"
    "0,02050000,Thịt ngựa,Meat of horses,,,5\n"
    "0,0206,Phụ phẩm,Offal,,,\n"
    "1,0206.10.00,Loại khác:,Other:,,,\n"
    "1,02062100,Cứng,Rigid,,,\n"
    "1,02062200,Loại cứng,Rigid,,,\n"
    "1,02062900,Chỉ tiếng Việt,,,,\n"
    "1,02068000,Chiều dày 3mm,3 mm thick,,,\n"
    "1,02069000,Chiều dày 3 mm,3 mm thick:,,,\n"
    "2,02069010,Chiều dày 3 mm:,3 mm thick,,,\n"
)


def test_a_tariff_is_known_by_its_columns_and_its_wordings_are_exact(desk: Desk) -> None:
    done = desk.typed("terms", "import", written(desk, TARIFF + ROWS))
    assert (done.code, done.out) == (0, said(new=7))
    assert done.err.splitlines() == [
        "terms.csv: rows in one language only: 1.",
        "terms.csv: wordings with several renderings, which are not used: 1.",
    ]
    base = TermBase((), own(desk))
    assert base.exact("- - Pure-bred breeding animals", "en") == "- - Loại thuần chủng để nhân giống"
    assert base.exact("horses:", "en") == "ngựa:"
    assert base.exact("Other", "en") == "Loại khác"
    assert base.exact("Rigid", "en") is None
    assert base.exact("3 mm thick", "en") == "Chiều dày 3 mm"
    assert base.found("Other horses", "en") == []
    assert (base.heading("0101.21"), base.heading("0205"), base.heading("0206", "en")) == (
        "Ngựa, lừa, la sống", "Thịt ngựa", "Offal",
    )  # fmt: skip
    assert desk.typed("terms", "import", "terms.csv").out == said(same=7)
    assert desk.typed("terms", "check").code == 0


def test_a_newer_tariff_takes_the_place_of_its_chapters_only(desk: Desk) -> None:
    desk.typed("terms", "import", written(desk, TARIFF + ROWS))
    newer = (
        TARIFF
        + '0,0101,Ngựa và lừa sống,"Live horses, asses, mules and hinnies",,,\n2,01012900,Loại khác,Other,,,\n'
    )
    done = desk.typed("terms", "import", written(desk, newer, "01.csv"))
    assert (done.code, done.out) == (0, said(new=1, same=1, removed=3))
    base = TermBase((), own(desk))
    assert base.heading("0101") == "Ngựa và lừa sống"
    assert base.exact("Horses", "en") is None
    assert base.exact("Other", "en") == "Loại khác"
    assert base.heading("0205") == "Thịt ngựa"
    assert desk.typed("terms", "import", "01.csv").out == said(same=2)
    done = desk.typed("terms", "import", "01.csv", "--replace")
    assert done.out == said(changed=1, same=1, removed=3)
    assert {one.note[:2] for one in own(desk)} == {"01"}


def test_codes_that_are_none_are_named(desk: Desk) -> None:
    rows = "1,1012100,a,a,,,\n1,x,b,b,,,\n1,0101,c|d,c,,,\n1,010121,e,e,,,\n"
    done = desk.typed("terms", "import", written(desk, TARIFF + rows))
    assert (done.code, done.out) == (1, said(new=1))
    assert [line.split(": ")[0] for line in done.err.splitlines()] == [
        f"terms.csv, line {n}" for n in (2, 3, 4)
    ]
    assert "dropped a zero" in done.err


def test_the_whole_tariff(desk: Desk, shared: Path) -> None:
    path = shared / "tagging" / "ahtn_vn_bilingual.csv"
    done = desk.typed("terms", "import", path)
    assert (done.code, done.out) == (0, said(new=8157))
    before = time.process_time()
    base = load_terms(own(desk))
    assert base.exact("- - Other", "en") == "- - Loại khác"
    assert time.process_time() - before < 10  # a quarter of a second on a quiet machine
    pairs = (shared / "translation" / "ahtn_hs_pairs.en-vi.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t")[:2] for line in pairs[1:]]
    exact = [base.exact(en, "en") is not None for en, _ in rows]
    assert sum(exact) > 0.95 * len(rows)
    assert base.heading("1006") == "Lúa gạo"
    assert sum(base.heading(f"{n:04}") is not None for n in range(101, 9800)) > 1200


# ── export ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["all.tsv", "all.csv", "ALL.CSV"])
def test_what_is_exported_can_be_imported_again(desk: Desk, name: str, tmp_path: Path) -> None:
    text = GOOD + '"=1+1",,,"+SUM(A1)",preferred,own,"@x"\n-omics,,,"""hệ"" học",preferred,own,\n'
    desk.typed("terms", "import", written(desk, text))
    mine = own(desk)
    assert mine[3] == Term(en=("=1+1",), vi="+SUM(A1)", domain="own", note="@x")
    done = desk.typed("terms", "export", name)
    assert (done.code, done.out, done.err) == (0, "", "")
    body = (desk.folder / name).read_text(encoding="utf-8")
    assert body.startswith("\ufeffen,fr" if name.lower().endswith("csv") else "en\tfr")
    assert "'=1+1" in body
    assert "'+SUM(A1)" in body
    project = len(load_terms().shipped)
    again = desk.typed("terms", "import", name)
    assert (again.code, again.out) == (
        0,
        said(same=project + 5),
    )
    other = Desk(tmp_path / "other")
    other.typed("terms", "import", desk.folder / name)
    assert set(own(other)) == set(mine)
    assert desk.typed("terms", "export").out.splitlines()[0] == "en\tfr\tes\tvi\tstatus\tdomain\tnote\tbase"


def test_a_changed_line_of_the_project_becomes_the_office_s_own(desk: Desk) -> None:
    desk.typed("terms", "export", "all.tsv")
    path = desk.folder / "all.tsv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines) if "\tadmitted\t" in line)
    en, vi = lines[number].split("\t")[0].split("|")[0], lines[number].split("\t")[3]
    lines[number] = lines[number].replace("\tadmitted\t", "\tforbidden\t")
    path.write_text("".join(lines), encoding="utf-8")
    assert "Terms: 1 new" in desk.typed("terms", "import", path).out
    (hit,) = (hit for hit in load_terms(own(desk)).found(en, "en") if hit.text == en)
    assert vi in hit.forbidden
    assert vi not in hit.admitted


def test_a_table_has_a_name_that_says_what_it_is(desk: Desk) -> None:
    done = desk.typed("terms", "export", "all.xlsx")
    assert done.code == 2
    assert ".tsv or .csv" in done.sentence


word = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="|'\u00d0"), min_size=1, max_size=12
).map(lambda text: f"{text}a")
terms = st.builds(Term, en=st.lists(word, min_size=1, max_size=3).map(tuple), vi=word, domain=word, note=word)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(terms, max_size=5), as_csv=st.booleans())
def test_any_terms_come_back_from_a_file(tmp_path: Path, some: list[Term], as_csv: bool) -> None:
    path = tmp_path / "any"
    path.write_text("".join(written_terms((), some, as_csv=as_csv)), encoding="utf-8", newline="")
    read = read_term_table(path)
    assert read.faults == []
    assert [_nfc(term) for _, term in read.terms] == [_nfc(term) for term in some]


def _nfc(term: Term) -> tuple[object, ...]:
    return tuple(
        unicodedata.normalize("NFC", "|".join(cell) if isinstance(cell, tuple) else cell)
        for cell in (term.en, term.vi, term.domain, term.note)
    )


# ── check and list ──────────────────────────────────────────────────────────────────────────────────────


def test_check_tells_what_is_wrong(desk: Desk) -> None:
    good = desk.typed("terms", "check", "--json")
    (report,) = good.records
    assert (good.code, report["problems"], report["office"]) == (0, [], 0)
    assert report["project"] > 1000
    assert len(report["version"]) == 12
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        store.terms.put(
            [
                Term(en=("gauge", "Gauge"), vi="thước"),
                Term(en=("gauge",), vi="cữ"),
                Term(en=("gauge",), vi="ke", status="forbidden", note="x" * 2000),
                Term(en=("gauge", "tool"), vi="ke", status="admitted"),
                Term(en=("only forbidden",), vi="e\u0301", status="forbidden"),
            ]
        )
    done = desk.typed("terms", "check")
    assert done.code == 1
    problems = done.out.splitlines()
    for words in ("twice in the cell en", "two preferred renderings, “cữ” and “thước”", "decide on one",
                  "too long (2000", "not in Unicode NFC", "“only forbidden” has no preferred rendering"):  # fmt: skip
        assert any(words in line for line in problems), words
    assert "of the office, problems: " in done.err


def test_list_looks_a_word_up(desk: Desk) -> None:
    desk.typed("terms", "import", written(desk, GOOD))
    found = desk.typed("terms", "list", "THUOC", "gauge", "--json").records
    assert [one["vi"] for one in found] == ["thước biên giới", "thước thuận tay trái"]
    assert found[0]["base"] == "office"
    assert found[0]["en"] == ["border gauge", "border gage"]
    shown = desk.typed("terms", "list", "gauge").out.splitlines()
    assert shown[0].split() == ["Term", "Vietnamese", "Status", "Domain", "Base"]
    assert shown[1].split("  ")[0] == "border gauge"
    assert desk.typed("terms", "list", "Live", "animals", "--json").records[0]["domain"] == "hs"
    assert all(one["domain"] != "hs" for one in desk.typed("terms", "list", "--json").records)
    assert desk.typed("terms", "list", "no such thing at all").out == ""
