"""The pages on the translation memory, over real HTTP: found, corrected under the checks, forgotten, taken back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from cast import POMELO
from curators import SUMMARY, DeskOffice, Person, desk_office, words
from older import made_older

from tbt_watch import curate
from tbt_watch.domain.memory import Unit
from tbt_watch.store import Store
from tbt_watch.translate.checks.checker import Checker
from tbt_watch.translate.memory.base import load_memory, shipped_units
from tbt_watch.translate.memory.exchange import read_units
from tbt_watch.translate.memory.learning import learn
from tbt_watch.translate.terms.base import load_terms

NASTY = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
SOURCE = "The limit for cadmium in fresh fruit is 0.05 mg/kg."
TARGET = "Mức giới hạn cadimi trong quả tươi là 0,05 mg/kg."
BETTER = "Giới hạn cadimi đối với quả tươi là 0,05 mg/kg."
SWAPPED = "Nghị định này quy định mức giới hạn tối đa đối với thực phẩm và không áp dụng cho hàng quá cảnh."
WRONG = "Giới hạn cadimi đối với quả tươi là 0,5 mg/kg."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskOffice]:
    with desk_office(tmp_path_factory.mktemp("memory")) as made:
        made.waiting()
        yield made


@pytest.fixture
def desk(house: DeskOffice) -> DeskOffice:
    """The office with nothing in its memory."""
    store = house.app.store
    store.memory.remove([one.id for one in store.memory.all() if one.id is not None])
    return house


def keep(desk: DeskOffice, source: str = SOURCE, target: str = TARGET, **more: str) -> int:
    """A unit of the memory; its number."""
    given = {"language": "en", "origin": "import", "by": "Văn phòng Bến Tre"} | more
    desk.app.store.memory.put([Unit(source=source, target=target, **given)], desk.clock())  # type: ignore[arg-type]
    return max(one.id or 0 for one in desk.app.store.memory.all())


def units(desk: DeskOffice) -> list[tuple[str, str, str]]:
    return [(one.target, one.origin, one.by) for one in desk.app.store.memory.all()]


def hidden(person: Person, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', person.page.text)
    assert found, person.page.text
    return unescape(found[1])


def correct(person: Person, number: int, target: str, do: str = "save") -> int:
    """Write another Vietnamese; the status of the answer."""
    given = {"revision": hidden(person, "revision"), "target": target, "do": do}
    return person.post(f"memory/{number}/correct", given).status_code


def test_units_are_found_on_either_side_without_tones(desk: DeskOffice) -> None:
    number = keep(desk)
    keep(desk, "A lead limit.", "Giới hạn chì.", origin="human", by="Minh")
    lan = desk.person("Lan")
    for sought in ("cadimi qua tuoi", "QUẢ TƯƠI", "cadmium", "fresh fru", "gioi han 0,05"):
        said = words(lan.get("memory", params={"words": sought}).text)
        assert TARGET in said, sought
        assert "Giới hạn chì" not in said, sought
    assert f"memory/{number}" in lan.page.text
    assert "Giới hạn chì" in words(lan.get("memory", params={"origin": "human"}).text)
    assert TARGET not in words(lan.page.text)
    assert TARGET in words(lan.get("memory", params={"by": "Văn phòng Bến Tre"}).text)
    assert "Không tìm thấy gì" in words(lan.get("memory", params={"words": "xyzzy"}).text)
    assert lan.get("memory", params={"words": '"*(^', "before": "x", "origin": NASTY}).status_code == 200


def test_the_list_is_turned_page_by_page(desk: DeskOffice) -> None:
    desk.app.store.memory.put(
        [
            Unit(language="en", source=f"Sentence number {n} here.", target=f"Câu số {n}.", origin="import")
            for n in range(120)
        ],
        desk.clock(),
    )
    lan, seen, where = desk.person("Lan"), list[str](), "memory?words=cau"
    for _ in range(4):
        page = lan.get(where).text
        seen += re.findall(r"Câu số (\d+)\.", page)
        found = re.search(r'rel="next" href="\.\./desk/([^"]+)"', page)
        if not found:
            break
        where = unescape(found[1])
    assert sorted(map(int, seen)) == list(range(120))
    assert seen[0] == "119", "the newest first"


def test_what_is_shipped_is_shown_and_said_otherwise_by_the_office(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    one = shipped_units()[0]
    lan.get("memory", params={"origin": "shipped", "words": one.target[:40]})
    assert one.target in words(lan.page.text)
    where = re.search(r'href="\.\./desk/(memory/new\?of=\w+)"', lan.page.text)
    assert where
    lan.get(where[1])
    assert one.source in unescape(lan.page.text)
    given = {"language": "en", "source": one.source, "target": one.target + " (VP)", "do": "all the same"}
    assert "Đã thêm." in words(lan.post("memory/new", given).text)
    hit = load_memory(desk.app.store.memory.all(), desk.app.language).exact(one.source, "en")
    assert hit
    assert hit.text == one.target + " (VP)"


def test_a_unit_tells_where_it_came_from_and_is_corrected(desk: DeskOffice) -> None:
    number = keep(desk)
    lan = desk.person("Lan")
    said = words(lan.get(f"memory/{number}").text)
    assert "nhập từ nơi khác" in said
    assert "Văn phòng Bến Tre" in said
    desk.clock.now += timedelta(minutes=1)
    assert correct(lan, number, BETTER) == 200
    assert "Đã sửa." in words(lan.page.text)
    assert units(desk) == [(BETTER, "human", "Lan")]
    (deed,) = desk.app.store.deeds.trail(limit=1)
    assert (deed.by, deed.about, deed.what) == ("Lan", "unit", "changed")
    undone = lan.post("record/undo", {"deed": hidden(lan, "deed")})
    assert "Đã hoàn tác." in words(undone.text)
    assert units(desk) == [(TARGET, "import", "Văn phòng Bến Tre")], "with the origin that it had"
    assert lan.post("record/undo", {"deed": str(deed.id)}).status_code == 409


def test_what_fails_a_check_is_not_taken_unless_it_is_meant(desk: DeskOffice) -> None:
    number = keep(desk)
    lan = desk.person("Lan")
    lan.get(f"memory/{number}")
    assert correct(lan, number, WRONG) == 422
    assert "có điểm chưa đạt kiểm tra" in words(lan.page.text)
    assert WRONG in unescape(lan.page.text), "what was written is there again"
    assert units(desk)[0][0] == TARGET
    assert correct(lan, number, WRONG, "look") == 200
    assert units(desk)[0][0] == TARGET
    assert correct(lan, number, " ") == 422
    assert 'id="target-fault"' in lan.page.text
    assert correct(lan, number, WRONG, "all the same") == 200
    assert units(desk)[0][0] == WRONG


def test_a_unit_is_added_and_its_faults_are_said_at_the_fields(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    lan.get("memory/new")
    good = {"language": "en", "source": SOURCE, "target": TARGET}
    for wrong, at in (
        ({"source": ""}, "source"),
        ({"target": " \n "}, "target"),
        ({"source": SWAPPED, "target": SOURCE}, "source"),
        ({"language": "de"}, "language"),
    ):
        answer = lan.post("memory/new", good | wrong)
        assert answer.status_code == 422, wrong
        assert f'id="{at}-fault"' in answer.text, wrong
        assert (good | wrong)["target"].strip() in unescape(answer.text)
    assert lan.post("memory/new", good | {"target": WRONG}).status_code == 422
    assert WRONG in unescape(lan.page.text)
    assert lan.post("memory/new", good | {"do": "look"}).status_code == 200
    assert units(desk) == []
    assert "Đã thêm." in words(lan.post("memory/new", good).text)
    assert units(desk) == [(TARGET, "human", "Lan")]
    answer = lan.post("memory/new", good | {"target": BETTER})
    assert answer.status_code == 422
    assert "Câu này đã có bản dịch" in words(answer.text)
    assert units(desk) == [(TARGET, "human", "Lan")]


def test_a_unit_is_forgotten_and_comes_back(desk: DeskOffice) -> None:
    number = keep(desk)
    lan = desk.person("Lan")
    lan.get(f"memory/{number}")
    lan.post(f"memory/{number}/remove", {"revision": hidden(lan, "revision")})
    assert "Đã xóa khỏi bộ nhớ dịch." in words(lan.page.text)
    assert units(desk) == []
    assert lan.get(f"memory/{number}").status_code == 404
    lan.get("record/office", params={"about": "unit"})
    lan.post("record/undo", {"deed": hidden(lan, "deed")})
    assert units(desk) == [(TARGET, "import", "Văn phòng Bến Tre")]
    assert TARGET in words(lan.get("memory", params={"words": "cadimi"}).text), "and is found again"


def test_two_at_once_do_not_overwrite_each_other(desk: DeskOffice) -> None:
    number = keep(desk)
    lan, minh = desk.person("Lan"), desk.person("Minh")
    for one in (lan, minh):
        one.get(f"memory/{number}")
    seen = hidden(minh, "revision")
    desk.clock.now += timedelta(minutes=1)
    assert correct(lan, number, BETTER) == 200
    mine = "Hàm lượng cadimi tối đa trong quả tươi là 0,05 mg/kg."
    assert correct(minh, number, mine) == 409
    said = unescape(minh.page.text)
    assert mine in said
    assert BETTER in said
    assert minh.post(f"memory/{number}/remove", {"revision": seen}).status_code == 409
    assert units(desk) == [(BETTER, "human", "Lan")]
    assert correct(minh, number, mine) == 200, "said again, it counts"
    assert units(desk) == [(mine, "human", "Minh")]


def test_the_text_of_a_notice_is_changed_at_the_notice(desk: DeskOffice) -> None:
    store, lan = desk.app.store, desk.person("Lan")
    (item,) = store.notices.get(POMELO.key)
    curate.amend_field(store, item, "summary", SUMMARY + " Đã xem lại.", "Lan", desk.clock())
    learn(store, Checker(load_terms(), desk.app.language), desk.clock())
    (whole,) = [one for one in store.memory.all() if one.notice and one.field == "summary"]
    lan.get(f"memory/{whole.id}")
    assert "Đây là bản dịch của một tin" in words(lan.page.text)
    assert f"notice/{item.id}" in lan.page.text
    assert "revision" not in lan.page.text
    from tbt_watch.web.desk.memory import mark

    given = {"revision": mark(whole), "target": "Khác", "do": "all the same"}
    assert lan.post(f"memory/{whole.id}/correct", given).status_code == 422
    assert lan.post(f"memory/{whole.id}/remove", given).status_code == 422
    assert whole in store.memory.all()


def test_a_corrected_unit_is_what_the_page_of_a_notice_shows(desk: DeskOffice) -> None:
    """The memory that is kept read is read anew, also where as many units are there as before."""
    number = keep(desk, POMELO.title, "Dự thảo cũ về mức dư lượng", origin="human", by="Minh")
    lan = desk.person("Lan")
    (item,) = desk.app.store.notices.get(POMELO.key)
    assert "Dự thảo cũ về mức dư lượng" in words(lan.get(f"notice/{item.id}").text)
    lan.get(f"memory/{number}")
    assert correct(lan, number, "Dự thảo mới về mức dư lượng", "all the same") == 200
    said = words(lan.get(f"notice/{item.id}").text)
    assert "Dự thảo mới về mức dư lượng" in said
    assert "Dự thảo cũ về mức dư lượng" not in said


def test_the_file_can_be_imported_by_another_office(desk: DeskOffice, tmp_path: Path) -> None:
    keep(desk)
    keep(desk, "5 < 6 & more.", f"5 < 6 & {NASTY}", origin="human", by="Lan")
    answer = desk.person("Lan").get("memory.tmx")
    assert answer.headers["content-disposition"] == 'attachment; filename="memory.tmx"'
    path = tmp_path / "memory.tmx"
    path.write_bytes(answer.content)
    found = {(one.source, one.target) for one in read_units(path) if isinstance(one, Unit)}
    assert found == {(SOURCE, TARGET), ("5 < 6 & more.", f"5 < 6 & {NASTY}")}


def test_what_is_written_is_shown_and_never_run(desk: DeskOffice) -> None:
    number = keep(desk, f"Limit {NASTY}", f"Giới hạn {NASTY}", by=NASTY)
    lan = desk.person("Lan")
    for path in ("memory", f"memory/{number}", "memory?words=gioi+han", "memory?by=%3Cscript%3E"):
        assert "<script>alert" not in lan.get(path).text, path
        assert "onerror=alert(1)>" not in lan.page.text, path
    lan.get(f"memory/{number}")
    assert correct(lan, number, f"Mức {NASTY}", "all the same") == 200
    assert "<script>alert" not in lan.page.text
    assert "<script>alert" not in lan.get("record/office").text
    answer = lan.post("memory/new", {"language": NASTY, "source": NASTY, "target": NASTY})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_nothing_is_done_without_login_and_token(desk: DeskOffice) -> None:
    number = keep(desk)
    lan = desk.person("Lan")
    lan.get(f"memory/{number}")
    given = {"revision": hidden(lan, "revision"), "language": "en", "source": "x y", "target": BETTER}
    for path in (f"memory/{number}/correct", f"memory/{number}/remove", "memory/new"):
        assert desk.browser().post(path, given).status_code == 401, path
        assert lan.post(path, given | {"csrf": "0" * 64}).status_code == 403, path
    for path in ("memory", f"memory/{number}", "memory/new", "memory.tmx"):
        assert desk.browser().get(path).url.path == "/desk/login", path
    assert units(desk) == [(TARGET, "import", "Văn phòng Bến Tre")]


def test_a_memory_from_before_the_index_is_found_after_the_update(tmp_path: Path) -> None:
    path, now = tmp_path / "store.db", datetime(2026, 11, 20, tzinfo=UTC)
    unit = Unit(language="en", source="Draft on milk.", target="Dự thảo về sữa đường.", origin="human")
    with Store.open(path) as store:
        store.memory.put([unit], now)
    made_older(path, "0010")
    with Store.open(path) as store:
        (found,) = store.memory.page("sua duong")
        assert found.target == unit.target
        changes = store.memory.changes()
        store.memory.remove([found.id or 0])
        assert store.memory.page("sua duong") == []
        assert store.memory.changes() > changes


def test_a_page_in_english_is_a_tap_away(desk: DeskOffice) -> None:
    keep(desk)
    lan = desk.person("Lan")
    lan.get("memory")
    said = words(lan.post("speak", {"lang": "en", "back": "/desk/memory"}).text)
    lan.post("speak", {"lang": "vi", "back": "/desk/memory"})
    assert "Translation memory" in said
    assert "taken over" in said
