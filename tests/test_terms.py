"""Terms: found in texts, exact as whole segments, mended where that is safe."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.term import Term
from tbt_watch.errors import LanguageError
from tbt_watch.language import translations_dir
from tbt_watch.translate.terms.base import TermBase, load_terms, occurrences
from tbt_watch.translate.terms.inflect import forms
from tbt_watch.translate.terms.lint import faults, file_faults

HEAD = "en\tfr\tes\tvi\tstatus\tdomain\tnote\n"

TERMS = (
    Term(en=("technical regulation",), fr=("règlement technique",), es=("reglamento técnico",),
         vi="quy chuẩn kỹ thuật"),
    Term(en=("technical regulation",), vi="quy định kỹ thuật", status="admitted"),
    Term(en=("technical regulation",), vi="luật lệ kỹ thuật", status="forbidden"),
    Term(en=("regulation",), vi="quy định"),
    Term(en=("MRL", "maximum residue limit"), vi="mức dư lượng tối đa"),
    Term(en=("WHO",), vi="Tổ chức Y tế Thế giới"),
    Term(en=("certificate of conformity",), fr=("certificat de conformité",), vi="giấy chứng nhận sự phù hợp"),
    Term(en=("physical property",), vi="đặc tính vật lý"),
    Term(en=("physical property",), vi="tài sản vật lý", status="forbidden"),
    Term(en=("property",), vi="tài sản"),
    Term(en=("label",), vi="nhãn"),
    Term(en=("label",), vi="nhãn hiệu", status="forbidden"),
    Term(en=("Live animals",), vi="Động vật sống", domain="hs", note="01"),
)  # fmt: skip


@pytest.fixture(scope="module")
def base() -> TermBase:
    return TermBase(TERMS)


def texts(base: TermBase, source: str, language: str = "en") -> list[str]:
    return [hit.text for hit in base.found(source, language)]


# ── found ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "language", "expected"),
    [
        ("The TECHNICAL REGULATIONS apply", "en", ["TECHNICAL REGULATIONS"]),
        ("a regulation and a technical regulation", "en", ["regulation", "technical regulation"]),
        ("MRLs and maximum residue limits, no mrl", "en", ["MRLs", "maximum residue limits"]),
        ("who knows WHO", "en", ["WHO"]),
        ("certificates of conformity", "en", ["certificates of conformity"]),
        ("deregulation, non-label, label-free, pre_label, relabel", "en", []),
        ("see https://a.example/label and label@example.org, or the label.", "en", ["label"]),
        ("the label’s text", "en", ["label"]),
        ("physical properties", "en", ["physical properties"]),
        ("the technical\nregulation", "en", ["technical\nregulation"]),
        ("Les règlements techniques", "fr", ["règlements techniques"]),
        ("LES REGLEMENTS TECHNIQUES", "fr", ["REGLEMENTS TECHNIQUES"]),
        ("les reglements techniques", "fr", []),
        ("certificats de conformité", "fr", ["certificats de conformité"]),
        ("Reglamentos técnicos", "es", ["Reglamentos técnicos"]),
        ("technical regulation", "vi", []),
        ("Live animals", "en", []),
        ("", "en", []),
    ],
)
def test_terms_are_found_as_whole_words_the_longest_first(
    base: TermBase, source: str, language: str, expected: list[str]
) -> None:
    assert texts(base, source, language) == expected


def test_a_hit_says_what_a_term_may_be_called(base: TermBase) -> None:
    (hit,) = base.found("A Technical Regulation.", "en")
    assert (hit.start, hit.end, hit.text) == (2, 22, "Technical Regulation")
    assert hit.preferred == ("quy chuẩn kỹ thuật",)
    assert hit.admitted == ("quy định kỹ thuật",)
    assert hit.forbidden == ("luật lệ kỹ thuật",)


def test_what_is_said_of_the_english_term_holds_for_its_french_one(base: TermBase) -> None:
    (hit,) = base.found("un règlement technique", "fr")
    assert hit.forbidden == ("luật lệ kỹ thuật",)


@given(st.text(alphabet="technicl rguaoMRLs-İŉßẞ'’.@:/\n\u00a0\u0301", max_size=60))
def test_hits_lie_apart_and_are_where_they_say(text: str) -> None:
    hits = TermBase(TERMS).found(text, "en")
    assert [text[hit.start : hit.end] for hit in hits] == [hit.text for hit in hits]
    assert all(one.end <= two.start for one, two in pairwise(hits))


@pytest.mark.parametrize(
    ("spelling", "language", "plural"),
    [
        ("body", "en", "bodies"), ("key", "en", "keys"), ("box", "en", "boxes"), ("analysis", "en", "analyses"),
        ("rate of duty", "en", "rates of duty"), ("mango", "en", "mangoes"),
        ("norme nationale", "fr", "normes nationales"), ("produit final", "fr", "produits finaux"),
        ("mise sur le marché", "fr", "mises sur le marché"), ("eau", "fr", "eaux"),
        ("norma", "es", "normas"), ("evaluación de la conformidad", "es", "evaluaciones de la conformidad"),
        ("pez", "es", "peces"), ("producto final", "es", "productos finales"),
    ],
)  # fmt: skip
def test_plurals(spelling: str, language: str, plural: str) -> None:
    assert forms(spelling, language)[0] == spelling
    assert plural in forms(spelling, language)


def test_two_terms_may_have_one_name_in_another_language() -> None:
    base = TermBase(
        (
            Term(en=("standard",), es=("norma",), vi="tiêu chuẩn"),
            Term(en=("rule",), es=("norma",), vi="quy tắc"),
            Term(en=("rule",), es=("norma",), vi="tiêu chuẩn", status="forbidden"),
        )
    )
    assert list(faults(base)) == []
    (hit,) = base.found("Normas", "es")
    assert (set(hit.preferred), hit.forbidden) == ({"tiêu chuẩn", "quy tắc"}, ())
    assert base.exact("norma", "es") is None
    assert base.mended("norma", "tiêu chuẩn", "es") == "tiêu chuẩn"
    (rule,) = base.found("rules", "en")
    assert rule.forbidden == ("tiêu chuẩn",)


# ── exact ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ("Technical regulation", "Quy chuẩn kỹ thuật"),
        ("technical regulations", "quy chuẩn kỹ thuật"),
        ("- - Technical regulation:", "- - Quy chuẩn kỹ thuật:"),
        ("  – Label ;", "  – Nhãn ;"),
        ("LIVE ANIMALS.", "Động vật sống."),
        ("live animals", "động vật sống"),
        ("MRL", "Mức dư lượng tối đa"),
        ("mrl", None),
        ("The label", None),
        ("", None),
        (" - : ", None),
    ],
)
def test_a_whole_segment_is_exact(base: TermBase, segment: str, expected: str | None) -> None:
    assert base.exact(segment, "en") == expected


def test_two_wordings_for_one_segment_are_none() -> None:
    some = (
        Term(en=("Fry",), vi="Cá bột", domain="hs", note="030111"),
        Term(en=("Fry:",), vi="Cá con:", domain="hs", note="030119"),
        Term(en=("Other:",), vi="Loại khác:", domain="hs", note="0301"),
    )
    base = TermBase((), some)
    assert base.exact("Fry", "en") is None
    assert base.exact("- - Other", "en") == "- - Loại khác"


# ── mended ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Its physical properties", "Tài sản vật lý của nó", "Đặc tính vật lý của nó"),
        ("PHYSICAL PROPERTIES", "TÀI SẢN VẬT LÝ", "ĐẶC TÍNH VẬT LÝ"),
        # An allowed one stands there already; twice in the source; twice in the target; not in the source at all.
        ("a technical regulation", "luật lệ kỹ thuật, quy định kỹ thuật", None),
        ("a label on a label", "nhãn hiệu trên một", None),
        ("a label", "nhãn hiệu và nhãn hiệu", None),
        ("a thing", "nhãn hiệu", None),
        # Part of the forbidden one is no allowed one.
        ("the label", "Nhãn hiệu này", "Nhãn này"),
        # Part of a longer word.
        ("physical property", "phitài sản vật lý", None),
    ],
)
def test_only_what_is_safe_is_mended(base: TermBase, source: str, target: str, expected: str | None) -> None:
    assert base.mended(source, target, "en") == (target if expected is None else expected)


def test_what_is_part_of_another_term_is_left() -> None:
    more = (Term(en=("trade mark office",), vi="cục nhãn hiệu"),)
    assert TermBase((*TERMS, *more)).mended("the label", "cục nhãn hiệu", "en") == "cục nhãn hiệu"


def test_a_forbidden_rendering_may_be_part_of_the_preferred_one() -> None:
    some = (
        Term(en=("permit",), vi="giấy phép con"),
        Term(en=("permit",), vi="phép con", status="forbidden"),
    )
    base = TermBase(some)
    assert base.mended("a permit", "một phép con", "en") == "một giấy phép con"
    assert base.mended("a permit", "một giấy phép con", "en") == "một giấy phép con"


def test_a_rendering_that_two_terms_of_the_source_share_is_left() -> None:
    more = (Term(en=("trade mark",), vi="nhãn hiệu"),)
    base = TermBase((*TERMS, *more))
    assert base.mended("the trade mark on the label", "nhãn hiệu trên đó", "en") == "nhãn hiệu trên đó"
    assert base.mended("the label", "nhãn hiệu", "en") == "nhãn"


pieces = st.lists(
    st.sampled_from(
        ["nhãn", "nhãn hiệu", "Tài sản vật lý", "đặc tính vật lý", "luật lệ kỹ thuật", "và", ",", "hiệu"]
    ),
    max_size=6,
).map(" ".join)


@given(
    st.lists(st.sampled_from(["label", "labels", "physical property", "regulation", "and", "technical regulation"]),
             max_size=4).map(" ".join),
    pieces,
)  # fmt: skip
def test_mending_takes_forbidden_ones_only_and_is_done_once(source: str, target: str) -> None:
    base = TermBase(TERMS)
    mended = base.mended(source, target, "en")
    assert base.mended(source, mended, "en") == mended
    if mended != target:
        before, after = target.casefold(), mended.casefold()
        bad = [one for hit in base.found(source, "en") for one in hit.forbidden if occurrences(one, target)]
        assert any(before.count(one) > after.count(one) for one in bad)


# ── the office's own ────────────────────────────────────────────────────────────────────────────────────


def test_the_office_s_own_terms_win() -> None:
    own = (
        Term(en=("technical regulation",), vi="quy phạm kỹ thuật"),
        Term(en=("label",), vi="nhãn hiệu", status="admitted"),
    )
    base = TermBase(TERMS, own)
    (hit,) = base.found("technical regulation", "en")
    assert hit.preferred == ("quy phạm kỹ thuật",)
    assert set(hit.admitted) == {"quy định kỹ thuật", "quy chuẩn kỹ thuật"}
    assert base.exact("technical regulation", "en") == "quy phạm kỹ thuật"
    (label,) = base.found("label", "en")
    assert (label.admitted, label.forbidden) == (("nhãn hiệu",), ())


def test_a_tariff_of_the_office_goes_before_a_term_of_the_project() -> None:
    shipped = (Term(en=("rice",), vi="gạo"),)
    tariff = (Term(en=("Rice",), vi="Lúa gạo", domain="hs", note="1006"),)
    assert TermBase(shipped, tariff).exact("Rice", "en") == "Lúa gạo"
    assert TermBase(shipped, (*tariff, *shipped)).exact("Rice", "en") == "Gạo"
    assert TermBase((*shipped, *tariff)).exact("Rice", "en") == "Gạo"


def test_headings_come_from_the_tariff() -> None:
    tariff = (
        Term(en=("Rice",), vi="Lúa gạo", domain="hs", note="1006"),
        Term(en=("Other",), vi="Loại khác", domain="hs", note="10062000 1007-"),
    )
    base = TermBase((), tariff)
    assert base.heading("1006.10") == "Lúa gạo"
    assert base.heading("1006", "en") == "Rice"
    assert (base.heading("1007"), base.heading("10"), base.heading("")) == (None, None, None)


def test_nothing_is_wrong_with_the_project_s_terms() -> None:
    base = load_terms()
    assert list(faults(base)) == []
    assert list(file_faults(translations_dir() / "terms.tsv")) == []
    english = {one for term in base.shipped if term.domain not in ("hs", "ics") for one in term.en[:1]}
    assert len(english) > 200


# ── versions and files ──────────────────────────────────────────────────────────────────────────────────


def test_a_version_stands_for_exactly_these_terms() -> None:
    one, same = TermBase(TERMS), TermBase(reversed(TERMS))
    assert len(one.version) == 12
    assert int(one.version, 16) >= 0
    assert one.version == same.version
    assert len({one.version, TermBase(TERMS[1:]).version, TermBase(TERMS[1:], TERMS[:1]).version}) == 3


def folder(tmp_path: Path, text: str) -> Path:
    for name in ("hs_chapters.tsv", "ics_fields.tsv"):
        (tmp_path / name).write_bytes((translations_dir() / name).read_bytes())
    (tmp_path / "terms.tsv").write_text(HEAD + text, encoding="utf-8")
    return tmp_path


def test_terms_are_read_with_the_wordings_of_chapters_and_fields(tmp_path: Path) -> None:
    where = folder(
        tmp_path, "labelling|labeling\tétiquetage\tetiquetado\tghi nhãn\tpreferred\tlabels\tas in the law\n"
    )
    base = load_terms(folder=where)
    assert base.exact("Labeling", "en") == "Ghi nhãn"
    assert base.exact("Etiquetado.", "es") == "Ghi nhãn."
    assert base.exact("- Live animals;", "en") == "- Động vật sống;"
    assert base.exact("Health care technology", "en") == "Công nghệ chăm sóc sức khỏe"
    assert any(term.note == "as in the law" for term in base.entries)


@pytest.mark.parametrize("row", ["a\t\t\t\tpreferred\t\t\n", "a\t\t\tb\tliked\t\t\n"])
def test_a_malformed_table_is_said(tmp_path: Path, row: str) -> None:
    with pytest.raises(LanguageError, match=r"terms\.tsv"):
        load_terms(folder=folder(tmp_path, row))


def test_occurrences_know_both_ways_of_placing_a_tone() -> None:
    assert occurrences("tiêu chuẩn hóa", "Tiêu chuẩn hoá, tiêu chuẩn hóa") == [(0, 14), (16, 30)]


# ── speed ───────────────────────────────────────────────────────────────────────────────────────────────


def test_many_terms_are_fast() -> None:
    """Generous bounds for a busy machine: a tenth of them is usual."""
    many = [Term(en=(f"thing {n} of kind {n % 7}",), vi=f"vật {n}") for n in range(1000)]
    tariff = [
        Term(en=(f"Wording number {n}, of a kind",), vi=f"Lời {n}", domain="hs", note=f"{n:08}")
        for n in range(17_000)
    ]
    before = time.process_time()
    base = TermBase(many, tariff)
    assert base.exact("wording number 16999, of a kind", "en") == "lời 16999"
    assert time.process_time() - before < 5
    before = time.process_time()
    for _ in range(100):
        assert len(base.found("The thing 12 of kind 5 is subject to things 999 of kind 5. " * 2, "en")) == 2
    assert time.process_time() - before < 1


def test_a_text_of_a_hundred_thousand_characters_takes_no_time(base: TermBase) -> None:
    before = time.process_time()
    assert len(base.found("label " * 17_000, "en")) == 17_000
    assert base.found("a" * 100_000 + "@", "en") == []
    assert base.exact(" " * 100_000 + "label" + " " * 100_000 + "x", "en") is None
    assert base.mended("label " * 17_000, "nhãn hiệu " * 10_000, "en").startswith("nhãn hiệu")
    assert time.process_time() - before < 10
