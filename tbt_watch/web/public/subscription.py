"""A mailbox is confirmed, a subscription ends, begins again or is deleted; each by a link from a letter.

Opening a link changes nothing, for mail programs and scanners open them too: a button does. The one exception is
what RFC 8058 asks for: a mail program that ends the subscription itself posts to the same address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.deliver.consent import CHANNEL
from tbt_watch.deliver.links import Links, Purpose, read_token
from tbt_watch.digest import wishes
from tbt_watch.digest.leaving import leave
from tbt_watch.digest.match import SectorsOf
from tbt_watch.domain.moment import Clock
from tbt_watch.domain.subscriber import Pause, Subscriber
from tbt_watch.store import Store
from tbt_watch.web.pages import Pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """The pages; each path takes one kind of link."""

    store: Store
    links: Links
    pages: Pages
    clock: Clock
    sectors_of: Callable[[], SectorsOf]

    def routes(self) -> list[Route]:
        """Every path, with the page that asks and what the button does."""
        confirmed, left = "public/confirmed.html", "public/unsubscribed.html"
        return [
            self._route(
                "confirm", "confirm", {"": confirmed, "asked": left, "unreachable": left}, self._confirm
            ),
            self._route("unsubscribe", "unsubscribe", {"asked": left}, self._leave),
            self._route("bulletin", "unsubscribe", {"asked": left}, self._no_bulletin),
            self._route("subscribe", "unsubscribe", {"": confirmed}, self._return),
            self._route("delete", "unsubscribe", {}, self._delete),
        ]

    def _route(
        self, name: str, purpose: Purpose, done: Mapping[Pause, str], deed: Callable[[Subscriber], str]
    ) -> Route:
        """``done``: what is shown where nothing is left to do, by the state of the subscription."""

        def endpoint(request: Request) -> Response:
            asked, text = request.query_params.get("lang"), request.path_params["token"]
            token = read_token(text)
            who = self._whose(token.subscriber_id) if token and token.purpose == purpose else None
            if token is None or who is None or not self.links.genuine(token, who):
                return self.pages.answer(request, "public/invalid.html", self.pages.chosen(asked), status=404)
            lang = self.pages.chosen(asked, who.lang)
            if token.until is not None and token.until <= self.clock():
                return self.pages.answer(request, "public/expired.html", lang, status=410)
            page = done.get(who.pause) or (deed(who) if request.method == "POST" else f"public/{name}.html")
            both = bool(who.subscriptions and who.bulletin_since)
            return self.pages.answer(request, page, lang, address=who.address, token=text, both=both)

        return Route(f"/{name}/{{token}}", endpoint, methods=["GET", "POST"], name=name)

    def _whose(self, number: int) -> Subscriber | None:
        found = self.store.subscribers.get(number)
        return found if found and found.channel == CHANNEL else None

    # What the buttons do

    def _confirm(self, who: Subscriber) -> str:
        self._save(who, "")
        self.store.talks.forget(who.channel, who.address)
        return "public/confirmed.html"

    def _leave(self, who: Subscriber) -> str:
        self._save(who, "asked")
        return "public/unsubscribed.html"

    def _no_bulletin(self, who: Subscriber) -> str:
        left = replace(who, bulletin_since=None)
        wishes.save(self.store, left, self.clock(), self.sectors_of())
        return "public/no_bulletin.html"

    def _return(self, who: Subscriber) -> str:
        self._save(who, "")
        return "public/confirmed.html"

    def _delete(self, who: Subscriber) -> str:
        with self.store.transaction():
            self.store.talks.forget(who.channel, who.address)
            leave(self.store, who.channel, who.address, self.clock())
        return "public/deleted.html"

    def _save(self, who: Subscriber, pause: Pause) -> None:
        wishes.save(self.store, replace(who, pause=pause), self.clock(), self.sectors_of())
