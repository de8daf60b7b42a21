"""Accounts: a curator's own password; for admins who there is, new ones, roles, passwords, and who may come in."""

import hashlib
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.domain.curator import ROLES, Curator, Role, name_of
from tbt_watch.domain.text import collapse
from tbt_watch.errors import UsageError
from tbt_watch.web.desk.passwords import Passwords, check_new
from tbt_watch.web.desk.room import Room, Visit

_DID = ("added", "role", "password", "disabled", "enabled", "ended", "removed")


def revision(one: Curator) -> str:
    """What is another one after every change of an account."""
    return hashlib.sha256(f"{one.id} {one.role} {one.disabled} {one.hash}".encode()).hexdigest()[:16]


class Accounts:
    """Pages on accounts."""

    def __init__(self, room: Room, passwords: Passwords) -> None:
        self._room, self._passwords = room, passwords

    def routes(self) -> list[Route]:
        """One's own account; all of them, and each, for admins."""
        get, post, one = self._room.get, self._room.post, "/accounts/{number:int}"
        return [
            get("/account", self._own),
            post("/account", self._change),
            get("/accounts", self._all, admin=True),
            post("/accounts", self._add, admin=True),
            post("/accounts/end", self._end, admin=True),
            get(one, self._one, admin=True),
            post(f"{one}/role", self._role, admin=True),
            post(f"{one}/password", self._password, admin=True),
            post(f"{one}/lock", self._lock, admin=True),
            post(f"{one}/remove", self._remove, admin=True),
        ]

    def _now(self) -> datetime:
        return self._room.app.clock()

    # --- one's own ---

    def _own(self, visit: Visit) -> Response:
        return self._room.show(visit, "desk/account.html", wrong="")

    def _change(self, visit: Visit) -> Response:
        """A new password, for who knows the old one; every browser has to log in again."""
        if not self._passwords.fits(visit.given("old"), visit.curator.hash):
            return self._room.show(visit, "desk/account.html", 422, wrong="old")
        if wrong := _wrong(visit, visit.curator.name):
            return self._room.show(visit, "desk/account.html", 422, wrong=wrong)
        self._set(visit, visit.curator.name)
        return self._room.go(visit, "login")

    def _set(self, visit: Visit, name: str) -> None:
        hashed = self._passwords.hashed(visit.given("new"))
        self._room.app.store.curators.new_password(name, hashed, self._now(), visit.curator.name)

    # --- all of them ---

    def _all(self, visit: Visit, status: int = 200, faults: dict[str, str] | None = None) -> Response:
        return self._room.show(
            visit,
            "desk/accounts.html",
            status,
            curators=self._room.app.store.curators.all(),
            faults=faults or {},
            did=visit.asked("did") if visit.asked("did") in _DID else "",
        )

    def _add(self, visit: Visit) -> Response:
        """A new account; what is wrong is said at its field, and all is there again but the passwords."""
        curators, faults = self._room.app.store.curators, {}
        name = visit.given("name")
        try:
            name = name_of(name)
        except UsageError:
            faults["name"] = "name"
        else:
            if curators.find(name):
                faults["name"] = "taken"
        if wrong := _wrong(visit, name):
            faults["again" if wrong == "again" else "new"] = wrong
        if faults:
            return self._all(visit, 422, faults)
        made = Curator(
            name=name,
            role=_role(visit),
            hash=self._passwords.hashed(visit.given("new")),
            created_at=self._now(),
        )
        try:
            curators.add(made, visit.curator.name)
        except UsageError:  # another admin was quicker
            return self._all(visit, 422, {"name": "taken"})
        return self._room.go(visit, "accounts", did="added", on=name)

    def _end(self, visit: Visit) -> Response:
        self._room.app.store.curators.log_out_everywhere(visit.given("name"), self._now(), visit.curator.name)
        return self._room.go(visit, "accounts", did="ended", on=visit.given("name"))

    # --- one of them ---

    def _one(self, visit: Visit, status: int = 200, wrong: str = "") -> Response:
        one = self._room.app.store.curators.numbered(visit.number)
        return self._room.show(
            visit, "desk/account_of.html", status, one=one, revision=revision(one), wrong=wrong, roles=ROLES
        )

    def _seen(self, visit: Visit) -> Curator | None:
        """The account, where it is still as the form showed it."""
        one = self._room.app.store.curators.numbered(visit.number)
        return one if revision(one) == visit.given("revision") else None

    def _role(self, visit: Visit) -> Response:
        curators = self._room.app.store.curators
        with self._room.app.store.transaction():
            one = self._seen(visit)
            if one is None:
                return self._one(visit, 409, "changed")
            try:
                curators.change(one.name, self._now(), visit.curator.name, role=_role(visit))
            except UsageError:
                return self._one(visit, 422, "last")
        mine = one.id == visit.curator.id and _role(visit) != "admin"
        return self._room.go(visit, "queue" if mine else "accounts", did="role", on=one.name)

    def _password(self, visit: Visit) -> Response:
        """Another password for somebody who forgot theirs."""
        one = self._seen(visit)
        if one is None:
            return self._one(visit, 409, "changed")
        if wrong := _wrong(visit, one.name):
            return self._one(visit, 422, wrong)
        self._set(visit, one.name)
        return self._room.go(visit, "accounts", did="password", on=one.name)

    def _lock(self, visit: Visit) -> Response:
        """Let nobody in by that account, or let them in again."""
        store, disabled = self._room.app.store, visit.given("disabled") == "1"
        with store.transaction():
            one = self._seen(visit)
            if one is None:
                return self._one(visit, 409, "changed")
            try:
                store.curators.change(one.name, self._now(), visit.curator.name, disabled=disabled)
            except UsageError:
                return self._one(visit, 422, "last")
        return self._room.go(visit, "accounts", did="disabled" if disabled else "enabled", on=one.name)

    def _remove(self, visit: Visit) -> Response:
        """The account goes, once its name was written by who asks for it."""
        store = self._room.app.store
        with store.transaction():
            one = self._seen(visit)
            if one is None:
                return self._one(visit, 409, "changed")
            if collapse(visit.given("name")) != collapse(one.name):
                return self._one(visit, 422, "unnamed")
            try:
                store.curators.remove(one.name, self._now(), visit.curator.name)
            except UsageError:
                return self._one(visit, 422, "last")
        return self._room.go(visit, "accounts", did="removed", on=one.name)


def _role(visit: Visit) -> Role:
    return "admin" if visit.given("role") == "admin" else "curator"


def _wrong(visit: Visit, name: str) -> str:
    """What is wrong with a new password, written twice: ``again``, ``weak``, or nothing."""
    if visit.given("new") != visit.given("again"):
        return "again"
    try:
        check_new(visit.given("new"), name)
    except UsageError:
        return "weak"
    return ""
