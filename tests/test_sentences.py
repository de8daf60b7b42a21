"""What errors, issues and failed checks say: a wording for every sentence of the code, and no value lost in it."""

import json
import re
import string
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sayings
from babel.messages.pofile import read_po
from hypothesis import example, given
from hypothesis import strategies as st

from tbt_watch.cli import tbt_watch_command
from tbt_watch.cli.frame import run_guarded
from tbt_watch.domain.work import Issue
from tbt_watch.errors import LanguageError
from tbt_watch.language import Language, Sentences, translations_dir
from tbt_watch.store import Store

CATALOG = translations_dir() / "sentences.vi.po"

OPAQUE = {
    # what is handed on was composed, and found, elsewhere
    "tbt_watch/collect/glimpse.py": ["str(answer['error'])"],
    "tbt_watch/collect/stage.py": ["issue.message", "issue.todo", "str(error)"],
    "tbt_watch/normalise/stage.py": ["message", "todo", "remark.message", "remark.todo"],
    "tbt_watch/deliver/complaints.py": ["message"],
    "tbt_watch/deliver/consent.py": [
        "str(error) if own else f'{who.name} could not be asked at {who.address}: {error}'"
    ],
    "tbt_watch/deliver/telegram.py": ["str(fault)"],
    "tbt_watch/store/deliveries.py": ["why"],
    "tbt_watch/store/notices.py": ["decision.why"],
    # a kind out of a table, all of whose sentences are found
    "tbt_watch/bot/loop.py": ["message", "todo"],
    "tbt_watch/collect/faults.py": ["message", "todo"],
    # the values that a key may have
    "tbt_watch/config/reading.py": ["f'{names}; did you mean \"{near[0]}\"?' if near else names"],
    "tbt_watch/translate/memory/exchange.py": ["why"],
    # words of the two texts themselves
    "tbt_watch/translate/checks/checker.py": ["detail"],
    "tbt_watch/translate/checks/meaning.py": ["base(word)"],
    "tbt_watch/translate/checks/wording.py": [
        "' '.join(dict.fromkeys(left))",
        "' '.join(run)",
        "f'U+{ord(noise):04X}' if len(noise) == 1 else noise",
    ],
}
"""Modules → the expressions in them that are a sentence of which the source does not tell the words."""


def catalog() -> dict[tuple[str, str], str]:
    """(context, English template) → the Vietnamese one."""
    with CATALOG.open("rb") as file:
        read = read_po(file, locale="vi", charset="utf-8", abort_invalid=True)
    return {(one.context or "", str(one.id)): str(one.string) for one in read if one.id and not one.fuzzy}


KNOWN = catalog()
VIETNAMESE = Sentences(CATALOG, "vi")


def pieces(template: str) -> Iterator[tuple[str, str | None]]:
    for literal, name, form, conversion in string.Formatter().parse(template):
        assert not form
        assert not conversion
        yield literal, name


def places(template: str) -> list[str]:
    return [name for _, name in pieces(template) if name is not None]


# ── The catalog and the code ────────────────────────────────────────────────────────────────────────────


def test_every_sentence_of_the_code_has_a_wording() -> None:
    lacking = [
        f"{one.where}: {one.template}"
        for one in sayings.found()
        if not KNOWN.get((one.context, one.template), "").strip()
    ]
    assert lacking == []


def test_no_wording_is_of_a_sentence_that_nothing_composes() -> None:
    assert sorted(set(KNOWN) - {(one.context, one.template) for one in sayings.found()}) == []


def test_a_sentence_of_which_the_source_does_not_tell_the_words_is_named_here() -> None:
    known = {f"{where}: {expr}" for where, some in OPAQUE.items() for expr in some}
    assert sorted(set(sayings.opaque()) ^ known) == []


def test_the_walk_finds_sentences_however_they_are_built() -> None:
    found = {one.template: one.where for one in sayings.found()}
    wanted = {
        "There is no file {1}: check the path.": "cli/collect.py",  # raised as it stands
        "{1} shows no title of an article where it is due: the page has changed, and the spider must be brought up to "
        "date.": "source/articles.py",  # one of two words
        "The disk is full: {1} could not be written; free some space and run this again, nothing is lost.": (
            "store/database.py"
        ),  # built by a function
        "{1} did not answer in time.": "collect/faults.py",  # one of a pair that a function hands back
        "Messages wait for the channel {1}, which is not switched on.": "deliver/complaints.py",  # handed over
        "The site asks robots to leave this alone: use its key, its workbook or a file instead.": (
            "collect/faults.py"
        ),  # out of a table
        "words.tsv: the {1} {2} has no words in {3}.": "tag/lint.py",  # yielded
    }
    assert {text for text, where in wanted.items() if where not in found.get(text, "")} == set()


def test_a_wording_has_the_places_of_its_sentence_once_each() -> None:
    wrong = [english for (_, english), own in KNOWN.items() if sorted(places(english)) != sorted(places(own))]
    assert wrong == []
    numbered = [
        english
        for _, english in KNOWN
        if places(english) != [str(number) for number in range(1, len(places(english)) + 1)]
    ]
    assert numbered == []


