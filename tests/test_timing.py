"""When a measure is adopted or enters into force, as Members say it: understood as a whole, or not at all."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Milestone, Notice
from tbt_watch.domain.work import Age
from tbt_watch.language import Language, load_language
from tbt_watch.translate.exact.events import _COMPILED_GAZETTES, _EVENTS
from tbt_watch.translate.exact.fields import exact
from tbt_watch.translate.exact.timing import Timing, read_timing, timing_of, told

PIECES = (
    "6 months ", "after ", "adoption", "publication ", "in ", "the ", "Official Journal", "not before ", "by ",
    "to be ", "determined ", "1 May 2026", "Q1 ", "2027", " and ", ", but ", "(", ")", "día ", "du ", "will ",
    "enter into force ",
)  # fmt: skip
NOTICE = Notice(
    key="G/TBT/N/CHN/1263",
    kind="notification",
    area="TBT",
    type="regular",
    symbols=("G/TBT/N/CHN/1263",),
    thread="G/TBT/N/CHN/1263",
    members=("CHN",),
    title="National Standard of the P.R.C., Aviation piston engine fuel",
    published_on=date(2018, 4, 9),
)


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language()


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("90 days after circulation by the WTO Secretariat",
         "90 ngày kể từ ngày Ban Thư ký WTO lưu hành thông báo", "90 days after circulation by the WTO Secretariat"),
        ("20 days after publication in the Official Journal of the EU",
         "20 ngày kể từ ngày đăng Công báo của EU", "20 days after publication in the Official Journal of the EU"),
        ("Twentieth day following its publication in the Official Journal of the European Union",
         "20 ngày kể từ ngày đăng Công báo của EU", "20 days after publication in the Official Journal of the EU"),
        ("On the 90th day after publication", "90 ngày kể từ ngày công bố", "90 days after publication"),
        ("six months from the date of its publication", "6 tháng kể từ ngày công bố", "6 months after publication"),
        ("1 year after adoption", "1 năm kể từ ngày thông qua", "1 year after adoption"),
        ("Third quarter of 2025", "quý III/2025", "third quarter of 2025"),
        ("Q1 2027", "quý I/2027", "first quarter of 2027"),
        ("2027", "năm 2027", "2027"),
        ("Upon publication", "ngay khi công bố", "upon publication"),
        ("Upon publication in Official Journal La Gaceta.",
         "ngay khi đăng Công báo La Gaceta", "upon publication in the Official Journal La Gaceta"),
        ("Upon publication in the Official Journal after received comments.",
         "ngay khi đăng Công báo, sau khi tiếp nhận góp ý",
         "upon publication in the Official Journal, after comments are received"),
        ("180 days from date of publication of approved version by GSO Council.",
         "180 ngày kể từ ngày Hội đồng GSO công bố bản được phê duyệt",
         "180 days after publication of the approved version by the GSO Council"),
        ("The Standard will enter into force 60 calendar days following its publication in the Official Journal",
         "60 ngày kể từ ngày đăng Công báo", "60 days after publication in the Official Journal"),
        ("Upon declaration as mandatory by the Cabinet Secretary, Ministry of Industry",
         "ngay khi được tuyên bố bắt buộc áp dụng (Cabinet Secretary, Ministry of Industry)",
         "upon declaration as mandatory (Cabinet Secretary, Ministry of Industry)"),
        ("180 days after publication in the Official Gazette, but not before 1 July 2026",
         "180 ngày kể từ ngày đăng Công báo, nhưng không sớm hơn ngày 01/7/2026",
         "180 days after publication in the Official Gazette, but not before 1 July 2026"),
        ("December 2025 or later", "tháng 12/2025 hoặc muộn hơn", "December 2025 or later"),
        ("by the end of 2025", "chậm nhất cuối năm 2025", "by the end of 2025"),
        ("first half of 2026", "6 tháng đầu năm 2026", "first half of 2026"),
        ("June - July 2025", "tháng 6/2025 đến tháng 7/2025", "June 2025 to July 2025"),
        ("No later than 31 December 2025", "chậm nhất ngày 31/12/2025", "by 31 December 2025"),
        ("approximately 6 months after adoption",
         "khoảng 6 tháng kể từ ngày thông qua", "about 6 months after adoption"),
        ("10 working days after publication",
         "10 ngày làm việc kể từ ngày công bố", "10 working days after publication"),
        ("With immediate effect", "ngay lập tức", "immediately"),
        ("180 días naturales después de su publicación en el Diario Oficial de la Federación",
         "180 ngày kể từ ngày đăng Công báo", "180 days after publication in the Official Journal"),
        ("Seis meses después de su publicación en el Diario Oficial La Gaceta",
         "6 tháng kể từ ngày đăng Công báo La Gaceta", "6 months after publication in the Official Journal La Gaceta"),
        ("60 jours après la publication au Journal officiel",
         "60 ngày kể từ ngày đăng Công báo", "60 days after publication in the Official Journal"),
        ("2e trimestre 2026", "quý II/2026", "second quarter of 2026"),
        ("segundo semestre de 2026", "6 tháng cuối năm 2026", "second half of 2026"),
    ],
)  # fmt: skip
def test_what_sources_say_about_time(language: Language, text: str, vi: str, en: str) -> None:
    assert read_timing(text, language, "vi") == Timing(wording=vi)
    assert read_timing(text, language, "en") == Timing(wording=en)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 September 2026", Timing(day=date(2026, 9, 15))),
        ("September 15, 2026", Timing(day=date(2026, 9, 15))),
        ("Starting from 01/01/2027", Timing(day=date(2027, 1, 1))),
        ("13/02/2027", Timing(day=date(2027, 2, 13))),
        ("Order shall apply from 1 July 2026", Timing(day=date(2026, 7, 1))),
        ("1 de enero de 2026", Timing(day=date(2026, 1, 1))),
        ("1er janvier 2027", Timing(day=date(2027, 1, 1))),
        ("31 June 2026", None),
        ("To be determined.", Timing(undetermined=True)),
        ("To be determined after the end of the consultation period.", Timing(undetermined=True)),
        ("Por determinar", Timing(undetermined=True)),
        ("À déterminer", Timing(undetermined=True)),
        ("N/A", Timing(inapplicable=True)),
        ("Not stated", Timing()),
        ("-", Timing()),
    ],
)
def test_days_and_unknowns(language: Language, text: str, expected: Timing | None) -> None:
    assert read_timing(text, language, "vi") == expected


@pytest.mark.parametrize(
    "text",
    [
        "6 months after the moon is full",
        "around the middle of next year",
        "01/02/2027",  # the form asks for the day first, yet some Members write the month first
        "The Order shall not apply before 1 July 2026",
        "It may enter into force on 1 July 2026",
        "1 July 2026 unless otherwise decided",
        "Six months after publication for importers; one year for retailers",
        "Upon publication in the Canada Gazette, Part II, normally within 10 to 12 months",
        "upon approval by the Council of Ministers",
        "The proposed date of entry into force was 1 March 2025 and is now 1 March 2026",
    ],
)
def test_what_is_not_wholly_understood_is_left_alone(language: Language, text: str) -> None:
    assert read_timing(text, language, "vi") is None
    assert told(replace(NOTICE, in_force=Milestone(text=text)), Milestone(text=text), language, "vi") == ""


@given(st.text(max_size=500) | st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_text_has_a_clear_outcome_at_once(text: str) -> None:
    for lang in ("vi", "en"):
        found = read_timing(text, loaded(), lang)
        assert found is None or "\n" not in found.wording


def test_a_story_is_no_time(language: Language) -> None:
    assert read_timing("6 months after adoption " * 5000, language, "vi") is None


@lru_cache(maxsize=1)
def loaded() -> Language:
    """The tables once, for the properties."""
    return load_language()


@given(st.dates(min_value=date(1995, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_in_words_is_that_day(day: date) -> None:
    known = loaded()
    for words in (f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%Y-%m-%d}", f"from {day:%d %B %Y}"):
        assert read_timing(words, known, "vi") == Timing(day=day)


@given(st.integers(1, 999), st.sampled_from(["days", "months", "years", "weeks"]))
def test_the_number_of_a_span_is_kept(n: int, unit: str) -> None:
    for lang in ("vi", "en"):
        found = read_timing(f"{n} {unit} after publication", loaded(), lang)
        assert found is not None
        assert re.findall(r"\d+", found.wording) == [str(n)]


def test_days_are_reckoned_from_what_the_notice_states(language: Language) -> None:
    adoption = Milestone(text="90 days after circulation by the WTO Secretariat")
    found = timing_of(replace(NOTICE, adoption=adoption), adoption, language, "vi")
    assert found == Timing(wording="08/7/2018 (90 ngày kể từ ngày Ban Thư ký WTO lưu hành thông báo)")
    adopted = replace(
        NOTICE, adoption=Milestone(date=date(2025, 8, 31)), in_force=Milestone(text="6 months after adoption")
    )
    assert told(adopted, adopted.in_force, language, "vi") == "28/02/2026 (6 tháng kể từ ngày thông qua)"
    undated = replace(adopted, adoption=Milestone())
    assert told(undated, undated.in_force, language, "vi") == "6 tháng kể từ ngày thông qua"
    working = Milestone(text="30 working days after notification")  # holidays are the country's: not reckoned
    assert told(NOTICE, working, language, "en") == "30 working days after notification"


def dossier(notice: Notice, age: Age = "FRESH") -> Dossier:
    return Dossier(
        id=1, notice=notice, state="NORMALISED", seen_at=datetime(2018, 4, 10, tzinfo=UTC), age=age
    )


def test_what_a_source_says_in_words_becomes_a_text_of_its_own(language: Language) -> None:
    facts = replace(
        NOTICE,
        adoption=Milestone(text="To be determined"),
        in_force=Milestone(text="6 months after adoption"),
    )
    found = {(one.field, one.language): one for one in exact(dossier(facts), language)}
    assert found["adoption", "vi"].text == "chưa xác định"
    assert found["in_force", "vi"].text == "6 tháng kể từ ngày thông qua"
    assert found["in_force", "en"].text == "6 months after adoption"
    assert (found["in_force", "vi"].origin, found["in_force", "vi"].source_text) == (
        "template",
        "6 months after adoption",
    )
    dated = replace(
        facts,
        adoption=Milestone(date=date(2019, 1, 1), text="1 January 2019"),
        in_force=Milestone(text="why"),
    )
    assert {field for one in exact(dossier(dated), language) for field in [one.field]} == {
        "headline",
        "opening",
    }
    assert [one.field for one in exact(dossier(facts, "ARCHIVE"), language)] == ["headline"]


def test_every_event_and_gazette_has_its_words(language: Language) -> None:
    for _, message in (*_EVENTS, *_COMPILED_GAZETTES):
        assert language.say(message, "vi") != message


def test_nine_in_ten_of_the_real_ones_are_understood(language: Language, shared: Path) -> None:
    """What stands on the forms of the documents at hand."""
    stated = []
    for one in json.loads(
        (shared / "sources/samples/wto_documents/parsed_dev.json").read_text(encoding="utf-8")
    ):
        for row in one["rows"]:
            for line in row["text"].split("\n"):
                label, _, words = line.partition(":")
                if (
                    re.match(r"Proposed date of (?:adoption|publication|entry into force)", label)
                    and words.strip()
                ):
                    stated.append(re.sub(r"^.*\(dd/mm/yy\):", "", words).strip())
    understood = [words for words in stated if read_timing(words, language, "vi") is not None]
    assert len(stated) >= 20
    assert len(understood) / len(stated) >= 0.9, sorted(set(stated) - set(understood))
