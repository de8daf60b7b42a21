"""What a subscriber reads, and that Telegram reads it as it was meant."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import telegram_html
from cast import CIRCULAR, POMELO, dossier, named, said
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.deliver.letterhead import Letterhead
from tbt_watch.deliver.listing import Entry, pages
from tbt_watch.deliver.markup import bold, clip, escape, italic, length, link, plain, split
from tbt_watch.deliver.message import render
from tbt_watch.deliver.receipt import Gap, Receipt, receipt, receipt_line
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition, EditionItem, EditionKind, Part
from tbt_watch.domain.notice import Change, Document, Milestone
from tbt_watch.language import Language, load_language
from tbt_watch.store.runs import Crawl, SourceState

NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)  # seven in the morning in Hanoi
LIMIT = 4096
RECEIPT = Receipt(
    checked=2,
    total=3,
    at=NOW - timedelta(minutes=30),
    gaps=(Gap(title="Công báo", failed=True, since=NOW - timedelta(days=2)),),
)
TRANSLATED = (
    said("headline", "EU: Dự thảo mức dư lượng tối đa (MRL) trong quả có múi (HS 0805)"),
    said("opening", "Ngày 18/11/2026, Liên minh châu Âu thông báo …\nMục đích của dự thảo nhằm …"),
    said("summary", "Dự thảo hạ mức dư lượng tối đa của chlorpyrifos xuống 0,01 mg/kg.", origin="machine"),
    said("products", "Bưởi, cam, chanh", origin="machine"),
)


@pytest.fixture(scope="module")
def head() -> Letterhead:
    return letterhead(load_language())


def letterhead(language: Language, site: str = "https://tbt.example.vn/") -> Letterhead:
    return Letterhead(
        language=language,
        label=lambda kind, code, lang: f"{code} ({lang})",
        page=lambda notice: f"{site}n/{notice.key.replace('/', '-')}" if site else "",
        site=site,
        lead_days={"tbt": 15, "sps": 15},
    )


def parts(
    head: Letterhead,
    dossiers: Sequence[Dossier],
    kind: EditionKind = "daily",
    *,
    more: Sequence[Dossier] = (),
    late: Sequence[str] = (),
    version: int = 1,
    lang: str = "vi",
    limit: int = LIMIT,
) -> list[str]:
    items = tuple(
        EditionItem(notice_key=one.notice.key, version=version, reason="sector:fresh-produce")
        for one in dossiers
    )
    edition = Edition(kind=kind, audience="x", lang="en" if lang == "en" else "vi", until=NOW, items=items)
    made = render(edition, [*dossiers, *more], frozenset(late), limit, head=head, receipt=RECEIPT, now=NOW)
    return [part.text for part in made]


# ── One notice ──────────────────────────────────────────────────────────────────────────────────────────


def test_one_notice_is_one_screen(head: Letterhead) -> None:
    (text,) = parts(head, [dossier(translations=TRANSLATED)])
    assert telegram_html.read(text) == (
        "🇪🇺 EU · SPS · Dự thảo · hạn góp ý còn 56 ngày\n"
        "EU: Dự thảo mức dư lượng tối đa (MRL) trong quả có múi (HS 0805)\n"
        "\n"
        "Ngày 18/11/2026, Liên minh châu Âu thông báo …\n"
        "Dự thảo hạ mức dư lượng tối đa của chlorpyrifos xuống 0,01 mg/kg.\n"
        "\n"
        "Sản phẩm: Bưởi, cam, chanh (HS 0805)\n"
        "Mục đích: bảo đảm an toàn thực phẩm\n"
        "Gửi góp ý về Văn phòng SPS chậm nhất ngày 31/12/2026 · Hạn WTO: 15/01/2027\n"
        "Dự kiến có hiệu lực: 01/6/2027\n"
        "\n"
        "G/SPS/N/EU/1234 · Chi tiết · Văn bản gốc · Thông báo WTO\n"
        "Nội dung: dịch máy, đã kiểm tra số liệu\n"
        "\n"
        "Đã kiểm tra 2/3 nguồn lúc 6:30; Công báo đã 2 ngày không truy cập được"
    )
    assert '<a href="https://tbt.example.vn/n/G-SPS-N-EU-1234">Chi tiết</a>' in text


def test_what_a_source_says_of_time_is_told_in_the_readers_language(head: Letterhead) -> None:
    notice = replace(POMELO, in_force=Milestone(text="6 months after adoption"))
    own = said("in_force", "6 tháng kể từ ngày thông qua")
    (text,) = parts(head, [dossier(notice, translations=(*TRANSLATED, own))])
    assert "Dự kiến có hiệu lực: 6 tháng kể từ ngày thông qua\n" in text
    (text,) = parts(head, [dossier(notice, translations=TRANSLATED)])
    assert "Dự kiến có hiệu lực: 6 months after adoption (chưa dịch)\n" in text


def test_what_is_not_translated_stands_in_the_original_and_says_so(head: Letterhead) -> None:
    (text,) = parts(head, [dossier(translations=TRANSLATED[:2])], "instant")
    assert "<i>The draft lowers the maximum residue levels of chlorpyrifos in citrus fruits to 0.01" in text
    assert "mg/kg. (chưa dịch)</i>" in text
    assert "Sản phẩm: Pomelos, oranges, lemons (chưa dịch) (HS 0805)" in text
    assert "Nội dung: chưa dịch" in text
    failed = replace(TRANSLATED[2], checks=("numbers",))
    (text,) = parts(head, [dossier(translations=(*TRANSLATED[:2], failed))])
    assert "0,01" not in text
    assert "0.01" in text


def test_an_english_reader_of_an_english_notice_sees_no_marks(head: Letterhead) -> None:
    (text,) = parts(head, [dossier()], lang="en")
    assert "not translated" not in text
    assert "Send comments to the SPS office by 31 December 2026 · WTO: 15 January 2027" in text
    assert "Text:" not in text


@pytest.mark.parametrize(
    ("until", "said_"),
    [
        (
            date(2026, 12, 6),
            "Gửi góp ý về Văn phòng SPS chậm nhất ngày 20/11/2026 · Hạn WTO: 06/12/2026",
        ),  # the 21st is a Saturday
        (date(2026, 11, 30), "Cần gửi góp ý ngay về Văn phòng SPS · Hạn WTO: 30/11/2026"),
        (date(2026, 11, 20), "hôm nay hết hạn góp ý"),
        (date(2026, 11, 19), "đã hết hạn góp ý"),
    ],
)
def test_deadlines(head: Letterhead, until: date, said_: str) -> None:
    (text,) = parts(head, [dossier(replace(POMELO, comment_until=until))])
    assert said_ in text


def test_a_follow_up_begins_with_what_changed(head: Letterhead) -> None:
    changes = [
        Change(field="products", before="a", after="b"),
        Change(field="summary", before="a", after="b"),
        Change(field="in_force", before="2027-01-01", after="quý I <2027>"),
        Change(field="comment_until", before="2027-01-15", after="2027-01-30"),
    ]
    (text,) = parts(head, [dossier(changes=[changes], translations=TRANSLATED)], version=2)
    assert telegram_html.read(text).split("\n")[:4] == [
        "Gia hạn góp ý: 15/01/2027 → 30/01/2027",
        "Sản phẩm đã thay đổi.",
        "Thời gian có hiệu lực: 01/01/2027 → quý I <2027>",
        "🇪🇺 EU · SPS · Dự thảo · hạn góp ý còn 56 ngày",
    ]


def test_an_addendum_says_how_it_moved_the_deadline(head: Letterhead) -> None:
    addendum = replace(
        POMELO,
        key="G/SPS/N/EU/1234/Add.1",
        symbols=("G/SPS/N/EU/1234/Add.1",),
        follows="G/SPS/N/EU/1234",
        type="addendum",
        comment_until=date(2027, 1, 4),
    )
    (text,) = parts(head, [dossier(addendum)], more=[dossier(number=2)])
    assert text.startswith("<b>Rút ngắn hạn góp ý: 15/01/2027 → 04/01/2027</b>")
    assert "Bản bổ sung" in text


def test_a_vietnamese_document(head: Letterhead) -> None:
    (text,) = parts(head, [dossier(CIRCULAR)], "instant", late=[CIRCULAR.key])
    assert telegram_html.read(text).split("\n")[:3] == [
        "Tin đến muộn: công bố ngày 10/11/2026",
        "🇻🇳 Bộ KH&CN · Thông tư · Đã ban hành",
        "Thông tư quy định về ghi nhãn điện tử",
    ]
    assert "01/01/2027" in text
    assert "chưa dịch" not in text


def test_codes_that_the_source_repeats_among_the_products_are_said_once(head: Letterhead) -> None:
    text = "Children's watches (HS code(s): 910212); Quality (ICS code(s): 03.120)"
    odd = replace(POMELO, products=text, hs_codes=("910212", "9102", "91", "910211", "9101"))
    (message,) = parts(head, [dossier(odd)], "instant", lang="en")
    assert "Products: Children's watches; Quality (HS 910212, 9102, 91, 910211 …)" in telegram_html.read(
        message
    )


def test_what_no_table_knows_is_said_as_it_is(head: Letterhead) -> None:
    odd = replace(POMELO, members=("XYZ",), type="riddle", objectives=("fun",), stated_status="lost")
    (text,) = parts(head, [dossier(odd)], "instant")
    assert telegram_html.read(text).startswith("XYZ · SPS · riddle · lost")
    assert "Mục đích: fun" in text


# ── Several notices ─────────────────────────────────────────────────────────────────────────────────────


def test_a_list_stands_by_deadline_then_sector(head: Letterhead) -> None:
    urgent = named("G/SPS/N/CHL/830", "CHL", type="emergency", emergency=True, comment_until=None)
    news = [
        dossier(named("G/TBT/N/USA/2211", "USA", comment_until=date(2026, 12, 1)), sectors=["machinery"]),
        dossier(translations=TRANSLATED, changes=[[Change(field="documents", before="", after="x")]]),
        dossier(urgent, sectors=[]),
        dossier(CIRCULAR, sectors=[]),
    ]
    edition = Edition(
        kind="weekly",
        audience="x",
        lang="vi",
        until=NOW,
        items=(
            EditionItem(notice_key=news[0].notice.key, version=1, reason="market:USA"),
            EditionItem(notice_key=POMELO.key, version=2, reason="sector:fresh-produce"),
            EditionItem(notice_key=urgent.key, version=1, reason="general"),
            EditionItem(notice_key=CIRCULAR.key, version=1, reason="general"),
        ),
    )
    (part,) = render(edition, news, frozenset(), LIMIT, head=head, receipt=RECEIPT, now=NOW)
    assert telegram_html.read(part.text) == (
        "Bản tin tuần đến ngày 20/11/2026: 4 tin\n"
        "\n"
        "Biện pháp khẩn cấp\n"
        "Chung\n"
        "• 🇨🇱 Draft Commission Regulation amending Annex II to Regulation (EC) No 396/2005 as regards"
        " chlorpyrifos (chưa dịch)\n"
        "Sẽ có hiệu lực từ ngày 01/6/2027 · G/SPS/N/CHL/830\n"
        "\n"
        "Sắp hết hạn góp ý\n"
        "Machinery (vi)\n"
        "• 🇺🇸 Draft Commission Regulation amending Annex II to Regulation (EC) No 396/2005 as regards"
        " chlorpyrifos (chưa dịch)\n"
        "Hạn góp ý còn 11 ngày, cần gửi góp ý ngay · G/TBT/N/USA/2211\n"
        "\n"
        "Đang lấy ý kiến\n"
        "Fresh-produce (vi)\n"
        "• 🇪🇺 Có văn bản mới. EU: Dự thảo mức dư lượng tối đa (MRL) trong quả có múi (HS 0805)\n"
        "Hạn góp ý còn 56 ngày, gửi chậm nhất ngày 31/12/2026 · G/SPS/N/EU/1234\n"
        "\n"
        "Văn bản của Việt Nam\n"
        "Chung\n"
        "• 🇻🇳 Thông tư quy định về ghi nhãn điện tử\n"
        "Sẽ có hiệu lực từ ngày 01/01/2027 · 12/2026/TT-BKHCN\n"
        "\n"
        "Đã kiểm tra 2/3 nguồn lúc 6:30; Công báo đã 2 ngày không truy cập được"
    )


def test_a_long_list_fills_three_parts_and_points_to_the_rest(head: Letterhead) -> None:
    news = [dossier(named(f"G/SPS/N/EU/{n}", "EU"), number=n) for n in range(1, 151)]
    found = parts(head, news)
    assert len(found) == 3
    texts = [telegram_html.read(part) for part in found]
    assert all(len(text.encode("utf-16-le")) // 2 <= LIMIT for text in texts)
    shown = sum(text.count("• ") for text in texts)
    assert 60 < shown < 150
    assert f"và {150 - shown} tin khác\n\nĐã kiểm tra 2/3 nguồn" in texts[2]
    assert '<a href="https://tbt.example.vn/">và' in found[2]
    symbols = [line for text in texts for line in text.split("\n") if "G/SPS/N/EU/" in line]
    assert len(symbols) == len(set(symbols)) == shown
    assert texts[1].startswith("Đang lấy ý kiến\nFresh-produce (vi)\n• ")


def test_no_part_has_more_markup_than_telegram_keeps(head: Letterhead) -> None:
    short = [
        dossier(named(f"G/TBT/N/A/{n}", "EU", title="x", comment_until=None), number=n) for n in range(200)
    ]
    found = parts(head, short, limit=9000)
    assert len(found) == 3
    assert all(part.count("</") <= 100 for part in found)
    assert found[0].count("</a>") > 90


def test_without_a_site_the_links_are_those_of_the_source() -> None:
    bare = letterhead(load_language(), site="")
    found = parts(bare, [dossier(), dossier(named("G/SPS/N/EU/2", "EU"), number=2)], "instant")
    assert found[0].startswith("<b>2 tin mới</b>")
    assert (
        '<a href="https://members.wto.org/crnattachments/2026/SPS/EU/26_1_00_e.pdf">G/SPS/N/EU/1234</a>'
        in found[0]
    )
    assert "nguồn" not in found[0]  # the receipt is for daily and weekly editions


# ── The coverage receipt ────────────────────────────────────────────────────────────────────────────────


def crawl(ok: bool, at: datetime) -> Crawl:
    return Crawl(source="x", started_at=at, finished_at=at, ok=ok)


def test_the_receipt_counts_and_names(head: Letterhead) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    crawls = {
        "a": SourceState(last=crawl(True, NOW - hour), last_success=NOW - hour),
        "b": SourceState(last=crawl(False, NOW), last_success=NOW - 3 * day),
        "c": SourceState(last=crawl(False, NOW), last_success=NOW - hour),
        "d": SourceState(last=crawl(False, NOW), last_success=None),
        "e": SourceState(last=crawl(True, NOW - 9 * day), last_success=NOW - 9 * day),
        "off": SourceState(last=crawl(False, NOW), last_success=None),
    }
    found = receipt(crawls, {name: name.upper() for name in "abcdef"}, NOW)
    assert receipt_line(found, head.speaker("vi"), NOW) == (
        "Đã kiểm tra 1/6 nguồn lúc 6:00; B đã 3 ngày không truy cập được;"
        " C không truy cập được ở lần thử gần nhất; D chưa truy cập được lần nào;"
        " E được kiểm tra lần cuối cách đây 9 ngày; F chưa được kiểm tra"
    )
    assert receipt_line(receipt({}, {"a": "A"}, NOW), head.speaker("en"), NOW) == (
        "None of 1 sources has been checked yet; A has not been checked yet"
    )
    assert receipt_line(receipt({}, {}, NOW), head.speaker("vi"), NOW) == ""


def test_the_receipt_says_how_many_notices_there_were_for_all(head: Letterhead) -> None:
    accepted = {NOW - timedelta(days=1): 3, NOW - timedelta(days=7): 40}
    found = receipt({}, {"a": "A"}, NOW, accepted.__getitem__)
    assert receipt_line(found, head.speaker("vi"), NOW).endswith("; 24 giờ qua có 3 tin ở mọi lĩnh vực")
    assert receipt_line(found, head.speaker("en"), NOW, "weekly").endswith(
        "; 40 notices in all fields in 7 days"
    )


# ── Markup ──────────────────────────────────────────────────────────────────────────────────────────────


def test_our_reading_of_telegrams_rules_is_theirs(shared: Path) -> None:
    cases = json.loads((shared / "delivery" / "tdlib_parse_html_cases.json").read_text(encoding="utf-8"))
    for case in cases:
        try:
            outcome = ("ok", telegram_html.read(case["input"]))
        except ValueError:
            outcome = ("error", case["expected"])
        assert outcome == (case["kind"], case["expected"]), case


def test_what_looks_like_markup_comes_out_as_it_was_written(shared: Path, head: Letterhead) -> None:
    """Each of Telegram's own cases as a title: all of it must be text again."""
    cases = json.loads((shared / "delivery" / "tdlib_parse_html_cases.json").read_text(encoding="utf-8"))
    for case in cases:
        title = case["input"] or "-"
        (text,) = parts(head, [dossier(replace(POMELO, title=title, language="vi"))], "instant")
        assert " ".join(title.split()) in " ".join(telegram_html.read(text).split())


