"""Vietnamese and English: the catalogs are complete, the tables are whole, and what they say reads right."""

import csv
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tbt_watch.domain.notice import TYPES
from tbt_watch.errors import LanguageError
from tbt_watch.language import Language, load_language, placeholders, read_catalog, translations_dir


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language()


@pytest.fixture(scope="module")
def export(shared: Path) -> list[dict[str, str]]:
    text = (shared / "sources/samples/eping/eping_export_dev.json").read_text(encoding="utf-8")
    found: list[dict[str, str]] = json.loads(text)
    return found


# Catalogs


def test_both_catalogs_know_the_same_messages(language: Language) -> None:
    vi, en = language.catalogs["vi"], language.catalogs["en"]
    assert set(vi.texts) == set(en.texts)
    assert vi.plurals == en.plurals
    assert len(vi.texts) > 90


def test_no_message_is_without_text(language: Language) -> None:
    for lang in ("vi", "en"):
        source = (translations_dir() / f"{lang}.po").read_text(encoding="utf-8")
        assert source.count("\nmsgid ") - 1 + source.startswith("msgid ") == len(
            language.catalogs[lang].texts
        )
        assert "#, fuzzy" not in source


def test_a_message_has_the_same_places_in_every_language(language: Language) -> None:
    for key, forms in language.catalogs["en"].texts.items():
        expected = placeholders(key) | placeholders(language.catalogs["en"].plurals.get(key, ""))
        for text in (*forms, *language.catalogs["vi"].texts[key]):
            assert placeholders(text) == expected, key


def test_every_table_and_catalog_is_nfc_and_holds_no_look_alikes() -> None:
    for path in translations_dir().iterdir():
        if path.suffix in {".po", ".tsv"}:
            text = path.read_text(encoding="utf-8")
            assert text == unicodedata.normalize("NFC", text), path.name
            assert not set("\u00d0\u00a0\u200b\ufeff") & set(text), path.name


def test_english_sentences_are_their_own_keys(language: Language) -> None:
    english = language.catalogs["en"].texts.items()
    own = {key: forms[0] for key, forms in english if forms[0] != key and key.isascii()}
    assert own == {"the year {year}": "{year}", "the day {day}": "{day}"}


def test_a_title_is_said_in_the_readers_language_where_it_is_known(language: Language) -> None:
    assert language.title("ePing: the ten newest notifications", "vi") == "ePing: mười thông báo mới nhất"
    assert language.title("VietQ: tin mới", "en") == "VietQ: latest news"
    assert language.title("Chi cục Thủy sản", "en") == "Chi cục Thủy sản"
    with pytest.raises(LanguageError, match="There is no language 'fr'"):
        language.title("VietQ: tin mới", "fr")


def test_an_unknown_message_a_missing_value_and_an_unknown_language_are_refused(language: Language) -> None:
    with pytest.raises(LanguageError, match=r"vi\.po has no text for the message 'Nobody wrote this'"):
        language.say("Nobody wrote this", "vi")
    with pytest.raises(LanguageError, match="needs a value for 'symbols'"):
        language.say("Notification symbol: {symbols}.", "vi")
    with pytest.raises(LanguageError, match="There is no language 'fr'"):
        language.say("upon adoption", "fr")
    with pytest.raises(LanguageError, match=r"cannot hold 0\.5"):
        language.say("Notification symbol: {symbols}.", "vi", symbols=0.5)
    with pytest.raises(LanguageError, match=r"no message '\{n\} day' with the plural"):
        language.say_n("{n} day", "{n} dayz", 2, "en")


def test_plurals_follow_each_language(language: Language) -> None:
    said = [language.say_n("{n} day", "{n} days", n, "en") for n in (0, 1, 2, 1200)]
    assert said == ["0 days", "1 day", "2 days", "1,200 days"]
    assert [language.say_n("{n} day", "{n} days", n, "vi") for n in (1, 1200)] == ["1 ngày", "1.200 ngày"]


