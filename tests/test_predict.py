"""Predicted sectors: the shipped model on real texts and on hostile ones, its confidence, and what it may not touch."""

import hashlib
import importlib.util
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.errors import ModelError
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry
from tbt_watch.tag import stage
from tbt_watch.tag.features import LONGEST, field_features, notice_fields, wording
from tbt_watch.tag.model import NAME, Model, quantised, read_model, unpack, write_model
from tbt_watch.tag.predict import BESIDE_DOUBT, BESIDE_ONE_WORD, LEAST, Predictor, least, open_predictor
from tbt_watch.tag.retrain import Correction, retrained, shifts
from tbt_watch.tag.rules import IN_DOUBT, tag_notice
from tbt_watch.tag.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
SECTORS = [one.code for one in VOCABULARY.sectors]
SHIPPED = Path(stage.__file__).parent / "predicted"


def titled(title: str, **facts: object) -> Notice:
    facts = {"language": "en", "summary": "", "products": "", **facts}
    return replace(BARE, title=title, **facts)  # type: ignore[arg-type]


BARE = Notice(
    key="G/TBT/N/KEN/9", kind="notification", area="TBT", type="regular", symbols=("G/TBT/N/KEN/9",),
    thread="G/TBT/N/KEN/9", members=("KEN",),
)  # fmt: skip


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    opened = open_predictor(SECTORS)
    assert opened.notes == ()
    assert opened.predictor is not None
    return opened.predictor


# --- what it says ---


@pytest.mark.parametrize(
    ("title", "language", "sector"),
    [
        ("Polyaluminium hydroxide chloride for treatment of water", "en", "chemicals"),
        ("Taper roller bearings and their cages", "en", "machinery"),
        ("Woven pile fabrics and chenille fabrics", "en", "textiles-garments"),
        ("Splice closures for optical fibre cables of telecom networks", "en", "electrical-electronics"),
        ("Máy biến thế điện và cuộn cảm", "vi", "electrical-electronics"),
        ("Tôm sú đông lạnh đã bóc vỏ", "vi", "seafood"),
    ],
)
def test_a_product_is_known_by_words(predictor: Predictor, title: str, language: str, sector: str) -> None:
    (tags,) = predictor.predict([titled(title, language=language)])
    assert tags, title
    assert tags[0].code == sector
    assert all(tag.kind == "sector" and tag.basis == "predicted" for tag in tags)
    assert [tag.confidence for tag in tags] == sorted((tag.confidence for tag in tags), reverse=True)
    assert all(LEAST <= tag.confidence < 1 for tag in tags)


def test_the_reason_is_words_of_the_notice_and_three_at_most(predictor: Predictor) -> None:
    notice = titled("Accessories of bicycles", summary="Saddles, pedals and wheel rims of bicycles.")
    (tags,) = predictor.predict([notice])
    assert tags[0].code == "vehicles-transport"
    what, _, words = tags[0].reason.partition(":")
    assert what == "like"
    assert 1 <= len(words.split(", ")) <= 3
    text = f"{notice.title} {notice.summary}".lower()
    assert all(word in text for word in words.split(", "))


def test_words_stand_in_the_reason_as_in_the_text() -> None:
    fields = notice_fields(titled("Accessories, batteries"))
    assert wording(fields, ["accessory", "battery", "pump"]) == {
        "accessory": "accessories",
        "battery": "batteries",
    }


def test_an_order_of_notices_and_their_company_change_nothing(predictor: Predictor) -> None:
    notices = [titled("Roller bearings"), titled(""), titled("Frozen shrimps"), titled("Zzyzx qwrtp")]
    together = predictor.predict(notices)
    assert together == [predictor.predict([one])[0] for one in notices]
    assert together[::-1] == predictor.predict(notices[::-1])
    assert together[1] == together[3] == ()
    assert predictor.predict([]) == []


# --- where it may speak ---


def sector(code: str, basis: str, confidence: str = "1", reason: str = "word:title:x") -> Tag:
    return Tag(kind="sector", code=code, basis=basis, reason=reason, confidence=Decimal(confidence))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tags", "limit"),
    [
        ([], LEAST),
        ([Tag(kind="topic", code="labelling", basis="stated", reason="ics:55.020")], LEAST),
        ([sector("metals", "rule", "0.4")], BESIDE_DOUBT),
        ([sector("metals", "rule", "0.7")], BESIDE_ONE_WORD),
        ([sector("metals", "rule", "0.8")], None),
        ([sector("metals", "rule", "0.4"), sector("machinery", "rule", "0.9")], None),
        ([sector("metals", "stated")], None),
        ([sector("metals", "staff")], None),
        ([sector("metals", "rule", "0.4", "inherited:word:title:x")], None),
    ],
)
def test_codes_people_and_many_words_outweigh_it(tags: list[Tag], limit: Decimal | None) -> None:
    assert least(BARE, tags) == limit
    assert least(replace(BARE, kind="article"), tags) is None


