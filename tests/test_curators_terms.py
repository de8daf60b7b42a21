"""The pages on terms, over real HTTP: what counts, the office's own rows, faults at their fields, undo."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from curators import DeskOffice, Person, desk_office, words

from tbt_watch.domain.term import Term
from tbt_watch.translate.terms.base import load_terms

NASTY = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
OWN = {"en": "pomelo|pummelo", "vi": "bưởi da xanh", "status": "preferred", "note": "theo Sở"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskOffice]:
    with desk_office(tmp_path_factory.mktemp("terms")) as made:
        made.waiting()
        yield made


@pytest.fixture
def desk(house: DeskOffice) -> DeskOffice:
    """The office without terms of its own."""
    house.app.store.terms.remove(house.app.store.terms.all())
    return house


def own(desk: DeskOffice) -> list[Term]:
    return desk.app.store.terms.all()


def save(person: Person, **cells: str) -> str:
    """Fill in the form and save; what the page says."""
    if not person.csrf:
        person.get("terms/new")
    return words(person.post("terms/save", cells).text)


def hidden(person: Person, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', person.page.text)
    assert found, person.page.text
    return unescape(found[1])


def test_terms_of_the_project_are_found_without_tones_and_shown(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    said = words(lan.get("terms", params={"words": "nong san"}).text)
    assert "agricultural product" in said
    assert "nông sản" in said
    where = re.search(r'href="\.\./desk/(terms/entry\?[^"]+)"', lan.page.text)
    assert where
    page = lan.get(unescape(where[1]))
    assert page.status_code == 200
    assert "sản phẩm nông nghiệp" in words(page.text), "admitted"
    assert "có sẵn trong phần mềm" in words(page.text)
    assert "Sửa" not in re.findall(r"terms/edit\?", page.text), "what is shipped is read only"
    assert lan.get("terms/entry", params={"lang": "en", "of": "no such thing"}).status_code == 404
    assert "Không tìm thấy" in words(lan.get("terms", params={"words": "xyzzy"}).text)


def test_pages_are_turned_and_filters_hold(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    first = lan.get("terms")
    assert 'rel="next"' in first.text
    second = lan.get("terms", params={"page": "2"})
    entries = re.compile(r"terms/entry\?[^\"]+")
    assert not set(entries.findall(first.text)) & set(entries.findall(second.text))
    assert "Không tìm thấy" in words(lan.get("terms", params={"base": "office"}).text)
    save(lan, **OWN)
    assert "bưởi da xanh" in words(lan.get("terms", params={"base": "office"}).text)
    assert lan.get("terms", params={"page": "x", "status": NASTY, "domain": NASTY}).status_code == 200


def test_an_entry_of_the_office_counts_before_the_project(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    said = save(lan, **OWN)
    assert "Đã thêm." in said
    assert own(desk) == [
        Term(en=("pomelo", "pummelo"), vi="bưởi da xanh", status="preferred", note="theo Sở")
    ]
    hit = load_terms(own(desk)).found("fresh pomelo", "en")[-1]
    assert hit.preferred == ("bưởi da xanh",)
    assert "bưởi da xanh" in said
    (deed,) = desk.app.store.deeds.trail(limit=1)
    assert (deed.by, deed.about, deed.what, deed.before) == ("Lan", "term", "added", None)
    assert (deed.after or {})["vi"] == "bưởi da xanh"


def test_it_is_told_what_holds_the_term_before_it_is_saved(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    lan.get("terms/new")
    said = words(lan.post("terms/save", OWN | {"en": "chlorpyrifos", "do": "look"}).text)
    assert "Hợp lệ. Chưa lưu gì." in said
    assert "Có 1 tin chứa thuật ngữ này." in said
    assert own(desk) == []


@pytest.mark.parametrize(
    ("cells", "at", "says"),
    [
        ({"vi": " "}, "vi", "trống"),
        ({"vi": "a|b"}, "vi", "nhiều cách dịch"),
        ({"en": "", "fr": "", "es": ""}, "en", "không có cách viết"),
        ({"en": "…"}, "en", "không có chữ cái"),
        ({"en": "pomelo|Pomelo"}, "en", "lặp lại"),
        ({"en": "x" * 201}, "en", "quá dài"),
        ({"note": "a\u202eb"}, "note", "ký tự"),
        ({"domain": "d" * 41}, "domain", "quá dài"),
        ({"status": "liked"}, "status", ""),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_is_lost(
    desk: DeskOffice, cells: dict[str, str], at: str, says: str
) -> None:
    lan = desk.person("Lan")
    lan.get("terms/new")
    answer = lan.post("terms/save", OWN | cells)
    assert answer.status_code == 422
    assert own(desk) == []
    fault = re.search(rf'id="{at}-fault">([^<]+)<', answer.text)
    assert fault, answer.text
    assert says in unescape(fault[1])
    field = re.search(rf'<(?:input|select|textarea) id="{at}"[^>]*>', answer.text)
    assert field
    assert f'aria-describedby="{at}-fault"' in field[0]
    given = OWN | cells
    assert unescape(answer.text).count(given["note"])
    if given["vi"].strip():
        assert f'value="{given["vi"]}"' in unescape(answer.text)


def test_what_contradicts_the_offices_own_is_refused_as_on_import(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    save(lan, **OWN)
    lan.get("terms/new")
    two = lan.post("terms/save", OWN | {"vi": "bưởi năm roi"})
    assert two.status_code == 422
    assert 'id="status-fault"' in two.text
    twice = lan.post("terms/save", OWN | {"status": "forbidden"})
    assert twice.status_code == 422
    assert 'id="vi-fault"' in twice.text
    assert [one.vi for one in own(desk)] == ["bưởi da xanh"]
    shipped = next(one for one in load_terms().shipped if one.en == ("almond",) and one.status == "preferred")
    said = save(
        lan, en="almond", fr="amande", es="almendra", vi=shipped.vi, domain=shipped.domain, note=shipped.note
    )
    assert "có sẵn trong phần mềm đã ghi như vậy" in said


def test_a_row_is_changed_removed_and_taken_back(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    save(lan, **OWN)
    row = re.search(r"terms/edit\?row=([0-9a-f]+)", lan.page.text)
    assert row
    lan.get(f"terms/edit?row={row[1]}")
    was = hidden(lan, "was")
    assert "Đã sửa." in save(lan, was=was, **OWN | {"vi": "bưởi năm roi", "en": "pomelo"})
    assert [(one.en, one.vi) for one in own(desk)] == [(("pomelo",), "bưởi năm roi")]
    deed = hidden(lan, "deed")
    assert "Đã hoàn tác." in words(lan.post("record/undo", {"deed": deed}).text)
    assert [(one.en, one.vi) for one in own(desk)] == [(("pomelo", "pummelo"), "bưởi da xanh")]
    lan.get("terms/entry", params={"lang": "en", "of": "pomelo|pummelo"})
    assert "Đã xóa: pomelo." in words(lan.post("terms/remove", {"row": hidden(lan, "row")}).text)
    assert own(desk) == []
    lan.post("record/undo", {"deed": hidden(lan, "deed")})
    assert [one.vi for one in own(desk)] == ["bưởi da xanh"]
    said = words(lan.get("record/office").text)
    assert "Thuật ngữ: đã xóa" in said
    assert lan.post("record/undo", {"deed": deed}).status_code == 409, "what came after it counts"
    assert lan.post("record/undo", {"deed": "999999"}).status_code == 404


def test_the_same_again_changes_nothing_and_writes_nothing_down(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    save(lan, **OWN)
    before = desk.app.store.deeds.trail(limit=1)
    row = re.search(r"terms/edit\?row=([0-9a-f]+)", lan.page.text)
    assert row
    lan.get(f"terms/edit?row={row[1]}")
    assert "không có gì thay đổi" in save(lan, was=row[1], **OWN)
    assert desk.app.store.deeds.trail(limit=1) == before


def test_two_at_once_do_not_overwrite_each_other(desk: DeskOffice) -> None:
    lan, minh = desk.person("Lan"), desk.person("Minh")
    save(lan, **OWN)
    row = re.search(r"terms/edit\?row=([0-9a-f]+)", lan.page.text)
    assert row
    for one in (lan, minh):
        one.get(f"terms/edit?row={row[1]}")
    save(lan, was=row[1], **OWN | {"note": "Lan viết"})
    answer = minh.post("terms/save", OWN | {"was": row[1], "note": "Minh viết"})
    assert answer.status_code == 409
    said = words(answer.text)
    assert "Lan đã sửa thuật ngữ này" in said
    assert "Lan viết" in said
    assert "Minh viết" in said
    assert [one.note for one in own(desk)] == ["Lan viết"]
    save(minh, **OWN | {"was": hidden(minh, "was"), "note": "Minh viết"})
    assert [one.note for one in own(desk)] == ["Minh viết"], "said again, it counts"
    for one in (lan, minh):
        one.get("terms/entry", params={"lang": "en", "of": "pomelo|pummelo"})
    there = hidden(lan, "row")
    assert lan.post("terms/remove", {"row": there}).status_code == 200
    assert minh.post("terms/remove", {"row": there}).status_code == 404
    answer = minh.post("terms/save", OWN | {"was": there})
    assert answer.status_code == 409
    assert "Lan đã xóa thuật ngữ này" in words(answer.text)
    assert hidden(minh, "was") == ""


def test_what_is_written_is_shown_and_never_run(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    lan.get("terms/new")
    cells = dict.fromkeys(("en", "fr", "es", "vi", "domain", "note", "status"), NASTY)
    assert "<script>alert" not in lan.post("terms/save", cells).text
    save(lan, en=NASTY, vi=f"bưởi {NASTY}", note=NASTY)
    assert len(own(desk)) == 1
    assert "<script>alert" not in lan.page.text
    for path in ("terms?base=office", "terms?words=%3Cscript%3E", "record/office", "terms/new"):
        assert "<script>alert" not in lan.get(path, params=None).text, path
    assert "<script>alert" not in lan.get("terms/new", params={"en": NASTY, "note": NASTY}).text


def test_the_table_can_be_imported_again(desk: DeskOffice, tmp_path: Path) -> None:
    from tbt_watch.translate.terms.table import read_term_table

    lan = desk.person("Lan")
    save(lan, **OWN | {"note": "=1+1"})
    answer = lan.get("terms.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="terms.csv"'
    path = tmp_path / "terms.csv"
    path.write_bytes(answer.content)
    table = read_term_table(path)
    assert table.faults == []
    assert own(desk)[0] in [term for _, term in table.terms]


def test_nothing_is_done_without_login_and_token(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    save(lan, **OWN)
    row = hidden(lan, "row")
    for path, given in (("terms/save", OWN), ("terms/remove", {"row": row}), ("record/undo", {"deed": "1"})):
        assert desk.browser().post(path, given).status_code == 401, path
        assert lan.post(path, given | {"csrf": "0" * 64}).status_code == 403, path
        lan.get("terms")
    for path in ("terms", "terms/new", "terms.csv", "terms/entry", "record/office"):
        assert desk.browser().get(path).url.path == "/desk/login", path
    assert len(own(desk)) == 1


def test_a_curator_is_not_told_of_accounts(desk: DeskOffice) -> None:
    lan, an = desk.person("Lan"), desk.person("An", "admin")
    desk.account("Hoa")
    for path in ("record/office", "record/office?about=account"):
        assert "Hoa" not in words(lan.get(path).text), path
        assert "Hoa" in words(an.get(path).text), path
