"""Accounts: a curator's own password, and for admins who there is."""

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.errors import UsageError
from tbt_watch.web.desk.passwords import Passwords, check_new
from tbt_watch.web.desk.room import Room, Visit


class Accounts:
    """Pages on accounts."""

    def __init__(self, room: Room, passwords: Passwords) -> None:
        self._room, self._passwords = room, passwords

    def routes(self) -> list[Route]:
        """One's own account; all of them for admins."""
        return [
            self._room.get("/account", self._own),
            self._room.post("/account", self._change),
            self._room.get("/accounts", self._all, admin=True),
            self._room.post("/accounts/end", self._end, admin=True),
        ]

    def _own(self, visit: Visit) -> Response:
        return self._room.show(visit, "desk/account.html", wrong="")

    def _change(self, visit: Visit) -> Response:
        """A new password, for who knows the old one; every browser has to log in again."""
        new = visit.given("new")
        if not self._passwords.fits(visit.given("old"), visit.curator.hash):
            return self._room.show(visit, "desk/account.html", 422, wrong="old")
        if new != visit.given("again"):
            return self._room.show(visit, "desk/account.html", 422, wrong="again")
        try:
            check_new(new, visit.curator.name)
        except UsageError:
            return self._room.show(visit, "desk/account.html", 422, wrong="weak")
        self._room.app.store.curators.new_password(visit.curator.name, self._passwords.hashed(new))
        return self._room.go(visit, "login")

    def _all(self, visit: Visit) -> Response:
        return self._room.show(visit, "desk/accounts.html", curators=self._room.app.store.curators.all())

    def _end(self, visit: Visit) -> Response:
        self._room.app.store.curators.log_out_everywhere(visit.given("name"))
        return self._room.go(visit, "accounts")