def test_law_that_names_no_product_asks_for_more() -> None:
    law = replace(BARE, kind="regulation", area="VN", language="vi")
    assert least(law, []) == BESIDE_ONE_WORD > LEAST
    assert least(law, [sector("metals", "rule", "0.4")]) == BESIDE_DOUBT


def test_what_is_there_stays_and_comes_first(predictor: Predictor) -> None:
    doubt = sector("metals", "rule", str(IN_DOUBT))
    code = sector("metals", "stated", reason="hs:8482")
    notice = titled("Taper roller bearings")
    asked, stated, nothing = predictor.complete([(notice, [doubt]), (notice, [code]), (notice, [])])
    assert asked[0] == doubt
    assert [tag.code for tag in asked[1:]] == ["machinery"]
    assert stated == (code,)
    assert [tag.code for tag in nothing] == ["machinery"]


def test_a_sector_that_the_vocabulary_does_not_know_is_not_predicted(predictor: Predictor) -> None:
    less = Predictor(model=predictor.model, sectors=frozenset(SECTORS) - {"machinery"})
    assert all(tag.code != "machinery" for tag in less.predict([titled("Taper roller bearings")])[0])


def test_the_stage_tags_what_rules_leave_open_and_follow_ups_inherit(store: Store, now: datetime) -> None:
    title = "Sodium thiosulphate"
    parent = titled(title)
    assert not any(tag.kind == "sector" for tag in tag_notice(parent, VOCABULARY))
    child = replace(
        titled("Notice of adoption"), key="G/TBT/N/KEN/9/Add.1", type="addendum",
        symbols=("G/TBT/N/KEN/9/Add.1",), follows=parent.key,
    )  # fmt: skip
    for one in (parent, child):
        store.notices.put([Entry(ids=(), notice=one, records=(), seen_at=now)], now)
    ids = {one.notice.key: one.id for one in store.notices.every()}
    store.notices.translated(dict.fromkeys(ids.values(), ()), now)
    report = stage.run(store, VOCABULARY, open_predictor(SECTORS))
    assert report.notes == ()
    found = {one.notice.key: one.tags for one in store.notices.every()}
    (mine,) = [tag for tag in found[parent.key] if tag.kind == "sector"]
    (its,) = [tag for tag in found[child.key] if tag.kind == "sector"]
    assert (mine.code, mine.basis) == ("chemicals", "predicted")
    assert (its.code, its.basis, its.reason) == ("chemicals", "predicted", f"inherited:{mine.reason}")


# --- hostile texts ---


@given(st.text(max_size=300), st.sampled_from(["en", "fr", "es", "vi"]))
def test_any_text_is_answered(text: str, language: str) -> None:
    predictor = open_predictor(SECTORS).predictor
    assert predictor is not None
    (tags,) = predictor.predict([titled(text, summary=text, products=text, language=language)])
    assert len({tag.code for tag in tags}) == len(tags)


@pytest.mark.parametrize(
    "text",
    ["", " \n\t",
     "\x00\x01\x1b[2J\u202e\ufeff", "冷冻虾和鱼 замороженные креветки جمبري مجمد", "🦐" * 500, "a" * 100_000,
     "2024/1234/5678 " * 500, "-_-" * 1000],
)  # fmt: skip
def test_a_text_without_words_says_nothing(predictor: Predictor, text: str) -> None:
    assert predictor.predict([titled(text, summary=text, products=text)]) == [()]


def test_two_megabytes_are_read_in_part(predictor: Predictor) -> None:
    text = "taper roller bearings with rings and balls, " * 50_000
    assert len(text) > 2_000_000
    assert len(field_features(text, False)) <= LONGEST
    (tags,) = predictor.predict([titled("", summary=text)])
    assert tags[0].code == "machinery"


# --- the file ---


def test_the_shipped_model_is_small_and_holds_no_pickle() -> None:
    data = (SHIPPED / NAME).read_bytes()
    assert len(data) < 2_000_000
    promised = (SHIPPED / f"{NAME}.sha256").read_text(encoding="ascii").split()[0]
    assert hashlib.sha256(data).hexdigest() == promised
    model = unpack(data, NAME)
    assert sorted(model.sectors) == sorted(SECTORS)
    assert all(" " not in one or len(one.split()) == 2 for one in model.features)
    assert unpack(model.packed(), NAME).packed() == model.packed()


