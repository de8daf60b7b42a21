"""The forms on which Members notify: field by field against real documents, and each trap on documents of our own."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import forms
import pytest
import raws

from tbt_watch.collect.keep import raw_record
from tbt_watch.collect.registry import find_source
from tbt_watch.domain.notice import Milestone, Notice, Reason, Relation
from tbt_watch.errors import DamagedError, ReadingError, SourceError
from tbt_watch.language import Language
from tbt_watch.normalise.reading import Reading
from tbt_watch.normalise.wto_document import read_document
from tbt_watch.normalise.wto_form import articles, read_form, stated_day, stated_period, ticked
from tbt_watch.source.documents import format_of
from tbt_watch.source.word import read_word
from tbt_watch.store.codec import notice_from_json, notice_to_json

NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)
ADDRESS = "https://docs.wto.org/imrd/directdoc.asp?DDFDocuments/t/G/TBTN25/KEN2001.DOCX"


def reading(content: bytes, language: Language, name: str = "form.docx", url: str = ADDRESS) -> Reading:
    """What the reader makes of a file."""
    item = find_source("wto_documents")(now=NOW).item(content, name, url)  # type: ignore[attr-defined]
    return read_document(raw_record(item, NOW), language)


def notice(content: bytes, language: Language) -> Notice:
    found = reading(content, language)
    assert found.remarks == ()
    assert notice_from_json(notice_to_json(found.notice)) == found.notice
    return found.notice


# ── the forms ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_of_eleven_items(language: Language) -> None:
    found = notice(forms.regular("G/TBT/N/KEN/2001, G/TBT/N/UGA/3001"), language)
    assert (found.symbols, found.members) == (("G/TBT/N/KEN/2001", "G/TBT/N/UGA/3001"), ("KEN", "UGA"))
    assert (found.area, found.type, found.emergency) == ("TBT", "regular", False)
    assert found.agency == "Kenya Bureau of Standards"
    assert found.articles == ("2.9.2",)
    assert found.title == "KS 9001:2025 Gas cookers - Safety"
    assert found.summary == "Sets out how cookers are tested.\nCovers ovens as well."
    assert (found.hs_codes, found.ics_codes) == (("7321",), ("97.040.20",))
    assert found.objectives == ("quality",)  # "Consumer safety" is none of the list, and free text may say so
    assert found.published_on == date(2025, 6, 11)
    assert found.comment_until == date(2025, 8, 10)
    assert found.adoption == Milestone(date=date(2025, 12, 1))
    assert found.in_force == Milestone(text="6 months after adoption")
    assert found.related == (Relation(rel="mentions", key="G/TBT/N/KEN/1500"),)
    own, text = found.documents
    assert (own.url, own.kind, own.language) == (ADDRESS, "notification", "en")
    assert (text.url.rpartition("/")[2], text.kind, text.language) == (
        "25_04711_00_e.pdf",
        "attachment",
        "en",
    )


def test_what_a_form_leaves_open_stays_open(language: Language) -> None:
    blank = forms.regular(
        products="-",
        relevant="None",
        adoption="Not stated",
        in_force="To be determined",
        deadline="60 days from notification",
        texts="\nhttp://www.kebs.example\nhttps://standards.example/draft?id=7",
        articles="2.9.2 [  ], 2.10.1 [ x ], 5.6.2 [], 5.7.1 [X], other: 5.6.3",
        agency="\nMinistry of Health\nTel.: 1",
    )
    found = notice(blank, language)
    assert (found.products, found.related, found.adoption) == ("", (), Milestone())
    assert found.in_force == Milestone(text="To be determined")
    assert (found.comment_until, found.comment_days) == (date(2025, 8, 10), 60)  # reckoned, and said to be
    assert [one.url for one in found.documents[1:]] == ["https://standards.example/draft?id=7"]
    assert found.articles == ("2.10.1", "5.7.1", "5.6.3")
    assert found.agency == "Ministry of Health"


def test_the_form_of_sanitary_measures(language: Language) -> None:
    found = notice(forms.sps(), language)
    assert (found.area, found.type, found.members) == ("SPS", "regular", ("NZL",))
    assert found.title == "Import health standard: Citrus."
    assert found.objectives == ("plant-protection", "territory-protection")
    assert found.affected == ("VNM", "THA")
    assert found.hs_codes == ("080540",)
    assert (found.adoption, found.in_force) == (
        Milestone(date=date(2025, 10, 1)),
        Milestone(date=date(2025, 11, 3)),
    )
    assert found.comment_until == date(2025, 8, 31)
    assert found.agency == "Ministry for Primary Industries"


def test_the_form_of_emergency_measures(language: Language) -> None:
    found = notice(forms.sps(emergency=True, regions="[X]\tAll trading partners"), language)
    assert (found.type, found.emergency, found.comment_until) == ("emergency", True, None)
    assert found.in_force == Milestone(date=date(2025, 11, 3))
    assert found.affected == ()


def test_a_box_that_is_ticked_without_a_day_keeps_its_words(language: Language) -> None:
    content = forms.sps(in_force="")
    content = forms.sps(in_force="To be determined", deadline="Not applicable.")
    found = notice(content, language)
    assert found.in_force == Milestone(text="To be determined")
    assert found.comment_until is None


@pytest.mark.parametrize("in_table", [False, True])
def test_the_nine_reasons_of_an_addendum(language: Language, in_table: bool) -> None:
    ticked_all = {
        "r0": "31 August 2025",
        "r1": "1 June 2025",
        "r2": "8 June 2025",
        "r3": "1 January 2026",
        "r4": "https://members.wto.org/crnattachments/2025/TBT/PHL/final_measure/25_04000_00_e.pdf",
        "r5": "2 June 2025",
        "r6": "G/TBT/N/PHL/320",
        "r7": "https://members.wto.org/crnattachments/2025/TBT/PHL/modification/25_04001_00_e.pdf",
        "r9": "https://example.org/guide",
        "r10": "see below",
    }
    found = notice(forms.addendum(in_table=in_table, **ticked_all), language)
    assert found.reasons == (
        Reason(code="comment-period", on=date(2025, 8, 31)),
        Reason(code="adopted", on=date(2025, 6, 1)),
        Reason(code="published", on=date(2025, 6, 8)),
        Reason(code="in-force", on=date(2026, 1, 1)),
        Reason(code="final-text"),
        Reason(code="withdrawn", on=date(2025, 6, 2)),
        Reason(code="content-change"),
        Reason(code="guidance"),
        Reason(code="other"),
    )
    assert found.comment_until == date(2025, 8, 31)
    assert found.adoption == Milestone(date=date(2025, 6, 1))
    assert found.in_force == Milestone(date=date(2026, 1, 1))
    assert (found.stated_status, found.stated_status_on) == ("withdrawn", date(2025, 6, 2))
    assert found.related == (Relation(rel="notified-anew-as", key="G/TBT/N/PHL/320"),)
    assert [one.url.split("/")[-2] for one in found.documents[1:]] == ["final_measure", "modification"]
    assert (found.type, found.follows) == ("addendum", "G/TBT/N/PHL/300")
    assert (found.title, found.summary) == ("Rules for vapour products", "")


def test_boxes_that_are_not_ticked_say_nothing(language: Language) -> None:
    found = notice(forms.addendum(r2="8 June 2025", description="The rules are out."), language)
    assert found.reasons == (Reason(code="published", on=date(2025, 6, 8)),)
    assert (found.comment_until, found.adoption, found.stated_status) == (None, Milestone(), None)
    assert found.summary == "The rules are out."


def test_a_changed_scope_may_bring_a_new_deadline(language: Language) -> None:
    found = notice(forms.addendum(r7="https://example.org/new", r8="15 September 2025"), language)
    assert [one.code for one in found.reasons] == ["content-change"]
    assert found.comment_until == date(2025, 9, 15)


def test_words_where_a_day_was_due_stay_words(language: Language) -> None:
    found = notice(forms.addendum(r1="upon signature", r0="to be announced"), language)
    assert found.adoption == Milestone(text="upon signature")
    assert found.comment_until is None
    assert found.reasons == (Reason(code="comment-period"), Reason(code="adopted"))


def test_an_unknown_reason_is_remarked_upon(language: Language) -> None:
    blocks = [
        "NOTIFICATION",
        "Addendum",
        "Title: X",
        "Reason for Addendum:",
        "[X] Measure put to music: 1 May 2025",
    ]
    found = reading(forms.docx(forms.head("G/TBT/N/PHL/300/Add.2", "20 June 2025"), blocks), language)
    assert [one.kind for one in found.remarks] == ["unknown-reason"]
    assert found.notice.reasons == ()


def test_prose_before_2014_is_the_summary(language: Language) -> None:
    blocks = [
        "NOTIFICATION",
        "Corrigendum",
        "The following communication, dated 9 May 2025, is being circulated at the request of Colombia.",
        "_______________",
        "The addendum is cancelled.",
        "Text: https://members.wto.org/crnattachments/2025/TBT/COL/25_1_00_s.pdf",
        "__________",
        "Page footer",
    ]
    found = notice(forms.docx(forms.head("G/TBT/N/COL/20/Add.5/Corr.1", "10 May 2025"), blocks), language)
    assert (found.type, found.follows, found.title) == ("corrigendum", "G/TBT/N/COL/20/Add.5", "")
    assert found.summary.startswith("The addendum is cancelled.\nText:")
    assert [one.language for one in found.documents] == ["en", "es"]


def test_a_form_without_numbers_or_tables_is_read_by_its_labels(language: Language) -> None:
    """As documents before 2012 have it; the head stands in the text."""
    blocks = [
        "World Trade Organization\nG/TBT/N/CHN/800\n5 May 2011\n(11-2222)\nCommittee on Technical Barriers to Trade",
        "NOTIFICATION",
        "Member to Agreement notifying: China",
        "If applicable, name of local government involved (Article 3.2 and 7.2):",
        "Agency responsible: Standardization Administration of China (SAC)",
        "Notified under Article 2.9.2 [ X ], 2.10.1 [   ], 5.6.2 [   ], 5.7.1 [   ], other:",
        "Title, number of pages and language(s) of the notified document: Insecticide (11 pages, in Chinese).",
        "Proposed date of adoption:",
        "Proposed date of entry into force:",
        "90 days after circulation by the WTO Secretariat",
        "Final date for comments: 4 July 2011",
    ]
    found = notice(forms.docx([], blocks), language)
    assert (found.symbols, found.members) == (("G/TBT/N/CHN/800",), ("CHN",))
    assert (found.title, found.articles) == ("Insecticide", ("2.9.2",))
    assert found.agency == "Standardization Administration of China (SAC)"
    assert (found.published_on, found.comment_until) == (date(2011, 5, 5), date(2011, 7, 4))


def test_a_form_that_names_another_member_is_in_doubt(language: Language) -> None:
    assert reading(forms.regular(member="Uganda"), language).doubt == "member-not-in-symbol"
    assert reading(forms.regular(), language).doubt == ""


# ── what is no form ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"<!DOCTYPE html><p>The document is not published.</p>", "not-read", "is not published"),
        (b"<html>Service unavailable</html>", "not-read", "a web page and not the document"),
        (b"%PDF-1.4", "not-read", "a PDF file"),
        (b"\xd0\xcf\x11\xe0", "not-read", "before 2007"),
        (b"{\\rtf1", "not-read", "an RTF file"),
        (b"\x00\x01\x02", "not-read", "unknown kind"),
        (forms.docx(["A letter"], ["Dear all,"]), "no-symbol", "no symbol"),
        (forms.docx(["G/TBT/N/KEN/1"], ["NOTIFICATION"]), "no-date", "no date"),
        (forms.docx(["G/TBT/N/KEN/1", "1 May 2025"], ["NOTIFICATION", "x"]), "no-form", "none of the items"),
        (
            forms.docx(["G/TBT/N/CHL/1", "1 mayo 2025", "Comité de Obstáculos Técnicos"], ["NOTIFICACIÓN"]),
            "other-language",
            "in Spanish",
        ),
        (
            forms.docx(["G/TBT/N/CHE/1", "1 mai 2025", "Comité des obstacles techniques"], ["NOTIFICATION"]),
            "other-language",
            "in French",
        ),
    ],
)
def test_what_cannot_be_read_says_what_to_do(
    language: Language, content: bytes, kind: str, says: str
) -> None:
    with pytest.raises(ReadingError, match=says) as met:
        reading(content, language, "some.docx")
    assert met.value.kind == kind
    assert str(met.value).startswith("some.docx")
    assert met.value.todo.endswith(".")


def test_files_that_are_broken_are_refused_when_they_come_in() -> None:
    item = find_source("wto_documents")(now=NOW).item  # type: ignore[attr-defined]
    with pytest.raises(SourceError, match=r"a\.docx is empty"):
        item(b"", "a.docx", ADDRESS)
    with pytest.raises(DamagedError, match="cut short"):
        item(forms.regular()[:3000], "a.docx", ADDRESS)
    whole = forms.regular()
    at = whole.index(b"Agency responsible") if b"Agency responsible" in whole else len(whole) // 3
    with pytest.raises(DamagedError, match="damaged"):
        item(whole[:at] + b"\xff\xfe\x00" * 9 + whole[at + 27 :], "a.docx", ADDRESS)


def test_an_archive_of_something_else_is_kept() -> None:
    item = find_source("wto_documents")(now=NOW).item  # type: ignore[attr-defined]
    page = (Path(__file__).parent / "spiders/eping_workbook/page.xlsx").read_bytes()
    assert item(page, "page.docx", ADDRESS).body["format"] == "zip"
    assert format_of(b"\xef\xbb\xbf  <html>") == "html"


def test_markup_of_word_is_read_as_a_person_sees_it() -> None:
    """Deleted text is gone, inserted text is there, a fallback is not read twice, entities are not followed."""
    import zipfile

    whole = forms.docx(["G/TBT/N/KEN/1"], ["Alpha\tbeta"])
    out = BytesIO()
    extra = (
        "<w:p><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
        "<w:r><w:noBreakHyphen/><w:t>line</w:t><w:br/><w:t>two</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:tbl><w:tr><w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc>"
        "</w:sdtContent></w:sdt></w:tr></w:tbl></w:sdtContent></w:sdt><w:sectPr>"
    )
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode().replace("<w:sectPr>", extra)
            new.writestr(name, text)
    assert read_word(BytesIO(out.getvalue()), "x").blocks == (
        ("Alpha\tbeta",),
        ("new-line\ntwo",),
        ("cell",),
    )
    hostile = BytesIO()
    with zipfile.ZipFile(hostile, "w") as new:
        new.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(SourceError, match="document type"):
        read_word(BytesIO(hostile.getvalue()), "x")


# ── pieces of a form ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("box", ["[X]", "[ X ]", "[x]", "[\xa0X]", "☒", "☑"])
def test_boxes_as_they_are_ticked(box: str) -> None:
    assert ticked(f"{box} food safety") == [(True, "food safety")]
    assert articles(f"2.9.2 {box}, 2.10.1 [ ], other:") == ("2.9.2",)


@pytest.mark.parametrize("box", ["[ ]", "[   ]", "[]", "[\xa0\xa0]", "☐"])
def test_boxes_as_they_are_not(box: str) -> None:
    assert ticked(f"{box} food safety") == [(False, "food safety")]
    assert articles(f"2.9.2 {box}, other:") == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24 April 2018", date(2018, 4, 24)),
        ("24\xa0April\xa02018.", date(2018, 4, 24)),
        ("1st june 2018", date(2018, 6, 1)),
        ("24/04/2018", date(2018, 4, 24)),
        ("24/04/18", date(2018, 4, 24)),
        ("2018-04-24", date(2018, 4, 24)),
        ("60 days from notification", None),
        ("31 June 2018", None),
        ("June 2018", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert stated_day(text) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("60 days from notification", 60),
        ("60 days from the date of notification.", 60),
        ("60 days after circulation by the WTO Secretariat", 60),
        ("Sixty (60) days from the date of circulation of the notification", 60),
        ("30 calendar days after the notification to the WTO", 30),
        ("60 days from publication in the Official Journal", None),
        ("60 days", None),
        ("24 April 2018", None),
        ("Not applicable", None),
    ],
)
def test_a_period_counts_from_the_notification_or_not_at_all(text: str, days: int | None) -> None:
    assert stated_period(text) == days


def test_the_box_of_sixty_days_is_reckoned_where_it_is_ticked_alone(language: Language) -> None:
    blank, alone = (notice(forms.sps(deadline="", sixty=tick), language) for tick in ("[ ]", "[X]"))
    assert (blank.comment_until, blank.comment_days) == (None, None)
    assert alone.published_on is not None
    assert (alone.comment_until, alone.comment_days) == (alone.published_on + timedelta(days=60), 60)
    both = notice(forms.sps(deadline="31 August 2025", sixty="[X]"), language)
    assert (both.comment_until, both.comment_days) == (date(2025, 8, 31), None)


def test_a_measure_that_eases_trade_says_so_and_no_day(language: Language) -> None:
    found = notice(forms.sps(in_force="", facilitating="[X]"), language)
    assert found.keywords == ("trade-facilitating",)
    assert found.in_force == Milestone()
    assert notice(forms.sps(), language).keywords == ()


@pytest.mark.parametrize(
    ("products", "hs", "ics"),
    [
        ("Beer (HS 2203 and 2202); (ICS 67.160.10).", ("2203", "2202"), ("67.160.10",)),
        ("HS code(s): 0304, 0305; ICS code(s): 67.120.30", ("0304", "0305"), ("67.120.30",)),
        ("Tyres (ICS 83.160)", (), ("83.160",)),
        ("Tyres, 60 models of 2025; HS 2022 edition", (), ()),
    ],
)
def test_a_code_is_what_is_called_one(
    language: Language, products: str, hs: tuple[str, ...], ics: tuple[str, ...]
) -> None:
    found = notice(forms.regular(products=products), language)
    assert (found.hs_codes, found.ics_codes) == (hs, ics)


def test_a_label_inside_a_text_begins_no_item() -> None:
    form = read_form(
        [("6.", "Description of content: One\nRelevant documents: inside"), ("8.", "Relevant documents: -")]
    )
    assert form.items == {"description": "One\nRelevant documents: inside", "relevant": "-"}


# ── real documents ──────────────────────────────────────────────────────────────────────────────────────────

FIELDS = {
    "member": "member", "agency": "agency", "notified_under": "articles", "products": "products", "title": "title",
    "description": "description", "objective": "objective", "relevant_docs": "relevant", "regions": "regions",
    "standard": "standard", "deadline": "deadline", "texts": "texts",
}  # fmt: skip


def parsed(shared: Path) -> list[dict[str, Any]]:
    folder = shared / "sources/samples/wto_documents"
    found: list[dict[str, Any]] = json.loads((folder / "parsed_dev.json").read_text(encoding="utf-8"))
    assert len(found) == 12
    return [{**one, "path": folder / one["file"]} for one in found]


def test_the_text_of_real_documents_is_read_to_the_letter(shared: Path) -> None:
    for one in parsed(shared):
        word = read_word(BytesIO(one["path"].read_bytes()), one["file"])
        assert "\n".join(word.header) == one["header"]
        assert [block[0] for block in word.blocks if len(block) == 1] == one["paragraphs"]
        assert [list(block) for block in word.blocks if len(block) > 1] == [
            [row["no"], row["text"]] for row in one["rows"]
        ]


def test_the_items_of_real_documents_agree_field_by_field(shared: Path) -> None:
    compared = 0
    for one in parsed(shared):
        word = read_word(BytesIO(one["path"].read_bytes()), one["file"])
        items = read_form(word.blocks).items
        for theirs, ours in FIELDS.items():
            assert (theirs in one) == (ours in items), (one["file"], theirs)
            if theirs in one:
                assert one[theirs].rstrip().endswith(items[ours]), (one["file"], theirs)
                label = one[theirs].rstrip().removesuffix(items[ours])
                assert ":" not in label.rstrip().removesuffix(":") or ours in ("standard", "articles"), label
                compared += 1
        if "adoption" in one:
            (row,) = [row["text"] for row in one["rows"] if row["text"] == one["adoption"]]
            assert items["adoption"] in row
            assert items["in_force"]
    assert compared == 8 * 10 + 2 * 11


def test_real_documents_become_the_notices_that_they_are(shared: Path, language: Language) -> None:
    found = {}
    for one in parsed(shared):
        (item,) = find_source("wto_documents")(now=NOW).read_file(one["path"])
        told = read_document(raw_record(item, NOW), language)
        assert (told.remarks, told.doubt) == ((), "")
        assert sorted(told.notice.symbols) == sorted(one["symbols"])
        found[told.notice.key] = told.notice
    canada = found["G/TBT/N/CAN/427/Rev.2"]
    assert (canada.type, canada.agency) == ("revision", "Canadian Food Inspection Agency")
    assert (canada.published_on, canada.comment_until) == (date(2018, 6, 19), date(2018, 9, 14))
    assert found["G/TBT/N/CHE/229"].adoption == Milestone(date=date(2018, 11, 21))
    reckoned = ("G/TBT/N/CHE/229", "G/TBT/N/CHN/1263", "G/TBT/N/CRI/176", "G/TBT/N/ARE/425")
    assert all(found[key].comment_days == 60 for key in reckoned)
    assert found["G/TBT/N/CHE/229"].comment_until == date(2018, 5, 26)
    assert found["G/TBT/N/CHN/1263"].hs_codes == ("2710",)
    assert found["G/TBT/N/KEN/671"].ics_codes == ("71.100.30",)
    assert found["G/TBT/N/BRA/829"].hs_codes == ("0304", "0307", "0306")
    assert found["G/TBT/N/BRA/829"].title.startswith("Ordinance 280, 25 Junho 2018. (MERCOSUL/")
    assert found["G/SPS/N/USA/3011"].in_force == Milestone(date=date(2018, 6, 22))
    assert found["G/SPS/N/BRA/1371"].comment_until == date(2018, 4, 24)
    assert found["G/SPS/N/BRA/1371"].objectives == ("food-safety",)
    assert found["G/TBT/N/ARE/425"].members == ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM")
    assert found["G/TBT/N/COL/56/Add.7"].summary.startswith("The Republic of Colombia hereby advises")
    assert {one.articles for one in found.values() if one.area == "TBT" and one.articles} == {("2.9.2",)}


def test_a_real_addendum_with_its_boxes(shared: Path, language: Language) -> None:
    text = (shared / "sources/samples/wto_documents/fulltext_TBT_addendum_PHL_2024-06.txt").read_text("utf-8")
    blocks = ["NOTIFICATION", "Addendum", *(line.strip() for line in text.splitlines() if line.strip())]
    found = notice(forms.docx(forms.head("G/TBT/N/PHL/300/Add.1", "20 June 2024"), blocks), language)
    assert found.reasons == (Reason(code="published", on=date(2024, 6, 8)), Reason(code="final-text"))
    assert found.title.startswith("Supplemental Technical Regulations")


def test_the_real_blank_form_has_no_box_ticked(shared: Path) -> None:
    text = (shared / "sources/samples/wto_documents/form_SPS_regular_en.txt").read_text("utf-8")
    form = read_form([(line.strip(),) for line in text.splitlines() if line.strip()])
    assert not any(tick for tick, _ in ticked(form.items["objective"]))
    assert len(ticked(form.items["objective"])) == 5


def test_documents_from_the_store_are_those_of_english_word_files(store: Any) -> None:
    from tbt_watch.domain.notice import Document

    def known(number: int, url: str, language: str | None, **facts: Any) -> Notice:
        document = Document(url=url, language=language, kind="notification")
        return raws.notice(f"G/TBT/N/KEN/{number}", documents=(document,), **facts)

    base = "https://docs.wto.org/imrd/directdoc.asp?DDFDocuments/"
    raws.put(
        store,
        NOW,
        known(1, f"{base}t/G/TBTN25/KEN1.DOCX", "en", published_on=date(2025, 6, 1)),
        known(2, f"{base}T/G/TBTN25/KEN2.docx", None, published_on=date(2025, 6, 2)),
        known(3, f"{base}v/G/TBTN25/KEN3.DOCX", "es", published_on=date(2025, 6, 2)),
        known(4, f"{base}t/G/TBTN24/KEN4.DOCX", "en", published_on=date(2024, 6, 2)),
        known(5, "https://docs.wto.org/x.pdf", "en", published_on=date(2025, 6, 2)),
    )
    asked = store.notices.documents_unread("wto_documents", date(2025, 5, 1))
    assert [url.rpartition("/")[2] for url in asked] == ["KEN2.docx", "KEN1.DOCX"]
    assert len(store.notices.documents_unread("wto_documents", date(2025, 5, 1), limit=1)) == 1