def test_a_broken_catalog_and_table_name_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "vi.po").write_text("this is no catalog\n", encoding="utf-8")
    with pytest.raises(LanguageError, match=r"vi\.po cannot be read"):
        read_catalog(tmp_path / "vi.po", "vi")
    with pytest.raises(LanguageError, match=r"en\.po is missing"):
        read_catalog(tmp_path / "en.po", "en")
    for path in translations_dir().glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "members.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("\tAngola\t", "\t", 1), encoding="utf-8")
    with pytest.raises(LanguageError, match=r"members\.tsv, line \d+: 8 cells instead of 9"):
        load_language(tmp_path)


def test_two_members_may_not_share_a_name(tmp_path: Path) -> None:
    for path in translations_dir().glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "members.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("Viet Nam", "Zambia"), encoding="utf-8")
    with pytest.raises(LanguageError, match=r"members\.tsv: 'Zambia' stands for two codes, VNM and ZMB"):
        load_language(tmp_path)


# Days, moments, numbers


def test_days_and_moments_as_an_officer_writes_them(language: Language) -> None:
    assert language.date(date(2026, 9, 15), "vi") == "15/9/2026"
    assert language.date(date(2026, 2, 5), "vi") == "05/02/2026"
    assert language.date(date(2026, 9, 15), "en") == "15 September 2026"
    assert language.long_date(date(2025, 6, 12), "vi") == "Thứ Năm, ngày 12 tháng 6 năm 2025"
    assert language.long_date(date(2025, 6, 12), "en") == "Thursday, 12 June 2025"
    when = datetime(2025, 6, 11, 18, 5, tzinfo=UTC)
    assert language.moment(when, "vi") == "1:05 ngày 12/6/2025"
    assert language.moment(when, "en") == "1:05 on 12 June 2025"
    assert language.quarter(1, 2027, "vi") == "quý I/2027"
    assert language.quarter(3, 2027, "en") == "third quarter of 2027"
    assert language.month(date(2026, 8, 1), "vi") == "tháng 8/2026"


def test_numbers_keep_their_decimals(language: Language) -> None:
    assert language.number(1234567, "vi") == "1.234.567"
    assert language.number(Decimal("0.50"), "vi").startswith("0,5")
    assert language.number(Decimal("1234.125"), "en") == "1,234.125"


# Members


def test_every_member_of_the_source_resolves(language: Language, shared: Path) -> None:
    path = shared / "sources/samples/eping/eping_members.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(language.members) == 189
    for row in rows:
        code = row["symbol_code"]
        assert language.member_code(row["eping_id"]) == code, row
        assert language.member_code(row["name_en"].strip()) == code, row
        assert language.member_code(language.member(code, "vi")) == code, row


def test_members_of_a_real_export_resolve_to_the_codes_of_their_symbols(
    language: Language, export: list[dict[str, str]]
) -> None:
    for row in export:
        code = language.member_code(row["Notifying Member"])
        assert code is not None
        assert f"/N/{code}/" in row["Document symbol"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bahrain, Kingdom of", "BHR"),
        ("  united states of america ", "USA"),
        ("Côte d\u2019Ivoire", "CIV"),
        ("U918", "EU"),
        ("Chi Lê", "CHL"),
        ("Cô-oét", "KWT"),
        ("Nga", "RUS"),
        ("NGA", "NGA"),
        ("Taiwan", "TPKM"),
        ("Atlantis", None),
    ],
)
def test_names_and_ids_lead_to_codes(language: Language, name: str, code: str | None) -> None:
    assert language.member_code(name) == code