HOSTILE = st.text(st.sampled_from("a<>&;\"'/=b \n\r\x00\u202e\u2066🏟ệ#x&lt"), max_size=80) | st.text(
    max_size=80
)


@given(HOSTILE)
def test_escaped_text_is_read_as_text(text: str) -> None:
    shown = telegram_html.read(escape(text))
    unwanted = {"Cc", "Cs"}
    assert not [char for char in shown if unicodedata.category(char) in unwanted and char != "\n"]
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    kept = [char for char in unicodedata.normalize("NFC", text) if char.isalnum()]
    assert [char for char in shown if char.isalnum()] == [char.replace("Ð", "Đ") for char in kept]


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_hostile_notices_stay_readable(title: str, summary: str, products: str, address: str) -> None:
    head = letterhead(_LANGUAGE)
    notice = replace(
        POMELO,
        title=title,
        summary=summary,
        products=products,
        members=(title[:3] or "EU",),
        in_force=Milestone(text=summary or None),
        documents=(Document(url=address), Document(url="javascript:alert(1)", kind="notification")),
    )
    for found in (
        parts(head, [dossier(notice)]),
        parts(head, [dossier(notice), dossier(CIRCULAR, number=2)]),
    ):
        for text in found:
            telegram_html.read(text)
            assert "javascript" not in text


