"""All pages of the desk, put together."""

import time
from collections.abc import Callable

from starlette.routing import BaseRoute

from tbt_watch.app import App
from tbt_watch.web.desk.accounts import Accounts
from tbt_watch.web.desk.deeds import Deeds
from tbt_watch.web.desk.editions import Editions
from tbt_watch.web.desk.issues import Issues
from tbt_watch.web.desk.issuing import Issuing
from tbt_watch.web.desk.letters import Letters
from tbt_watch.web.desk.memory import MemoryPages
from tbt_watch.web.desk.notice import NoticePage
from tbt_watch.web.desk.office_record import OfficeRecord
from tbt_watch.web.desk.passwords import Passwords
from tbt_watch.web.desk.people import People
from tbt_watch.web.desk.proof import Proof
from tbt_watch.web.desk.queue import Queue
from tbt_watch.web.desk.record import Record
from tbt_watch.web.desk.room import Room
from tbt_watch.web.desk.sessions import Sessions
from tbt_watch.web.desk.terms import Terms
from tbt_watch.web.pages import Pages


def desk_routes(app: App, pages: Pages, stopwatch: Callable[[], float] = time.monotonic) -> list[BaseRoute]:
    """Every path below ``/desk/``."""
    room, passwords = Room(app=app, pages=pages), Passwords()
    queue, proof = Queue(room), Proof(app)
    rooms = (
        Sessions(room, passwords, stopwatch),
        queue,
        NoticePage(room, proof),
        Deeds(room),
        Record(room, queue),
        Accounts(room, passwords),
        Editions(room),
        Issuing(room),
        Issues(room),
        People(room),
        Letters(room),
        Terms(room, proof),
        MemoryPages(room, proof),
        OfficeRecord(room, proof),
    )
    return [route for one in rooms for route in one.routes()]
