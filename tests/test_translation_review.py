"""What would cost a shipment or an officer's work."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import raws
from desk import Desk as Office
from engines import Scripted
from test_translate_stage import ENGINE, TITLE, House

from tbt_watch import curate
from tbt_watch.domain.term import Term
from tbt_watch.language import Language
from tbt_watch.store import Store
from tbt_watch.translate import stage
from tbt_watch.translate.checks.checker import Checker
from tbt_watch.translate.desk import Desk
from tbt_watch.translate.engines.contract import NoEngine
from tbt_watch.translate.figures.locks import vietnamese_form
from tbt_watch.translate.memory.base import load_memory, shipped_units
from tbt_watch.translate.memory.exchange import merge
from tbt_watch.translate.terms.base import load_terms

LABELS, REGISTERED = "Toys must be labelled in large letters.", "They shall be registered first."


@pytest.fixture
def desk(language: Language) -> Desk:
    return Desk(NoEngine(), load_terms(), load_memory((), language), language)


@pytest.fixture
def house(store: Store, language: Language, now: datetime) -> House:
    return House(store, language, now)


# ── A person at work beside the stage ───────────────────────────────────────────────────────────────────────


def test_a_deadline_amended_while_the_stage_works_is_in_the_opening(house: House) -> None:
    class Slow(Scripted):
        def translate(
            self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
        ) -> list[str]:
            if house.item.notice.comment_until != date(2026, 12, 1):
                curate.amend_field(house.store, house.item, "comment_until", "2026-12-01", "Lan", house.now)
            return super().translate(texts, source, target, beam=beam)

    house.run(Slow(ENGINE.answers))
    house.run()
    assert "01/12/2026" in (house.vi("opening") or "")


def test_an_opening_by_hand_does_not_outlive_its_deadline(house: House) -> None:
    house.run()
    house.write("opening", "Hạn góp ý là ngày 31/12/2026.")
    curate.amend_field(house.store, house.item, "comment_until", "2026-12-01", "Lan", house.now)
    house.run()
    assert "31/12/2026" not in (house.vi("opening") or "")


def test_what_a_person_wrote_for_a_vietnamese_title_is_not_lost(house: House) -> None:
    house.change(language="vi", title="Thông tư về đồ chơi", summary="")
    house.run()
    house.write("title", "Thông tư về đồ chơi trẻ em")
    house.change(title="Thông tư về an toàn đồ chơi")
    house.run()
    past = house.store.memory.of(house.item.notice.key, "title")
    assert past is not None
    assert past.target == "Thông tư về đồ chơi trẻ em"


def test_a_text_from_spanish_does_not_stand_for_another_limit_in_english(house: House) -> None:
    _from_spanish(house)
    assert "5 mg" not in (house.vi("summary") or "")


def test_a_text_from_spanish_is_not_learned_for_another_limit_in_english(house: House) -> None:
    _from_spanish(house)
    house.change(title="Toys!")
    house.run(NoEngine())
    assert {unit.language for unit in house.store.memory.all()} == {"es"}


def _from_spanish(house: House) -> None:
    house.change(language="es", title="", summary="Los juguetes no deben contener más de 5 mg de plomo.")
    house.run(NoEngine())
    house.write("summary", "Đồ chơi không được chứa quá 5 mg chì.")
    house.change(language="en", summary="Toys must not contain more than 90 mg of lead.")
    house.run(NoEngine())


# ── What the memory hands out ───────────────────────────────────────────────────────────────────────────────


def test_sentences_in_another_order_are_not_learned(house: House) -> None:
    house.change(summary=f"{LABELS} Toys must not contain any lead. {REGISTERED}", title="")
    house.run(NoEngine())
    house.write(
        "summary",
        "Đồ chơi không được chứa chì. Đồ chơi phải được ghi nhãn bằng chữ lớn. Chúng phải được đăng ký trước.",
    )
    house.change(products=LABELS)
    house.run(NoEngine())
    assert house.vi("products") is None


def test_a_corrected_sentence_is_not_handed_out_again(house: House) -> None:
    house.change(summary=f"{LABELS} {REGISTERED}", title="")
    house.run(NoEngine())
    house.write("summary", "Đồ chơi không phải ghi nhãn bằng chữ lớn. Chúng phải được đăng ký trước.")
    house.change(title="Toys")
    house.run(NoEngine())
    house.write("summary", "Đồ chơi phải được ghi nhãn bằng chữ lớn và đăng ký trước.")
    house.change(products=LABELS)
    house.run(NoEngine())
    assert "không phải" not in (house.vi("products") or "")


def test_of_two_texts_the_one_written_last_holds(store: Store, language: Language, now: datetime) -> None:
    first, second = raws.put(
        store, now, *(raws.notice(f"G/TBT/N/USA/{n}", title=TITLE, summary="") for n in (1, 2))
    )
    stage.run(store, language, NoEngine(), now)
    later = now + timedelta(days=1)
    for at, text, when in ((second, "Vườn cũ", now), (first, "Vườn mới", later)):
        curate.amend_field(store, store.notices.dossier(at), "title", text, "Lan", when)
    (third,) = raws.put(store, later, raws.notice("G/TBT/N/USA/3", title=TITLE, summary=""))
    stage.run(store, language, NoEngine(), later)
    assert store.notices.dossier(third).text("title", "vi") == "Vườn mới"


def test_a_memory_out_of_step_by_a_line_waits_for_a_person(language: Language, now: datetime) -> None:
    units = shipped_units()[:300]
    shifted = [
        type(one)(language="en", source=one.source, target=other.target, origin="import")
        for one, other in pairwise(units)
    ]
    assert len(merge(shifted, (), (), Checker(load_terms(), language), now).taken) <= len(shifted) // 20


# ── Numbers and languages ───────────────────────────────────────────────────────────────────────────────────

SPANISH = "El producto no debe contener más de los límites que se establecen en la norma para los metales."


def test_a_line_of_a_mislabelled_text_is_read_in_the_language_of_the_text(language: Language) -> None:
    class Copy(Scripted):
        def describe(self, source: str, target: str) -> str | None:
            return "copy"

        def translate(
            self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
        ) -> list[str]:
            return list(texts)

    made = Desk(Copy({}), load_terms(), load_memory((), language), language)
    (one,) = made.translate([f"{SPANISH}\n1.500 mg/kg"], "en")
    assert (one.text or "").endswith("1.500 mg/kg")


def test_a_sentence_that_is_half_vietnamese_is_not_passed_as_translated(desk: Desk) -> None:
    text = "QCVN 12:2026/BYT Quy chuẩn kỹ thuật quốc gia về sữa: draft regulation, not more than 5 mg of lead"
    (made,) = desk.translate([text], "en")
    assert not made.good


@pytest.mark.parametrize("text", ["1.1 Scope", "Law 25.506", "Resolution 4.501", "Bluetooth 5.0"])
def test_a_number_that_is_no_amount_stays(text: str) -> None:
    number = next(word for word in text.split() if word[0].isdigit())
    assert number in vietnamese_form(text, "en")


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "rows", ["en,vi,status\nborder gauge,thước biên giới,prefered\n", "en,vi,status\n"], ids=["bad", "empty"]
)
def test_replacing_with_a_file_that_cannot_be_read_removes_nothing(tmp_path: Path, rows: str) -> None:
    office = Office(tmp_path)
    (tmp_path / "good.csv").write_text("en,vi\nborder gauge,thước biên giới\n", encoding="utf-8")
    (tmp_path / "bad.csv").write_text(rows, encoding="utf-8")
    office.typed("terms", "import", str(tmp_path / "good.csv"))
    office.typed("terms", "import", "--replace", str(tmp_path / "bad.csv"))
    with Store.open(tmp_path / "data" / "tbt-watch.db") as store:
        assert store.terms.all() == [Term(en=("border gauge",), vi="thước biên giới")]


def test_the_list_of_conflicts_does_not_take_the_place_of_the_file(tmp_path: Path) -> None:
    office = Office(tmp_path)
    path = tmp_path / "theirs.csv"
    path.write_text("source,target\nBlue toys,Đồ chơi xanh\n", encoding="utf-8")
    office.typed("memory", "import", str(path), "--conflicts", str(path))
    assert "Blue toys" in path.read_text(encoding="utf-8")
