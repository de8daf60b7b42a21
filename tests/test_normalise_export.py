"""The real export, row by row: what the notices say is what the rows say, and nothing is lost on the way."""

import csv
import json
import re
import unicodedata
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import sampled

from tbt_watch.domain.notice import Notice
from tbt_watch.language import Language
from tbt_watch.normalise import stage
from tbt_watch.sample import sample_now
from tbt_watch.store import Store

NOW = sample_now()
Row = dict[str, str]
LINKS = ("Link to notification(EN)", "Link to notification(FR)", "Link to notification(ES)")
TYPES = {
    "Regular notification": ("regular", False),
    "Addendum to Regular Notification": ("addendum", False),
    "Addendum to Emergency Notification (SPS)": ("addendum", True),
    "Corrigendum to Regular Notification": ("corrigendum", False),
    "Revision to Regular Notification": ("revision", False),
    "Emergency notifications (SPS)": ("emergency", True),
}


@pytest.fixture
def rows(shared: Path) -> dict[str, list[Row]]:
    """The rows by their set of symbols."""
    text = (shared / "sources/samples/eping/eping_export_dev.json").read_text(encoding="utf-8")
    found: dict[str, list[Row]] = defaultdict(list)
    for row in json.loads(text):
        found[row["Document symbol"].strip()].append(row)
    return found


@pytest.fixture
def notices(shared: Path, store: Store, language: Language) -> dict[str, Notice]:
    """The notices that the workbook became, by every symbol of theirs."""
    records = sampled.workbook_file(shared / "sources/samples/eping/eping_export_dev.xlsx", NOW)
    store.raw.keep(records)
    report = stage.run(store, language, NOW)
    assert (len(records), report.done, report.waiting, report.opened) == (95, 95, 0, 0)
    assert store.issues.open_list() == []
    assert [one.notice.key for one in store.notices.every() if one.doubt] == []
    return {symbol: one.notice for one in store.notices.every() for symbol in one.notice.symbols}


def symbols_of(joined: str) -> list[str]:
    return sorted(symbol.strip() for symbol in joined.split(","))


def bare(text: str) -> str:
    """A text without any blanks: how lines are broken is the reader's, the letters are the source's."""
    return re.sub(r"(?:\s|_x000D_|\u200b|\ufeff)+", "", unicodedata.normalize("NFC", text))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def codes(cell: str, pattern: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(rf"(?:^|; ){pattern} - ", cell)))


def test_every_row_is_in_one_notice_and_every_notice_in_a_row(
    rows: dict[str, list[Row]], notices: dict[str, Notice]
) -> None:
    named = sorted(symbol for joined in rows for symbol in symbols_of(joined))
    assert sorted(notices) == named
    assert len({one.key for one in notices.values()}) == len(rows)
    for joined, some in rows.items():
        mine = symbols_of(joined)
        assert {notices[symbol].key for symbol in mine} == {notices[mine[0]].key}
        assert len(some) <= len(mine)


def test_members_are_those_of_the_rows(
    shared: Path, rows: dict[str, list[Row]], notices: dict[str, Notice]
) -> None:
    text = (shared / "sources/samples/eping/eping_members.csv").read_text(encoding="utf-8")
    code_of = {row["name_en"]: row["symbol_code"] for row in csv.DictReader(text.splitlines())}
    for joined, some in rows.items():
        notice = notices[symbols_of(joined)[0]]
        for row in some:
            code = code_of.get(row["Notifying Member"])
            assert code is None or code in notice.members, (joined, row["Notifying Member"])
        assert set(notice.members) == {symbol.split("/")[3] for symbol in symbols_of(joined)}


