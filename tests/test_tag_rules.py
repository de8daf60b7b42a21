"""Tags by rule: stated codes in all their shapes, words with their false friends, markets, inheritance, bad input."""

import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.tag.codes import codes_in, hs_digits
from tbt_watch.tag.rules import IN_DOUBT, tag_notice
from tbt_watch.tag.scope import listed, own_products, standard_number, within
from tbt_watch.tag.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def notice(**fields: Any) -> Notice:
    """A notification of Japan that says nothing but what is given."""
    facts: dict[str, Any] = {
        "key": "G/TBT/N/JPN/1", "kind": "notification", "area": "TBT", "type": "regular",
        "symbols": ("G/TBT/N/JPN/1",), "thread": "G/TBT/N/JPN/1", "members": ("JPN",),
    }  # fmt: skip
    return Notice(**facts | fields)


def found(kind: str, /, **fields: Any) -> dict[str, str]:
    """The reasons of a notice's tags of one kind, by code."""
    return {tag.code: tag.reason for tag in tag_notice(notice(**fields), VOCABULARY) if tag.kind == kind}


# Codes in text


@pytest.mark.parametrize(
    ("text", "hs", "ics"),
    [
        ("HS8517", ("8517",), ()),
        ("Helmets; safety headgear (HS 6506).", ("6506",), ()),
        ("(HS: 8424.10)", ("842410",), ()),
        ("HS Code: from 870310 to 870390", ("870310", "870390"), ()),
        ("HS codes 8415 to 8418", ("8416", "8417", "8415", "8418"), ()),
        ("HS 8415-8417", ("8416", "8415", "8417"), ()),
        ("HS 6307.90-4010", ("6307904010",), ()),
        ("Código S.A. 7321.8911", ("73218911",), ()),
        ("relevant tariff items: 3002, 3003 and 3004", ("3002", "3003", "3004"), ()),
        ("Partida arancelaria 0803.90", ("080390",), ()),
        ("Raw petfood (HS code(s): 0408; 0506, 2301)", ("0408", "0506", "2301"), ()),
        ("(ICS : 43.020)", (), ("43.020",)),
        ("Road vehicles (ICS code(s): 43.020; 43.040.10)", (), ("43.020", "43.040.10")),
        ("Metrología (Código(s) de la ICS: 17.020)", (), ("17.020",)),
        ("8702", ("8702",), ()),
        ("8543.70.90.00", ("8543709000",), ()),
        ("77.140.01, 91.220.00", (), ("77.140.01", "91.220.00")),
        ("Pneumatic tyres (4011)", ("4011",), ()),
        ("0402 - Milk; 0406.10 - Cheese", ("0402", "040610"), ()),
        ("HS nomenclature 2022", (), ()),
        ("HS 2022", (), ()),
        ("HS 0000, HS 9900, HS 77", (), ()),
        ("1500 kg of SHARP objects, THIS 8415, WHS 84", (), ()),
        ("adopted in (2015)", (), ()),
        ("SA 8000 social accountability", (), ()),
    ],
)
def test_codes_inside_products(text: str, hs: tuple[str, ...], ics: tuple[str, ...]) -> None:
    assert codes_in(text, products=True) == (hs, ics)


def test_a_bare_number_is_a_code_only_in_the_field_of_products() -> None:
    assert codes_in("8702") == ((), ())
    assert codes_in("Act (1995) on HS 8702").hs == ("8702",)


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("84", "84"), ("72106", "72106"), ("8415.90", "841590"), ("01012100", "01012100"), ("8543709000", "8543709000"),
        ("630790401012", "630790401012"), ("6307904010123", ""), ("8", ""), ("", ""), ("0000", ""), ("98", ""),
        ("7701", ""), ("ab", ""), ("２３", ""), ("2009", "2009"), ("2019", ""),
    ],
)  # fmt: skip
def test_digits_of_a_stated_code(code: str, digits: str) -> None:
    assert hs_digits(code) == digits


# Stated


def test_stated_codes_are_believed_and_are_the_reason() -> None:
    tags = tag_notice(notice(hs_codes=("8415", "72106"), ics_codes=("43.020",)), VOCABULARY)
    assert {(tag.code, tag.basis, tag.reason, tag.confidence) for tag in tags if tag.kind == "sector"} == {
        ("electrical-electronics", "stated", "hs:8415", Decimal(1)),
        ("metals", "stated", "hs:72106", Decimal(1)),
        ("vehicles-transport", "stated", "ics:43.020", Decimal(1)),
    }


