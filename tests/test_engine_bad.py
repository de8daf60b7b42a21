"""What the engine is given that it should not be: each has a clear outcome, and nothing is lost."""

import json
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tbt_watch.errors import ModelError
from tbt_watch.translate.engines.argos import TOKENS, ArgosEngine, batches
from tbt_watch.translate.engines.contract import Engine
from tbt_watch.translate.engines.models import install_model
from tbt_watch.translate.engines.packages import broken

PACKAGES = Path(__file__).parent / "models"
EN_VI = PACKAGES / "translate-en_vi-0_1.argosmodel"
KNOWN, RIGHT = "The aim is to protect consumers.", "Mục đích là bảo vệ người tiêu dùng."


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("models")
    for pair in ("en_vi", "fr_en"):
        install_model(folder, str(PACKAGES / f"translate-{pair}-0_1.argosmodel"))
    return ArgosEngine(folder)


def by_hand(home: Path) -> Path:
    """A package that nobody installed: unpacked into the folder, so that nothing is known of what it was."""
    with zipfile.ZipFile(EN_VI) as package:
        package.extractall(home / "packages")
    return home / "packages" / "translate-en_vi-0_1"


# ── Models ──────────────────────────────────────────────────────────────────────────────────────────────


def test_no_model(tmp_path: Path) -> None:
    engine = ArgosEngine(tmp_path)
    assert (engine.pairs(), engine.describe("en", "vi")) == ((), None)
    with pytest.raises(ModelError, match=r"run tbt-watch models install en-vi\.$"):
        engine.translate([KNOWN], "en", "vi")


@pytest.mark.parametrize(
    "missing", ["metadata.json", "sentencepiece.model", "model/model.bin", "model/config.json"]
)
def test_half_a_model_is_none(tmp_path: Path, missing: str) -> None:
    (by_hand(tmp_path) / missing).unlink()
    engine = ArgosEngine(tmp_path)
    assert engine.pairs() == ()
    assert len(broken(tmp_path)) == 1
    with pytest.raises(ModelError, match="No translation model for en-vi is installed"):
        engine.translate([KNOWN], "en", "vi")


@pytest.mark.parametrize("half", ["sentencepiece.model", "model/model.bin", "model/shared_vocabulary.json"])
def test_half_a_file_of_a_model_is_said(tmp_path: Path, half: str) -> None:
    file = by_hand(tmp_path) / half
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(ModelError, match=r"cannot be loaded: remove it with tbt-watch models remove en-vi"):
        ArgosEngine(tmp_path).translate([KNOWN], "en", "vi")


def test_a_model_that_is_mended_is_used_at_once(tmp_path: Path) -> None:
    """The service goes on running while somebody looks after its models."""
    file = by_hand(tmp_path) / "model" / "model.bin"
    whole = file.read_bytes()
    engine = ArgosEngine(tmp_path)
    assert engine.translate([KNOWN], "en", "vi") == [RIGHT]
    file.write_bytes(whole[:500])
    with pytest.raises(ModelError, match="cannot be loaded"):
        engine.translate([KNOWN], "en", "vi")
    file.write_bytes(whole)
    assert engine.translate([KNOWN], "en", "vi") == [RIGHT]


def test_a_model_of_another_pair(tmp_path: Path) -> None:
    """A package is what its metadata says, whatever its folder is called; and never does another pair's work."""
    file = by_hand(tmp_path) / "metadata.json"
    file.write_text(
        json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"from_code": "de"}), encoding="utf-8"
    )
    engine = ArgosEngine(tmp_path)
    assert engine.pairs() == (("de", "vi"),)
    with pytest.raises(ModelError, match="No translation model for en-vi"):
        engine.translate([KNOWN], "en", "vi")


def test_a_language_that_nobody_knows(engine: Engine) -> None:
    for source, target in (("", "vi"), ("xx", "vi"), ("en", ""), ("vi", "en")):
        assert engine.describe(source, target) is None
        with pytest.raises(ModelError):
            engine.translate([KNOWN], source, target)


