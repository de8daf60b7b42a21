"""Accounts in the browser: who may, what is checked, and that nobody shuts the last admin out."""

from collections.abc import Iterator

import pytest
from curators import PASSWORD, DeskOffice, desk_office, words

NASTY = '"><script>alert(1)</script>'
NEW = "sầu riêng ri sáu chín cây"
GIVEN = {"name": "Hoa", "role": "curator", "new": NEW, "again": NEW}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskOffice]:
    with desk_office(tmp_path_factory.mktemp("accounts")) as made:
        yield made


@pytest.fixture
def desk(house: DeskOffice) -> DeskOffice:
    """The office without an account."""
    curators = house.app.store.curators
    for one in curators.all():
        curators.remove(one.name, house.clock(), last=True)
    return house


def number_of(desk: DeskOffice, name: str) -> int:
    return desk.app.store.curators.get(name).id or 0


def deeds(desk: DeskOffice) -> list[tuple[str, str, str]]:
    """What the record has of accounts, the oldest first."""
    found = desk.app.store.deeds.trail(about=("account",))
    return [(one.by, one.what, one.name) for one in reversed(found)]


def test_an_admin_makes_an_account_that_can_log_in(desk: DeskOffice) -> None:
    an = desk.person("An", "admin")
    an.get("accounts")
    answer = an.post("accounts", GIVEN)
    assert answer.status_code == 200
    assert "Hoa có thể đăng nhập." in words(answer.text)
    assert desk.browser().log_in("hoa", NEW).url.path == "/desk/queue"
    assert desk.app.store.curators.get("Hoa").role == "curator"
    assert deeds(desk)[-1] == ("An", "added", "Hoa")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": " "}, "Hãy ghi tên từ 1 đến 80 ký tự"),
        ({"name": "policy"}, "Hãy ghi tên từ 1 đến 80 ký tự"),
        ({"name": "a" * 81}, "Hãy ghi tên từ 1 đến 80 ký tự"),
        ({"name": "AN"}, "Đã có tài khoản mang tên này."),
        ({"new": "ngắn", "again": "ngắn"}, "Mật khẩu cần ít nhất 12 ký tự"),
        ({"new": "hoa hoa hoa hồng", "again": "hoa hoa hoa hồng"}, "Mật khẩu cần ít nhất 12 ký tự"),
        ({"again": NEW + "!"}, "không giống nhau"),
    ],
)
def test_what_is_wrong_is_said_and_the_name_is_not_lost(
    desk: DeskOffice, changed: dict[str, str], says: str
) -> None:
    an = desk.person("An", "admin")
    an.get("accounts")
    given = GIVEN | {"role": "admin"} | changed
    answer = an.post("accounts", given)
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert f'value="{given["name"]}"' in answer.text
    assert '<option value="admin" selected>' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert given["new"] not in answer.text, "a password is never shown again"
    assert [one.name for one in desk.app.store.curators.all()] == ["An"]


def test_a_role_is_changed_and_counts_at_once(desk: DeskOffice) -> None:
    an, minh = desk.person("An", "admin"), desk.person("Minh")
    assert minh.get("accounts").status_code == 403
    an.get(f"accounts/{number_of(desk, 'Minh')}")
    seen = hidden(an.page.text, "revision")
    an.post(f"accounts/{number_of(desk, 'Minh')}/role", {"role": "admin", "revision": seen})
    assert minh.get("accounts").status_code == 200
    assert deeds(desk)[-1] == ("An", "changed", "Minh")
    (last,) = desk.app.store.deeds.trail(about=("account",), limit=1)
    assert (last.before or {})["role"] == "curator"
    assert (last.after or {})["role"] == "admin"


def test_the_last_admin_stays_one(desk: DeskOffice) -> None:
    an = desk.person("An", "admin")
    desk.account("Minh")
    desk.account("Cũ", "admin")
    desk.app.store.curators.change("Cũ", desk.clock(), disabled=True)  # an admin who cannot log in is none
    path = f"accounts/{number_of(desk, 'An')}"
    for verb, more in (
        ("role", {"role": "curator"}),
        ("lock", {"disabled": "1"}),
        ("remove", {"name": "An"}),
    ):
        an.get(path)
        answer = an.post(f"{path}/{verb}", {"revision": hidden(an.page.text, "revision"), **more})
        assert answer.status_code == 422, verb
        assert "An là quản trị viên duy nhất" in words(answer.text), verb
    assert an.get("accounts").status_code == 200
    desk.app.store.curators.change("Minh", desk.clock(), role="admin")
    an.get(path)
    answer = an.post(f"{path}/role", {"revision": hidden(an.page.text, "revision"), "role": "curator"})
    assert answer.url.path == "/desk/queue"
    assert an.get("accounts").status_code == 403