def test_a_code_may_state_a_topic_and_no_sector() -> None:
    assert found("sector", ics_codes=("03.120.20", "13.020")) == {}
    assert found("topic", ics_codes=("03.120.20",)) == {"conformity-assessment": "ics:03.120.20"}


def test_a_code_put_on_everything_gives_its_topic_only_where_a_word_does_or_nothing_else_is_there() -> None:
    assert found("topic", ics_codes=("13.020.01",)) == {"environment": "ics:13.020.01"}
    title = "Energy efficiency of heat pumps"
    assert set(found("topic", title=title, ics_codes=("13.020.01",))) == {"energy-efficiency"}
    said = found("topic", title="Recycling and energy labels of heat pumps", ics_codes=("13.020.01",))
    assert said["environment"] == "ics:13.020.01"


def test_official_wording_before_a_code_is_no_word_of_the_member() -> None:
    products = (
        "SOAP, LUBRICATING PREPARATIONS, ARTIFICIAL WAXES, CANDLES (HS code(s): 34); "
        "Glass beads, imitation pearls (excl. imitation jewellery); glass eyes, n.e.s. (HS code(s): 7018); "
        "Furniture (ICS code(s): 97.140); Milking jelly"
    )
    assert own_products(products).startswith("(HS code(s): 34)")
    assert "Milking jelly" in own_products(products)
    for word in ("SOAP", "jewellery", "Furniture"):
        assert word not in own_products(products)
    assert set(found("sector", products=products)) == {
        "cosmetics-detergents", "building-materials", "wood-furniture",
    }  # fmt: skip


def test_headings_that_a_wording_refers_to_are_not_stated() -> None:
    products = (
        "Prepared waxes (excl. artificial waxes of heading 3404) of a kind for floors (HS code(s): 340520)"
    )
    assert found("sector", products=products) == {"cosmetics-detergents": "hs:340520"}


def test_a_whole_field_says_nothing_where_something_narrower_is_stated() -> None:
    assert set(found("sector", hs_codes=("2309",), ics_codes=("67",))) == {"farm-inputs"}
    assert set(found("sector", ics_codes=("65.120", "67"))) == {"farm-inputs"}
    assert set(found("sector", ics_codes=("67",))) == {"processed-food"}
    assert set(found("sector", ics_codes=("67", "03.120"))) == {"processed-food"}  # 03.120 says no sector


def test_a_named_product_outweighs_the_one_code_of_another_trade() -> None:
    polish = {"title": "Wax emulsion polish for floors", "hs_codes": ("340520",)}
    assert set(found("sector", ics_codes=("87.040",), **polish)) == {"cosmetics-detergents"}
    assert set(found("sector", title="Standard", hs_codes=("340520",), ics_codes=("87.040",))) == {
        "cosmetics-detergents", "chemicals",
    }  # fmt: skip
    assert "chemicals" in found("sector", summary="Paints are covered too.", ics_codes=("87.040",), **polish)


def test_of_a_code_of_two_trades_the_named_one_counts() -> None:
    helmets = {"title": "Motorcycle helmets", "ics_codes": ("13.340.20",)}
    assert set(found("sector", hs_codes=("6506",), **helmets)) == {"instruments"}
    assert set(found("sector", hs_codes=("650610",), title="Amendment")) == {"instruments"}
    assert set(found("sector", hs_codes=("6506",), title="Amendment")) == {"instruments", "textiles-garments"}


def test_a_list_of_codes_means_what_it_says() -> None:
    codes = ("340520", "7018", "9403")
    assert set(found("sector", title="Floor polish", hs_codes=codes)) == {
        "cosmetics-detergents", "building-materials", "wood-furniture",
    }  # fmt: skip
    assert set(found("sector", title="Floor polish", hs_codes=("9403",))) == {
        "cosmetics-detergents",
        "wood-furniture",
    }


def test_food_of_any_kind_gives_way_to_the_food_that_is_named() -> None:
    assert set(found("sector", title="Black tea", ics_codes=("67.040",))) == {"coffee-tea-spices"}
    assert set(found("sector", title="Food hygiene", ics_codes=("67.040",))) == {"processed-food"}


# Words


