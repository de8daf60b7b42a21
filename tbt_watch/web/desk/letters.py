"""The letter of comments on a notice, to read, copy and open in a mail program."""

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.bulletin.card import make_card
from tbt_watch.domain.moment import today
from tbt_watch.kit import comment_kit
from tbt_watch.web.desk.notice import find
from tbt_watch.web.desk.queue import here
from tbt_watch.web.desk.room import Room, Visit


class Letters:
    """The comment kit of one notice, as enterprises get it."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[Route]:
        """One page."""
        return [self._room.get("/notice/{number:int}/letter", self._letter)]

    def _letter(self, visit: Visit) -> Response:
        app = self._room.app
        item = find(self._room, visit.number)
        due = here(self._room).send_by(item.notice)
        day = today(app.clock())
        named = set(item.notice.members) <= set(
            app.language.members
        )  # as on the site: of Members that have a name
        taking = named and not item.notice.stated_status
        return self._room.show(
            visit,
            "desk/letter.html",
            item=item,
            card=make_card(item, self._room.words(visit.lang), here(self._room)),
            kit=comment_kit(item, app.office, app.language, visit.lang, day, due) if taking else None,
        )
