"""The vocabulary as shipped, and what its linter says of broken tables."""

import dataclasses
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from tbt_watch.errors import VocabularyError
from tbt_watch.language import load_language
from tbt_watch.tag.matcher import plain_words, toned_words
from tbt_watch.tag.tables import CHAPTERS, FIELDS, LANGUAGES, Crossing, Hint, Subject, Word
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped tables as a folder that a test may break."""
    with_tables = Path(str(files("tbt_watch.tag"))) / "vocabulary"
    return Path(shutil.copytree(with_tables, tmp_path / "vocabulary"))


def test_the_shipped_tables_have_no_fault(vocabulary: Vocabulary) -> None:
    assert vocabulary.check() == []
    assert len(vocabulary.sectors) == 24
    assert len(vocabulary.topics) == 17


def test_every_chapter_and_field_is_decided(vocabulary: Vocabulary) -> None:
    assert len(CHAPTERS) == 96
    assert len(FIELDS) == 40
    for chapter in CHAPTERS:
        assert (row := vocabulary.cross_hs(chapter)) is not None
        assert row.sectors, f"chapter {chapter} has no sector"
    for field in FIELDS:
        assert (row := vocabulary.cross_ics(field)) is not None
        assert row.sectors or row.note


@pytest.mark.parametrize(
    ("digits", "sectors"),
    [
        ("03", ("seafood",)),
        ("160414", ("seafood",)),
        ("160100", ("animal-products",)),
        ("12099110", ("farm-inputs",)),
        ("121190", ("pharma-medical",)),
        ("120190", ("cereals-starch",)),
        ("84713000", ("electrical-electronics",)),
        ("8413", ("machinery",)),
        ("940540", ("electrical-electronics",)),
        ("940360", ("wood-furniture",)),
        ("9018", ("pharma-medical",)),
        ("68022", ("building-materials",)),
        ("650610", ("instruments",)),
    ],
)
def test_the_longest_known_prefix_of_a_code_decides(
    vocabulary: Vocabulary, digits: str, sectors: tuple[str, ...]
) -> None:
    row = vocabulary.cross_hs(digits)
    assert row is not None
    assert row.sectors == sectors


def test_fields_of_ics_split_by_group(vocabulary: Vocabulary) -> None:
    crossed = {
        code: row.sectors for code in ("67.120.30", "67.120.10", "61.060", "61.020", "59.140.35", "13.220.40", "99.010")
        if (row := vocabulary.cross_ics(code))
    }  # fmt: skip
    assert crossed == {
        "67.120.30": ("seafood",),
        "67.120.10": ("animal-products",),
        "61.060": ("leather-footwear",),
        "61.020": ("textiles-garments",),
        "59.140.35": ("leather-footwear",),
        "13.220.40": (),
    }


def test_words_are_many_in_every_language(vocabulary: Vocabulary) -> None:
    for kind, subjects, english in (("sector", vocabulary.sectors, 25), ("topic", vocabulary.topics, 12)):
        for subject in subjects:
            for language in LANGUAGES:
                number = sum(
                    word.kind == kind and word.code == subject.code and word.language == language
                    for word in vocabulary.words
                )
                assert number >= (english if language == "en" else 10), (subject.code, language)


def test_hints_name_what_the_language_tables_know(vocabulary: Vocabulary) -> None:
    language = load_language()
    for kind, hints in (("objective", vocabulary.objectives), ("keyword", vocabulary.keywords)):
        known = {code for its_kind, code in language.values if its_kind == kind}
        assert {hint.code for hint in hints} == known, (
            f"{kind}: say what each means, or that it means nothing"
        )
    assert {hint.code for hint in vocabulary.issuers} <= set(language.issuers)


def test_groups_are_those_of_the_language_tables(vocabulary: Vocabulary) -> None:
    told = {group.code: group.members | group.also for group in load_language().groups}
    for code, members in told.items():
        assert members - {code} <= set(vocabulary.groups[code]), code


def test_labels(vocabulary: Vocabulary) -> None:
    assert vocabulary.label("seafood", "vi") == "thủy sản"
    assert vocabulary.label("residues", "en") == "residues"
    with pytest.raises(VocabularyError, match="'sea-food' is no sector"):
        vocabulary.label("sea-food", "vi")


def test_a_vocabulary_never_changes(vocabulary: Vocabulary) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        vocabulary.words = ()  # type: ignore[misc]


def _with(vocabulary: Vocabulary, **tables: object) -> list[str]:
    return dataclasses.replace(vocabulary, **tables).check()  # type: ignore[arg-type]


def test_the_linter_finds_what_is_missing(vocabulary: Vocabulary) -> None:
    assert "hs.tsv: nothing is decided about 41." in _with(
        vocabulary, hs=tuple(row for row in vocabulary.hs if row.prefix != "41")
    )
    assert "ics.tsv: nothing is decided about 97." in _with(
        vocabulary, ics=tuple(row for row in vocabulary.ics if not row.prefix.startswith("97"))
    )
    assert "words.tsv: the sector metals has no words in es." in _with(
        vocabulary,
        words=tuple(word for word in vocabulary.words if (word.code, word.language) != ("metals", "es")),
    )
    nameless = Subject(code="space", label_vi="", label_en="space")
    faults = _with(vocabulary, sectors=(*vocabulary.sectors, nameless))
    assert "sectors.tsv: space has no label in vi, or one that is not in NFC." in faults
    assert "words.tsv: the sector space has no words in en." in faults


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        (
            Word(kind="sector", code="metal", language="en", pattern="anvil"),
            "names 'metal', which the vocabulary",
        ),
        (Word(kind="sector", code="metals", language="en", pattern="Anvil"), "must be lower case"),
        (Word(kind="sector", code="metals", language="vi", pattern="the\u0301p ta\u0301m"), "in NFC"),
        (
            Word(kind="sector", code="metals", language="en", pattern="an*vil"),
            "the star must stand at the end",
        ),
        (Word(kind="sector", code="metals", language="en", pattern="anv*"), "at least 4 letters"),
        (Word(kind="sector", code="metals", language="de", pattern="amboss"), "language 'de'"),
        (Word(kind="sector", code="metals", language="en", pattern="steels"), "stands there twice"),
        (
            Word(kind="sector", code="metals", language="en", pattern="anvil", exclusions=("hammer",)),
            "does not contain 'anvil'",
        ),
    ],
)
def test_the_linter_finds_bad_words(vocabulary: Vocabulary, word: Word, fault: str) -> None:
    faults = _with(vocabulary, words=(*vocabulary.words, word))
    assert len(faults) == 1
    assert fault in faults[0]


def test_the_linter_finds_bad_rows(vocabulary: Vocabulary) -> None:
    row = Crossing(prefix="841", sectors=("machines",))
    faults = _with(
        vocabulary, hs=(*vocabulary.hs, row, vocabulary.hs[0], Crossing(prefix="9999", sectors=()))
    )
    assert faults == [
        "hs.tsv: 01 stands there twice.",
        "hs.tsv: '841' is no prefix of a code.",
        "hs.tsv: 841 names 'machines', which the vocabulary does not know.",
        "hs.tsv: '9999' begins with no chapter or field that there is.",
        "hs.tsv: 9999 has no sector and no reason for that.",
    ]
    assert _with(vocabulary, keywords=(*vocabulary.keywords, Hint(code="moon"))) == [
        "keywords.tsv: moon says nothing and gives no reason for that."
    ]
    assert _with(vocabulary, groups={"GCC": ("ARE", "GCC")}) == [
        "groups.tsv: GCC has no members, or is a member of itself."
    ]


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "ics.tsv").unlink()
    with pytest.raises(VocabularyError, match=r"ics\.tsv cannot be read"):
        load_vocabulary(folder=folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,name\n", r"topics\.tsv must begin with the columns code, label_vi"),
        (
            "code\tlabel_vi\tlabel_en\tnote\nlabelling\tghi nhãn\n",
            r"topics\.tsv, line 2, has 2 cells where 4 are due",
        ),
    ],
)
def test_a_malformed_table_is_named_with_its_line(folder: Path, text: str, message: str) -> None:
    (folder / "topics.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError, match=message):
        load_vocabulary(folder=folder)


def test_a_table_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "words.tsv").write_bytes("kind\tthủy".encode("utf-16"))
    with pytest.raises(VocabularyError, match=r"words\.tsv cannot be read"):
        load_vocabulary(folder=folder)


def test_an_unknown_weight_is_refused(folder: Path) -> None:
    path = folder / "words.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("\tstrong\t", "\tvery\t", 1), encoding="utf-8")
    with pytest.raises(VocabularyError, match="the weight 'very'"):
        load_vocabulary(folder=folder)


def test_words_are_prepared_for_matching() -> None:
    assert plain_words("VÉHICULES (à moteur), Œufs—neufs!") == " vehicules a moteur oeufs neufs "
    assert toned_words("Thuỷ sản; HOÁ chất") == " thủy sản hóa chất "
    assert plain_words("") == "  "


# A vocabulary with a circle


def test_a_circle_of_groups_is_told_and_is_walked_once(vocabulary: Vocabulary) -> None:
    turning = dataclasses.replace(
        vocabulary, groups={"NORTH": ("SWE", "SOUTH"), "SOUTH": ("CHL", "WEST"), "WEST": ("NORTH",)}
    )
    assert turning.check() == [
        "groups.tsv: NORTH → SOUTH → WEST → NORTH is a circle: no group may hold itself by way of others.",
        "groups.tsv: SOUTH → WEST → NORTH → SOUTH is a circle: no group may hold itself by way of others.",
        "groups.tsv: WEST → NORTH → SOUTH → WEST is a circle: no group may hold itself by way of others.",
    ]
    assert set(turning.groups_of["SWE"]) == {"NORTH", "SOUTH", "WEST"}


def test_a_group_in_a_group_brings_its_members(vocabulary: Vocabulary) -> None:
    nested = dataclasses.replace(vocabulary, groups={"GULF": ("GCC", "IRN"), "GCC": ("ARE", "QAT")})
    assert nested.check() == []
    assert nested.groups_of == {
        "GULF": ("GULF",), "GCC": ("GULF", "GCC"), "IRN": ("GULF",), "ARE": ("GULF", "GCC"), "QAT": ("GULF", "GCC"),
    }  # fmt: skip


def test_a_word_that_speaks_strongly_for_two_sectors_gives_a_reason(vocabulary: Vocabulary) -> None:
    anvil = Word(kind="sector", code="metals", language="en", pattern="anvil")
    other = dataclasses.replace(anvil, code="machinery")
    (fault,) = _with(vocabulary, words=(*vocabulary.words, anvil, other))
    assert fault.startswith(
        "words.tsv: 'anvil' (en) speaks strongly for metals and machinery; say why in the note"
    )
    for mended in (dataclasses.replace(other, weak=True), dataclasses.replace(other, note="both make it")):
        assert _with(vocabulary, words=(*vocabulary.words, anvil, mended)) == []


def test_a_pattern_of_one_letter_or_of_signs_would_meet_everything(vocabulary: Vocabulary) -> None:
    for pattern in ("a", "&&", "-*"):
        word = Word(kind="sector", code="metals", language="en", pattern=pattern)
        assert any(
            "must have from 2 letters" in fault
            for fault in _with(vocabulary, words=(*vocabulary.words, word))
        )