@pytest.mark.parametrize(
    ("title", "sectors"),
    [
        ("Import requirements for fresh pomelo fruit", {"fresh-produce"}),
        ("Quality Control Order for ball bearings", {"machinery"}),
        ("Draft regulation on liquid chocolate", {"processed-food"}),
        ("Milk chocolate", {"processed-food"}),
        ("Fruit juices and nectars", {"beverages"}),
        ("Motorcycle helmets", {"instruments"}),
        ("Thermal power plants", {"energy-fuels"}),
        ("Optical fibre cables", {"electrical-electronics"}),
        ("Washing machines for household use", {"electrical-electronics"}),
        ("Petroleum jelly", {"cosmetics-detergents"}),
        ("Electronic submission of dossiers", set()),
        ("Medicines for human use", {"pharma-medical"}),
        ("VEHICULOS AUTOMOTORES Y SUS REMOLQUES", {"vehicles-transport"}),
        ("Jouets et articles de puériculture", {"toys-household"}),
        ("Personal data protection law", set()),
    ],
)
def test_words_of_a_title(title: str, sectors: set[str]) -> None:
    assert set(found("sector", title=title)) == sectors


def test_words_match_whole_words_and_stems_beginnings() -> None:
    assert found("sector", title="The testing of priceless hamlets in Teak") == {}
    assert found("sector", title="Strawberries")["fresh-produce"] == "word:title:strawberr*"


def test_an_exclusion_holds_against_a_stem_of_the_same_word() -> None:
    assert set(found("sector", title="Salmonella in black pepper")) == {"coffee-tea-spices"}
    assert set(found("sector", title="Smoked salmon")) == {"seafood"}


def test_a_substance_weighs_less_than_the_product_it_is_limited_in() -> None:
    assert set(found("sector", title="Bisphenol A in baby bottles")) == {"toys-household"}
    tags = tag_notice(notice(title="Restriction of bisphenol A"), VOCABULARY)
    assert [(tag.code, tag.confidence) for tag in tags if tag.kind == "sector"] == [("chemicals", IN_DOUBT)]


@pytest.mark.parametrize(
    ("title", "language", "sectors"),
    [
        ("Apple Inc.: recall of chargers", "en", {"electrical-electronics"}),
        ("Fresh apples", "en", {"fresh-produce"}),
        ("Glass noodles", "en", {"processed-food"}),
        ("The extension of the period", "en", set()),  # "thé" is no English word
        ("Exigences relatives au thé et aux infusions", "fr", {"coffee-tea-spices"}),
        ("Fabric softeners", "en", {"cosmetics-detergents"}),
        ("Paper on the pain of cattle or swine", "en", {"animal-products"}),  # no bread, no gold
        ("Cables de acero", "es", {"metals"}),
        ("Porcelana sanitaria", "es", {"toys-household"}),  # and no pork
        ("Nghị định về nhà kính và khí nhà kính", "vi", set()),
        ("Kết quả đào tạo và cam kết", "vi", set()),
        ("Quả đào, quả cam tươi", "vi", {"fresh-produce"}),
        ("Muối ăn và mũ bảo hiểm", "vi", {"processed-food", "instruments"}),
    ],
)
def test_false_friends(title: str, language: str, sectors: set[str]) -> None:
    assert set(found("sector", title=title, language=language)) == sectors


def test_the_purpose_of_a_product_weighs_less_than_the_product() -> None:
    assert set(found("sector", title="Thinners for acrylic car refinishing")) == {"chemicals"}


def test_the_summary_needs_two_words_beside_a_title_that_says_nothing() -> None:
    assert set(found("sector", summary="It concerns tyres and wheels of furniture, plywood and timber.")) == {
        "wood-furniture"
    }
    lone = tag_notice(notice(summary="It concerns cheese only."), VOCABULARY)
    assert [(tag.code, tag.confidence) for tag in lone if tag.kind == "sector"] == [
        ("animal-products", IN_DOUBT)
    ]


def test_the_summary_adds_nothing_to_what_is_stated_unless_it_names_much() -> None:
    assert set(found("sector", hs_codes=("8702",), summary="Seats of leather and textile.")) == {
        "vehicles-transport"
    }
    listed = "Covers shampoo, soap, toothpaste, deodorants and sunscreen."
    assert set(found("sector", hs_codes=("8702",), summary=listed)) == {
        "vehicles-transport",
        "cosmetics-detergents",
    }


