"""An edition before it goes out: as a page, as PDF and Word file, as the message on Telegram; and publishing it."""

import base64
import hashlib
import re

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from tbt_watch import announcing, publishing
from tbt_watch.bulletin.edition import line_of
from tbt_watch.bulletin.papers import DOCX, HTML, PDF, can_print, paper_html, to_pdf
from tbt_watch.bulletin.word import to_docx
from tbt_watch.domain.bulletin import Bulletin
from tbt_watch.domain.edition import Button
from tbt_watch.errors import BulletinError, BusyError, EditedError, PaperError, StoreError, UsageError
from tbt_watch.web.desk.editions import conflict, found, missing
from tbt_watch.web.desk.room import HEADERS, Room, Visit

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FILES = {"pdf": PDF, "docx": DOCX, "html": HTML}


class Issuing:
    """What an edition looks like, and its publication."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[Route]:
        """Looking, publishing."""
        get, post, path = self._room.get, self._room.post, "/editions/{number:int}"
        return [
            get(f"{path}/preview", self._preview),
            get(f"{path}/file/{{form:str}}", self._file),
            get(f"{path}/telegram", self._telegram),
            get(f"{path}/publish", self._ask),
            post(f"{path}/publish", self._publish),
        ]

    # --- looking ---

    def _preview(self, visit: Visit) -> Response:
        """The edition whole, as its HTML file has it: nothing in it runs, and its one style is named by its hash."""
        one = found(self._room, visit)
        if one is None:
            return missing(self._room, visit)
        body = self._kept(one, HTML) or self._made(one, HTML)
        answer = Response(body, media_type="text/html; charset=utf-8", headers=HEADERS)
        answer.headers["Content-Security-Policy"] = _policy(body.decode())
        return answer

    def _file(self, visit: Visit) -> Response:
        """PDF, DOCX or HTML: of a published edition as it was published, of a draft as it would be."""
        one, media = found(self._room, visit), _FILES.get(str(visit.request.path_params["form"]))
        if one is None or media is None:
            return missing(self._room, visit)
        try:
            body = self._kept(one, media) or self._made(one, media)
        except PaperError:
            return self._refused(visit, "pdf", 503)
        form = next(form for form, own in _FILES.items() if own == media)
        answer = Response(body, media_type=media, headers=HEADERS)
        shown = "inline" if media == PDF else "attachment"
        name = self._room.app.editions.page(one, self._room.app.clock()).file
        answer.headers["Content-Disposition"] = f'{shown}; filename="{name}.{form}"'
        return answer

    def _kept(self, one: Bulletin, media: str) -> bytes | None:
        papers = self._room.app.store.bulletins.papers(one.id or 0) if one.published else []
        return next((paper.body for paper in papers if paper.media == media), None)

    def _made(self, one: Bulletin, media: str) -> bytes:
        app = self._room.app
        page = app.editions.page(one, app.clock())
        if media == DOCX:
            return to_docx(page, app.language)
        html = paper_html(page, app.language)
        return to_pdf(html) if media == PDF else html

    def _telegram(self, visit: Visit) -> Response:
        one = found(self._room, visit)
        if one is None:
            return missing(self._room, visit)
        return self._room.show(
            visit,
            "desk/edition_telegram.html",
            one=one,
            line=line_of(one, self._room.words(visit.lang)),
            parts=_shown(self._room, one),
        )

    # --- publishing ---

    def _ask(self, visit: Visit, status: int = 200) -> Response:
        """Who will get what, before it is said."""
        one = found(self._room, visit)
        if one is None:
            return missing(self._room, visit)
        if one.published:
            return self._room.go(visit, f"editions/{one.id}")
        app = self._room.app
        known = {item.notice.key for item in app.editions.dossiers([item.key for item in one.items])}
        gone = [item.key for item in one.items if item.key not in known]
        numbered = app.editions.numbered(one)
        printable = not can_print()
        return self._room.show(
            visit,
            "desk/edition_publish.html",
            status,
            one=one,
            line=line_of(one, self._room.words(visit.lang)),
            number=numbered.number,
            year=numbered.year,
            gone=gone,
            empty=one.empty,
            forms=("HTML", "PDF", "DOCX") if printable else ("HTML", "DOCX"),
            printable=printable,
            address=app.config.bulletin.base_url,
            readers=announcing.readers(app),
            held=announcing.held_until(app),
            parts=_shown(self._room, one),
        )

    def _publish(self, visit: Visit) -> Response:
        room = self._room
        one = found(room, visit)
        if one is None:
            return missing(room, visit)
        if one.published or visit.given("revision") != str(one.revision):
            return conflict(room, visit, one)
        try:
            publishing.publish_edition(room.app, one, visit.curator.name)
        except EditedError:
            return conflict(room, visit, room.app.store.bulletins.get(one.id or 0))
        except UsageError:
            return self._ask(visit, 422)
        except BusyError:
            return self._refused(visit, "busy", 409)
        except (BulletinError, StoreError) as error:
            return self._refused(visit, "disk", 503, str(error))
        return room.go(visit, f"editions/{one.id}", did="published")

    def _refused(self, visit: Visit, why: str, status: int, fault: str = "") -> Response:
        return self._room.show(visit, "desk/edition_refused.html", status, why=why, fault=fault)


def _shown(room: Room, one: Bulletin) -> list[tuple[Markup, tuple[tuple[Button, ...], ...]]]:
    """The message on Telegram. What it is made of is escaped where it is made; only our own <b>, <i> and links are in
    it."""
    return [(Markup(part.text), part.buttons) for part in announcing.preview(room.app, one)]


def _policy(html: str) -> str:
    """What a browser may do with the file of an edition: nothing but draw it in its own style."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in _STYLE.findall(html)
    )
    own = f"style-src {hashes}; " if hashes else ""
    return (
        f"default-src 'none'; {own}img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
