"""The verbs on the vocabulary: an office's rows in and out as people keep them, and what is wrong told line by line."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import CONFIG, Desk, sampled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tbt_watch.app import App
from tbt_watch.bot.understand import Reader
from tbt_watch.config import load_config
from tbt_watch.domain.subscriber import Criteria, Subscriber, Subscription
from tbt_watch.domain.text import nfc
from tbt_watch.domain.vocabulary import OwnRow
from tbt_watch.language import load_language
from tbt_watch.store import Store
from tbt_watch.tag.sheets import read_sheets, written_sheets
from tbt_watch.tag.tables import COLUMNS
from tbt_watch.tag.vocabulary import load_vocabulary

WORDS = ("kind", "code", "language", "pattern", "weight", "exclusions", "note")
ANVILS = [
    ("sector", "metals", "en", "Anvil", "", "anvil chorus; anvil cloud", ""),
    ("sector", "metals", "vi", "đe thợ rèn", "weak", "", "chỉ là gợi ý"),
    ("sector", "animal-products", "en", "cheese", "strong", "cheese cutter", ""),
]
Sheet = tuple[Sequence[str], Iterable[Sequence[object]]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office without rows of its own."""
    return Desk(tmp_path)


def workbook(desk: Desk, name: str = "own.xlsx", **sheets: Sheet) -> Path:
    """A workbook as an officer makes it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, (head, rows) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(head))
        for row in rows:
            sheet.append(list(row))
            for cell in sheet[sheet.max_row]:
                if cell.data_type == "f":
                    cell.data_type = "s"  # as it is kept when typed behind an apostrophe
    path = desk.folder / name
    book.save(path)
    return path


def table(desk: Desk, text: str, name: str = "words.csv", encoding: str = "utf-8") -> Path:
    path = desk.folder / name
    path.write_text(text, encoding=encoding)
    return path


def own(desk: Desk) -> list[OwnRow]:
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        return list(store.vocabulary.all())


def keys(desk: Desk) -> list[tuple[str, ...]]:
    return [row.key for row in own(desk)]


def said(new: int = 0, changed: int = 0, same: int = 0, removed: int = 0) -> str:
    return f"Vocabulary: {new:,} new, {changed:,} changed, {same:,} as they were, {removed:,} taken out"


def tagged(desk: Desk, title: str) -> list[str]:
    """The sectors by codes and words; what a model makes of the rest is another matter."""
    (record,) = desk.typed("text", "tag", title).records
    return [one["code"] for one in record["sectors"] if one["basis"] != "predicted"]


# ── import ──────────────────────────────────────────────────────────────────────────────────────────────


def test_words_of_a_workbook_are_taken_and_tag(desk: Desk) -> None:
    assert "metals" not in tagged(desk, "Anvils")
    assert tagged(desk, "Cheese cutters") == ["animal-products"]
    path = workbook(desk, words=(WORDS, ANVILS))
    done = desk.typed("vocabulary", "import", path)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == said(new=2, changed=1)
    assert tagged(desk, "Anvils") == ["metals"]
    assert "metals" not in tagged(desk, "Anvil clouds")
    assert "animal-products" not in tagged(desk, "Cheese cutters")
    before = own(desk)
    again = desk.typed("vocabulary", "import", path)
    assert (again.code, again.out, again.err) == (0, said(same=3) + "\n", "")
    assert own(desk) == before


@pytest.mark.parametrize(
    "form", ["csv", "semicolons", "tabs", "bom", "windows", "order", "sep=;", "sep=,", "unicode text"]
)
def test_a_table_is_taken_as_people_save_it(desk: Desk, form: str) -> None:
    rows = [list(WORDS), *(list(row) for row in ANVILS)]
    if form == "order":
        rows = [row[::-1] for row in rows]
    out = io.StringIO()
    delimiter = {"semicolons": ";", "sep=;": ";", "tabs": "\t", "unicode text": "\t"}.get(form, ",")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n" if form == "windows" else "\n").writerows(rows)
    named = f"{form}\r\n" if form.startswith("sep=") else ""
    encoding = {"bom": "utf-8-sig", "sep=;": "utf-8-sig", "unicode text": "utf-16"}.get(form, "utf-8")
    path = table(desk, named + out.getvalue(), encoding=encoding)
    assert said(new=2, changed=1) in desk.typed("vocabulary", "import", path).out
    assert keys(desk) == [
        ("sector", "metals", "en", "anvil"), ("sector", "metals", "vi", "đe thợ rèn"),
        ("sector", "animal-products", "en", "cheese"),
    ]  # fmt: skip


def test_a_sector_with_its_words_and_codes_in_one_file(desk: Desk) -> None:
    path = workbook(
        desk,
        words=(WORDS, [("sector", "lacquerware", lang, word, "strong", "", "") for lang, word in (
            ("en", "lacquerwork"), ("fr", "laquerie"), ("es", "lacado"), ("vi", "hàng sơn mài"))]),
        hs=(("prefix", "sectors"), [("4420.11", "lacquerware; wood-furniture")]),
        sectors=(COLUMNS["sectors"], [("lacquerware", "đồ sơn mài", "lacquerware", ""),
                                      ("metals", "gang thép", "iron and steel", "")]),
    )  # fmt: skip
    done = desk.typed("vocabulary", "import", path)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(said(new=6, changed=1) + "\n")
    assert desk.typed("vocabulary", "check").code == 0
    listed = desk.typed("vocabulary", "export").out.splitlines()
    assert "sector\tlacquerware\tđồ sơn mài\tlacquerware" in listed
    assert "sector\tmetals\tgang thép\tiron and steel" in listed
    assert set(tagged(desk, '{"hs_codes": ["442011"]}')) == {"lacquerware", "wood-furniture"}
    desk.configure(CONFIG + '[bulletin]\nsectors = ["lacquerware"]\n')
    assert desk.typed("status").code == 0
    gone = workbook(desk, sectors=(("code", "removed"), [("lacquerware", "x")]))
    refused = desk.typed("vocabulary", "import", gone)
    assert refused.code == 1
    assert "somebody follows lacquerware" in refused.err


def test_bad_rows_are_named_by_sheet_and_line_and_the_good_ones_kept(desk: Desk) -> None:
    path = workbook(
        desk,
        words=(WORDS, [
            ("sector", "metals", "en", "anvil", "strong", "", ""),
            ("sector", "metal", "en", "hammer", "strong", "", ""),
            ("sector", "metals", "en", "", "strong", "", ""),
            ("sector", "metals", "de", "amboss", "strong", "", ""),
            ("sector", "metals", "en", "x", "strong", "", ""),
            ("sector", "metals", "en", "anvilry", "heavy", "", ""),
            ("sector", "metals", "en", "bellows", "strong", "smithy", ""),
            ("sector", "machinery", "en", "anvil", "strong", "", ""),
            ("sector", "metals", "en", "anvil", "weak", "", ""),
            (),
            ("sector", "metals", "en", "tongs", "strong", "", "", "", "more"),
            ("sector", "metals", "en", "x" * 5000, "strong", "", ""),
            ("sector", "machinery", "en", "anvil block", "strong", "", "made by both"),
        ]),
        hs=(("prefix", "sectors", "note"), [
            (7310, "metals", ""), ("101", "animal-products", ""), ("98", "metals", ""), ("84.15", "cooling", ""),
            ("8416", "", ""), ("8415.90", "machinery", ""),
        ]),
        ics=(("prefix", "sectors", "topics", "note"), [(43.02, "metals", "", ""), ("43.020", "metals", "fire", "")]),
        topics=(COLUMNS["topics"], [("forests", "", "forests", "")]),
        groups=(COLUMNS["groups"], [("GCC", "ARE;EAC"), ("EAC", "KEN;GCC")]),
    )  # fmt: skip
    done = desk.typed("vocabulary", "import", path)
    assert done.code == 1
    lines = done.err.splitlines()
    for line, (sheet, number, why) in zip(lines, (
        ("groups", 3, "EAC → GCC → EAC is a circle"),
        ("hs", 3, "'101' is no prefix of a code"),
        ("hs", 4, "begins with no chapter"),
        ("hs", 5, "names 'cooling', which the vocabulary does not know"),
        ("hs", 6, "no sector and no reason"),
        ("ics", 2, "'43.02' is no prefix of a code"),
        ("ics", 3, "names 'fire', which the vocabulary does not know"),
        ("topics", 2, "no label in vi"),
        ("words", 3, "names 'metal', which the vocabulary does not know"),
        ("words", 4, "the cell 'pattern' is empty"),
        ("words", 5, "language 'de'"),
        ("words", 6, "from 2 letters"),
        ("words", 7, "'heavy' is neither strong nor weak"),
        ("words", 8, "the exclusion 'smithy' does not contain 'bellows'"),
        ("words", 9, "speaks strongly for metals already; say in the note why"),
        ("words", 10, "line 2 says otherwise of it"),
        ("words", 12, "9 cells below 7 columns"),
        ("words", 13, "more than 4000 letters"),
    ), strict=True):  # fmt: skip
        assert line.startswith(f"own.xlsx, {sheet}, line {number}: "), line
        assert why in line
        assert line.endswith(".")
    assert done.out.endswith(said(new=3, changed=2) + "\n")
    assert set(keys(desk)) == {
        ("sector", "metals", "en", "anvil"), ("sector", "machinery", "en", "anvil block"), ("7310",), ("841590",),
        ("GCC",),
    }  # fmt: skip


def test_rows_are_taken_out_and_come_back(desk: Desk) -> None:
    desk.typed("vocabulary", "import", workbook(desk, words=(WORDS, ANVILS)))
    head = (*WORDS[:4], "removed")
    out = [("sector", "metals", "en", "anvil", "x"), ("sector", "animal-products", "en", "cheese", "x"),
           ("sector", "metals", "en", "anwil", "x")]  # fmt: skip
    path = workbook(desk, words=(head, out))
    done = desk.typed("vocabulary", "import", path)
    assert (done.code, done.err) == (0, "own.xlsx, words, line 4: there is no such row to take out.\n")
    assert done.out.endswith(said(same=1, removed=2) + "\n")
    assert [(row.key[-1], row.removed) for row in own(desk)] == [("đe thợ rèn", False), ("cheese", True)]
    assert "animal-products" not in tagged(desk, "Cheese")
    again = desk.typed("vocabulary", "import", path)
    assert (again.code, again.out) == (0, said(same=3) + "\n")
    shipped = next(
        word for word in load_vocabulary().words if word.pattern == "cheese" and word.language == "en"
    )
    back = ("sector", "animal-products", "en", "cheese", "strong", ";".join(shipped.exclusions), "")
    done = desk.typed("vocabulary", "import", workbook(desk, words=(WORDS, [back])))
    assert done.out.endswith(said(new=1) + "\n")
    assert [row.key[-1] for row in own(desk)] == ["đe thợ rèn"]
    assert tagged(desk, "Cheese") == ["animal-products"]


def test_what_stands_in_tags_and_subscriptions_is_not_taken_out(desk: Desk, now: datetime) -> None:
    path = workbook(
        desk,
        sectors=(("code", "removed"), [("metals", "x")]), hs=(("prefix", "removed"), [("84", "x"), ("8415", "x")]),
        groups=(("code", "removed"), [("EU", "x")]),
    )  # fmt: skip
    done = desk.typed("vocabulary", "import", path)
    assert (done.code, keys(desk)) == (1, [("8415",)])
    assert [line.split(": ", 1)[1][:30] for line in done.err.splitlines()] == [
        "EU is the project's and stands", "84 must be decided; leave its ", "metals is the project's and st",
    ]  # fmt: skip
    lacquer = [("lacquerware", "đồ sơn mài", "lacquerware", "")]
    desk.typed("vocabulary", "import", workbook(desk, sectors=(COLUMNS["sectors"], lacquer)))
    desk.typed(
        "vocabulary", "import", workbook(desk, hs=(("prefix", "sectors"), [("442011", "lacquerware")]))
    )
    gone = workbook(desk, sectors=(("code", "removed"), [("lacquerware", "x")]))
    assert "the table hs still names 'lacquerware' (442011); take that out first." in (
        desk.typed("vocabulary", "import", gone).err
    )
    wish = Subscription(criteria=Criteria(sectors=("lacquerware",)), frequency="daily")
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        store.vocabulary.forget([OwnRow(table="hs", key=("442011",), cells=())])
        store.subscribers.save(
            Subscriber(
                name="Sơn", lang="vi", channel="pretend", address="son", subscriptions=(wish,), since=now
            )
        )
    assert "somebody follows lacquerware" in desk.typed("vocabulary", "import", gone).err


def test_columns_that_are_left_out_stay_as_they_are(desk: Desk) -> None:
    workbook(desk, sectors=(("code", "label_vi"), [("metals", "gang thép")]))
    assert said(changed=1) in desk.typed("vocabulary", "import", "own.xlsx").out
    (row,) = own(desk)
    assert dict(row.cells) == {
        "code": "metals", "label_vi": "gang thép", "label_en": "iron, steel, other metals and articles",
        "note": "chapters 26 and 72 to 83",
    }  # fmt: skip


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    desk = sampled(tmp_path_factory)
    path = workbook(
        desk, words=(("kind", "code", "language", "pattern"), [("topic", "metrology", "en", "food*")])
    )
    words = ("vocabulary", "import", path, "--sample", "--lang", "en")
    done = desk.typed(*words, "--dry-run")
    assert (done.code, done.err) == (0, "")
    first, *listed, taken, end = done.out.splitlines()
    assert first.startswith("Notices of the last 90 days that would be tagged otherwise: ")
    changed, _, looked = first.rpartition(": ")[2].partition(" of ")
    assert 0 < int(changed) < int(looked)
    assert len(listed) == min(int(changed), 20)
    assert all(line.split()[1:] == ["+metrology"] for line in listed)
    assert (taken, end) == (said(new=1), "That is what would change; nothing was changed.")
    assert desk.typed("vocabulary", "check", "--sample", "--json").records[0]["office"] == 0
    assert desk.typed(*words).out.splitlines() == [first, taken]
    assert desk.typed("vocabulary", "check", "--sample", "--json").records[0]["office"] == 1


# ── files that are none ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("own.xlsx", b"PK\x03\x04 no archive", "is no workbook that can be read"),
        ("own.csv", b"code,label_vi\n", "names no column 'table'"),
        ("words.csv", b"kind,code\n", "names no column 'language'"),
        ("words.csv", b"kind,code,code,language,pattern\n", "two columns 'code'"),
        ("words.csv", b"", "names no column 'kind'"),
        ("words.csv", b"kind\xff", "is neither UTF-8 nor UTF-16 (byte 4)"),
        ("words.csv", b"\xd0\xcf\x11\xe0", "is a workbook"),
        ("words.csv", b"sep=;\nkind;code\n", "names no column 'language'"),
        ("none.csv", None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_vocabulary(desk: Desk, name: str, body: bytes | None, why: str) -> None:
    if body is not None:
        (desk.folder / name).write_bytes(body)
    done = desk.typed("vocabulary", "import", name)
    assert done.code == 2
    assert why in done.sentence


def test_sheets_and_columns_that_nobody_reads_are_told(desk: Desk) -> None:
    nothing = workbook(desk, Tabelle1=(WORDS, ANVILS))
    assert (
        "has no sheet that is called sectors, topics" in desk.typed("vocabulary", "import", nothing).sentence
    )
    extra = workbook(desk, words=((*WORDS[:4], "why"), [(*ANVILS[0][:4], "asked")]), notes=(("a",), []))
    done = desk.typed("vocabulary", "import", extra)
    assert done.err == "own.xlsx: words: why is not read.\nown.xlsx: notes is not read.\n"
    assert done.code == 0
    headless = workbook(desk, hs=(("sectors",), [("metals",)]), words=(WORDS, ANVILS[:1]))
    done = desk.typed("vocabulary", "import", headless)
    assert (done.code, done.err) == (
        1,
        "own.xlsx, hs, line 1: the first line names no column 'prefix'; write it there.\n",
    )


def test_lines_that_cannot_be_read_are_told(desk: Desk) -> None:
    head = "table,kind,code,language,pattern,removed\n"
    text = head + (
        'words,sector,metals,en,"anvil\nwords,sector,metals,en,tongs,\n",\n'
        "planets,,mars,,,\n"
        "words,sector,metals,en,bellows,perhaps\n"
        "words,sector,metals,en,quenching,\n"
    )
    done = desk.typed("vocabulary", "import", table(desk, text, "own.csv"))
    assert done.code == 1
    lines = done.err.splitlines()
    planets = next(line for line in lines if "planets" in line)
    assert planets.startswith("own.csv, line 5: there is no table 'planets'; there are sectors, topics")
    open_mark = "a quotation mark is opened and not closed before line {}; double it or close it."
    assert set(lines) == {
        f"own.csv, line 2: {open_mark.format(4)}",
        f"own.csv, line 4: {open_mark.format(7)}",
        planets,
        "own.csv, words, line 6: the cell 'removed' holds 'perhaps': write x, or leave it empty.",
    }
    assert [key[-1] for key in keys(desk)] == ["tongs", "quenching"]


# ── export ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["all.xlsx", "all.tsv", "ALL.CSV"])
def test_what_is_exported_can_be_imported_again(desk: Desk, name: str, tmp_path: Path) -> None:
    rows = [*ANVILS, ("topic", "labelling", "en", "@label", "weak", "", "=1+1")]
    desk.typed(
        "vocabulary",
        "import",
        workbook(desk, words=(WORDS, rows), hs=(("prefix", "removed"), [("8415", "x")])),
    )
    mine = own(desk)
    done = desk.typed("vocabulary", "export", name)
    assert (done.code, done.out, done.err) == (0, "", "")
    number = sum(len(getattr(load_vocabulary(), table)) for table in COLUMNS)
    again = desk.typed("vocabulary", "import", name)
    assert (again.code, again.out, again.err) == (0, said(same=number + 3) + "\n", "")
    assert own(desk) == mine
    other = Desk(tmp_path / "other")
    other.typed("vocabulary", "import", desk.folder / name)
    assert {(row.table, row.key): row for row in own(other)} == {(row.table, row.key): row for row in mine}


def test_a_workbook_for_an_officer(desk: Desk) -> None:
    rows = [*ANVILS, ("topic", "labelling", "en", "@label", "weak", "", "=1+1")]
    desk.typed("vocabulary", "import", workbook(desk, words=(WORDS, rows)))
    desk.typed("vocabulary", "export", "all.xlsx")
    book = load_workbook(desk.folder / "all.xlsx")
    assert book.sheetnames == list(COLUMNS)
    cells = [[cell.value for cell in row] for row in book["words"].iter_rows()]
    assert cells[0] == [*WORDS, "base", "removed"]
    assert ["sector", "metals", "vi", "đe thợ rèn", "weak", None, "chỉ là gợi ý", "office", None] in cells
    assert ["topic", "labelling", "en", "'@label", "weak", None, "'=1+1", "office", None] in cells
    assert all(cell.data_type != "f" for row in book["words"].iter_rows() for cell in row)
    assert [row[0].value for row in book["hs"].iter_rows(max_row=3)] == ["prefix", "01", "02"]


def test_a_changed_line_of_the_project_becomes_the_office_s(desk: Desk) -> None:
    desk.typed("vocabulary", "export", "all.xlsx")
    book = load_workbook(desk.folder / "all.xlsx")
    for row in book["hs"].iter_rows():
        if row[0].value == "8415":
            row[1].value = "machinery"
    book.save(desk.folder / "all.xlsx")
    assert ": 0 new, 1 changed, " in desk.typed("vocabulary", "import", "all.xlsx").out
    assert keys(desk) == [("8415",)]
    theirs = table(
        desk, "prefix,sectors,note,base\n8415,electrical-electronics,air conditioners,project\n", "hs.csv"
    )
    desk.typed("vocabulary", "import", theirs)
    assert keys(desk) == [("8415",)]


def test_export_needs_a_name_that_says_what_it_is(desk: Desk) -> None:
    done = desk.typed("vocabulary", "export", "all.doc")
    assert done.code == 2
    assert ".xlsx, .tsv or .csv" in done.sentence


text = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="'\u00d0;"), min_size=1, max_size=9
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(notes=st.lists(text.map(lambda note: f"{note}a"), max_size=4), as_csv=st.booleans())
def test_any_notes_come_back_from_a_file(tmp_path: Path, notes: list[str], as_csv: bool) -> None:
    rows = tuple(
        OwnRow(
            table="sectors",
            key=(code,),
            cells=(("code", code), ("label_vi", "a"), ("label_en", "b"), ("note", nfc(note))),
        )
        for code, note in zip(("aa", "bb", "cc", "dd"), notes, strict=False)
    )
    known = load_vocabulary(rows)
    path = tmp_path / "any.csv"
    path.write_text("".join(written_sheets(known, as_csv=as_csv)), encoding="utf-8", newline="")
    read = read_sheets(path)
    assert read.faults == []
    back = {row.cells["code"]: row.cells["note"] for row in read.rows if row.table == "sectors"}
    assert {one.code: one.note for one in known.sectors} == back


# ── check, and who uses it ──────────────────────────────────────────────────────────────────────────────


def test_check_tells_what_is_wrong(desk: Desk) -> None:
    good = desk.typed("vocabulary", "check", "--json")
    (report,) = good.records
    assert (good.code, report["problems"], report["office"]) == (0, [], 0)
    assert report["project"] > 6_500
    desk.typed(
        "vocabulary",
        "import",
        workbook(desk, sectors=(COLUMNS["sectors"], [("space", "vũ trụ", "space", "")])),
    )
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        store.vocabulary.put(
            [OwnRow(table="hs", key=("9999",), cells=(("prefix", "9999"), ("sectors", "metals")))]
        )
    done = desk.typed("vocabulary", "check")
    assert (done.code, done.out.splitlines()) == (
        1,
        [
            *(
                f"words (office): the sector space has no words in {lang}."
                for lang in ("en", "fr", "es", "vi")
            ),
            "hs (office): left aside, for '9999' begins with no chapter or field that there is.",
        ],
    )
    assert done.err.endswith(" rows of the project, 2 of the office, problems: 5\n")
    desk.typed("vocabulary", "export", "all.tsv")
    lines = (desk.folder / "all.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[-2] for line in lines if line.startswith("hs\t") and "\t9999\t" in line] == [
        "office"
    ]
    gone = table(desk, "prefix,removed\n9999,x\n", "hs.csv")
    assert said(removed=1) in desk.typed("vocabulary", "import", gone).out
    assert keys(desk) == [("space",)]


def test_a_group_holds_members_and_groups_that_there_are(desk: Desk) -> None:
    path = table(
        desk, "table,code,members\ngroups,AAA,THA;QQQ\ngroups,BBB,CCC;EU\ngroups,CCC,VNM\n", "groups.csv"
    )
    done = desk.typed("vocabulary", "import", path)
    assert done.code == 1
    assert done.err.splitlines() == [
        "groups.csv, groups, line 2: AAA names 'QQQ', which is no Member of the WTO and no group."
    ]
    assert keys(desk) == [("BBB",), ("CCC",)]


def test_a_group_of_the_office_can_be_followed(desk: Desk) -> None:
    group = table(desk, "table,code,members\ngroups,ASEAN,THA;SGP;IDN\n", "groups.csv")
    assert desk.typed("vocabulary", "import", group).code == 0
    people = table(
        desk, "name,lang,channel,address,frequency,markets\nHTX,vi,pretend,htx,daily,asean\n", "people.csv"
    )
    done = desk.typed("subscribers", "import", people)
    assert (done.code, done.err) == (0, "")
    assert desk.typed("subscribers", "preview", "--markets", "ASEAN").code == 0
    language = load_language()
    cells = (("code", "ASEAN"), ("members", "THA;SGP"))
    vocabulary = load_vocabulary([OwnRow(table="groups", key=("ASEAN",), cells=cells)])
    assert Reader(language, vocabulary).markets("asean, Nhật") == (("ASEAN", "JPN"), ())
    assert Reader(language, load_vocabulary()).markets("asean") == ((), ("asean",))
    gone = table(desk, "table,code,removed\ngroups,ASEAN,x\n", "gone.csv")
    assert "somebody follows ASEAN" in desk.typed("vocabulary", "import", gone).err
    desk.typed("subscribers", "remove", "1")
    assert desk.typed("vocabulary", "import", gone).code == 0


@pytest.fixture
def house(desk: Desk) -> Callable[[], App]:
    def built() -> App:
        config = load_config(desk.folder / "config.toml", {})
        return App(
            config=config, store=Store.open(desk.folder / "data" / "x.db"), clock=lambda: datetime.now(UTC)
        )

    return built


def test_a_house_that_stands_sees_the_office_s_rows(house: Callable[[], App]) -> None:
    app = house()
    first = app.vocabulary
    assert app.vocabulary is first
    cells = (("code", "metals"), ("label_vi", "gang thép"), ("label_en", "iron"), ("note", ""))
    app.store.vocabulary.put([OwnRow(table="sectors", key=("metals",), cells=cells)])
    assert app.vocabulary is app.vocabulary
    assert app.labels.sector("metals", "vi") == "gang thép"
    app.close()