def test_a_list_in_a_description_is_read_item_by_item() -> None:
    said = "The rule concerns: apparel for extreme use; footwear; gear for travel; cookware and kitchen supplies."
    assert {"apparel for extreme use", "footwear"} < set(listed(said).splitlines())
    stated = found("sector", ics_codes=("71.020",), summary=said)
    assert {"chemicals", "textiles-garments", "leather-footwear", "toys-household"} <= set(stated)
    assert stated["leather-footwear"] == "word:summary:footwear"


@pytest.mark.parametrize(
    "text",
    [
        "It specifies sampling, packaging, marking, transport and storage.",
        "A polish suitable for use on furniture, ceramics, leather, rubber, plastics.",
        "Footwear, bags.",
        "",
        ", , , , ,",
        "It concerns shoes that are made of leather, which is tanned, and of textile.",
    ],
)
def test_what_is_no_list_of_products(text: str) -> None:
    assert listed(text) == ""


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("DUS 2728:2024, Milking jelly", "dus 2728:2024"),
        ("DMS 91-7: 2024, Chemicals", "dms 91-7: 2024"),
        ("SI 562 Fitness equipment", "si 562"),
        ("DKS EAS 18-1 Portland cement", "dks eas 18-1"),
        ("QCVN 20:2019/BKHCN về thép không gỉ", "qcvn 20:2019"),
        ("Plugs and sockets (IEC 60884-1:2022)", "iec 60884-1:2022"),
        ("RTCR 503: 2021. Productos eléctricos", ""),
        ("TR CU 010/2011 on safety of machinery", ""),
        ("FMVSS No. 218", ""),
        ("Regulation (EU) 2023/915", ""),
        ("Thông tư 01/2024/TT-BKHCN", ""),
        ("Resolution 1234 of 2025", ""),
        ("", ""),
    ],
)
def test_the_number_of_a_standard(title: str, number: str) -> None:
    assert standard_number(title) == number
    assert ("standards-quality" in found("topic", title=title)) == bool(number)


def test_topics_are_guessed_where_there_is_none() -> None:
    tags = tag_notice(notice(title="Amendment", summary="It concerns the residues."), VOCABULARY)
    assert [(tag.code, tag.confidence) for tag in tags if tag.kind == "topic"] == [("residues", IN_DOUBT)]
    safe = found("topic", title="Household ladders", objectives=("human-health",))
    assert safe == {"product-safety": "objective:human-health"}
    assert found("topic", title="Fresh mangoes", objectives=("human-health",)) == {}
    assert found("topic", title="Amendment", objectives=("human-health",)) == {}


def test_animal_health_alone_is_no_quarantine() -> None:
    title = "Authorisation of a preparation of phytase as a feed additive"
    assert "quarantine" not in found(
        "topic", title=title, area="SPS", objectives=("animal-health", "food-safety")
    )
    title = "Suspension of imports of live poultry after an outbreak of avian influenza"
    assert {"quarantine", "import-export"} <= set(found("topic", title=title, objectives=("animal-health",)))


def test_what_a_text_leaves_out_does_not_count() -> None:
    summary = "Applies to unmanned aircraft and drones. It does not apply to toys, model ships and bicycles."
    assert "toys" not in within(summary)
    assert set(found("sector", summary=summary)) == {"vehicles-transport"}


def test_a_material_alone_in_a_list_is_a_product() -> None:
    assert set(found("sector", products="cattle, rubber and wood")) == {
        "animal-products", "plastics-rubber", "wood-furniture",
    }  # fmt: skip
    assert "wood-furniture" not in found("sector", products="Paint and varnish on wood parts")


def test_keywords_and_objectives_give_topics() -> None:
    fields = {"keywords": ("mrl", "adoption"), "objectives": ("plant-protection", "human-health")}
    assert found("topic", **fields) == {"residues": "keyword:mrl", "quarantine": "objective:plant-protection"}


def test_a_pesticide_residue_is_about_the_food() -> None:
    fields = {"title": "Spirotetramat; Pesticide Tolerances", "products": "Pomelo", "area": "SPS"}
    assert set(found("sector", **fields)) == {"fresh-produce"}
    assert set(found("topic", **fields)) == {"residues"}


# Viet Nam's law


