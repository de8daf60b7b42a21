"""What the starter model learns from: the sentence pairs of our own, and what is made of them."""

import csv
import io
import json
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from kept_out import TABLE, kept_out
from starter import lexicon, mix, packing, pairlocks, prepare

from tbt_watch.translate.checks.checker import check

pytestmark = pytest.mark.slow

SENTINELS = 20


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def own(repository: Path) -> list[dict[str, str]]:
    return [row for path in sorted(repository.glob("tests/starter/pairs*.tsv")) for row in table(path)]


def test_nearly_every_pair_passes_the_checks_of_the_product(own: list[dict[str, str]]) -> None:
    failed = [(row["en"], check(row["en"], row["vi"])) for row in own if check(row["en"], row["vi"])]
    assert len(failed) <= len(own) // 50, failed[:10]


def test_no_kept_out_sentence_is_learned_from(shared: Path, own: list[dict[str, str]]) -> None:
    tests = kept_out(shared)
    out = prepare.KeptOut(prepare.Pair(one.en, one.vi, "starter_test") for one in tests)
    near = [row["en"] for row in own if out.holds(prepare.Pair(row["en"], row["vi"], "own"))]
    assert len(tests) == len(TABLE.read_text(encoding="utf-8").splitlines()) - 1 == 60
    assert len(near) <= 3, near


def test_both_sides_carry_the_same_sentinels(own: list[dict[str, str]]) -> None:
    marks = [f"XZ{number}" for number in range(1, SENTINELS + 1)]
    locked = [pairlocks.locked(row["en"], row["vi"]) for row in own]
    for en, vi in locked:
        assert all(en.count(mark) == vi.count(mark) for mark in marks), (en, vi)
    assert sum("XZ1" in en for en, _ in locked) > 500


def test_a_date_in_words_and_a_number_in_vietnamese_form_are_found() -> None:
    assert pairlocks.locked(
        "From 1 July 2026 the limit is 1,500.5 mg/kg (see ISO 8124-1).",
        "Từ ngày 01 tháng 7 năm 2026, giới hạn là 1.500,5 mg/kg (xem ISO 8124-1).",
    ) == ("From XZ1 the limit is XZ2 (see XZ3).", "Từ ngày XZ1, giới hạn là XZ2 (xem XZ3).")


def test_what_has_no_certain_counterpart_stays() -> None:
    assert pairlocks.locked("7 items, 7 boxes", "7 mặt hàng, bảy hộp") == (
        "7 items, 7 boxes",
        "7 mặt hàng, bảy hộp",
    )


def test_an_epoch_is_the_same_every_time_and_another_one_differs(
    repository: Path, own: list[dict[str, str]]
) -> None:
    pairs = [prepare.Pair(row["en"], row["vi"], "own") for row in own[:200]]
    mixer = mix.Mixer(pairs, repository / "translations", mix.STABLE)
    assert mixer.epoch(0) == mixer.epoch(0)
    assert mixer.epoch(0) != mixer.epoch(1)


def test_acronyms_are_made_up_alike_in_both_sides(repository: Path) -> None:
    mixer = mix.Mixer([], repository / "translations", mix.STABLE)
    made = {
        mixer._exchanged("The agency (NHTSA) amends FMVSS", "Cơ quan (NHTSA) sửa FMVSS", random.Random(seed))
        for seed in range(20)
    }
    assert len(made) > 15
    for en, vi in made:
        assert re.findall(r"[A-Z]{2,}", en) == re.findall(r"[A-Z]{2,}", vi) != []


def test_what_is_measured_is_kept_out_whatever_its_source() -> None:
    note = prepare.Pair("Oxen are castrated adult male animals", "Bò thiến", "notes_test")
    out = prepare.KeptOut([note, prepare.Pair("Oxen", "Bò thiến", "notes_test")])
    assert out.holds(prepare.Pair("Oxen are castrated adult male animals of the genus Bos.", "Bò", "own"))
    assert not out.holds(prepare.Pair("Cows are milked twice a day on this farm.", "Bò sữa", "own"))


