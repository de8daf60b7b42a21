"""Accounts from the command line."""

from pathlib import Path

import pytest
from desk import CONFIG, Desk

from tbt_watch.store import Store
from tbt_watch.web.desk.passwords import Passwords

PASSWORD = "chôm chôm tróc giống nhãn"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    (tmp_path / "word").write_text(f"{PASSWORD}\nnot this line\n", encoding="utf-8")
    return made


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")
def test_an_account_is_added_listed_changed_and_removed(desk: Desk) -> None:
    done = desk.typed("curators", "add", "Lan", "--role", "admin", "--password-file", "word")
    assert (done.code, done.out) == (0, "Lan can log in now.\n")
    assert "[web] desk = true" in done.err
    assert desk.typed("curators", "add", "minh", given=f"{PASSWORD}\n{PASSWORD}\n").code == 0
    found = {one["name"]: one["role"] for one in desk.typed("curators", "list", "--json").records}
    assert found == {"Lan": "admin", "minh": "curator"}
    assert "admin" in desk.typed("curators", "list").out
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        hashed = store.curators.get("LAN").hash
    assert hashed.startswith("$argon2id$")
    assert Passwords().fits(PASSWORD, hashed)
    assert not Passwords().fits(PASSWORD + "\nnot this line", hashed)
    (desk.folder / "word").write_text("thanh long ruột đỏ Bình Thuận", encoding="utf-8")
    assert desk.typed("curators", "password", "lan", "--password-file", "word").code == 0
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        assert not Passwords().fits(PASSWORD, store.curators.get("Lan").hash)
    assert desk.typed("curators", "remove", "Lan").out == "Lan cannot log in any more.\n"
    assert [one["name"] for one in desk.typed("curators", "list", "--json").records] == ["minh"]


@pytest.mark.parametrize(
    ("words", "password", "says"),
    [
        (("add", "LAN"), PASSWORD, "already"),
        (("add", ""), PASSWORD, "no name"),
        (("add", "a" * 81), PASSWORD, "no name"),
        (("add", "policy"), PASSWORD, "no name"),
        (("add", "a\nb"), PASSWORD, "no name"),
        (("add", "Hoa"), "short", "12 to 256"),
        (("add", "Hoa"), "x" * 300, "12 to 256"),
        (("add", "Hoa"), "aaaaaaaaaaaaaaa", "guessed"),
        (("add", "Hoa"), "hoa hoa hoa hồng", "guessed"),
        (("password", "Hoa"), PASSWORD, "no curator"),
    ],
)
def test_what_makes_no_account_is_said_in_one_sentence(
    desk: Desk, words: tuple[str, str], password: str, says: str
) -> None:
    assert desk.typed("curators", "add", "Lan", "--password-file", "word").code == 0
    (desk.folder / "word").write_text(password, encoding="utf-8")
    done = desk.typed("curators", *words, "--password-file", "word")
    assert done.code == 2
    assert says in done.sentence


def test_who_is_not_there_cannot_be_removed(desk: Desk) -> None:
    assert "no curator" in desk.typed("curators", "remove", "Hoa").sentence
    assert "Nobody can log in yet" in desk.typed("curators", "list").err
    assert "cannot be read" in desk.typed("curators", "add", "Hoa", "--password-file", "nowhere").sentence


def test_a_role_is_changed_and_an_account_locked_out_and_let_in(desk: Desk) -> None:
    for name in ("Lan", "Minh"):
        assert desk.typed("curators", "add", name, "--password-file", "word").code == 0
    assert desk.typed("curators", "role", "minh", "admin").out == "Minh can log in, as admin.\n"
    assert "only admin" in desk.typed("curators", "role", "Minh", "curator").sentence
    assert "only admin" in desk.typed("curators", "disable", "Minh").sentence
    assert desk.typed("curators", "disable", "Lan").out == "Lan cannot log in any more.\n"
    listed = {one["name"]: one["disabled"] for one in desk.typed("curators", "list", "--json").records}
    assert listed == {"Lan": True, "Minh": False}
    assert desk.typed("curators", "enable", "Lan").out == "Lan can log in, as curator.\n"
    assert "no curator" in desk.typed("curators", "role", "Hoa", "admin").sentence
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        said = [(one.what, one.name, one.by) for one in store.deeds.trail(about=("account",))]
    assert said[:3] == [("changed", "Lan", ""), ("changed", "Lan", ""), ("changed", "Minh", "")]


def test_no_account_is_made_beside_no_configuration(tmp_path: Path) -> None:
    desk = Desk(tmp_path, config=None)
    assert desk.typed("curators", "add", "Lan").code == 2
    assert not list(tmp_path.rglob("*.db"))
    desk.configure(CONFIG)
    assert desk.typed("curators", "list").code == 0