@pytest.mark.parametrize(
    ("title", "member", "topics", "sectors"),
    [
        ("Nghị định về thuế xuất khẩu, thuế nhập khẩu", "CP", {"tax-customs"}, set()),
        ("Quy chuẩn kỹ thuật quốc gia về thép làm cốt bê tông", "BKHCN", {"standards-quality"},
         {"metals", "building-materials"}),
        ("Thông tư quy định về đo lường đối với phương tiện đo", "BKHCN", {"metrology"}, {"instruments"}),
        ("Nghị định về nhãn hàng hóa", "CP", {"labelling"}, set()),
        ("Thông tư về kiểm dịch thực vật nhập khẩu", "BNNMT", {"quarantine", "import-export"}, {"fresh-produce"}),
        ("Thông tư về an toàn thực phẩm thuỷ sản", "BNNMT", {"food-safety"}, {"seafood"}),
        ("Luật Bảo vệ môi trường", "QH", {"environment"}, set()),
        ("Thông tư về giấy phép của cá nhân", "BCT", set(), set()),
    ],
)  # fmt: skip
def test_law_of_viet_nam(title: str, member: str, topics: set[str], sectors: set[str]) -> None:
    fields = {"kind": "regulation", "area": "VN", "type": "Thông tư", "language": "vi", "members": (member,)}
    assert set(found("topic", title=title, **fields)) == topics
    assert set(found("sector", title=title, **fields)) == sectors
    assert found("market", title=title, **fields) == {"VNM": f"law:{member}"}


def test_a_vietnamese_text_that_a_person_wrote_counts_too() -> None:
    tags = tag_notice(
        notice(title="Regolamento"), VOCABULARY, vietnamese={"title": "Quy định về đồ chơi trẻ em"}
    )
    assert ("toys-household", "word:title:đồ chơi trẻ em") in {(tag.code, tag.reason) for tag in tags}


# Markets


def test_markets_are_members_and_their_groups() -> None:
    assert found("market", members=("ARE", "YEM")) == {
        "ARE": "member:ARE",
        "YEM": "member:YEM",
        "GCC": "group:ARE",
    }
    assert found("market", members=("EU",)) == {"EU": "member:EU"}
    assert found("market", members=("FRA",)) == {"FRA": "member:FRA", "EU": "group:FRA"}
    assert set(found("market", members=("KEN", "UGA"))) == {"KEN", "UGA", "EAC"}


# What follows another


PARENT = (
    Tag(kind="sector", code="seafood", basis="stated", reason="hs:0306"),
    Tag(kind="topic", code="residues", basis="rule", reason="word:title:mrl", confidence=Decimal("0.7")),
    Tag(kind="sector", code="beverages", basis="staff", reason="staff"),
    Tag(kind="market", code="EU", basis="stated", reason="member:EU"),
)


def follow(**fields: Any) -> dict[str, tuple[str, str, Decimal]]:
    facts = {"type": "addendum", "symbols": ("G/TBT/N/JPN/1/Add.1",), "follows": "G/TBT/N/JPN/1"} | fields
    tags = tag_notice(notice(**facts), VOCABULARY, inherited=PARENT)
    return {tag.code: (tag.basis, tag.reason, tag.confidence) for tag in tags if tag.kind != "market"}


def test_an_addendum_without_codes_inherits() -> None:
    assert follow() == {
        "seafood": ("stated", "inherited:hs:0306", Decimal("0.9")),
        "residues": ("rule", "inherited:word:title:mrl", Decimal("0.7")),
        "beverages": ("rule", "inherited:staff", Decimal("0.9")),
    }


def test_an_addendum_with_codes_of_its_own_does_not() -> None:
    assert set(follow(hs_codes=("8702",))) == {"vehicles-transport"}


def test_a_revision_inherits_only_where_it_says_nothing() -> None:
    assert set(follow(type="revision", title="Toys and childcare articles")) == {"toys-household"}
    assert "seafood" in follow(type="revision", title="Amendment")


def test_what_follows_nothing_inherits_nothing() -> None:
    assert follow(follows=None) == {}


# Bad input


def test_nothing_at_all_gives_the_market_alone() -> None:
    assert [(tag.kind, tag.code) for tag in tag_notice(notice(), VOCABULARY)] == [("market", "JPN")]


def test_forty_six_codes() -> None:
    codes = tuple(f"{chapter:02}01" for chapter in range(1, 48))
    tags = [tag for tag in tag_notice(notice(hs_codes=codes), VOCABULARY) if tag.kind == "sector"]
    assert len(tags) == len({tag.code for tag in tags}) > 10
    assert all(tag.basis == "stated" and tag.reason.startswith("hs:") for tag in tags)


