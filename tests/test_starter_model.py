"""The project's own first model in use: where there is no other, under marks of its own, and said to be a trial.

It is stood for by the tiny package of the tests, which says of itself that it is a starter.
"""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cast import POMELO, dossier
from desk import Desk as Office
from engines import Scripted
from starter.packing import described, metadata
from starter.release import LARGEST, LEAST_TRUST, place, released, starter

from tbt_watch.bulletin.words import ORIGINS
from tbt_watch.domain.translation import STARTER, Translation
from tbt_watch.errors import NotFoundError
from tbt_watch.language import Language
from tbt_watch.translate.desk import Desk, Made
from tbt_watch.translate.engines import packages
from tbt_watch.translate.engines.argos import CHOICES, ArgosEngine
from tbt_watch.translate.engines.contract import Choice
from tbt_watch.translate.engines.models import install_model, list_models, remove_model
from tbt_watch.translate.engines.packages import broken
from tbt_watch.translate.memory.base import Memory
from tbt_watch.translate.terms.base import load_terms

MODELS = Path(__file__).parent / "models"
EN_VI = MODELS / "translate-en_vi-0_1.argosmodel"
KNOWN = "The aim is to protect consumers."
RIGHT = "Mục đích là bảo vệ người tiêu dùng."
UNKNOWN = "Importers of bicycles keep the certificates of every batch for five winters."
TRIAL = "argos starter en-vi 0.1 0123456789ab"


