"""A text at the desk: what people wrote first, then a real model under guard, and a clear outcome for bad input."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from engines import Broken, Scripted

from tbt_watch.domain.memory import Unit
from tbt_watch.domain.term import Term
from tbt_watch.language import Language
from tbt_watch.translate.desk import LONGEST, NO_MODEL, Desk
from tbt_watch.translate.engines.argos import ArgosEngine
from tbt_watch.translate.engines.contract import Engine, NoEngine
from tbt_watch.translate.engines.models import install_model
from tbt_watch.translate.memory.base import Memory
from tbt_watch.translate.terms.base import TermBase

MODELS = Path(__file__).parent / "models"


def unit(source: str, target: str, language: str = "en") -> Unit:
    return Unit(language=language, source=source, target=target, origin="human", by="lan")


def desk(
    language: Language, engine: Engine | None = None, units: Sequence[Unit] = (), terms: Sequence[Term] = ()
) -> Desk:
    return Desk(engine or NoEngine(), TermBase(terms), Memory(units, language), language)


@pytest.fixture(scope="module")
def argos(tmp_path_factory: pytest.TempPathFactory) -> ArgosEngine:
    home = tmp_path_factory.mktemp("models")
    for name in ("translate-en_vi-0_1", "translate-fr_en-0_1"):
        install_model(home, str(MODELS / f"{name}.argosmodel"))
    return ArgosEngine(home, threads=1)


# What people wrote comes first


def test_a_text_of_the_memory_needs_no_model(language: Language) -> None:
    (made,) = desk(language, units=[unit("Toys. Safety.", "Đồ chơi. An toàn.")]).translate(
        ["Toys.  Safety."], "en"
    )
    assert (made.text, made.origin, made.good) == ("Đồ chơi. An toàn.", "memory", True)


def test_a_remembered_sentence_keeps_its_place_beside_those_of_the_machine(
    language: Language, argos: ArgosEngine
) -> None:
    text = "Hear, hear!\n- The measure does not apply to toys."
    (made,) = desk(language, argos, [unit("Hear, hear!", "Nghe này!")]).translate([text], "en")
    assert made.text == "Nghe này!\n- Biện pháp này không áp dụng đối với đồ chơi."
    assert made.origin == "machine"
    assert made.engine.endswith(", memory 1 of 2")


def test_a_remembered_sentence_takes_other_values(language: Language) -> None:
    known = unit("The limit for lead is 0.5 mg/kg from 12 June 2025.", "Mức chì là 0,5 mg/kg từ 12/6/2025.")
    (made,) = desk(language, units=[known]).translate(
        ["The limit for lead is 1,000.5 mg/kg from 3 May 2027."], "en"
    )
    assert (made.text, made.origin) == ("Mức chì là 1.000,5 mg/kg từ 3/5/2027.", "memory")


def test_an_official_wording_is_taken_whole(language: Language) -> None:
    terms = [Term(en=("live animals",), vi="động vật sống", domain="hs")]
    made = desk(language, terms=terms).translate(["Live animals:", "Live animals are here"], "en")
    assert made[0].text == "Động vật sống:"
    assert made[0].origin == "template"
    assert made[1].text is None


def test_what_has_no_words_is_written_as_vietnamese_writes_it(language: Language) -> None:
    texts = ["0.5 mg/kg", "1,000.25", "12 June 2025", "G/TBT/N/USA/1, ISO 8124-1:2022", "(2)"]
    assert [made.text for made in desk(language).translate(texts, "en")] == [
        "0,5 mg/kg", "1.000,25", "12/6/2025", "G/TBT/N/USA/1, ISO 8124-1:2022", "(2)",
    ]  # fmt: skip


# The machine, under guard


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The limit for lead in rice is 0.5 mg/kg.", "Mức giới hạn chì trong gạo là 0,5 mg/kg."),
        ("The limit for lead in rice is 1,234.5 mg/kg.", "Mức giới hạn chì trong gạo là 1.234,5 mg/kg."),
        ("Comments are due by 31 August 2031.", "Hạn góp ý là ngày 31/8/2031."),
        ("Tests of toys shall follow ISO 8124-1:2022.", "Việc thử nghiệm đồ chơi phải theo ISO 8124-1:2022."),
        (
            "DRAFT TECHNICAL REGULATION ON THE SAFETY OF TOYS",
            "DỰ THẢO QUY CHUẨN KỸ THUẬT VỀ AN TOÀN CỦA ĐỒ CHƠI",
        ),
    ],
)
def test_numbers_that_no_model_saw_come_out_in_vietnamese_form(
    language: Language, argos: ArgosEngine, source: str, target: str
) -> None:
    (made,) = desk(language, argos).translate([source], "en")
    assert (made.text, made.origin, made.checks) == (target, "machine", ())


def test_french_goes_by_way_of_english_with_its_numbers_locked(
    language: Language, argos: ArgosEngine
) -> None:
    (made,) = desk(language, argos).translate(["La limite de plomb dans le riz est de 0,75 mg/kg."], "fr")
    assert made.text == "Mức giới hạn chì trong gạo là 0,75 mg/kg."
    assert made.good


def test_a_sentence_that_differs_in_its_numbers_alone_is_decoded_once(language: Language) -> None:
    engine = Scripted({"Up to XZ1 of lead is allowed.": "Được phép có đến XZ1 chì."})
    made = desk(language, engine).translate(
        ["Up to 5 mg of lead is allowed.", "Up to 7 mg of lead is allowed."], "en"
    )
    assert [one.text for one in made] == ["Được phép có đến 5 mg chì.", "Được phép có đến 7 mg chì."]


def test_a_failed_check_tries_another_beam(language: Language) -> None:
    source = "It shall not apply before XZ1."
    engine = Scripted(
        {source: "Được áp dụng trước XZ1."}, greedy={source: "Không được áp dụng trước ngày XZ1."}
    )
    (made,) = desk(language, engine).translate(["It shall not apply before 12 June 2025."], "en")
    assert (made.text, made.checks) == ("Không được áp dụng trước ngày 12/6/2025.", ())


def test_a_failed_check_tries_terms_and_names_locked(language: Language) -> None:
    terms = [Term(en=("biocidal product",), vi="sản phẩm diệt khuẩn")]
    engine = Scripted(
        {
            "Brazil regulates each biocidal product.": "Braxin quản lý từng sản phẩm bi ô xít.",
            "XZ1 regulates each XZ2.": "XZ1 quản lý từng XZ2.",
        }
    )
    (made,) = desk(language, engine, terms=terms).translate(["Brazil regulates each biocidal product."], "en")
    assert (made.text, made.checks) == ("Brazil quản lý từng sản phẩm diệt khuẩn.", ())


def test_what_fails_every_way_is_kept_for_people_with_its_faults(language: Language) -> None:
    engine = Scripted({})
    (made,) = desk(language, engine).translate(["Toys shall not contain 5 mg of lead."], "en")
    assert made.text == "Gì đó"
    assert not made.good
    assert {"numbers", "negation"} <= {check.name for check in made.checks}


def test_a_ministry_may_be_said_to_be_the_members_own_and_no_others(language: Language) -> None:
    source = "The Ministry of Health notifies quantum gardens."
    engine = Scripted({source: "Bộ Y tế Nhật Bản thông báo vườn lượng tử."})
    at = desk(language, engine)
    good, bad = at.translate([source, source], "en", [("JPN",), ("KEN",)])
    assert good.good
    assert [check.name for check in bad.checks] == ["members"]


# Bad input: a clear outcome each, nothing lost


def test_without_a_model_nothing_is_made_up(language: Language) -> None:
    (made,) = desk(language).translate(["A sentence that nobody knows."], "en")
    assert made.text is None
    assert [check.name for check in made.checks] == [NO_MODEL]


def test_a_model_that_fails_costs_only_what_it_was_to_do(language: Language) -> None:
    at = desk(language, Broken({}), [unit("Known.", "Đã biết.")])
    made = at.translate(["Known.", "Unknown to all."], "en")
    assert [one.text for one in made] == ["Đã biết.", None]
    assert at.fault == "half a model"


def test_vietnamese_stays_as_it_is(language: Language, argos: ArgosEngine) -> None:
    text = "Quy chuẩn kỹ thuật quốc gia về an toàn đồ chơi trẻ em, 12.000 đồng."
    (made,) = desk(language, argos).translate([text], "en")
    assert (made.text, made.origin, made.good) == (text, "template", True)


def test_mixed_languages_go_each_its_own_way(language: Language, argos: ArgosEngine) -> None:
    text = (
        "The measure does not apply to toys.\n"
        "Biện pháp này không áp dụng đối với gạo.\n"
        "La limite de plomb dans le riz est de 5 mg/kg."
    )
    (made,) = desk(language, argos).translate([text], "en")
    assert made.text == (
        "Biện pháp này không áp dụng đối với đồ chơi.\n"
        "Biện pháp này không áp dụng đối với gạo.\n"
        "Mức giới hạn chì trong gạo là 5 mg/kg."
    )
    assert made.good


def test_a_language_stated_wrongly_is_set_right(language: Language, argos: ArgosEngine) -> None:
    (made,) = desk(language, argos).translate(["La limite de plomb dans le riz est de 5 mg/kg."], "es")
    assert made.text == "Mức giới hạn chì trong gạo là 5 mg/kg."


def test_control_characters_go_and_lines_stay(language: Language, argos: ArgosEngine) -> None:
    text = "The measure does not\x00 apply to\u200b toys.\r\n\r\n\x07The measure does not apply to rice."
    (made,) = desk(language, argos).translate([text], "en")
    assert made.text == (
        "Biện pháp này không áp dụng đối với đồ chơi.\n\nBiện pháp này không áp dụng đối với gạo."
    )


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "— —", "123", "\x00"])
def test_what_says_nothing_stays_nothing(language: Language, text: str) -> None:
    (made,) = desk(language).translate([text], "en")
    assert made.good
    assert made.text is not None
    assert made.text.strip() == text.strip("\x00 \n")


@pytest.mark.slow
def test_a_hundred_thousand_characters_come_back_whole(language: Language, argos: ArgosEngine) -> None:
    line = "The limit for lead in rice is 0.5 mg/kg.\n"
    text = line * (100_000 // len(line))
    (made,) = desk(language, argos).translate([text], "en")
    assert made.good
    assert made.text == "Mức giới hạn chì trong gạo là 0,5 mg/kg.\n" * (100_000 // len(line))


def test_an_endless_word_is_nothing_to_translate(language: Language, argos: ArgosEngine) -> None:
    (made,) = desk(language, argos).translate(["Tests of toys shall follow " + "a" * 20_000 + "."], "en")
    assert made.text == "Việc thử nghiệm đồ chơi phải theo " + "a" * 20_000 + "."
    assert made.good


# Sentences without an end


class Wordy(Scripted):
    """An engine that takes a text of any length, word for word."""

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[str]:
        self.asked += texts
        return [text.replace("wooden toys", "đồ chơi bằng gỗ") for text in texts]


@pytest.mark.parametrize("letters", [LONGEST, LONGEST + 1, 5 * LONGEST])
def test_a_sentence_without_an_end_is_looked_at_in_parts(language: Language, letters: int) -> None:
    goods = "; ".join(["wooden toys"] * (letters // 13))
    text = goods + " or of tin".rjust(
        letters - len(goods), "y"
    )  # a list of so many letters, without a full stop
    engine = Wordy({})
    (made,) = desk(language, engine).translate([text], "en")
    assert made.good
    assert made.text == text.replace("wooden toys", "đồ chơi bằng gỗ")
    if letters <= LONGEST:
        assert engine.asked == [text]
    else:
        assert LONGEST // 5 < max(map(len, engine.asked)) <= LONGEST
        assert all(one.startswith("wooden toys") for one in engine.asked), "cut before a clause"
        assert all(one.endswith("toys;") for one in engine.asked if not one.endswith("tin")), "and behind one"
