"""The Argos engine on two tiny real models: it translates, in batches, offline, and leaves nothing behind."""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tbt_watch.errors import ModelError
from tbt_watch.translate.checks.checker import check
from tbt_watch.translate.engines import lean
from tbt_watch.translate.engines.argos import ArgosEngine, load
from tbt_watch.translate.engines.contract import Engine, NoEngine
from tbt_watch.translate.engines.models import install_model
from tbt_watch.translate.engines.packages import installed
from tbt_watch.translate.sentences.splitter import sentences

PACKAGES = Path(__file__).parent / "models"
KNOWN = {
    "The aim is to protect consumers.": "Mục đích là bảo vệ người tiêu dùng.",
    "The limit for lead in rice is 0.5 mg/kg.": "Mức giới hạn chì trong gạo là 0,5 mg/kg.",
    "Comments are due by 12 June 2026.": "Hạn góp ý là ngày 12 tháng 6 năm 2026.",
    "The measure does not apply to textiles.": "Biện pháp này không áp dụng đối với sản phẩm dệt.",
    "The sale of coffee containing mercury is prohibited.": "Cấm bán cà phê có chứa thủy ngân.",
}
PARAGRAPHS = [
    "The measure does not apply to textiles. Comments are due by 12 June 2026.",
    "The limit for lead in rice is 0.5 mg/kg.\n\nThe sale of coffee containing mercury is prohibited.",
    *KNOWN,
    "The aim is to protect human health. Requirements for the packaging of medical devices",
    "Something that the model has never seen before, and answers all the same.",
]
FRENCH = [
    "La mesure ne concerne pas le riz.",
    "La mesure ne concerne pas les textiles. Le but est de protéger les consommateurs.\n\nQuelque chose d'autre.",
    "Une phrase que le modèle n'a jamais vue, et à laquelle il répond quand même.",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for pair in ("en_vi", "fr_en"):
        install_model(folder, str(PACKAGES / f"translate-{pair}-0_1.argosmodel"))
    return folder


@pytest.fixture(scope="module")
def engine(home: Path) -> Engine:
    return ArgosEngine(home)


def test_known_sentences_come_out_right(engine: Engine) -> None:
    assert engine.translate(list(KNOWN), "en", "vi") == list(KNOWN.values())


def test_french_goes_by_way_of_english(engine: Engine) -> None:
    assert engine.pairs() == (("en", "vi"), ("fr", "en"), ("fr", "vi"))
    found = engine.translate(["La mesure ne concerne pas les textiles."], "fr", "vi")
    assert found == ["Biện pháp này không áp dụng đối với sản phẩm dệt."]


def test_it_says_which_model_it_was(engine: Engine) -> None:
    said = engine.describe("en", "vi")
    assert said is not None
    assert said.startswith("argos en-vi 0.1 ")
    assert engine.describe("fr", "vi") == f"{engine.describe('fr', 'en')} + {said.removeprefix('argos ')}"
    assert engine.describe("es", "vi") is None
    assert engine.describe("vi", "en") is None


def test_a_missing_pair_is_one_sentence(engine: Engine) -> None:
    with pytest.raises(
        ModelError, match=r"for es-vi is installed: run tbt-watch models install es-en and en-vi\."
    ):
        engine.translate(["Hola."], "es", "vi")


def test_no_engine_has_no_pairs() -> None:
    engine: Engine = NoEngine()
    assert engine.pairs() == ()
    assert engine.describe("en", "vi") is None
    with pytest.raises(ModelError, match="No translation model for en-vi"):
        engine.translate(["Toys."], "en", "vi")


def spanish(folder: Path) -> Path:
    """A package that says it is es-en: the French one with other facts. What it says is nonsense, and the same
    nonsense on both ways."""
    file = folder / "translate-es_en-0_1.argosmodel"
    with (
        zipfile.ZipFile(PACKAGES / "translate-fr_en-0_1.argosmodel") as french,
        zipfile.ZipFile(file, "w") as made,
    ):
        for name in french.namelist():
            body = french.read(name)
            if name.endswith("/metadata.json"):
                body = json.dumps(json.loads(body) | {"from_code": "es", "from_name": "Spanish"}).encode()
            made.writestr(name.replace("fr_en", "es_en"), body)
    return file


def argos_way(home: Path, source: str, texts: list[str], beam: int) -> list[str]:
    """argostranslate's own loop, one text at a time; its splitter, which it would download, is ours."""
    package = lean.argos_package(home)
    if package is None:
        pytest.fail("argostranslate is in the lock and must be there for the tests")
    with lean.installing_into(home, home / "packages"), pytest.MonkeyPatch.context() as patched:
        from argostranslate import settings, translate

        patched.setattr(settings, "beam_size", beam)
        translate.get_installed_languages.cache_clear()
        translate.installed_translates.clear()
        way = translate.get_translation_from_codes(source, "vi")
        for leg in (getattr(way, "t1", way), getattr(way, "t2", way)):
            leg.underlying.sentencizer.split_sentences = sentences
        return [way.translate(text) for text in texts]


@pytest.mark.parametrize("beam", [1, 4])
@pytest.mark.parametrize("source", ["en", "fr", "es"])
def test_the_same_as_argostranslates_own_way(home: Path, tmp_path: Path, source: str, beam: int) -> None:
    """Ours, in batches across texts, against theirs, one text at a time, on the same packages, with one splitter and
    the same beam; French and Spanish by way of English."""
    both = tmp_path / "home"
    shutil.copytree(home, both)
    install_model(both, str(spanish(tmp_path)))
    texts = PARAGRAPHS if source == "en" else FRENCH
    assert ArgosEngine(both, beam=beam).translate(texts, source, "vi") == argos_way(both, source, texts, beam)


def test_where_we_differ_from_argostranslate(home: Path, engine: Engine) -> None:
    """It makes every ``_`` a blank, and gives the model addresses to make something of."""
    tokens = ["▁see", "▁a", "_", "b"]
    package = lean.argos_package(home)
    (ours,) = (model for model in installed(home) if model.pair == "en-vi")
    assert package is not None
    assert package.Package(ours.path).tokenizer.decode(tokens).strip() == "see a b"
    assert load(ours).join(tokens) == "see a_b"
    address = "https://example.org/a_b_c"
    assert argos_way(home, "en", [address], 4) != [address]
    assert engine.translate([address], "en", "vi") == [address]


def test_the_batch_changes_nothing(home: Path) -> None:
    together = ArgosEngine(home, batch=32).translate(PARAGRAPHS, "en", "vi")
    alone = ArgosEngine(home, threads=1, batch=1)
    assert [alone.translate([text], "en", "vi")[0] for text in PARAGRAPHS] == together


def test_another_beam_is_another_answer(home: Path, engine: Engine) -> None:
    """What failed its checks can be tried another way, on both legs of a pivot too."""
    unknown = PARAGRAPHS[-1:]
    wide = engine.translate(unknown, "en", "vi")
    greedy = engine.translate(unknown, "en", "vi", beam=1)
    assert greedy != wide
    assert ArgosEngine(home, beam=1).translate(unknown, "en", "vi") == greedy
    assert engine.translate(unknown, "en", "vi", beam=4) == engine.translate(unknown, "en", "vi") == wide
    french = ["Quelque chose que le modèle n'a jamais vu auparavant."]
    assert ArgosEngine(home, beam=2).translate(french, "fr", "vi") == engine.translate(
        french, "fr", "vi", beam=2
    )


def test_lines_lists_and_addresses_stay_where_they_are(engine: Engine) -> None:
    text = (
        "\nThe measure does not apply to textiles.\n\n(a) The measure does not apply to cement.\n"
        "- https://example.org/a_b_c?x=1\nG/TBT/N/USA/138/Rev.1\n42\n"
    )
    expected = (
        "\nBiện pháp này không áp dụng đối với sản phẩm dệt.\n\n"
        "(a) Biện pháp này không áp dụng đối với xi măng.\n"
        "- https://example.org/a_b_c?x=1\nG/TBT/N/USA/138/Rev.1\n42\n"
    )
    assert engine.translate([text], "en", "vi") == [expected]


def test_control_characters_do_not_reach_the_model(engine: Engine) -> None:
    text = "The measure\x00 does not\u200b apply\r\nto"
    assert engine.translate([text], "en", "vi") == engine.translate(
        ["The measure does not apply\nto"], "en", "vi"
    )


@pytest.mark.parametrize("text", ["", " ", "\n\n", "3.5", "…", "G/TBT/N/VNM/1"])
def test_nothing_to_translate(engine: Engine, text: str) -> None:
    assert engine.translate([text], "en", "vi") == [text]


def test_nothing_at_all_and_the_same_language(engine: Engine) -> None:
    assert engine.translate([], "en", "vi") == []
    assert engine.translate(["Đồ chơi"], "vi", "vi") == ["Đồ chơi"]


def test_a_very_long_text(engine: Engine) -> None:
    sentence = "The limit for lead in rice is 0.5 mg/kg. "
    assert engine.translate([sentence * 2500], "en", "vi") == [(KNOWN[sentence.strip()] + " ") * 2500]
    unbroken = engine.translate(["toys and rice, " * 400], "en", "vi")[0]
    assert len(unbroken) > 400


@pytest.mark.parametrize(
    "word",
    ["a", "A-", "1,", ".", "No. 5 ", "x@", "(", "a. "],
)
def test_a_hundred_thousand_of_anything_ends(engine: Engine, word: str) -> None:
    """No pattern may take the square of the length: these took minutes once."""
    text = word * (100_000 // len(word))
    began = time.monotonic()
    found = engine.translate([text], "en", "vi")[0]
    check(text, found)
    assert time.monotonic() - began < 100


@pytest.mark.usefixtures("socket_disabled")
def test_it_needs_no_network(home: Path) -> None:
    sentence = next(iter(KNOWN))
    assert ArgosEngine(home).translate([sentence], "en", "vi") == [KNOWN[sentence]]


def test_it_works_without_argostranslate(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ArgosEngine(home).translate(PARAGRAPHS, "en", "vi"), ArgosEngine(home).describe("fr", "vi")
    monkeypatch.setattr(lean, "argos_available", lambda: "argostranslate is not installed")
    engine = ArgosEngine(home)
    assert (engine.translate(PARAGRAPHS, "en", "vi"), engine.describe("fr", "vi")) == expected


def test_doctor_hears_that_argostranslate_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lean.argos_available() is None
    lean.argos_available.cache_clear()
    monkeypatch.setattr(lean, "find_spec", lambda name: None)
    try:
        assert "pip install --no-deps argostranslate" in (lean.argos_available() or "")
    finally:
        lean.argos_available.cache_clear()


PROBE = """
import json, os, sys
before = dict(os.environ)
from tbt_watch.translate.engines.argos import ArgosEngine, load
from tbt_watch.translate.checks.checker import check
early = [name for name in ("argostranslate", "ctranslate2", "stanza", "minisbd") if name in sys.modules]
from pathlib import Path
text = ArgosEngine(Path(sys.argv[1])).translate(["The measure does not apply to textiles."], "en", "vi")
heavy = ("stanza", "minisbd", "minisbd.models", "spacy", "torch", "onnxruntime")
late = [name for name in heavy if name in sys.modules]
print(json.dumps([early, late, "argostranslate.package" in sys.modules, dict(os.environ) == before, text]))
"""


def test_it_leaves_no_stand_ins_and_nothing_in_the_home(home: Path, tmp_path: Path, repository: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(repository),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE, str(home)],
        env=env, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    early, late, used, same_environment, text = json.loads(done.stdout)
    assert (early, late, used, same_environment) == ([], [], True, True)
    assert text == ["Biện pháp này không áp dụng đối với sản phẩm dệt."]
    assert list(tmp_path.iterdir()) == []