def test_foreign_words_are_exchanged_in_both_sides(repository: Path) -> None:
    pairs = [
        prepare.Pair("Residues of mancozeb in Capsicum", "Dư lượng mancozeb trong Capsicum", "own"),
        prepare.Pair("Approval of lufenuron on Brassica", "Phê duyệt lufenuron trên Brassica", "own"),
    ]
    mixer = mix.Mixer(pairs, repository / "translations", mix.STABLE)
    seen = set()
    for seed in range(20):
        en, vi = mixer._exchanged(pairs[0].en, pairs[0].vi, random.Random(seed))
        assert en.removeprefix("Residues of ").split(" in ") == vi.removeprefix("Dư lượng ").split(" trong ")
        seen.add(en)
    assert len(seen) > 5


def test_the_same_sentence_is_held_out_everywhere() -> None:
    sentences = [f"Sentence number {number} of the regulation" for number in range(2000)]
    held = [sentence for sentence in sentences if prepare.held_out(sentence)]
    assert 60 < len(held) < 140
    assert all(prepare.held_out(sentence.upper() + ".") for sentence in held)


def test_the_tone_mark_stands_where_the_project_writes_it() -> None:
    assert (
        prepare.traditional_tones("hoá chất, thuỷ sản, quý, khoẻ, THUỶ")
        == "hóa chất, thủy sản, quý, khỏe, THỦY"
    )


def test_every_source_has_one_licence() -> None:
    named = [source for sources in mix.LICENCES.values() for source in sources]
    assert len(named) == len(set(named))
    assert set(named) == set(mix.STABLE)


def test_the_lexicon_is_made_of_the_pairs_that_are_here(repository: Path) -> None:
    """Not to the letter: a few pairs may have been mended since."""
    pairs = lexicon.pairs(repository / "tests" / "starter", repository / "translations")
    made = lexicon.lexicon(pairs)
    shipped = {row["en"]: row["vi"].split("|") for row in table(repository / "translations" / "lexicon.tsv")}
    same = sum(made.get(word) == renderings for word, renderings in shipped.items())
    assert same > 0.95 * max(len(made), len(shipped))


def test_no_held_out_sentence_is_in_the_lexicon(repository: Path) -> None:
    pairs = lexicon.pairs(repository / "tests" / "starter", repository / "translations")
    memory = {row["en"] for row in table(repository / "translations" / "memory.tsv")}
    assert not [en for en, _ in pairs if en in memory and prepare.held_out(en)]


@pytest.mark.parametrize(("shared", "python", "said"), [
    ("nowhere", sys.executable, "has no mt/open.tsv.gz"),
    ("whole", "no-such-python", "is no interpreter that runs"),
    ("whole", "./bare", "has no torch"),
])  # fmt: skip
def test_what_the_training_lacks_is_said_in_a_sentence(
    repository: Path, tmp_path: Path, shared: str, python: str, said: str
) -> None:
    for name in (prepare.OPEN, prepare.NOTES, prepare.TARIFF):
        path = tmp_path / "whole" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    bare = tmp_path / "bare"
    bare.write_text(
        "#!/bin/sh\nprintf 'torch sacrebleu'\n"
    )  # an interpreter in whose place these are missing
    bare.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "starter.make", "--python", python, "--folder", str(tmp_path / "made")],
        env={"PYTHONPATH": f"{repository}:{repository / 'tests'}", "TBT_SHARED": str(tmp_path / shared)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (sentence,) = done.stderr.splitlines()
    assert said in sentence
    assert sentence.endswith(".")


def test_a_package_can_be_described_anew_without_being_made_anew(repository: Path) -> None:
    body = (repository / "tests" / "models" / "translate-en_vi-0_1.argosmodel").read_bytes()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        facts = json.loads(archive.read("translate-en_vi-0_1/metadata.json"))
        readme = archive.read("translate-en_vi-0_1/README.md").decode()
    assert packing.described(body, facts, readme) == body