def test_who_is_locked_out_is_out_at_once_and_can_come_back(desk: DeskOffice) -> None:
    an, minh = desk.person("An", "admin"), desk.person("Minh")
    path = f"accounts/{number_of(desk, 'Minh')}"
    an.get(path)
    an.post(f"{path}/lock", {"revision": hidden(an.page.text, "revision"), "disabled": "1"})
    assert "Đã khóa tài khoản Minh" in words(an.page.text)
    assert minh.get("queue").url.path == "/desk/login"
    assert desk.browser().log_in("Minh").status_code == 403
    an.get(path)
    an.post(f"{path}/lock", {"revision": hidden(an.page.text, "revision"), "disabled": "0"})
    assert minh.get("queue").url.path == "/desk/login", "the old session does not come to life again"
    assert desk.browser().log_in("Minh").status_code == 200


def test_another_password_is_set_for_who_forgot_it(desk: DeskOffice) -> None:
    an, minh = desk.person("An", "admin"), desk.person("Minh")
    path = f"accounts/{number_of(desk, 'Minh')}"
    an.get(path)
    seen = hidden(an.page.text, "revision")
    assert an.post(f"{path}/password", {"revision": seen, "new": "x", "again": "x"}).status_code == 422
    assert an.post(f"{path}/password", {"revision": seen, "new": NEW, "again": "x"}).status_code == 422
    assert an.post(f"{path}/password", {"revision": seen, "new": NEW, "again": NEW}).status_code == 200
    assert minh.get("queue").url.path == "/desk/login"
    assert desk.browser().log_in("Minh", PASSWORD).status_code == 403
    assert desk.browser().log_in("Minh", NEW).status_code == 200
    assert deeds(desk)[-1] == ("An", "password", "Minh")
    kept = b"".join(path.read_bytes() for path in desk.app.store.path.parent.glob("*.db*"))
    assert NEW.encode() not in kept


def test_an_account_is_removed_by_writing_its_name(desk: DeskOffice) -> None:
    an, minh = desk.person("An", "admin"), desk.person("Minh")
    path = f"accounts/{number_of(desk, 'Minh')}"
    an.get(path)
    seen = hidden(an.page.text, "revision")
    assert an.post(f"{path}/remove", {"revision": seen, "name": "ai đó"}).status_code == 422
    assert an.post(f"{path}/remove", {"revision": seen, "name": " Minh "}).status_code == 200
    assert minh.get("queue").url.path == "/desk/login"
    assert an.get(path).status_code == 404
    assert deeds(desk)[-1] == ("An", "removed", "Minh")


def test_two_admins_do_not_overwrite_each_other_unseen(desk: DeskOffice) -> None:
    an, binh = desk.person("An", "admin"), desk.person("Bình", "admin")
    desk.account("Minh")
    path = f"accounts/{number_of(desk, 'Minh')}"
    an.get(path)
    binh.get(path)
    an.post(f"{path}/role", {"revision": hidden(an.page.text, "revision"), "role": "admin"})
    seen = hidden(binh.page.text, "revision")
    for verb, more in (
        ("role", {"role": "curator"}),
        ("lock", {"disabled": "1"}),
        ("password", {"new": NEW, "again": NEW}),
        ("remove", {"name": "Minh"}),
    ):
        answer = binh.post(f"{path}/{verb}", {"revision": seen, **more})
        assert answer.status_code == 409, verb
        assert "chưa thực hiện gì" in words(answer.text)
    assert desk.app.store.curators.get("Minh").role == "admin"


def test_no_curator_and_no_stranger_touches_an_account(desk: DeskOffice) -> None:
    desk.account("An", "admin")
    lan, number = desk.person("Lan"), number_of(desk, "An")
    lan.get("queue")
    paths = (
        "accounts",
        "accounts/end",
        *(f"accounts/{number}/{verb}" for verb in ("role", "password", "lock", "remove")),
    )
    for path in paths:
        assert lan.post(path, GIVEN | {"name": "An"}).status_code == 403, path
        assert desk.browser().post(path, GIVEN).status_code == 401, path
    assert lan.get(f"accounts/{number}").status_code == 403
    an = desk.person("An")
    an.get("accounts")
    for path in paths:
        assert an.post(path, GIVEN | {"csrf": "0" * 64}).status_code == 403, path
    assert deeds(desk)[-1][1] == "added", "nothing was done"


def test_a_name_is_shown_and_never_run(desk: DeskOffice) -> None:
    an = desk.person("An", "admin")
    an.get("accounts")
    answer = an.post("accounts", GIVEN | {"name": NASTY})
    assert "<script>alert" not in answer.text
    assert NASTY in words(answer.text)
    for path in (f"accounts/{number_of(desk, NASTY)}", "record", "record/office", "terms", "memory"):
        assert "<script>alert" not in an.get(path).text, path


def hidden(page: str, name: str) -> str:
    """A hidden field of a form."""
    return page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]
