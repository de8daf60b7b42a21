"""News of offices and the press, and the national office's own text of a notification, from record to translation."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from raws import raw, web

from tbt_watch.bulletin import Labels, build
from tbt_watch.digest.index import Index
from tbt_watch.digest.match import match
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.office import Office
from tbt_watch.domain.subscriber import Criteria
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Decision
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise import stage as normalise
from tbt_watch.normalise.article import (
    _post_day,
    _stamp_day,
    read_news,
    read_sps_vietnam,
    read_tbt_vietnam,
)
from tbt_watch.source.articles import notified
from tbt_watch.store import Store
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import load_vocabulary
from tbt_watch.translate import stage as translate
from tbt_watch.translate.engines.contract import NoEngine
from tbt_watch.translate.exact.official import contradictions

SAVED = Path(__file__).parent / "spiders"
URL = "https://tbt.gov.vn/2026/11/han-quoc-thuc-pham/"


def saved(source: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads((SAVED / source / "expected.json").read_text(encoding="utf-8"))[
        "items"
    ]
    return items


def article(now: datetime, symbol: str = "G/TBT/N/KOR/1300", key: str = URL, **said: Any) -> Any:
    body = {
        "title": "Hàn Quốc: Ghi nhãn thực phẩm chức năng",
        "posted": "Thứ Hai, Tháng Mười Một 16, 2026 | 14:06",
        "author": "admin",
        "text": [
            "Ngày 12/11/2026, Hàn Quốc thông báo cho các nước Thành viên WTO về việc đưa ra dự thảo ghi nhãn.",
            "Hạn cuối cùng để các nước Thành viên WTO góp ý là ngày 11/01/2027.",
            f"Mã thông báo {symbol}.",
        ],
        "links": [],
        "symbol": symbol,
    }
    return raw("tbt_vietnam", key, body | said, now, url=URL)


def notification(now: datetime, symbol: str = "G/TBT/N/KOR/1300", **said: Any) -> Any:
    record: Mapping[str, Any] = {
        "id": sum(map(ord, symbol)),
        "area": "TBT",
        "documentSymbol": symbol,
        "notificationType": "Regular notification",
        "notifyingMember": "Korea, Republic of",
        "distributionDate": "2026-11-12T00:00:00+00:00",
        "commentDeadlineDate": "2027-01-11T00:00:00+00:00",
        "title": "Labelling Standards for Functional Foods",
        "description": "Amends the labelling of functional foods.",
        "hsCodes": [{"code": "2106"}],
        "icsCodes": [{"code": "67.040"}],
    }
    return web(record | said, now)


def through(store: Store, language: Language, now: datetime, *records: Any) -> None:
    store.raw.keep(records)
    normalise.run(store, language, now)
    translate.run(store, language, NoEngine(), now)


def vietnamese(item: Dossier, field: str) -> Translation | None:
    return item.translation(field, "vi")


# ── the official text ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["article first", "notification first", "together"])
def test_an_article_becomes_the_official_text_of_its_notice(
    store: Store, language: Language, now: datetime, order: str
) -> None:
    records = [article(now), notification(now)]
    if order == "together":
        through(store, language, now, *records)
    else:
        for record in records if order == "article first" else reversed(records):
            through(store, language, now, record)
    (item,) = store.notices.every()
    assert item.notice.kind == "notification"
    assert item.notice.title == "Labelling Standards for Functional Foods"
    assert item.notice.sources == ("eping_web", "tbt_vietnam")
    for field in ("headline", "title", "summary"):
        text = vietnamese(item, field)
        assert text is not None
        assert text.origin == "official"
        assert "Mã thông báo" not in text.text
    assert store.issues.open_list() == []
    assert len(item.versions) == 1


def test_an_article_waits_for_its_notice_without_an_issue(
    store: Store, language: Language, now: datetime
) -> None:
    store.raw.keep([article(now)])
    for _ in range(2):
        report = normalise.run(store, language, now)
        assert (report.done, report.waiting, report.opened) == (0, 0, 0)
    assert list(store.notices.every()) == []
    assert store.issues.open_list() == []
    later = now + timedelta(days=2)
    through(store, language, later, notification(later))
    (item,) = store.notices.every()
    assert item.seen_at == later
    assert item.notice.official
    assert normalise.run(store, language, later).done == 0


def test_a_joint_notification_takes_the_text_whichever_symbol_it_names(
    store: Store, language: Language, now: datetime
) -> None:
    both = "G/TBT/N/ARE/703, G/TBT/N/BHR/780"
    rows = [
        notification(now, both, id=at, notifyingMember=name)
        for at, name in enumerate(("United Arab Emirates", "Bahrain, Kingdom of"), 1)
    ]
    texts = [article(now, symbol, f"{URL}#{symbol}") for symbol in both.split(", ")]
    through(store, language, now, *texts, *rows)
    (item,) = store.notices.every()
    assert item.notice.symbols == ("G/TBT/N/ARE/703", "G/TBT/N/BHR/780")
    assert item.notice.members == ("ARE", "BHR")
    assert [text.field for text in item.notice.official] == ["summary", "title"]


def test_an_article_about_two_notices_merges_nothing(store: Store, language: Language, now: datetime) -> None:
    two = ("G/TBT/N/KOR/1300", "G/TBT/N/KOR/1301")
    through(store, language, now, *(notification(now, symbol) for symbol in two))
    through(store, language, now, *(article(now, symbol, f"{URL}#{symbol}") for symbol in two))
    items = list(store.notices.every())
    assert [item.notice.symbols for item in items] == [(symbol,) for symbol in two]
    assert all(item.notice.official for item in items)


def test_a_symbol_that_the_office_mends_takes_the_text_to_the_right_notice(
    store: Store, language: Language, now: datetime
) -> None:
    through(store, language, now, notification(now), notification(now, "G/TBT/N/KOR/1301"), article(now))
    through(store, language, now, article(now, "G/TBT/N/KOR/1301"))
    first, second = store.notices.every()
    assert (first.notice.official, first.notice.sources) == ((), ("eping_web",))
    assert vietnamese(first, "title") is None
    assert second.notice.official
    through(store, language, now, article(now, "G/TBT/N/KOR/1999"))
    assert all(item.notice.official == () for item in store.notices.every())


def test_a_notice_whose_source_mends_its_symbol_does_not_live_on_by_its_article(
    store: Store, language: Language, now: datetime
) -> None:
    through(store, language, now, notification(now, id=7), article(now))
    through(store, language, now, notification(now, "G/TBT/N/KOR/1400", id=7))
    (item,) = store.notices.every()
    assert item.notice.symbols == ("G/TBT/N/KOR/1400",)
    assert item.notice.official == ()


def test_what_a_human_wrote_stays(store: Store, language: Language, now: datetime) -> None:
    through(store, language, now, notification(now))
    (item,) = store.notices.every()
    own = Translation(
        field="title", language="vi", text="Của chúng tôi", origin="human", source_text=item.notice.title
    )
    store.notices.amend_text(item, own, Decision(state="amended", by="lan", at=now))
    through(store, language, now, article(now))
    (item,) = store.notices.every()
    title, summary = vietnamese(item, "title"), vietnamese(item, "summary")
    assert title is not None
    assert (title.text, title.origin) == ("Của chúng tôi", "human")
    assert summary is not None
    assert summary.origin == "official"


def test_a_bare_product_is_a_title_and_no_headline(language: Language, now: datetime) -> None:
    found = read_tbt_vietnam(article(now, title="Gạo"), language)
    assert found.joins
    assert [text.field for text in found.notice.official] == ["title", "summary"]


# ── mistakes in official texts ──────────────────────────────────────────────────────────────────────────────


def test_a_deadline_that_contradicts_the_notice_is_asked_about_and_not_shown(
    store: Store, language: Language, now: datetime
) -> None:
    wrong = article(now, text=["Hạn cuối cùng để các nước Thành viên WTO góp ý là ngày 11/01/2026."])
    through(store, language, now, notification(now), wrong)
    (item,) = store.notices.every()
    assert item.notice.comment_until == date(2027, 1, 11)
    assert vietnamese(item, "summary") is None
    title = vietnamese(item, "title")
    assert title is not None
    assert title.origin == "official"
    (issue,) = store.issues.open_list()
    assert (issue.source, issue.key, issue.kind) == ("tbt_vietnam", "G/TBT/N/KOR/1300", "contradicts")
    for words in (URL, "comments until 11/01/2026", "2027-01-11"):
        assert words in issue.message
    assert "amend G/TBT/N/KOR/1300 summary" in issue.todo
    through(store, language, now, article(now))
    assert store.issues.open_list() == []
    (item,) = store.notices.every()
    assert vietnamese(item, "summary") is not None


def facts(**said: Any) -> Notice:
    known: dict[str, Any] = {
        "key": "G/TBT/N/KOR/1300", "kind": "notification", "area": "TBT", "type": "regular",
        "symbols": ("G/TBT/N/KOR/1300",), "thread": "G/TBT/N/KOR/1300", "published_on": date(2026, 11, 12),
        "comment_until": date(2027, 1, 11), "hs_codes": ("210690",), "ics_codes": ("83.160", "67.040"),
    }  # fmt: skip
    return Notice(**known | said)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ngày 12/11/2026, Hàn Quốc thông báo cho các nước Thành viên.", None),
        ("Ngày 16/11/2026, Hàn Quốc thông báo cho các nước Thành viên.", None),
        ("Ngày 12/11/2025, Hàn Quốc thông báo cho các nước Thành viên.", "notified on 12/11/2025"),
        ("Ngày 12 tháng 11 năm 2024 Hàn Quốc thông báo dự thảo.", "notified on 12 tháng 11 năm 2024"),
        ("Các nước Thành viên WTO có 60 ngày kể từ ngày thông báo để tham gia góp ý kiến.", None),
        ("Các nước Thành viên WTO có 20 ngày kể từ ngày thông báo để tham gia góp ý kiến.", "20 days"),
        ("Hạn cuối góp ý là ngày 08/9/201.", "'08/9/201', which is no day"),
        ("Hạn cuối góp ý là ngày 31/02/2027.", "which is no day"),
        ("Thời gian góp ý từ ngày 12/11/2026 đến ngày 11/1/2027.", None),
        ("Dự kiến có hiệu lực ngày 01/7/2028.", None),
        ("Sản phẩm: lốp xe (mã HS 83.160).", "HS 83.160, which is an ICS code"),
        ("Sản phẩm: thực phẩm (HS 2106).", None),
        ("Sản phẩm: thực phẩm (HS: 2106.90; 8708).", "HS 8708"),
        ("Tiêu chuẩn ASTM D8080 và 1.200 mg/kg.", None),
    ],
)
def test_what_contradicts_a_notice(text: str, wrong: str | None) -> None:
    found = list(contradictions(facts(), text))
    assert (found == []) if wrong is None else (wrong in " ".join(found))


def test_silence_is_no_contradiction() -> None:
    bare = facts(published_on=None, comment_until=None, hs_codes=(), ics_codes=())
    assert list(contradictions(bare, "Ngày 1/1/2020 thông báo. Góp ý đến 2/2/2020. HS 0805.")) == []


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("posted", "day"),
    [
        ("Monday, Mar 28, 2022 | 12:26", date(2022, 3, 28)),
        ("Tuesday, May 14, 2024 | 16:00", date(2024, 5, 14)),
        ("Thứ Tư, Tháng Tám 29, 2018 | 14:06", date(2018, 8, 29)),
        ("Thứ Tư, Tháng TưTháng Tư 11, 2018 | 08:30", date(2018, 4, 11)),
        ("Thứ Năm, Tháng Mười Hai 5, 2019 | 08:30", date(2019, 12, 5)),
        ("Chủ Nhật, Tháng MườiTháng Mười 4, 2020 | 01:00", date(2020, 10, 4)),
        ("Thứ Hai, Tháng Mười Một 16, 2026 | 14:06", date(2026, 11, 16)),
        ("Thứ Hai, Tháng 8 29, 2018", date(2018, 8, 29)),
        ("Thứ Tư, Tháng TưTháng Năm 11, 2018 | 08:30", None),
        ("Thứ Tư, Tháng Hai 31, 2018", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_post_lines_of_both_skins(posted: str, day: date | None) -> None:
    assert _post_day(posted) == day


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("Wed, 02 Jul 2025 20:30:00 +0700", date(2025, 7, 2)),
        ("Wed, 02 Jul 2025 23:30:00 GMT", date(2025, 7, 3)),
        ("2025-07-01T23:30:00Z", date(2025, 7, 2)),
        ("2025-07-01", date(2025, 7, 1)),
        ("02/07/2025 08:15", date(2025, 7, 2)),
        ("08:15 02/07/2025", date(2025, 7, 2)),
        ("31/02/2025", None),
        ("Mon, 99 Foo 2025", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_stamps_of_feeds(stamp: str, day: date | None) -> None:
    assert _stamp_day(stamp) == day


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("Nội dung\nMã thông báo G/TBT/N/KOR/1065", ["G/TBT/N/KOR/1065"]),
        ("Thay thế G/TBT/N/BRA/1061.\nMã thông báo: G/TBT/N/BRA/1061/Add.1", ["G/TBT/N/BRA/1061/Add.1"]),
        ("Mã số thông báo: G / TBT / N / KOR / 900", ["G/TBT/N/KOR/900"]),
        (
            "Mã thông báo:\nG/TBT/N/ARE/1,\nG/TBT/N/BHR/2\nNguồn tbt.gov.vn, xem G/TBT/N/KOR/3",
            ["G/TBT/N/ARE/1", "G/TBT/N/BHR/2"],
        ),
        ("Theo G/TBT/CHN/1246, dự thảo …", ["G/TBT/N/CHN/1246"]),
        ("Có G/TBT/N/KOR/1 và G/TBT/N/KOR/2", []),
        ("Mã thông báo: G/TBT/N/KOR/1\nKhác\nMã thông báo: G/TBT/N/KOR/2", []),
        ("Không có mã nào", []),
    ],
)  # fmt: skip
def test_whose_text_an_article_is(text: str, symbols: list[str]) -> None:
    assert list(notified(text)) == symbols


def test_the_saved_articles_are_read(language: Language, now: datetime) -> None:
    found = [
        read_tbt_vietnam(raw("tbt_vietnam", item["key"], item["body"], now, url=item["url"]), language)
        for item in saved("tbt_vietnam")
    ]
    usa, gulf, *_ = found
    texts = {text.field: text.text for text in usa.notice.official}
    assert texts["headline"] == "Hoa Kỳ: nhiên liệu khí tự nhiên"
    assert texts["summary"].splitlines()[-1] == "Hạn cuối để các nước Thành viên WTO góp ý là ngày 15/8/2025."
    assert not {"wpdevart", "https", "chi tiết", "Mã thông báo"} & set(
        texts["summary"].replace("[", " ").split()
    )
    assert len(texts["summary"].splitlines()) == 5
    (summary,) = (text.text for text in gulf.notice.official if text.field == "summary")
    assert summary.endswith("quy định nêu tại G/TBT/N/ARE/100.")
    (news,) = (one for one in found if not one.joins)
    assert (news.notice.kind, news.notice.area, news.notice.type) == ("article", "VN", "article")
    assert news.notice.key == "tbt_vietnam|https://tbt.gov.vn/2025/05/tap-huan-tbt/"
    assert news.notice.published_on == date(2025, 5, 28)
    assert [(one.rel, one.key) for one in news.notice.related] == [
        ("mentions", "G/TBT/N/KOR/1293"),
        ("mentions", "G/TBT/N/KOR/1290"),
    ]


def test_real_articles_of_the_office(shared: Path, now: datetime, language: Language) -> None:
    folder = shared / "sources/samples/vietnam"
    for name, symbol, words in (
        ("tbt_gov_vn_article_2022-03.txt", "G/TBT/N/KOR/1065", 75),
        ("tbt_gov_vn_article_2024-05.txt", "G/TBT/N/USA/2119", 60),
    ):
        title, _, posted, *text = (folder / name).read_text(encoding="utf-8").splitlines()
        said = {"title": title, "posted": posted, "text": [line.strip() for line in text if line.strip()]}
        assert notified("\n".join(said["text"])) == (symbol,)
        found = read_tbt_vietnam(article(now, symbol, **said), language)
        (summary,) = (text.text for text in found.notice.official if text.field == "summary")
        assert not any(junk in summary for junk in ("wpdevart", "http", "Mã thông báo", "[", "xem tại"))
        assert len(summary.split()) > words
        assert any(text.field == "headline" for text in found.notice.official)


def test_the_saved_notices_of_the_sps_office(language: Language, now: datetime) -> None:
    found = [
        read_sps_vietnam(raw("sps_vietnam", item["key"], item["body"], now, url=item["url"]), language)
        for item in saved("sps_vietnam")
    ]
    assert [
        (one.notice.symbols, one.notice.members, one.notice.type, one.notice.emergency) for one in found
    ] == [
        (("G/SPS/N/CHN/1290",), ("CHN",), "regular", False),
        (("G/SPS/N/UGA/394/Add.1",), ("UGA",), "addendum", True),
        (("G/SPS/N/EU/800",), ("EU",), "regular", False),
    ]
    assert {one.notice.area for one in found} == {"SPS"}
    assert found[0].notice.published_on == date(2025, 7, 1)
    assert [one.doubt for one in found] == ["", "", ""]


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("Quốc gia", "Nước Nào Đó", "unknown-member"),
        ("Loại thông báo", "Lạ lùng", "unknown-type"),
        ("Ngày thông báo", "", "no-date"),
        ("Ngày thông báo", "31/02/2025", "bad-date"),
    ],
)
def test_what_the_sps_office_writes_must_be_known(
    language: Language, now: datetime, label: str, value: str, kind: str
) -> None:
    body = json.loads(json.dumps(saved("sps_vietnam")[0]["body"]))
    body["rows"] = [[name, value if name == label else said] for name, said in body["rows"]]
    with pytest.raises(ReadingError) as met:
        read_sps_vietnam(raw("sps_vietnam", "1", body, now), language)
    assert met.value.kind == kind
    assert met.value.todo


def test_the_sps_office_and_eping_state_one_notice(store: Store, language: Language, now: datetime) -> None:
    item = saved("sps_vietnam")[0]
    record = notification(
        now, "G/SPS/N/CHN/1290", area="SPS", notifyingMember="China", title="Tea substitutes (GB)", hsCodes=[]
    )
    through(store, language, now, raw("sps_vietnam", item["key"], item["body"], now, url=item["url"]), record)
    (found,) = store.notices.every()
    assert found.notice.sources == ("eping_web", "sps_vietnam")
    assert found.notice.title == "Tea substitutes (GB)"


# ── feeds ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_entries_of_feeds_become_articles(store: Store, language: Language, now: datetime) -> None:
    day = datetime.fromisoformat("2025-07-03T08:00:00+07:00")
    records = [
        raw(source, item["key"], item["body"], day, url=item["url"])
        for name, source in (("vietq", "vietq"), ("feed", "so_cong_thuong"))
        for item in saved(name)
    ]
    store.raw.keep(records)
    report = normalise.run(store, language, day)
    assert (report.done, report.waiting) == (9, 0)
    found = {item.notice.title: item for item in store.notices.every("article")}
    assert len(found) == 9
    first = found["Nhật Bản siết dư lượng thuốc trên bưởi"].notice
    assert first.members == ("Chất lượng Việt Nam (VietQ)",)
    assert first.summary == "Thông báo G/SPS/N/JPN/1300 nêu mức dư lượng mới."
    assert [one.key for one in first.related] == ["G/SPS/N/JPN/1300"]
    assert first.published_on == date(2025, 7, 2)
    assert found["Địa chỉ hỏng"].notice.published_on is None
    assert found["Hội nghị kết nối giao thương"].notice.members == ("Sở Công Thương: tin xuất khẩu",)
    assert sorted(issue.key for issue in store.issues.open_list()) == ["so_cong_thuong", "vietq"]
    translate.run(store, language, NoEngine(), day)
    headlines = {
        text.text for item in store.notices.every() for text in item.translations if text.field == "headline"
    }
    assert "Công bố hợp quy thép" in headlines


@pytest.mark.parametrize(
    ("entry", "title", "summary", "links"),
    [
        ({"title": "A", "link": "javascript:alert(1)"}, "A", "", []),
        ({"summary": "<p>Chỉ có<br>nội dung</p>"}, "Chỉ có nội dung", "", []),
        ({"title": "A\n &lt;b&gt;B", "summary": "x " * 900, "link": "HTTPS://a.vn/1"}, "A <b>B", None, ["HTTPS://a.vn/1"]),
        ({"title": "A", "summary": "\x00\ud800b"}, "A", "b", []),
    ],
)  # fmt: skip
def test_strange_entries(
    language: Language,
    now: datetime,
    entry: dict[str, str],
    title: str,
    summary: str | None,
    links: list[str],
) -> None:
    body = {"entry": entry, "feed": {"title": "F", "publisher": "F", "language": "vi"}}
    found = read_news(raw("f", "k", body, now), language).notice
    assert found.title == title
    assert len(found.summary) <= 600
    assert summary is None or found.summary == summary
    assert [one.url for one in found.documents] == links


def test_an_entry_without_any_text_waits(language: Language, now: datetime) -> None:
    body = {"entry": {"link": "https://a.vn/"}, "feed": {"title": "F", "publisher": "F", "language": "vi"}}
    with pytest.raises(ReadingError, match="neither title nor text"):
        read_news(raw("f", "k", body, now), language)
    body["feed"]["language"] = "zh"
    body["entry"]["title"] = "A"
    with pytest.raises(ReadingError, match="language 'zh'"):
        read_news(raw("f", "k", body, now), language)


# ── articles on the way to people ───────────────────────────────────────────────────────────────────────────


def story(**said: Any) -> Dossier:
    known: dict[str, Any] = {
        "key": "vietq|https://vietq.vn/1", "kind": "article", "area": "VN", "type": "article", "symbols": (),
        "thread": "vietq|https://vietq.vn/1", "members": ("VietQ",), "title": "Nhật Bản siết dư lượng trên bưởi",
        "language": "vi", "published_on": date(2026, 11, 19), "sources": ("vietq",),
    }  # fmt: skip
    moment = datetime.fromisoformat("2026-11-19T09:00:00+07:00")
    return Dossier(id=1, notice=Notice(**known | said), state="ACCEPTED", seen_at=moment, accepted_at=moment)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"words": ("bưởi",)}, "word:bưởi"),
        ({"sectors": ("fresh-produce",)}, None),
        ({"hs": ("0805",)}, None),
        ({"markets": ("JPN",)}, None),
        ({"topics": ("labelling",)}, None),
        ({"areas": ("TBT",)}, None),
        ({"areas": ("VN",)}, "area:VN"),
        ({}, "everything"),
    ],
)
def test_news_goes_to_those_who_asked_for_it(wish: dict[str, Any], reason: str | None) -> None:
    assert match(Criteria(**wish), story()) == reason
    assert Index([Criteria(**wish)]).matching(story()) == ({0: reason} if reason else {})


def test_news_is_tagged_by_its_words_and_by_no_market() -> None:
    tags = tag_notice(story().notice, load_vocabulary())
    assert "fresh-produce" in {tag.code for tag in tags if tag.kind == "sector"}
    assert not any(tag.kind == "market" for tag in tags)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_site_shows_news_in_a_list_of_its_own(language: Language, tmp_path: Path, lang: Any) -> None:
    moment = datetime.fromisoformat("2026-11-20T09:00:00+07:00")

    def site(*items: Dossier) -> Path:
        build(
            items, language=language, labels=Labels(sectors={}, topics={}), office=Office(name="TBT Watch"), health=[],
            today=moment.date(), now=moment, lead_days={}, days_off=(), out=tmp_path / str(len(items)),
            base_url="", lang=lang,
        )  # fmt: skip
        return tmp_path / str(len(items))

    bare = site()
    assert not (bare / "tin").exists()
    folder = site(story())
    listed = (folder / "tin/index.html").read_text(encoding="utf-8")
    assert "Nhật Bản siết dư lượng trên bưởi" in listed
    front = (folder / "index.html").read_text(encoding="utf-8")
    assert "tin/index.html" in front
    assert "Nhật Bản siết" not in front
    (page,) = (folder / "tin/vietq").rglob("index.html")
    text = page.read_text(encoding="utf-8")
    assert "VietQ" in text
    assert "19/11/2026" in text or "19 November 2026" in text
    assert ("Tin tức" if lang == "vi" else "News") in text