def test_vietnamese_names_where_common_data_is_wrong(language: Language, shared: Path) -> None:
    """Babel's Vietnamese names that an office would not print were listed with a suggestion."""
    chosen_otherwise = {"TW": "Đài Loan", "DM": "Dominica", "TR": "Thổ Nhĩ Kỳ"}
    by_iso2 = {member.iso2: member for member in language.members.values() if member.iso2}
    by_iso2["TW"] = language.members["TPKM"]
    with (shared / "translation/vi_overrides_needed.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            iso2, suggested = row[0], row[3]
            if iso2 != "iso2":
                own = by_iso2[iso2].label.vi
                assert own in suggested.split(" / ") or own == chosen_otherwise[iso2], iso2


def test_every_member_has_its_name_after_babel_but_for_the_listed_ones(
    language: Language, shared: Path
) -> None:
    ours = {"BN": "Brunei Darussalam", "GE": "Gruzia"}  # as Vietnamese offices write them
    by_iso2 = {member.iso2: member for member in language.members.values() if member.iso2}
    by_iso2["TW"] = language.members["TPKM"]
    with (shared / "translation/vi_overrides_needed.csv").open(encoding="utf-8", newline="") as file:
        listed = {row[0] for row in csv.reader(file)}
    with (shared / "translation/wto_members_babel_pycountry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 166
    for row in rows:
        own = by_iso2[row["iso2"]].label
        assert own.en == row["eping_name_en"]
        if row["iso2"] not in listed:
            assert own.vi == ours.get(row["iso2"], row["babel_vi"]), row["iso2"]


def test_names_for_sentences_and_lines(language: Language) -> None:
    assert language.member("KOR", "en") == "Korea, Republic of"
    assert language.member_prose("KOR", "en") == "the Republic of Korea"
    assert language.member_short("EU", "vi") == "EU"
    assert language.member("EU", "vi") == "Liên minh châu Âu"
    assert language.member_prose("USA", "vi") == "Hoa Kỳ"
    with pytest.raises(LanguageError, match="no Member with the code 'XXX'"):
        language.member("XXX", "vi")


def test_flags(language: Language) -> None:
    assert language.flag("EU") == "🇪🇺"
    assert language.flag("VNM") == "🇻🇳"
    assert language.flag("TPKM") == ""
    flags = [language.flag(code) for code in language.members if code != "TPKM"]
    assert len(set(flags)) == len(flags)
    assert all(len(flag) == 2 for flag in flags)


GCC = ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM")
EAC = ("BDI", "KEN", "RWA", "TZA", "UGA")


def test_joint_notifiers_are_named_as_the_group_they_are(language: Language) -> None:
    assert language.group_of(frozenset(GCC)) == "GCC"
    assert language.group_of(frozenset(GCC[:-1])) == "GCC"
    assert language.group_of(frozenset(EAC)) == "EAC"
    assert language.group_of(frozenset(EAC[1:])) is None
    assert language.group_of(frozenset({"EU"})) is None
    assert language.members_prose(GCC, "vi") == "Hội đồng Hợp tác vùng Vịnh (GCC) và Yemen"
    assert language.members_prose(GCC[:-1], "en") == "the Gulf Cooperation Council (GCC)"
    assert language.members_short(EAC, "vi") == "Cộng đồng Đông Phi (EAC)"
    assert language.members_prose(("BRA", "USA"), "en") == "Brazil and the United States of America"
    assert language.members_short(("BRA", "CHL", "PER"), "vi") == "Brazil, Chile và Peru"
    assert (
        language.members_short(("BRA", "CHL", "PER", "ARG", "URY"), "vi")
        == "Brazil, Chile và 3 Thành viên khác"
    )


def test_groups_consist_of_members(language: Language) -> None:
    for group in language.groups:
        assert group.members | group.also | group.guests <= set(language.members)
    assert len(next(group for group in language.groups if group.code == "EU").members) == 27


# Closed vocabularies


def test_every_value_of_a_real_export_resolves(language: Language, export: list[dict[str, str]]) -> None:
    for row in export:
        assert language.notification_type(row["Notification type"]), row["Notification type"]
        for text in filter(None, row["Objectives"].split("; ")):
            assert language.objective(text), text
        for text in filter(None, row["Keywords"].split("; ")):
            assert language.keyword(text), text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Regular notification", "regular"),
        ("Emergency notifications (SPS)", "emergency"),
        ("Addendum to Emergency Notification (SPS)", "addendum-emergency"),
        ("revision to emergency notification", "revision-emergency"),
        ("Supplement to Regular Notification", "supplement"),
        ("Corrigendum  to Regular Notification", "corrigendum"),
        ("Press release", None),
    ],
)
def test_notification_types(language: Language, text: str, code: str | None) -> None:
    assert language.notification_type(text) == code