KEPT = re.compile(
    r"(?:tbt-watch [a-z]+(?: [a-z]+)?|--[a-z-]+|TBT_[A-Z_]+|https?://\S+|\b[a-z_]+\.(?:tsv|toml|json))"
)


def test_a_wording_keeps_commands_options_and_names_of_files() -> None:
    """What a person must type or look for stands in both languages alike."""
    lost = []
    for (_, english), own in KNOWN.items():
        for name in KEPT.findall(english):
            first = " ".join(name.split()[:2]).rstrip(".,;:)")
            if first not in own:
                lost.append(f"{first}: {own}")
    assert lost == []


def test_wordings_are_vietnamese_in_nfc_and_end_as_their_sentence_does() -> None:
    marks = re.compile(
        r"[àáảãạăắằẳẵặâấầẩẫậèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵđ]", re.IGNORECASE
    )
    for (_, english), own in KNOWN.items():
        assert unicodedata.is_normalized("NFC", own)
        assert own == own.strip()
        assert not own.endswith(".") or english.endswith((".", "?")), own
        if len(re.findall(r"[a-z]{3,} ", english)) > 3:
            assert marks.search(own), own


# ── What comes out ──────────────────────────────────────────────────────────────────────────────────────

odd = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",))
    | st.sampled_from(list("{}[]()\\^$.*+?|/%&'\"\n\t 0123456789")),
    max_size=30,
)