def marked(trust: float | None = -0.5) -> bytes:
    """The tiny package as a starter with that floor."""
    facts = starter("chrF 12.3 on 60 sentences") | {"least_trust": trust}
    return described(EN_VI.read_bytes(), metadata("en", "vi", "CC0", starter=facts), "")


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Ship a starter with this program."""

    def ship(body: bytes = b"") -> Path:
        monkeypatch.setattr(packages, "BUNDLED", tmp_path / "shipped")
        return place(body or marked(), EN_VI.name, tmp_path / "shipped")

    return ship


def desk(home: Path, language: Language) -> Desk:
    return Desk(ArgosEngine(home, threads=1), load_terms(), Memory([], language), language)


def translated(home: Path, language: Language, text: str) -> Made:
    (made,) = desk(home, language).translate([text], "en")
    return made


# ── Where it stands ────────────────────────────────────────────────────────────────────────────────────


def test_what_came_with_the_program_is_used_where_nothing_is_installed(
    bundle: Callable[..., Path], tmp_path: Path, language: Language
) -> None:
    shipped = bundle()
    (model,) = list_models(tmp_path)
    assert (model.path, model.bundled, model.pair) == (shipped, True, "en-vi")
    assert model.starter is not None
    assert (model.starter.quality, model.starter.floor) == ("chrF 12.3 on 60 sentences", -0.5)
    made = translated(tmp_path, language, KNOWN)
    assert (made.text, made.good) == (RIGHT, True)
    assert made.engine == f"argos starter en-vi 0.1 {model.model_sha256[:12]}"
    assert not (tmp_path / "packages").exists()


def test_an_installed_package_takes_its_place_and_gives_it_back(
    bundle: Callable[..., Path], tmp_path: Path
) -> None:
    bundle()
    engine = ArgosEngine(tmp_path)
    installed = install_model(tmp_path, str(EN_VI))
    assert list_models(tmp_path) == [installed]
    assert (engine.describe("en", "vi") or "").split()[1] == "en-vi"
    assert engine.floor("en", "vi") is None
    remove_model(tmp_path, "en-vi")
    assert (engine.describe("en", "vi") or "").split()[1] == STARTER


def test_what_came_with_the_program_cannot_be_removed(bundle: Callable[..., Path], tmp_path: Path) -> None:
    shipped = bundle()
    with pytest.raises(NotFoundError):
        remove_model(tmp_path, "en-vi")
    assert shipped.is_dir()


def test_it_stands_behind_no_other_model(bundle: Callable[..., Path], tmp_path: Path) -> None:
    bundle()
    install_model(tmp_path, str(MODELS / "translate-fr_en-0_1.argosmodel"))
    engine = ArgosEngine(tmp_path)
    assert engine.pairs() == (("en", "vi"), ("fr", "en"))
    assert engine.describe("fr", "vi") is None
    install_model(tmp_path, str(EN_VI))
    assert ("fr", "vi") in engine.pairs()


def test_a_damaged_one_is_not_used(bundle: Callable[..., Path], tmp_path: Path) -> None:
    shipped = bundle()
    with (shipped / "model" / "model.bin").open("ab") as file:
        file.write(b"\0")
    assert list_models(tmp_path) == []
    assert "damaged" in broken(tmp_path)[0]


# ── When it is believed ────────────────────────────────────────────────────────────────────────────────


def test_a_text_that_its_model_is_not_sure_of_is_held_back(
    bundle: Callable[..., Path], tmp_path: Path, language: Language
) -> None:
    bundle(marked(0.99999))
    made = translated(tmp_path, language, KNOWN)
    assert (made.text, made.good) == (RIGHT, False)
    ((name, detail),) = [(check.name, check.detail) for check in made.checks]
    assert name == "doubt"
    assert "3 of 3 words rendered" in detail
    assert "1.00 is needed" in detail


def test_what_was_made_up_is_held_back(
    bundle: Callable[..., Path], tmp_path: Path, language: Language
) -> None:
    bundle(marked(LEAST_TRUST))
    made = translated(tmp_path, language, UNKNOWN)
    assert not made.good
    assert "doubt" in {check.name for check in made.checks}


def test_a_starter_that_does_not_say_when_to_believe_it_is_never_believed(
    bundle: Callable[..., Path], tmp_path: Path, language: Language
) -> None:
    bundle(marked(None))
    assert ArgosEngine(tmp_path).floor("en", "vi") == math.inf
    assert not translated(tmp_path, language, KNOWN).good


def test_there_are_several_texts_to_choose_from_and_how_sure_the_decoder_is_of_each(
    bundle: Callable[..., Path], tmp_path: Path
) -> None:
    bundle()
    engine = ArgosEngine(tmp_path, threads=1)
    known, unknown = engine.choices([KNOWN, UNKNOWN], "en", "vi")
    assert known[0].text == RIGHT == engine.translate([KNOWN], "en", "vi")[0]
    assert 0 > known[0].score > -0.3
    assert len(known) == len(unknown) == CHOICES
    assert len({one.text for one in known}) > 1
    assert unknown[0].score < -0.4
    for found in (known, unknown):
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert [len(one) for one in engine.choices([KNOWN], "en", "vi", beam=1)] == [1]
    (lines,) = engine.choices([f"{KNOWN}\n{KNOWN}"], "en", "vi")
    assert [one.text for one in lines] == [f"{RIGHT}\n{RIGHT}"]
    assert lines[0].score == pytest.approx(known[0].score, abs=1e-4)
    (lines,) = engine.choices([f"{KNOWN}\n{UNKNOWN}"], "en", "vi")
    assert lines[0].score == pytest.approx(unknown[0].score, abs=1e-4)


def test_a_score_is_the_mean_of_the_tokens_whatever_the_package(tmp_path: Path) -> None:
    import ctranslate2
    import sentencepiece

    model = install_model(tmp_path, str(EN_VI))
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model.path / "sentencepiece.model"))
    coded = [pieces.encode(text, out_type=str) for text in (KNOWN, RIGHT)]
    (found,) = ctranslate2.Translator(str(model.path / "model"), device="cpu").score_batch(
        coded[:1], coded[1:]
    )
    ((best, *_),) = ArgosEngine(tmp_path, threads=1).choices([KNOWN], "en", "vi")
    assert best.text == RIGHT
    assert best.score == pytest.approx(sum(found.log_probs) / len(found.log_probs), rel=0.15)


def test_of_several_texts_the_one_that_renders_every_word_is_taken(language: Language) -> None:
    """Though its model likes another a little better; and none that lost what is locked."""

    class Several(Scripted):
        def floor(self, source: str, target: str) -> float:  # type: ignore[override]
            return -0.5

        def choices(
            self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
        ) -> list[list[Choice]]:
            return [
                [
                    Choice("Dây cáp bằng thép dùng để nâng tải trọng.", -0.05),
                    Choice("Dây cáp bằng thép dùng để nâng XZ1.", -0.1),
                    Choice("Dây cáp bằng thép dùng để nâng tải trọng XZ1.", -0.2),
                ]
            ] * len(texts)

    (made,) = Desk(Several({}), load_terms(), Memory([], language), language).translate(
        ["Steel ropes for lifting loads of 500 kg."], "en"
    )
    assert made.text == "Dây cáp bằng thép dùng để nâng tải trọng 500 kg."


class Weak(Scripted):
    """An engine that is not trusted: it says what it is told, as sure as it is told, and keeps what it was asked."""

    def __init__(self, answers: dict[str, Choice], floor: float = -0.5) -> None:
        super().__init__({})
        self._said, self._floor = answers, floor

    def floor(self, source: str, target: str) -> float:  # type: ignore[override]
        return self._floor

    def choices(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[list[Choice]]:
        self.asked += texts
        return [[self._said.get(text, Choice("gì đó", -3.0))] for text in texts]


BEER = {
    "Beer is sold in bottles of XZ1.": Choice("Nước được bán trong chai XZ1.", -0.1),
    "XZ1 is sold in bottles of XZ2.": Choice("XZ1 được bán trong chai XZ2.", -0.1),
}
DISPUTE = {
    "The importer may settle the dispute.": Choice("Nhà nhập khẩu có thể giải quyết.", -0.1),
    "The importer may settle the XZ1.": Choice("Nhà nhập khẩu có thể giải quyết XZ1.", -0.1),
}


def at_the_desk(engine: Weak, text: str, language: Language) -> Made:
    (made,) = Desk(engine, load_terms(), Memory([], language), language).translate([text], "en")
    return made


def test_a_term_that_the_answer_leaves_out_is_locked_and_asked_again(language: Language) -> None:
    made = at_the_desk(Weak(BEER), "Beer is sold in bottles of 500 ml.", language)
    assert (made.text, made.checks) == ("Bia được bán trong chai 500 ml.", ())


def test_in_a_heading_in_capitals_it_stands_in_capitals(language: Language) -> None:
    said = {source: Choice(one.text.replace("bán", "bán lẻ"), one.score) for source, one in BEER.items()}
    made = at_the_desk(Weak(said), "BEER IS SOLD IN BOTTLES OF 500 ml.", language)
    assert made.text == "BIA ĐƯỢC BÁN LẺ TRONG CHAI 500 ml."


def test_a_word_that_is_lent_makes_a_text_better_and_no_more_trusted(language: Language) -> None:
    """It shows nothing of what the engine understood of the rest."""
    asked = "The importer may settle the dispute."
    made = at_the_desk(Weak(DISPUTE), asked, language)
    assert (made.text, made.checks) == ("Nhà nhập khẩu có thể giải quyết tranh chấp.", ())
    made = at_the_desk(Weak(DISPUTE, floor=-0.2), asked, language)
    assert made.text == "Nhà nhập khẩu có thể giải quyết tranh chấp."
    (doubt,) = made.checks
    assert doubt.name == "doubt"
    assert "together -0.25, and -0.20 is needed" in doubt.detail


def test_an_answer_that_is_no_better_for_it_is_not_taken(language: Language) -> None:
    worse = {**DISPUTE, "The importer may settle the XZ1.": Choice("Có thể XZ1.", -0.9)}
    made = at_the_desk(Weak(worse, floor=-2.0), "The importer may settle the dispute.", language)
    assert made.text == "Nhà nhập khẩu có thể giải quyết."


def test_a_sentence_that_is_whole_is_asked_once(language: Language) -> None:
    engine = Weak({"Beer is sold in bottles.": Choice("Bia được bán trong chai.", -0.1)})
    assert at_the_desk(engine, "Beer is sold in bottles.", language).checks == ()
    assert engine.asked == ["Beer is sold in bottles."]


# ── What is said of it ─────────────────────────────────────────────────────────────────────────────────


def test_models_list_says_what_it_is(bundle: Callable[..., Path], tmp_path: Path) -> None:
    bundle(released(EN_VI.read_bytes(), "chrF 12.3 on 60 sentences"))
    office = Office(tmp_path / "office")
    head, *rows = office.typed("models", "list", "--lang", "en").out.splitlines()
    assert head.endswith("starter, made by this project")
    facts = {row.split()[0]: " ".join(row.split()[1:]) for row in rows}
    assert facts["Quality"] == "chrF 12.3 on 60 sentences"
    assert facts["Licence"] == "CC BY-SA 4.0"
    assert facts["Attribution"].startswith("TBT Watch contributors")
    assert len(facts["SHA-256"]) == 64
    assert all(facts[name] for name in ("Data", "Origin"))
    assert "mô hình khởi đầu" in office.typed("models", "list", "--lang", "vi").out
    (record,) = office.typed("models", "list", "--json").records
    assert (record["starter"], record["bundled"], record["quality"]) == (True, True, facts["Quality"])


def test_its_text_is_called_a_trial(language: Language) -> None:
    trial = Translation(
        field="summary", language="vi", text="…", origin="machine", source_text="", engine=TRIAL
    )
    other = Translation(
        field="summary", language="vi", text="…", origin="machine", source_text="", engine="argos en-vi 1.9 0"
    )
    assert (trial.kind, other.kind) == ("trial", "machine")
    assert language.say(ORIGINS[trial.kind], "vi") == "bản dịch thử"


def test_a_message_with_such_a_text_says_so_at_its_foot() -> None:
    from test_message import letterhead, parts

    from tbt_watch.language import load_language

    text = Translation(
        field="summary", language="vi", text="Bưởi.", origin="machine", source_text="", engine=TRIAL
    )
    sent = parts(letterhead(load_language()), [dossier(POMELO, translations=[text])], "instant")
    assert "Nội dung: bản dịch thử, đã kiểm tra số liệu" in sent[-1]


def test_the_sample_is_translated_by_it(bundle: Callable[..., Path], tmp_path: Path) -> None:
    """The tiny one knows none of the sample's sentences: all that it makes up is held back, and says whose it is."""
    bundle(marked(LEAST_TRUST))
    office = Office(tmp_path / "office", config=None)
    assert office.typed("run", "--once", "--sample").code == 0
    found = office.typed("notices", "export", "--format", "jsonl", "--sample")
    texts = [one for record in found.records for one in record["translations"].values()]
    trials = [one for one in texts if one.get("trial")]
    assert trials
    assert [one["text"] for one in trials if not one["checks"]] == []