def test_every_type_of_the_domain_has_a_name(language: Language) -> None:
    names = {language.type_label(code, lang) for code in TYPES for lang in ("vi", "en")}
    assert len(names) == 2 * len(TYPES)


def test_every_status_a_notice_can_have_has_a_name(language: Language) -> None:
    for code in ("open", "closed", "notified", "adopted", "in-force", "draft", "withdrawn", "expired"):
        assert language.status_label(code, "vi") != language.status_label(code, "en")
    assert language.status_label("adopted", "vi") == "Đã thông qua"
    assert language.status_label("adopted", "vi", regulation=True) == "Đã ban hành"
    assert language.status_label("in-force", "vi", regulation=True) == "Có hiệu lực"
    assert [language.value("status", code) for code in ("CHL", "HHL", "HHL1P", "CCHL", "TNHL")] == [
        "in-force", "expired", "partly-expired", "not-yet-in-force", "suspended",
    ]  # fmt: skip


def test_objectives_in_official_wording(language: Language) -> None:
    code = language.objective("Protection of human health or safety (TBT)")
    assert code == language.objective("protection of human health or safety") == "human-health"
    assert language.objective_label(code, "vi") == "Bảo vệ sức khỏe hoặc an toàn của con người"
    assert language.objective_clause(code, "vi") == "bảo vệ sức khỏe và sự an toàn của con người"
    assert language.objective_clause(code, "en") == "protect human health or safety"
    assert language.objective("Consumer information, labelling (TBT)") == "consumer-information"
    assert language.objective_clause("other", "vi") == ""
    assert language.objective("Animal health (SPS)") == language.keyword("Animal health") == "animal-health"
    assert language.objective("World peace (TBT)") is None
    with pytest.raises(LanguageError, match="no objective with the code 'peace'"):
        language.objective_label("peace", "vi")


def test_nothing_of_a_vocabulary_is_left_untranslated(language: Language) -> None:
    same = {"area", "type"}
    for (kind, _), value in language.values.items():
        assert value.label.en
        assert value.label.vi
        assert value.label.en != value.label.vi or kind in same
        assert bool(value.clause.en) == bool(value.clause.vi)


# Nomenclatures