_LANGUAGE = load_language()


@given(st.lists(st.tuples(HOSTILE, st.sampled_from([escape, bold])), max_size=12), st.integers(4, 60))
def test_a_split_loses_nothing_and_keeps_to_the_limit(pieces: list[tuple[str, object]], limit: int) -> None:
    markup = "\n".join(shape(text) for text, shape in pieces if callable(shape))
    found = split(markup, limit)
    assert all(length(part) <= limit for part in found)
    read = [telegram_html.read(part) for part in found]
    assert "".join("".join(read).split()) == "".join(telegram_html.read(markup).split())


def test_a_split_is_at_a_paragraph_else_a_sentence_and_never_inside_a_link() -> None:
    paragraphs = "Một hai ba.\n\nBốn năm sáu. Bảy tám chín mười."
    assert split(paragraphs, 35) == ["Một hai ba.", "Bốn năm sáu. Bảy tám chín mười."]
    assert split("Bốn năm sáu. Bảy tám chín.", 20) == ["Bốn năm sáu.", "Bảy tám chín."]
    linked = f"Xem tất cả tại {link('trang tin của văn phòng', 'https://a.vn/x?a=1&b=2')}"
    assert split(linked, 30) == ["Xem tất cả tại", link("trang tin của văn phòng", "https://a.vn/x?a=1&b=2")]


