"""A notice as a line of a list: who, what, until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tbt_watch.bulletin.addresses import INDEX, notice_folder
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import send_by
from tbt_watch.domain.notice import Notice

CLOSING_DAYS = 14
"""So many days before the deadline a notice is shown as closing soon."""

Standing = Literal["open", "closing", "closed", "stated"]
"""The three states of the comment period, and ``stated`` where there is none to speak of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadlines:
    """How send-by dates are reckoned: lead in calendar days by area in lower case, and the office's days off."""

    lead_days: Mapping[str, int]
    days_off: Collection[date] = ()

    def lead(self, notice: Notice) -> int:
        """The lead of the national office of that area; none where nothing is said."""
        return self.lead_days.get(notice.area.lower(), 0)

    def send_by(self, notice: Notice) -> date | None:
        """The last working day to send comments to the national office; None without a deadline."""
        return self.before(notice, notice.comment_until) if notice.comment_until else None

    def before(self, notice: Notice, day: date) -> date:
        """The last working day to send comments there, had the notice this deadline."""
        return send_by(day, self.lead(notice), self.days_off)


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One line of a list, ready to print. ``path``: from the site's root. ``headline_lang`` is the language the
    headline is in, which is not the page's where nobody translated it. ``gone``: when it was taken off the site, where
    its address only says so."""

    dossier: Dossier
    path: str
    symbol: str
    joint: int
    flag: str
    who: str
    type: str
    headline: str
    headline_lang: str
    products: str
    products_lang: str
    standing: Standing
    state: str
    sending: str
    published: str
    gone: datetime | None = None

    @property
    def notice(self) -> Notice:
        """The notice itself."""
        return self.dossier.notice

    def by_news(self) -> tuple[int, str]:
        """Sorts the newest first, undated ones last."""
        day = self.notice.published_on
        return (-day.toordinal() if day else 0, self.notice.key)

    def by_deadline(self) -> tuple[bool, int, int, str]:
        """Sorts what is open by its deadline, then the rest as news."""
        day = self.notice.comment_until if self.standing in {"open", "closing"} else None
        return (day is None, day.toordinal() if day else 0, *self.by_news())


def make_card(dossier: Dossier, words: Words, deadlines: Deadlines, gone: datetime | None = None) -> Card:
    """The line of a notice, as of the day of ``words``."""
    notice = dossier.notice
    headline, headline_lang = headline_of(dossier, words.lang)
    products, products_lang = _shown(dossier, "products", words.lang)
    standing, state = standing_of(notice, words)
    return Card(
        dossier=dossier,
        path=notice_folder(notice) + INDEX,
        symbol=notice.symbols[0] if notice.symbols else "",
        joint=len(notice.symbols) - 1 if notice.kind == "notification" else 0,
        flag=words.flags(notice),
        who=words.who(notice, short=True),
        type=words.type(notice),
        headline=shorten(headline, 220),
        headline_lang=headline_lang,
        products=shorten(products, 140),
        products_lang=products_lang,
        standing=standing,
        state=state,
        sending=sending(notice, words, deadlines),
        published=words.date(notice.published_on) if notice.published_on else "",
        gone=gone,
    )


def headline_of(dossier: Dossier, lang: str) -> tuple[str, str]:
    """The headline and its language: as translated, else the title, else the name of the notice."""
    for field in ("headline", "title"):
        text, own = _shown(dossier, field, lang)
        if text:
            return text, own
    return (dossier.notice.symbols[0] if dossier.notice.symbols else dossier.notice.key), lang


def _shown(dossier: Dossier, field: str, lang: str) -> tuple[str, str]:
    found = dossier.translation(field, lang)
    return (found.text, lang) if found else (dossier.text(field, lang), dossier.notice.language)


def standing_of(notice: Notice, words: Words) -> tuple[Standing, str]:
    """The state of the comment period, and its wording; what a source states outright goes first."""
    if notice.kind == "article":
        return "stated", words.say("For information")
    regulation = notice.kind == "regulation"
    status, since = notice.status(words.today)
    left = notice.days_left(words.today)
    if left is not None and not notice.stated_status:
        if left == 0:
            return "closing", words.say("Last day for comments")
        text = words.say_n("{n} day left for comments", "{n} days left for comments", left)
        return ("closing" if left <= CLOSING_DAYS else "open"), text
    if status == "closed":
        return "closed", words.say("Closed for comments")
    if status == "notified":
        return "stated", words.say("No final date for comments")
    label = words.status(status, regulation=regulation)
    if status == "in-force" and since:
        return "stated", words.say("In force since {day}", day=since)
    if regulation and status == "adopted" and notice.in_force.date:
        return "stated", words.say("In force from {day}", day=notice.in_force.date)
    return ("closed" if status in {"withdrawn", "expired"} else "stated"), label


def sending(notice: Notice, words: Words, deadlines: Deadlines) -> str:
    """By when to send comments to the national office, "send now" when that day is past; empty when closed."""
    day = deadlines.send_by(notice)
    if day is None or notice.stated_status or not notice.is_open(words.today):
        return ""
    if day < words.today:
        return words.say("Send now")
    return words.say("Send by {day}", day=day)


def shorten(text: str, longest: int) -> str:
    """The text in one line, cut at a word before ``longest`` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    head, blank, _ = cut.rpartition(" ")
    return (head if blank and len(head) > longest // 2 else cut).rstrip(" ,;:") + "…"