def test_hs_chapters_are_the_97_of_the_nomenclature(language: Language, shared: Path) -> None:
    assert list(language.hs_chapters) == [f"{number:02d}" for number in range(1, 98)]
    with (shared / "tagging/hs_chapters_bilingual.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            own = language.hs_chapters[row["chapter"]]
            assert own.en[:12].casefold() == row["title_en"][:12].casefold()
            assert set(own.vi.casefold().split()) & set(row["title_vi"].casefold().split())


def test_codes_are_named_by_the_nearest_wording(language: Language) -> None:
    assert language.hs_chapter("850440", "vi") == language.hs_chapter("85", "vi")
    assert language.hs_chapter("0805", "en") == "Edible fruit and nuts; peel of citrus fruit or melons"
    assert language.hs_chapter("99", "vi") is None
    assert language.hs_short("080510", "vi") == "quả có múi"
    assert language.hs_short("8", "vi") is None
    assert language.hs_short("77", "vi") is None
    assert language.ics_short("43.140", "vi") == "mô tô, xe máy"
    assert language.ics_short("67", "vi") == "thực phẩm"
    assert language.ics_short("71.100.30", "vi") == "chất nổ, pháo hoa"  # the sub-group, where it says more
    assert language.ics_short("71.100.20", "vi") == "sản phẩm hóa chất"
    assert language.ics_short("01.040", "vi") is None
    assert language.ics_field("97.040.30", "en") == "Domestic and commercial equipment. Entertainment. Sports"


def test_ics_fields_are_the_40_of_the_seventh_edition(language: Language, shared: Path) -> None:
    with (shared / "tagging/ics_ed7_en.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = {row["code"]: row["name_en"] for row in rows if row["level"] == "1"}
    assert {code: label.en for code, label in language.ics_fields.items()} == fields
    assert len(fields) == 40
    assert set(language.ics_groups) <= {row["code"] for row in rows}


def test_headings_with_a_short_wording_exist(language: Language, shared: Path) -> None:
    with (shared / "tagging/hs2022_en_comtrade.csv").open(encoding="utf-8", newline="") as file:
        assert set(language.hs_headings) <= {row["code"] for row in csv.DictReader(file)}


def test_every_code_of_a_real_export_has_a_wording(language: Language, export: list[dict[str, str]]) -> None:
    for row in export:
        for entry in filter(None, row["ICS code(s)"].split("; ")):
            if entry[:2].isdigit():
                assert language.ics_field(entry, "vi"), entry


# Viet Nam


def test_issuing_bodies_and_what_became_of_them(language: Language) -> None:
    now = date(2026, 11, 20)
    assert language.issuer_label("BNNPTNT", "vi", on=now, short=True) == "Bộ NN&PTNT (nay là Bộ NN&MT)"
    assert language.issuer_label("BNNPTNT", "vi", on=date(2025, 2, 28), short=True) == "Bộ NN&PTNT"
    assert language.issuer_label("BTS", "vi", on=now, short=True) == "Bộ Thủy sản (nay là Bộ NN&MT)"
    assert (
        language.issuer_label("BTS", "vi", on=date(2010, 1, 1), short=True)
        == "Bộ Thủy sản (nay là Bộ NN&PTNT)"
    )
    assert language.issuer_label("Bộ Công Thương", "en", on=now) == "Ministry of Industry and Trade"
    assert language.issuer_label("UBND tỉnh Đồng Nai", "vi", on=now) == "UBND tỉnh Đồng Nai"
    mistyped = language.issuer("NNMT")
    assert mistyped is not None
    assert mistyped.code == "BNNMT"


def test_successors_exist_and_begin_when_the_old_body_ended(language: Language) -> None:
    for body in language.issuers.values():
        assert bool(body.successor) == (body.valid_to is not None), body.code
        if body.successor and body.valid_to:
            after = language.issuers[body.successor]
            assert after.valid_from is None or after.valid_from <= body.valid_to + timedelta(days=1), (
                body.code
            )
            assert after.valid_to is None or after.valid_to > body.valid_to, body.code


def test_known_issuing_bodies_are_in_the_table(language: Language, shared: Path) -> None:
    with (shared / "sources/issuer_aliases.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            name = row["canonical"].split(" (")[0]
            assert language.issuer(name) is not None, name


def test_provinces_old_and_new(language: Language, shared: Path) -> None:
    assert len(language.provinces) == 34
    old = {unit for one in language.provinces for unit in one.old_units} - {"Bắc Cạn", "Huế"}
    assert len(old) == 63
    assert language.province_label("Hòa Bình", "vi") == "Hòa Bình (nay thuộc Phú Thọ)"
    assert language.province_label("tỉnh Hoà Bình", "vi") == "Hòa Bình (nay thuộc Phú Thọ)"
    assert language.province_label("kon tum", "en") == "Kon Tum (now part of Quảng Ngãi)"
    assert language.province_label("TP. Hồ Chí Minh", "vi") == "Hồ Chí Minh"
    assert language.province("Bà Rịa – Vũng Tàu") is language.province("ho chi minh")
    assert language.province_label("Sydney", "vi") == "Sydney"
    with (shared / "sources/province_aliases.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            assert language.province(row["current"]), row


def test_document_types_and_slugs(language: Language) -> None:
    circular = language.document_types["thong-tu"]
    assert (circular.symbol, circular.label.vi, circular.label.en) == ("TT", "Thông tư", "Circular")
    assert language.number_slugs["nd"] == "NĐ"
    assert language.number_slugs["ldtbxh"] == "LĐTBXH"
    assert language.number_slugs["bgddt"] == "BGDĐT"
    assert language.number_slugs["ttg"] == "TTg"
    assert all(symbol != slug.upper() for slug, symbol in language.number_slugs.items())