def test_facts_are_those_of_the_rows(rows: dict[str, list[Row]], notices: dict[str, Notice]) -> None:
    for joined, some in rows.items():
        notice, row = notices[symbols_of(joined)[0]], some[0]
        assert (notice.type, notice.emergency) == TYPES[row["Notification type"]]
        assert notice.kind == "notification"
        assert notice.area == joined.split("/")[1]
        assert notice.published_on == day(row["Distribution date"])
        assert notice.comment_until == day(row["Final date for comments"])
        assert notice.hs_codes == codes(row["HS code(s)"], r"(\d{2,12})")
        assert notice.ics_codes == codes(row["ICS code(s)"], r"(\d{2}(?:\.\d{3}(?:\.\d{2})?)?)")
        assert notice.sources == ("eping_workbook",)
        first = symbols_of(joined)[0]
        assert notice.thread == re.sub(r"/(?:Rev|Add|Corr|Suppl)\..*", "", first)
        assert notice.follows == (
            first.rpartition("/")[0] if re.search(r"/[A-Z][a-z]+\.\d+$", first) else None
        )


def test_texts_are_word_for_word(rows: dict[str, list[Row]], notices: dict[str, Notice]) -> None:
    footnote = re.compile(r"-?_{5,}")
    texts = {"title": "Title", "summary": "Description", "products": "Products covered"}
    for joined, some in rows.items():
        notice = notices[symbols_of(joined)[0]]
        for field, column in texts.items():
            mine, stated = getattr(notice, field), {bare(row[column]) for row in some}
            if field == "summary" and any(footnote.match(text) for text in stated):
                assert mine == ""
                continue
            assert bare(mine) in stated, (joined, field)
            assert mine == mine.strip()
            assert "\u00a0" not in mine
        assert "\n" not in notice.title


def test_vocabularies_are_codes_with_the_words_of_the_rows(
    rows: dict[str, list[Row]], notices: dict[str, Notice], language: Language
) -> None:
    def named(cell: str) -> list[str]:
        parts = (re.sub(r" \((?:TBT|SPS)\)$", "", part.strip()) for part in cell.split(";"))
        return list(dict.fromkeys(part for part in parts if part))

    for joined, some in rows.items():
        notice = notices[symbols_of(joined)[0]]
        objectives = [[language.objective(one) for one in named(row["Objectives"])] for row in some]
        assert list(notice.objectives) in objectives, joined
        keywords = [[language.keyword(one) for one in named(row["Keywords"])] for row in some]
        assert list(notice.keywords) in keywords, joined
        assert None not in (*notice.objectives, *notice.keywords)
        places = named(some[0]["Specific regions or countries likely to be affected"])
        parts = [part for one in places for part in ([one] if language.member_code(one) else one.split(","))]
        known = [code for one in parts if (code := language.member_code(one))]
        assert list(notice.affected) == known, joined


def test_documents_are_the_links_of_the_rows(rows: dict[str, list[Row]], notices: dict[str, Notice]) -> None:
    for joined, some in rows.items():
        notice = notices[symbols_of(joined)[0]]
        links = {one.language: one.url for one in notice.documents if one.kind == "notification"}
        expected = {name[-3:-1].lower(): some[0][name] for name in LINKS if some[0][name]}
        assert links == expected, joined
        stated = {
            url.rstrip(",;.") for row in some for url in row["Notified document"].split() if "://" in url
        }
        mine = {one.url for one in notice.documents if one.kind == "attachment"}
        assert mine <= stated, joined
        if len(some) == 1:
            assert mine == stated, joined


def test_languages_are_told_apart(rows: dict[str, list[Row]], notices: dict[str, Notice]) -> None:
    spanish = {key for key, one in notices.items() if one.language == "es"}
    assert {"G/TBT/N/CRI/193/Add.8", "G/SPS/N/NIC/131"} & set(notices) <= spanish
    speaking = {
        "CHL",
        "CRI",
        "NIC",
        "COL",
        "PER",
        "ARG",
        "MEX",
        "ECU",
        "DOM",
        "PRY",
        "SLV",
        "GTM",
        "HND",
        "PAN",
        "URY",
    }
    assert {key.split("/")[3] for key in spanish} <= speaking
    assert {one.language for one in notices.values()} <= {"en", "es"}


def test_the_rows_again_are_the_same(shared: Path, store: Store, language: Language) -> None:
    path = shared / "sources/samples/eping/eping_export_dev.xlsx"
    store.raw.keep(sampled.workbook_file(path, NOW))
    stage.run(store, language, NOW)
    assert store.raw.keep(sampled.workbook_file(path, NOW)).same == 95
    assert stage.run(store, language, NOW).done == 0