def test_length_counts_as_telegram_does() -> None:
    assert length("<b>ệ</b>&amp;🏟") == 4
    assert length(escape(unicodedata.normalize("NFD", "ệ"))) == 1


def test_a_link_goes_only_where_a_person_should_go() -> None:
    assert link("x", "https://a.vn/?q=a&b") == '<a href="https://a.vn/?q=a&amp;b">x</a>'
    for address in ("", "javascript:alert(1)", "ftp://a.vn", "see the journal", 'https://a.vn/"><b>'):
        assert link("x", address) == "x"


def test_plain_text_spells_links_out() -> None:
    text = f"{bold('Tin & mới')}\nG/TBT/N/EU/1 · {link('Chi tiết', 'https://a.vn/?a&b')}"
    assert plain(text) == "Tin & mới\nG/TBT/N/EU/1\nChi tiết: https://a.vn/?a&b"


def test_a_clip_ends_with_a_sentence_where_it_can() -> None:
    assert clip("Một câu. Hai câu. Ba câu.", 19) == "Một câu. Hai câu. …"
    assert clip("một hai ba bốn năm", 14) == "một hai ba …"
    assert clip("một", 3) == "một"
    assert all(len(clip("x" * 50 + " " + "y" * 50, limit)) <= limit for limit in range(3, 60))


