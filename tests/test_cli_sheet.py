"""What ``notices show`` prints of texts that no reader sees: held back, or outrun by a changed original."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from desk import Desk
from engines import Scripted
from test_translate_stage import ENGINE, NOTICE, SUMMARY, TITLE, House

from tbt_watch import curate
from tbt_watch.language import Language
from tbt_watch.store import Store
from tbt_watch.translate.engines.contract import NoEngine

HELD = "Giữ lại vì không đạt kiểm tra"
BEFORE, CHANGED = "Bản dịch của cán bộ trước khi nguyên văn thay đổi:", "Chỗ thay đổi trong nguyên văn:"


class Office(House):
    """A notice in the store of an office, and what the office sees of it."""

    def __init__(self, folder: Path, store: Store, language: Language, now: datetime) -> None:
        super().__init__(store, language, now)
        self.desk = Desk(folder)

    def sheet(self, lang: str = "vi") -> list[str]:
        done = self.desk.typed("notices", "show", NOTICE.key, "--lang", lang)
        assert (done.code, done.err) == (0, "")
        return done.out.splitlines()


@pytest.fixture
def office(tmp_path: Path, empty_database: bytes, language: Language, now: datetime) -> Iterator[Office]:
    path = tmp_path / "data" / "tbt-watch.db"
    path.parent.mkdir()
    path.write_bytes(empty_database)
    with Store.open(path) as store:
        yield Office(tmp_path, store, language, now)


def below(lines: list[str], line: str) -> str:
    """The line below the first that begins so."""
    at = next(number for number, one in enumerate(lines) if one.startswith(line))
    return lines[at + 1]


# ── held back ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_machine_s_text_that_failed_stands_below_the_original_with_what_it_failed(office: Office) -> None:
    office.run(Scripted(ENGINE.answers | {"They shall not wait.": "Chúng được chờ."}))
    lines = office.sheet()
    (held,) = (line for line in lines if line.startswith(HELD))
    assert below(lines, "Chưa dịch:") == f"  {SUMMARY}"
    assert below(lines, f"  {SUMMARY}") == held
    assert below(lines, HELD) == "  Vườn lượng tử cần 5 mg chăm sóc. Chúng được chờ."
    label = office.language.label("check", "negation", "vi")
    assert label != "negation"
    assert held == f"{HELD} ({label}):"
    assert "Vườn lượng tử" in lines, "what passed stands as ever"
    assert "Chúng được chờ" not in "\n".join(office.sheet("en")), (
        "whoever reads the original needs no Vietnamese"
    )


def test_a_text_that_passed_leaves_nothing_held_back(office: Office) -> None:
    office.run()
    text = "\n".join(office.sheet())
    assert "Vườn lượng tử cần 5 mg chăm sóc. Chúng không được chờ." in text
    assert HELD not in text
    assert BEFORE not in text
    office.write("summary", "Vườn của Lan cần 5 mg chăm sóc. Chúng không được chờ.")
    assert BEFORE not in "\n".join(office.sheet()), "what a person wrote stands, for its original does"


# ── outrun by a changed original ────────────────────────────────────────────────────────────────────────


def test_what_a_person_wrote_stands_beside_what_changed_in_the_original(office: Office) -> None:
    office.run(NoEngine())
    office.write("title", "Vườn của Lan")
    assert office.sheet().count("Vườn của Lan") == 1
    office.change(title="Quantum prairies and gardens")
    office.run(NoEngine())
    lines = office.sheet()
    assert below(lines, "Chưa dịch:") == "  Quantum prairies and gardens"
    assert below(lines, BEFORE) == "  Vườn của Lan"
    assert below(lines, CHANGED) == "  Quantum {+prairies and+} gardens"
    assert "Vườn của Lan" not in "\n".join(office.sheet("en"))
    office.change(title=TITLE)
    office.run(NoEngine())
    lines = office.sheet()
    assert BEFORE not in lines
    assert "Vườn của Lan" in lines, "the original came back, and what was written for it"


def test_a_long_change_is_told_whole_and_in_lines_that_fit(office: Office) -> None:
    office.run(NoEngine())
    office.write("summary", "Vườn của Lan cần 5 mg chăm sóc. " * 9)
    office.change(summary=f"{SUMMARY.replace('5 mg', '7 mg')} {'They shall not wait. ' * 20}".strip())
    office.run(NoEngine())
    lines = office.sheet()
    told = lines[lines.index(BEFORE) :]
    at = told.index(CHANGED)
    assert " ".join(map(str.strip, told[1:at])) == ("Vườn của Lan cần 5 mg chăm sóc. " * 9).strip()
    end = told.index("", at)
    changed = " ".join(map(str.strip, told[at + 1 : end]))
    assert changed.startswith("The quantum gardens need [-5-] {+7+} mg of care.")
    assert changed.count("wait.") == 21
    assert max(map(len, told[:end])) <= 100


def test_headings_that_a_person_wrote_are_shown_when_their_facts_changed(office: Office) -> None:
    office.run()
    office.write("headline", "Hoa Kỳ: vườn lượng tử của Lan")
    office.write("opening", "Hạn góp ý là ngày 31/12/2026.")
    lines = office.sheet()
    assert "Hoa Kỳ: vườn lượng tử của Lan" in lines
    assert "Hạn góp ý là ngày 31/12/2026." in lines
    assert BEFORE not in lines
    curate.amend_field(
        office.store, office.item, "comment_until", date(2026, 12, 1).isoformat(), "Lan", office.now
    )
    office.run()
    lines = office.sheet()
    told = [lines[number + 1].strip() for number, line in enumerate(lines) if line == BEFORE]
    assert told == ["Hạn góp ý là ngày 31/12/2026."], "the headline names no deadline, and stands"
    assert "31/12/2026" not in "\n".join(line for line in lines if line.strip() not in told)
    assert "Hoa Kỳ: vườn lượng tử của Lan" in lines
    office.change(title="Quantum prairies")
    office.run()
    lines = office.sheet()
    told = [lines[number + 1].strip() for number, line in enumerate(lines) if line == BEFORE]
    assert told == ["Hoa Kỳ: vườn lượng tử của Lan", "Hạn góp ý là ngày 31/12/2026."]
    assert "Hoa Kỳ: vườn lượng tử của Lan" not in lines, "indented below its sentence, nowhere as a heading"
    assert "Lan" not in "\n".join(office.sheet("en"))
