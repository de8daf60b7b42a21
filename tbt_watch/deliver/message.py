"""An edition as the messages that are sent; pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from tbt_watch.deliver.letterhead import Letterhead, Speaker
from tbt_watch.deliver.listing import MOST_PARTS, entry, in_order, pages
from tbt_watch.deliver.markup import bold, escape, link, split
from tbt_watch.deliver.receipt import Receipt, receipt_line
from tbt_watch.deliver.single import whole
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition, Part
from tbt_watch.domain.moment import today


def render(
    edition: Edition,
    dossiers: Sequence[Dossier],
    late: Collection[str],
    limit: int,
    *,
    head: Letterhead,
    receipt: Receipt | None,
    now: datetime,
) -> list[Part]:
    """The parts of an edition, each at most ``limit`` UTF-16 units when its markup is read.

    A single notice is a message of its own; several are a list, in at most three parts, the rest by a link.
    ``dossiers`` holds the notices of the edition and, where known, those they follow; ``late`` the keys of the
    notices that were old when first seen. Daily and weekly editions end with the ``receipt``.
    """
    speak = head.speaker(edition.lang)
    by_key = {dossier.notice.key: dossier for dossier in dossiers}
    by_symbol = {symbol: dossier for dossier in dossiers for symbol in dossier.notice.symbols}
    checked = receipt_line(receipt, speak, now) if receipt and edition.kind != "instant" else ""
    if len(edition.items) == 1:
        item = edition.items[0]
        dossier = by_key[item.notice_key]
        above = by_symbol.get(dossier.notice.follows or "")
        text = whole(dossier, item.version, above, item.notice_key in late, speak, today(now))
        return numbered(split("\n\n".join(filter(None, (text, escape(checked)))), limit))
    ranked = []
    for item in edition.items:
        dossier = by_key[item.notice_key]
        above = by_symbol.get(dossier.notice.follows or "")
        is_late = item.notice_key in late
        ranked.append(entry(dossier, item.version, item.reason, above, is_late, speak, today(now)))

    def closing(left: int) -> str:
        return "\n\n".join(filter(None, (_rest(left, speak), escape(checked))))

    header = bold(_header(edition, speak))
    return numbered(pages(header, in_order(ranked), closing, limit, MOST_PARTS))


def numbered(texts: Iterable[str]) -> list[Part]:
    """Texts as the parts of a delivery."""
    return [Part(number=number, text=text) for number, text in enumerate(texts, start=1)]


def _header(edition: Edition, speak: Speaker) -> str:
    n, day = len(edition.items), today(edition.until)
    if edition.kind == "daily":
        return speak.say_n("News of {day}: {n} notice", "News of {day}: {n} notices", n, day=day)
    if edition.kind == "weekly":
        return speak.say_n(
            "News of the week to {day}: {n} notice", "News of the week to {day}: {n} notices", n, day=day
        )
    return speak.say_n("{n} new notice", "{n} new notices", n)


def _rest(left: int, speak: Speaker) -> str:
    """The word for what found no room, with the address of the bulletin where there is one."""
    if not left:
        return ""
    return link(speak.say_n("and {n} more notice", "and {n} more notices", left), speak.head.site)