def test_codes_that_are_none() -> None:
    assert found("sector", hs_codes=("0000", "99", "abc", "", "7" * 40), ics_codes=("99.010", "x", "")) == {}


def test_two_megabytes_of_text() -> None:
    long = "Requirements for ceramic tiles (HS 6907) and plywood; " * 40_000
    tags = tag_notice(notice(title=long, summary=long, products=long), VOCABULARY)
    assert {tag.code for tag in tags if tag.kind == "sector"} == {"building-materials", "wood-furniture"}


@pytest.mark.parametrize(
    "unit",
    [
        "8415, ", "1.", "HS 1.", "HS 84.15-", "HS code(s): ", "arancelaria ", "heading items ", "ICS 43.", "HS    ",
        "\n", "(excl (", "does not apply ", "for ", "(", "6307.90-4010, ", "ế", "a",
    ],
)  # fmt: skip
def test_a_long_text_of_one_thing_ends_soon(unit: str) -> None:
    long = "HS " + unit * (200_000 // len(unit))
    began = time.process_time()
    tags = tag_notice(notice(title=long, summary=long, products=long), VOCABULARY)
    assert ("market", "JPN") in {(tag.kind, tag.code) for tag in tags}
    assert time.process_time() - began < 30  # less than one; where it grows with the square, minutes


def test_a_long_gap_between_a_mark_and_its_code() -> None:
    gap = " " * 200_000
    assert codes_in(f"HS{gap}code{gap}8415{gap}to{gap}8417").hs == ("8416", "8415", "8417")
    assert codes_in(f"ICS{gap}:{gap}43.020").ics == ("43.020",)


@pytest.mark.parametrize("code", ["84159", "84159000", "8415900010", "841590001012", "8415.90.00.10.12"])
def test_codes_of_every_length_mean_what_their_heading_means(code: str) -> None:
    assert set(found("sector", hs_codes=(code,))) == {"electrical-electronics"}
    assert set(found("sector", products=f"Units (HS {code})")) == {"electrical-electronics"}
    assert set(found("sector", products=f"Units (HS {code}1012)")) <= {"electrical-electronics"}


@pytest.mark.parametrize(
    "text", ["MHS8415", "HSX 8415", "ABC8415XY", "ISO 8415:2019", "EN 6904-1", "NGHS 8415A", "xICS 43.020"]
)
def test_codes_inside_words_are_none(text: str) -> None:
    assert codes_in(text) == codes_in(text, products=True) == ((), ())


def test_forty_six_codes_in_the_text() -> None:
    listed = ", ".join(f"{chapter:02}01" for chapter in range(1, 47))
    assert len(codes_in(f"HS codes: {listed}").hs) == 46
    stated = {
        tag.code
        for tag in tag_notice(notice(summary=f"HS codes: {listed}"), VOCABULARY)
        if tag.kind == "sector"
    }
    assert {"animal-products", "coffee-tea-spices", "wood-furniture"} < stated


@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.text(max_size=12), max_size=5))
def test_any_text_is_tagged_the_same_twice(title: str, products: str, codes: list[str]) -> None:
    item = notice(title=title, products=products, hs_codes=tuple(codes), ics_codes=tuple(codes))
    tags = tag_notice(item, VOCABULARY)
    assert tags == tag_notice(item, VOCABULARY)
    assert len({(tag.kind, tag.code) for tag in tags}) == len(tags)
    assert all(0 < tag.confidence <= 1 for tag in tags)


# The labelled set


def test_labels_name_only_codes_of_the_vocabulary(repository: Path) -> None:
    lines = (repository / "tests/gold/labels_pass1.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    assert len({row[0] for row in rows}) == len(rows) == 80
    assert {code for row in rows for code in row[1].split(";") if code} <= {
        s.code for s in VOCABULARY.sectors
    }
    assert {code for row in rows for code in row[2].split(";") if code} <= {t.code for t in VOCABULARY.topics}


def test_the_report_prints_every_figure(repository: Path, shared: Path) -> None:
    report = subprocess.run(
        [sys.executable, repository / "tests/gold/report.py"],
        capture_output=True,
        text=True,
        env={"TBT_SHARED": str(shared), "PYTHONPATH": str(repository), "PATH": ""},
        check=True,
    ).stdout
    for part in (
        "tuning half: 40 notices",
        "held-out half: 40 notices",
        "stated alone",
        "stated + rules",
        "missed",
    ):
        assert part in report