# ── How it is shipped ──────────────────────────────────────────────────────────────────────────────────


def test_a_release_says_everything_in_the_package(tmp_path: Path) -> None:
    path = place(released(EN_VI.read_bytes(), "measured"), EN_VI.name, tmp_path / "shipped")
    facts = json.loads((path / "metadata.json").read_text(encoding="utf-8"))
    assert facts["licence"] == "CC BY-SA 4.0"
    assert set(facts[STARTER]) == {"data", "quality", "least_trust"}
    assert "measured" in (path / "README.md").read_text(encoding="utf-8")


def test_the_one_that_is_shipped_is_whole_and_not_too_large(repository: Path) -> None:
    folder = repository / "tbt_watch" / "translate" / STARTER
    for path in folder.iterdir() if folder.is_dir() else ():
        model = packages.read_package(folder, path)
        assert model.starter is not None
        assert model.starter.quality
        assert model.bytes < LARGEST


def test_a_starter_weighs_its_translations_by_the_mean_of_their_tokens(tmp_path: Path) -> None:
    """And any other package as argostranslate does: what CTranslate2 finds with that penalty is what comes out."""
    import ctranslate2
    import sentencepiece

    said = [
        KNOWN,
        UNKNOWN,
        "Importers of children's bicycles keep the certificates and the reports of the tests.",
    ]
    for name, body, penalty in (("other", EN_VI.read_bytes(), 0.2), ("starter", marked(), 1.0)):
        file = tmp_path / name / EN_VI.name
        file.parent.mkdir()
        file.write_bytes(body)
        model = install_model(tmp_path / name, str(file))
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(model.path / "sentencepiece.model"))
        found = ctranslate2.Translator(str(model.path / "model"), device="cpu").translate_batch(
            pieces.encode(said, out_type=str), beam_size=4, length_penalty=penalty, replace_unknowns=True
        )
        texts = [pieces.decode_pieces(one.hypotheses[0]).replace("\u2581", " ").strip() for one in found]
        assert ArgosEngine(tmp_path / name, threads=1).translate(said, "en", "vi") == texts