# ── Corrections, reminders, and a week without news ─────────────────────────────────────────────────────────


def one(
    head: Letterhead, item: Dossier, kind: EditionKind, reason: str = "sector:fresh-produce", version: int = 1
) -> Part:
    items = (EditionItem(notice_key=item.notice.key, version=version, reason=reason),)
    edition = Edition(id=7, kind=kind, audience="x", lang="vi", until=NOW, items=items)
    (part,) = render(edition, [item], frozenset(), LIMIT, head=head, receipt=RECEIPT, now=NOW)
    return part


def test_a_correction_begins_with_what_was_wrong_and_what_is_right(head: Letterhead) -> None:
    wrong = (Change(field="comment_until", before="2027-01-05", after="2027-01-15"),)
    part = one(head, dossier(translations=TRANSLATED, changes=[wrong]), "correction", version=2)
    first, second, *_ = telegram_html.read(part.text).split("\n")
    assert first == "Đính chính: hạn góp ý 05/01/2027 → 15/01/2027"
    assert second == "🇪🇺 EU · SPS · Dự thảo · hạn góp ý còn 56 ngày"


def test_a_correction_of_something_we_have_no_line_for_still_says_what_it_is(head: Letterhead) -> None:
    wrong = (Change(field="agency", before="a", after="b"),)
    part = one(head, dossier(changes=[wrong]), "correction", version=2)
    assert telegram_html.read(part.text).startswith("Đính chính: đề nghị sử dụng thông tin dưới đây.\n")