TEMPLATES = [english for context, english in KNOWN if not context and places(english)]


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A template and any values for it, none of which holds what stands between them."""
    template = TEMPLATES[draw(st.integers(0, len(TEMPLATES) - 1))]
    literals = [literal for literal, _ in pieces(template) if literal]
    values = [
        draw(odd.filter(lambda value: not any(one in value for one in literals))) for _ in places(template)
    ]
    return template, values


@given(sentences())
@example(("{1} could not be read ({2}): give a text file with a number a line.", ["a{0}\n", ".*"]))
@example(("{1}: {2}", ["", "aaa aaa"]))
def test_every_value_comes_through_untouched(made: tuple[str, list[str]]) -> None:
    template, values = made
    sentence = template.format(None, *values)
    said = VIETNAMESE.word(sentence)
    assert said != sentence or not re.search(r"[a-z]{3,} [a-z]{3,}", template)
    for value in values:
        assert value in said or VIETNAMESE.word(value) in said


@given(odd)
def test_what_nobody_composed_comes_back_as_it_is(text: str) -> None:
    assert VIETNAMESE.word(text) == text or " " in text
    assert VIETNAMESE.detail(text) == text or " " in text


@pytest.mark.parametrize("text", ["a b, a b: " * 12_000, "a b: " * 400, "a b, a b: " * 100])
def test_what_somebody_wrote_to_be_read_in_many_ways_comes_to_an_end(text: str) -> None:
    """An enterprise reports what it likes, and a page of the curators words it: one that is tried in every way of
    reading would never end, or end the program."""
    said = f"row 3: {text}"
    assert VIETNAMESE.word(text) == text
    assert VIETNAMESE.detail(text) == text
    assert text.strip() in VIETNAMESE.word(said)


def test_the_template_that_says_most_wins(language: Language) -> None:
    known = "https://x.example/a answered JSON without a (it has nothing): the interface has changed, and the spider "
    said = language.said(known + "must be brought up to date.", "vi")
    assert said.startswith("https://x.example/a trả về JSON không có a (không có gì)")


def test_a_sentence_in_a_sentence_is_worded_too(language: Language) -> None:
    why = "Telegram asks to wait 30 seconds; it is tried again then."
    said = language.said(f"Edition 7 did not reach Công ty {{A}} by telegram: {why}", "vi")
    assert said == (
        "Kỳ tin 7 không đến được Công ty {A} qua kênh telegram: "
        "Telegram yêu cầu chờ 30 giây; sau đó hệ thống sẽ thử lại."
    )
    both = language.said(
        "https://a.example/ did not answer in time; nor could it be read from www.b.example.", "vi"
    )
    assert (
        both == "https://a.example/ không phản hồi trong thời gian chờ; cũng không đọc được từ www.b.example."
    )
    disk = language.said(
        "/d/x.csv could not be written (No space left on device): check the folder and the room on disk.",
        "vi",
    )
    assert disk == "Không ghi được /d/x.csv (ổ đĩa hết chỗ): hãy kiểm tra thư mục và chỗ trống trên ổ đĩa."


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("90 is missing, 75 is not in the original", "thiếu 90, 75 không có trong nguyên văn"),
        ("5, 6 mg stand in another order", "5, 6 mg đứng sai thứ tự"),
        ("2 of 5 words are not rendered: lead, zinc", "2/5 từ chưa được dịch: lead, zinc"),
        ("at most 5 became at least 5", "tối đa 5 bị dịch thành tối thiểu 5"),
        ("the following, of", "the following, of"),
    ],
)
def test_what_a_check_says_is_worded_piece_by_piece(language: Language, detail: str, said: str) -> None:
    assert language.said_of_check(detail, "vi") == said
    assert language.said_of_check(detail, "en") == detail


def test_what_the_checks_really_say_is_worded(language: Language) -> None:
    from tbt_watch.translate.checks import checker

    failed = checker.check(
        "The limit shall not exceed 5 mg/kg of lead (see ISO 1234) before 1 May 2026.",
        "Giới hạn phải vượt quá 6 mg/kg chì trước ngày 2 tháng 5 năm 2026",
    )
    assert {one.name for one in failed} >= {"numbers", "codes", "dates"}
    for one in failed:
        said = language.said_of_check(one.detail, "vi")
        assert said != one.detail, one
        assert not re.search(r"\b(?:is|missing|original|became)\b", said), said


def test_a_missing_catalog_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match=r"sentences\.vi\.po"):
        Sentences(tmp_path / "sentences.vi.po", "vi").word("x")


# ── On the screen ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office(tmp_path: Path, store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration and a store in which something went wrong."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(f'[store]\npath = "{store.path}"\n', encoding="utf-8")
    store.issues.open(
        Issue(
            source="deliver",
            key="channel email",
            kind="channel-refused",
            message="The mail server mail.example:587 did not take the letter (it answered 451): it is tried again.",
            todo="Mend the access; everything for this channel waits and goes out with a later run.",
            opened_at=now,
        )
    )
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run_guarded(tbt_watch_command, list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_errors_are_in_the_language_that_was_asked_for(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("issues", "show", "99")
    assert said(capsys, *words, "--lang", "en")[2] == (
        "There is no issue 99; tbt-watch issues list shows the open ones.\n"
    )
    assert said(capsys, *words, "--lang", "vi") == (
        2, "", "Không có vấn đề 99; lệnh tbt-watch issues list liệt kê các vấn đề đang mở.\n"
    )  # fmt: skip
    assert said(capsys, *words)[2].startswith("Không có vấn đề 99")  # the configuration's language
    with (office / "config.toml").open("a") as file:
        file.write("[other]\n")
    bad = said(capsys, *words, "--lang", "vi")
    assert bad[0] == 2
    assert bad[2].startswith("config.toml, other: không có mục này")
    assert "[" not in bad[2].split(":")[0]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (["issues", "show"], "Thiếu tham số 'NUMBER': xem tbt-watch issues show --help."),
        (["issues", "show", "x"], "Giá trị của 'NUMBER' không đúng: 'x' không phải là số nguyên: xem"),
        (["issues", "foo"], "Không có lệnh 'foo': xem tbt-watch issues --help."),
        (["notices", "list", "--limt", "3"], "Không có tùy chọn '--limt'. Có phải '--limit' không? Xem"),
        (["notices", "export", "--format", "q"], "Giá trị của '--format' không đúng: 'q' không thuộc"),
        (["deliveries", "list", "--since", "3"], "Giá trị của '--since' không đúng: '3' không đúng dạng"),
        (
            ["notices", "list", "--limit", "-1"],
            "Giá trị của '--limit' không đúng: -1 nhỏ hơn mức thấp nhất là 1: xem",
        ),
        (
            ["deliveries", "list", "--limit", "0"],
            "Giá trị của '--limit' không đúng: 0 nhỏ hơn mức thấp nhất là 1: xem",
        ),
        (["notices", "search", "--limit", "-9", "x"], "Giá trị của '--limit' không đúng: -9 nhỏ hơn"),
        (["issues", "list", "--config"], "Tùy chọn '--config' cần có giá trị: xem"),
        (["init", "a", "b"], "Thừa các tham số (a b): xem"),
    ],
)
def test_what_was_mistyped_is_told_in_vietnamese(
    capsys: pytest.CaptureFixture[str], words: list[str], start: str
) -> None:
    code, _, err = said(capsys, *words, "--lang", "vi") if words[-1] != "--config" else said(capsys, *words)
    assert code == 2
    assert err.startswith(start)


def test_issues_and_status_are_in_the_readers_language_and_json_is_english(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vi = "Máy chủ thư mail.example:587 không nhận thư (trả lời 451): hệ thống sẽ thử lại."
    en = "The mail server mail.example:587 did not take the letter (it answered 451): it is tried again."
    for words in (["issues", "list"], ["issues", "show", "1"], ["status"]):
        assert vi in said(capsys, *words, "--lang", "vi")[1]
        assert en in said(capsys, *words, "--lang", "en")[1]
    assert "→ Hãy sửa thông tin truy cập của kênh" in said(capsys, "issues", "show", "1", "--lang", "vi")[1]
    told = json.loads(said(capsys, "issues", "list", "--json", "--lang", "vi")[1])
    assert told["message"] == en
    assert told["kind"] == "channel-refused"
