"""The pages on which an edition of the bulletin is made, over real HTTP."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from cast import CIRCULAR, POMELO, SEEN, named, subscriber
from curators import CONFIG, DeskOffice, Person, desk_office, words

from tbt_watch import curate, publishing
from tbt_watch.bulletin import arrange, papers
from tbt_watch.domain.bulletin import Bulletin, BulletinItem, Section
from tbt_watch.store.ledger import Wanted

OTHER = named("G/TBT/N/USA/2211", "USA", comment_until=date(2026, 11, 30), published_on=date(2026, 11, 18))
NASTY = "<script>alert(1)</script>\"'{{7*7}}<img src=x onerror=alert(1)>"
NO_PDF = papers.can_print()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOffice]:
    """An office with three notices that are accepted."""
    site = (tmp_path / "site").as_posix()
    config = f'{CONFIG}\n[bulletin]\nfolder = "{site}"\n'
    with desk_office(tmp_path, config) as made:
        for notice in (POMELO, OTHER, CIRCULAR):
            accept(made, made.waiting(notice))
        yield made


def accept(desk: DeskOffice, number: int) -> None:
    store = desk.app.store
    curate.decide(store, store.notices.dossier(number), "accepted", "Lan", desk.clock(), "")


def draft(desk: DeskOffice, person: Person) -> int:
    """A new draft, made by the form."""
    person.get("editions")
    answer = person.post("editions", {"kind": "bulletin", "since": "2026-11-14", "until": "2026-11-20"})
    assert "Bản thảo đã được lập." in words(answer.text)
    (one,) = desk.app.store.bulletins.all()
    return one.id or 0


def one_of(desk: DeskOffice, number: int) -> Bulletin:
    return desk.app.store.bulletins.get(number)


def form(person: Person, number: int) -> dict[str, str]:
    """What the form of a draft would send as it stands."""
    page = person.get(f"editions/{number}").text
    (body,) = re.findall(r'<form class="making".*?</form>', page, re.DOTALL)
    hidden = re.findall(r'<input type="hidden" name="(revision|base)" value="([^"]*)"', body)
    plain = re.findall(r'name="((?:title|heading)[^"]*)" maxlength="300" value="([^"]*)"', body)
    texts = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', body, re.DOTALL)
    return {name: unescape(value).replace("\n", "\r\n") for name, value in (*hidden, *plain, *texts)}


def keys(one: Bulletin, part: str) -> list[str]:
    return [item.key for section in one.sections if section.part == part for item in section.items]


def deed(
    desk: DeskOffice, person: Person, number: int, verb: str, key: str = "", part: str = "warnings"
) -> str:
    """Tap a button of the first section of that part that holds the notice."""
    one = one_of(desk, number)
    at = next(
        place
        for place, section in enumerate(one.sections)
        if section.part == part and (not key or key in [item.key for item in section.items])
    )
    given = form(person, number) | {
        "deed": " ".join(filter(None, (verb, arrange.section_names(one)[at], key)))
    }
    return words(person.post(f"editions/{number}", given).text)


# ── Making a draft ──────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_put_together_and_its_texts_are_saved(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    given = form(lan, number)
    name = next(key for key in given if key.startswith("heading."))
    answer = lan.post(
        f"editions/{number}",
        given
        | {
            "title": "Tuần về rau quả",
            "words": "Lời **đầu** số\r\n\r\nxin chào",
            name: "Rau, quả",
            "deed": "save",
        },
    )
    assert "Đã lưu thay đổi." in words(answer.text)
    one = one_of(desk, number)
    assert (one.title, one.words, one.revision, one.changed_by) == (
        "Tuần về rau quả", "Lời **đầu** số\n\nxin chào", 2, "Lan",
    )  # fmt: skip
    assert "Rau, quả" in [section.vi for section in one.sections]
    lan.post(f"editions/{number}", form(lan, number) | {"deed": "save"})
    assert one_of(desk, number).revision == 2, "the same again is no change"


def test_notices_are_moved_left_out_and_added_and_what_was_typed_is_kept(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    before = keys(one_of(desk, number), "warnings")
    assert sorted(before) == sorted([POMELO.key, OTHER.key])
    given = form(lan, number)
    one = one_of(desk, number)
    at = next(place for place, section in enumerate(one.sections) if section.part == "warnings")
    name = arrange.section_names(one)[at]
    answer = lan.post(f"editions/{number}", given | {"words": "chưa lưu", "deed": f"down {name} {before[0]}"})
    assert keys(one_of(desk, number), "warnings") == before[::-1]
    assert one_of(desk, number).words == "chưa lưu"
    assert re.search(rf'value="down {name} {re.escape(before[0])}" autofocus', answer.text), (
        "the key can go on"
    )
    assert "Đã bỏ ra" in deed(desk, lan, number, "out", before[0])
    assert keys(one_of(desk, number), "warnings") == before[1:]
    given = form(lan, number)
    asked = given | {"deed": "add", "into": name, "symbol": f" {before[0].lower()} "}
    assert "Đã thêm và lưu." in words(lan.post(f"editions/{number}", asked).text)
    assert keys(one_of(desk, number), "warnings") == before[::-1]


@pytest.mark.parametrize(
    ("symbol", "said"),
    [
        ("G/SPS/N/EU/9", "Không có tin nào mang mã thông báo hoặc số ký hiệu này."),
        (POMELO.key, "Tin này đã có trong số này."),
        ("G/SPS/N/EU/77", "Tin này chưa được duyệt"),
        (NASTY, "Không có tin nào mang mã thông báo hoặc số ký hiệu này."),
    ],
)
def test_what_cannot_be_added_says_why_and_saves_the_rest(desk: DeskOffice, symbol: str, said: str) -> None:
    desk.waiting(named("G/SPS/N/EU/77", "EU"))
    lan = desk.person("Lan")
    number = draft(desk, lan)
    into = arrange.section_names(one_of(desk, number))[-1]
    given = form(lan, number) | {"deed": "add", "into": into, "symbol": symbol, "title": "Giữ lại"}
    page = lan.post(f"editions/{number}", given)
    assert said in words(page.text)
    assert "<script>alert" not in page.text
    assert one_of(desk, number).title == "Giữ lại"


def test_sections_are_added_moved_and_left_out(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    given = form(lan, number) | {"deed": "section-new", "part": "other", "new-heading": "Hỏi đáp"}
    lan.post(f"editions/{number}", given)
    assert one_of(desk, number).sections[-1] == Section(part="other", vi="Hỏi đáp")
    assert "Mục mới cần có tiêu đề." in words(
        lan.post(f"editions/{number}", form(lan, number) | {"deed": "section-new", "part": "law"}).text
    )
    parts = [section.part for section in one_of(desk, number).sections]
    assert parts == ["closing", "warnings", "law", "other"]
    deed(desk, lan, number, "section-up", part="law")
    assert [section.part for section in one_of(desk, number).sections] == [
        "closing",
        "law",
        "warnings",
        "other",
    ]
    deed(desk, lan, number, "section-out", part="other")
    assert [section.part for section in one_of(desk, number).sections] == ["closing", "law", "warnings"]


def test_days_that_make_no_sense_make_no_draft(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    lan.get("editions")
    answer = lan.post("editions", {"kind": "bulletin", "since": "2026-11-20", "until": "2026-11-01"})
    assert answer.status_code == 422
    assert "Chưa lập được bản thảo" in words(answer.text)
    assert "hãy sửa lại các ngày" in words(answer.text)
    for since, said in (
        ("thứ hai", "không phải là ngày tháng"),
        ("2026-12-01", "chưa có tin nào được duyệt"),
    ):
        answer = lan.post("editions", {"kind": "bulletin", "since": since, "until": "2026-12-04"})
        assert (answer.status_code, said in words(answer.text)) == (422, True)
    assert "Chưa phát hành số bản tin nhanh nào" in words(lan.post("editions", {"kind": "periodical"}).text)
    assert desk.app.store.bulletins.all() == []


def test_the_days_of_a_draft_are_changed_with_everything_that_was_typed(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    sent = form(lan, number)
    name = arrange.section_names(one_of(desk, number))[1]
    answer = lan.post(
        f"editions/{number}",
        sent | {"since": "2026-11-10", "until": "2026-11-12", "words": "Kính gửi", "deed": "days"},
    )
    assert "Đã đổi ngày" in words(answer.text)
    one = one_of(desk, number)
    assert (one.since, one.until, one.words) == (date(2026, 11, 10), date(2026, 11, 12), "Kính gửi")
    assert keys(one, "warnings") == [], "nothing was accepted in those days"
    assert "Lan : Lời của ban biên tập ở đầu số, Các mục và thứ tự, Từ ngày, Đến ngày" in words(answer.text)
    answer = lan.post(
        f"editions/{number}",
        form(lan, number) | {"since": "2026-11-14", "until": "2026-11-20", "deed": "save"},
    )
    assert POMELO.key in keys(one_of(desk, number), "warnings"), "also with another button"
    assert f'value="section-out {name}"' in answer.text


def test_days_that_cannot_be_are_not_taken_and_the_rest_is_saved(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    for until, said in (
        ("2026-11-01", "hãy sửa lại các ngày"),
        ("hôm qua", "không phải là ngày tháng"),
        ("2062-11-20", "trong vòng 31 ngày"),
    ):
        typed = {"until": until, "words": said, "deed": "days"}
        answer = lan.post(f"editions/{number}", form(lan, number) | typed)
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert "Các nội dung khác đã được lưu" in words(answer.text)
        assert "Đã đổi ngày" not in words(answer.text)
        one = one_of(desk, number)
        assert (one.until, one.words) == (date(2026, 11, 20), said)


def test_a_draft_is_dropped_and_what_is_gone_is_said(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    answer = lan.post(f"editions/{number}/drop", {"revision": str(one_of(desk, number).revision)})
    assert "Đã xóa bản thảo" in words(answer.text)
    for path in ("", "/preview", "/file/pdf", "/telegram", "/publish"):
        assert lan.get(f"editions/{number}{path}").status_code == 404, path


# ── Two curators ────────────────────────────────────────────────────────────────────────────────────────


def test_two_curators_see_both_texts_and_nobody_overwrites_another(desk: DeskOffice) -> None:
    lan, minh = desk.person("Lan"), desk.person("Minh")
    number = draft(desk, lan)
    hers, his = form(lan, number), form(minh, number)
    lan.post(f"editions/{number}", hers | {"words": "Lời của Lan", "title": "Tên của Lan", "deed": "save"})
    answer = minh.post(f"editions/{number}", his | {"words": "Lời của Minh", "deed": "save"})
    assert answer.status_code == 409
    page = words(answer.text)
    assert "Lời của Lan" in page
    assert "Lời của Minh" in page
    assert "Lan : Tiêu đề, Lời của ban biên tập ở đầu số" in page
    assert one_of(desk, number).words == "Lời của Lan"
    names = re.findall(r'<textarea [^>]*name="([^"]+)"', answer.text)
    assert names == ["words"], "what he did not write is not asked about, and not sent back"
    (revision,) = re.findall(r'name="revision" value="(\d+)"', answer.text)
    minh.post(f"editions/{number}", {"revision": revision, "words": "Lời của Minh", "deed": "save"})
    assert (one_of(desk, number).words, one_of(desk, number).title) == ("Lời của Minh", "Tên của Lan")


def test_a_move_on_an_older_draft_is_not_done(desk: DeskOffice) -> None:
    lan, minh = desk.person("Lan"), desk.person("Minh")
    number = draft(desk, lan)
    his = form(minh, number)
    name = arrange.section_names(one_of(desk, number))[1]
    deed(desk, lan, number, "out", POMELO.key)
    answer = minh.post(f"editions/{number}", his | {"deed": f"out {name} {OTHER.key}"})
    assert answer.status_code == 409
    assert keys(one_of(desk, number), "warnings") == [OTHER.key]
    answer = minh.post(f"editions/{number}/publish", {"revision": his["revision"]})
    assert answer.status_code == 409
    assert not one_of(desk, number).published
    assert minh.post(f"editions/{number}/drop", {"revision": his["revision"]}).status_code == 409


# ── Looking and publishing ──────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_seen_as_page_word_file_and_message(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    lan.post(f"editions/{number}", form(lan, number) | {"words": f"Lời mở {NASTY}", "deed": "save"})
    page = lan.get(f"editions/{number}/preview")
    assert "Lời mở" in words(page.text)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "style-src 'sha256-" in policy
    word = lan.get(f"editions/{number}/file/docx")
    assert word.content[:2] == b"PK"
    assert f"ban-tin-du-thao-{number}.docx" in word.headers["Content-Disposition"]
    told = lan.get(f"editions/{number}/telegram")
    assert OTHER.symbols[0] in words(told.text)
    assert "Tin này được gửi tới mọi người đăng ký nhận bản tin" in words(told.text)
    assert lan.get(f"editions/{number}/file/exe").status_code == 404


@pytest.mark.skipif(bool(NO_PDF), reason=NO_PDF)
def test_a_draft_is_seen_as_pdf(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    answer = lan.get(f"editions/{draft(desk, lan)}/file/pdf")
    assert (answer.content[:5], answer.headers["Content-Type"]) == (b"%PDF-", "application/pdf")


def test_publishing_says_who_gets_what_and_does_it(desk: DeskOffice) -> None:
    reader = replace(subscriber("100", channel="telegram"), bulletin_since=desk.clock())
    desk.app.store.subscribers.save(reader)
    desk.app.store.subscribers.save(replace(reader, address="200", pause="asked"))
    desk.app.store.subscribers.save(subscriber("300", channel="telegram"))
    lan = desk.person("Lan")
    number = draft(desk, lan)
    page = lan.get(f"editions/{number}/publish")
    told = words(page.text)
    assert re.search(r"telegram \(\s?kênh đang tắt: tin sẽ chờ\s?\) 1 1", told), told
    assert "Bản tin nhanh số 1/2026" in told
    assert "[ Thôi nhận bản tin ]" in told
    assert not one_of(desk, number).published
    answer = lan.post(f"editions/{number}/publish", {"revision": str(one_of(desk, number).revision)})
    assert "Đã phát hành." in words(answer.text)
    one = one_of(desk, number)
    assert (one.number, one.year, one.published_by) == (1, 2026, "Lan")
    (waits,) = desk.app.store.deliveries.find(Wanted())
    assert (waits.address, waits.edition_kind, waits.state) == ("100", "bulletin", "PENDING")
    shown = lan.get(f"editions/{number}")
    assert "telegram · Đang chờ gửi: 1" in words(shown.text)
    (link,) = re.findall(r'href="([^"]*/desk/deliveries\?[^"]*)"', shown.text)
    listed = words(lan.get(unescape(link).partition("/desk/")[2]).text)
    assert f"Lượt gửi {waits.id}" in listed
    assert (desk.app.config.bulletin.folder / "ban-tin/2026/so-1/index.html").exists()
    assert 'class="making"' not in lan.get(f"editions/{number}").text
    (kept,) = (one.body for one in desk.app.store.bulletins.papers(number) if one.name.endswith(".docx"))
    assert lan.get(f"editions/{number}/file/docx").content == kept
    lan.get("editions")
    again = lan.post(f"editions/{number}/publish", {"revision": str(one.revision)})
    assert again.status_code == 409
    assert lan.get(f"editions/{number}/telegram").status_code == 200


def test_what_is_not_accepted_any_more_keeps_an_edition_from_going_out(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    (item,) = desk.app.store.notices.get(POMELO.key)
    curate.decide(desk.app.store, item, "rejected", "Minh", desk.clock(), "nhầm")
    assert "không còn được duyệt" in words(lan.get(f"editions/{number}").text)
    page = lan.get(f"editions/{number}/publish")
    assert POMELO.key in words(page.text)
    assert "<button>Phát hành</button>" not in page.text
    revision = str(one_of(desk, number).revision)
    assert lan.post(f"editions/{number}/publish", {"revision": revision}).status_code == 422
    assert not one_of(desk, number).published


def test_publishing_waits_while_a_stage_is_at_work(desk: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "PATIENCE", 0)
    lan = desk.person("Lan")
    number = draft(desk, lan)
    lan.get(f"editions/{number}/publish")
    with desk.app.store.lock("stages"):
        answer = lan.post(f"editions/{number}/publish", {"revision": str(one_of(desk, number).revision)})
    assert answer.status_code == 409
    assert "Hãy thử lại sau một phút." in words(answer.text)
    assert not one_of(desk, number).published


def test_nothing_is_done_without_the_token_of_the_form(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    revision = str(one_of(desk, number).revision)
    for path in ("editions", f"editions/{number}", f"editions/{number}/drop", f"editions/{number}/publish"):
        given = {"revision": revision, "deed": "save", "title": "lạ", "csrf": "0" * 64}
        assert lan.post(path, given).status_code == 403, path
        assert desk.browser().post(path, given).status_code == 401, path
    assert one_of(desk, number).title == ""
    assert len(desk.app.store.bulletins.all()) == 1


def test_the_pages_speak_english_too(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    number = draft(desk, lan)
    lan.get("editions")
    lan.post("speak", {"lang": "en", "back": "/desk/editions"})
    for path in (
        "editions",
        f"editions/{number}",
        f"editions/{number}/publish",
        f"editions/{number}/telegram",
    ):
        assert '<html lang="en">' in lan.get(path).text, path
    assert "Nobody: no subscriber has asked for the bulletin yet." in words(
        lan.get(f"editions/{number}/publish").text
    )


# ── The verbs by themselves ─────────────────────────────────────────────────────────────────────────────


def test_a_notice_goes_over_the_edge_of_its_section_but_never_out_of_or_into_the_box() -> None:
    a, b, c = (BulletinItem(key=key, version=1) for key in "abc")
    one = Bulletin(
        kind="bulletin", since=date(2026, 11, 14), until=date(2026, 11, 20), composed_at=SEEN,
        sections=(
            Section(part="closing", items=(a,)),
            Section(part="warnings", vi="A", items=(a, b)),
            Section(part="law", vi="B", items=(c,)),
        ),
    )  # fmt: skip
    down = arrange.moved(one, 1, "b", 1)
    assert [section.items for section in down.sections] == [(a,), (a,), (b, c)]
    assert arrange.moved(down, 2, "b", -1) == one
    assert arrange.moved(one, 1, "a", -1) == one
    assert arrange.moved(one, 0, "a", 1) == one
    assert arrange.moved(one, 2, "c", 1) == one
    assert arrange.moved(one, 2, "x", 1) == one


def test_sections_of_one_name_are_told_apart_and_texts_find_theirs() -> None:
    twice = (Section(part="law", vi="B"), Section(part="law", vi="B", words="hai"))
    one = Bulletin(
        kind="bulletin", since=date(2026, 11, 14), until=date(2026, 11, 20), composed_at=SEEN, sections=twice
    )
    first, second = arrange.section_names(one)
    assert first != second
    changed = arrange.with_texts(one, {f"words.{second}": "ba", "words.nowhere": "x", f"heading.{first}": ""})
    assert changed.sections == (twice[0], replace(twice[1], words="ba"))
    assert arrange.with_texts(one, arrange.texts_of(one)) == one