def test_a_reminder_says_how_many_days_are_left_and_by_when(head: Letterhead) -> None:
    part = one(head, dossier(translations=TRANSLATED), "reminder", "send-by:7")
    assert telegram_html.read(part.text).split("\n") == [
        "⏰ Nhắc hạn: còn 7 ngày để gửi góp ý",
        "🇪🇺 EU · SPS · Dự thảo · hạn góp ý còn 56 ngày",
        "EU: Dự thảo mức dư lượng tối đa (MRL) trong quả có múi (HS 0805)",
        "Gửi góp ý về Văn phòng SPS chậm nhất ngày 31/12/2026 · Hạn WTO: 15/01/2027",
        "G/SPS/N/EU/1234",
    ]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("in-force:0", "Có hiệu lực từ hôm nay"),
        ("in-force:-2", "Đã có hiệu lực được 2 ngày"),
        ("procedures:-1", "Đã quá 1 ngày kể từ hạn cập nhật văn bản này vào quy trình ISO 9001"),
    ],
)
def test_a_reminder_that_was_missed_says_when_it_was(head: Letterhead, reason: str, said: str) -> None:
    assert said in one(head, dossier(translations=TRANSLATED), "reminder", reason).text


def test_reminders_of_several_notices_come_as_one_message(head: Letterhead) -> None:
    law = dossier(CIRCULAR, number=2)
    items = (
        EditionItem(notice_key=POMELO.key, version=1, reason="send-by:0"),
        EditionItem(notice_key=CIRCULAR.key, version=1, reason="in-force:0"),
        EditionItem(notice_key=CIRCULAR.key, version=1, reason="procedures:30"),
        EditionItem(notice_key=CIRCULAR.key, version=1, reason="procedures:0"),
    )
    edition = Edition(id=7, kind="reminder", audience="x", lang="vi", until=NOW, items=items)
    (part,) = render(edition, [dossier(), law], frozenset(), LIMIT, head=head, receipt=RECEIPT, now=NOW)
    lines = [
        line for line in telegram_html.read(part.text).split("\n") if line.startswith(("⏰", "Nhắc việc"))
    ]
    assert lines == [
        "Nhắc việc: 4 mục",
        "⏰ Nhắc hạn: hôm nay là ngày cuối để gửi góp ý",
        "⏰ Có hiệu lực từ hôm nay",
        "⏰ Còn 30 ngày để cập nhật văn bản này vào quy trình ISO 9001 (ba tháng kể từ ngày có hiệu lực)",
        "⏰ Hôm nay là hạn cập nhật văn bản này vào quy trình ISO 9001 (ba tháng kể từ ngày có hiệu lực)",
    ]
    assert [[button.action for button in row] for row in part.buttons] == [["choose:7"]]