# ── Texts ───────────────────────────────────────────────────────────────────────────────────────────────


def test_control_characters(engine: Engine) -> None:
    dirty = "The aim\x00 is\x07 to\u202e protect\ufeff consu\u00admers.\r\n\x1b[31m42\x7f"
    assert engine.translate([dirty], "en", "vi") == [f"{RIGHT}\n[31m42"]


@pytest.mark.parametrize(
    "text", ["12 345,67", "0.5", "2026-11-21", "(1)", "±0.5 %", "8471.30", "10–20", "1/2", "½"]
)
def test_only_numbers_stay_as_they_are(engine: Engine, text: str) -> None:
    assert engine.translate([text], "en", "vi") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Mức giới hạn chì trong gạo là 0,5 mg/kg.",
        "The aim is to protect consumers. Mục đích là bảo vệ người tiêu dùng. Le but est de protéger la santé.",
        "La medida no se aplica a los textiles.",
        "本标准规定了玩具的要求。 Настоящий стандарт. هذا المعيار",
        "THE AIM IS TO PROTECT CONSUMERS",
        "🙂 ☃ \U0001f9f8 toys",
        "XZ1 XZ2 XZ3",
    ],
)
def test_what_is_not_the_language_that_was_said(engine: Engine, text: str) -> None:
    """The engine says something in as many lines; whether it may be shown is for the checks."""
    for source in ("en", "fr"):
        found = engine.translate([f"{text}\n\n{text}", KNOWN], source, "vi")
        first, second = found
        lines = first.split("\n")
        assert (len(lines), lines[1]) == (3, "")
        assert lines[0] == lines[2]
        assert second
        assert all(unicodedata.is_normalized("NFC", one) for one in found)


def test_a_sentence_that_is_known_stays_right_among_others(engine: Engine) -> None:
    mixed = f"Mục đích là bảo vệ người tiêu dùng.\n{KNOWN}\n0.5\n{KNOWN} Hola."
    lines = engine.translate([mixed], "en", "vi")[0].split("\n")
    assert (lines[1], lines[2]) == (RIGHT, "0.5")
    assert lines[3].startswith(f"{RIGHT} ")


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=40), max_size=4))
def test_any_text_has_an_answer(engine: Engine, texts: list[str]) -> None:
    found = engine.translate(texts, "en", "vi", beam=1)
    assert len(found) == len(texts)
    for text in found:
        assert unicodedata.is_normalized("NFC", text)
        assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Co"} for c in text)


# ── Very much ───────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.integers(0, 400), max_size=200), st.integers(1, 40))
def test_batches_hold_every_sentence_once_and_have_a_bound(lengths: list[int], most: int) -> None:
    found = list(batches(lengths, most))
    assert sorted(index for batch in found for index in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) <= most
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= TOKENS


GROWTH = """
import random, sys
from pathlib import Path
from tbt_watch.translate.engines.argos import ArgosEngine

def peak():
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024

chance = random.Random(4)
words = "toys rice lamps lead coffee textiles medical devices packaging consumers".split()
short = [" ".join(chance.choices(words, k=4)) + f" {number}" for number in range(5000)]
long = ". ".join(" ".join(chance.choices(words, k=30)).capitalize() for _ in range(520))
engine = ArgosEngine(Path(sys.argv[1]), threads=2)
engine.translate(["Toys."], "en", "vi")
before = peak()
assert len(long) > 100_000
found = engine.translate([*short, long, *short], "en", "vi", beam=1)
assert len(found) == 10_001 and found[:5000] == found[5001:] and all(found)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak memory of a process is read from /proc"
)
def test_ten_thousand_texts_and_one_of_a_hundred_thousand_characters(
    tmp_path: Path, repository: Path
) -> None:
    by_hand(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, str(tmp_path)],
        cwd=repository, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) < 150  # MB