@pytest.mark.parametrize("damage", ["missing", "no checksum", "cut", "flipped", "empty", "another file"])
def test_a_damaged_model_is_one_note_and_no_prediction(tmp_path: Path, store: Store, damage: str) -> None:
    data = (SHIPPED / NAME).read_bytes()
    spoilt = {
        "cut": data[:1000],
        "flipped": data[:-1] + bytes([data[-1] ^ 1]),
        "empty": b"",
        "another file": b"PK",
    }
    if damage != "missing":
        (tmp_path / NAME).write_bytes(spoilt.get(damage, data))
    if damage != "no checksum":
        (tmp_path / f"{NAME}.sha256").write_bytes((SHIPPED / f"{NAME}.sha256").read_bytes())
    opened = open_predictor(SECTORS, shipped=tmp_path)
    assert opened.predictor is None
    (note,) = opened.notes
    assert NAME in note
    assert note.endswith(".")
    assert stage.run(store, VOCABULARY, opened).notes == (note,)


def test_a_damaged_model_of_the_office_gives_way_to_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no model")
    opened = open_predictor(SECTORS, tmp_path)
    assert opened.predictor is not None
    assert len(opened.notes) == 1
    assert open_predictor(SECTORS, tmp_path / "nothing here").notes == ()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x93NUMPY"])
def test_bytes_that_are_no_model_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(ModelError, match="is no model of sectors"):
        unpack(data, "x.npz")


def test_tables_that_do_not_fit_together_are_refused(predictor: Predictor) -> None:
    with pytest.raises(ModelError, match="does not fit together"):
        unpack(replace(predictor.model, sectors=("one", "two")).packed(), "x.npz")


def test_a_model_is_written_whole_with_its_checksum(tmp_path: Path, predictor: Predictor) -> None:
    folder = tmp_path / "new" / "predicted"
    assert write_model(predictor.model, folder) == (folder / NAME).stat().st_size
    assert sorted(path.name for path in folder.iterdir()) == [NAME, f"{NAME}.sha256"]
    assert read_model(folder).packed() == predictor.model.packed()


def test_weights_in_eight_bits_are_near_what_they_were() -> None:
    weights = np.array([[1.0, -20.0], [0.5, 3.0], [-1.0, 0.0]], dtype=np.float32)
    small, scale = quantised(weights)
    assert np.abs(small * scale - weights).max() <= 20 / 127


# --- learning from staff ---


def test_a_correction_is_learned_and_little_else_changes(predictor: Predictor) -> None:
    wrong = titled("Zeolith bricks for reading rooms")
    learned = [
        Correction(
            replace(wrong, title=f"{wrong.title}, part {part}"), frozenset({"toys-household"}), frozenset()
        )
        for part in range(3)
    ]
    after = Predictor(model=retrained(predictor.model, learned), sectors=predictor.sectors)
    assert after.predict([wrong])[0][0].code == "toys-household"
    others = [titled("Taper roller bearings"), titled("Frozen shrimps and prawns"), titled("Wheat flour")]
    before = predictor.predict(others)
    assert [[tag.code for tag in tags] for tags in after.predict(others)] == [
        [tag.code for tag in tags] for tags in before
    ]
    changed = shifts(predictor, after, [(wrong, ()), *((one, ()) for one in others)])
    assert [(one.sector, one.gained) for one in changed if one.gained] == [("toys-household", 1)]
    assert retrained(predictor.model, learned).packed() == after.model.packed()


def test_what_nobody_judged_is_not_unlearned(predictor: Predictor) -> None:
    notice = titled("Taper roller bearings")
    silent = Correction(notice, frozenset({"metals"}), frozenset({"machinery"}))
    after = Predictor(model=retrained(predictor.model, [silent] * 3), sectors=predictor.sectors)
    (tags,) = after.predict([notice])
    assert {"metals", "machinery"} <= {tag.code for tag in tags}


# --- training ---


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="the extra train is not installed")
def test_a_confidence_means_something() -> None:
    """Trained on what is shipped, every other of the vocabulary's words: of what is said with p, about p is right."""
    from tbt_watch.tag.features import counted
    from tbt_watch.tag.training import Example, train

    examples = [
        Example(
            "word",
            word.pattern[:4],
            counted([(word.pattern, 1, word.language == "vi")]),
            frozenset({word.code}),
        )
        for word in VOCABULARY.words[::2]
        if word.kind == "sector" and not word.pattern.endswith("*")
    ]
    first = train(examples, SECTORS, most_features=2000)
    again = train(examples, SECTORS, most_features=2000)
    assert isinstance(first.model, Model)
    assert len(first.model.features) == 2000
    assert first.model.packed() == again.model.packed()
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)):
        here = (first.unseen >= low) & (first.unseen < high)
        assert here.sum() > 50
        assert abs(first.wanted[here].mean() - first.unseen[here].mean()) < 0.15, (low, high)