@pytest.mark.parametrize(("gaps", "says"), [((), True), (RECEIPT.gaps, False)])
def test_a_week_without_news_says_so_and_that_all_is_well_only_when_it_is(
    head: Letterhead, gaps: tuple[Gap, ...], says: bool
) -> None:
    edition = Edition(id=7, kind="weekly", audience="x", lang="vi", until=NOW, items=())
    seen = replace(RECEIPT, gaps=gaps)
    (part,) = render(edition, [], frozenset(), LIMIT, head=head, receipt=seen, now=NOW)
    text = telegram_html.read(part.text)
    assert text.startswith("Tuần này không có tin mới thuộc nội dung đã đăng ký.")
    assert ("Hệ thống hoạt động bình thường." in text) is says
    assert "Đã kiểm tra 2/3 nguồn" in text
    assert part.buttons == ()


def test_under_a_notice_stands_what_a_reader_can_tap(head: Letterhead) -> None:
    part = one(head, dossier(number=12), "instant")
    assert [[(button.label, button.action) for button in row] for row in part.buttons] == [
        [("Ảnh hưởng đến tôi", "affected:12"), ("Không liên quan", "irrelevant:12")],
        [("Theo dõi", "follow:12"), ("Vì sao tôi nhận tin này?", "why:12:7")],
    ]
    biggest = one(head, dossier(number=2**63 - 1), "instant")
    assert all(len(button.action.encode()) <= 64 for row in biggest.buttons for button in row)


def test_only_the_last_part_of_a_list_has_its_button(head: Letterhead) -> None:
    many = [dossier(named(f"G/SPS/N/EU/{n}", "EU"), number=n) for n in range(1, 60)]
    items = tuple(EditionItem(notice_key=item.notice.key, version=1, reason="everything") for item in many)
    edition = Edition(id=7, kind="daily", audience="x", lang="vi", until=NOW, items=items)
    made = render(edition, many, frozenset(), LIMIT, head=head, receipt=RECEIPT, now=NOW)
    assert len(made) > 1
    assert [bool(part.buttons) for part in made] == [*[False] * (len(made) - 1), True]


def test_a_letter_takes_the_whole_of_a_long_list() -> None:
    entries = [
        Entry(group=bold("Nhóm"), sector=italic("Ngành"), text=link(f"G/TBT/N/USA/{n}", "https://a.vn"))
        for n in range(400)
    ]
    chat, letter = (
        pages("Đầu", entries, lambda left: f"còn {left}" if left else "", limit) for limit in (4096, 400_000)
    )
    assert (len(chat), len(letter)) == (3, 1)
    assert "G/TBT/N/USA/399" in letter[0]
    assert chat[-1].endswith("còn 109")
