"""An edition as the messages that are sent; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tbt_watch.deliver.announcement import announcement
from tbt_watch.deliver.buttons import under_bulletin, under_list, under_notice
from tbt_watch.deliver.letterhead import Letterhead, Speaker
from tbt_watch.deliver.listing import MOST_PARTS, entry, in_order, pages
from tbt_watch.deliver.markup import bold, escape, link, split
from tbt_watch.deliver.receipt import Receipt, receipt_line
from tbt_watch.deliver.reminder import reminder
from tbt_watch.deliver.single import Tidings, whole
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

    A single notice is a message of its own; several are a list, in at most three parts, the rest by a link. A weekly
    edition without items says that there is nothing new, one of the bulletin announces it. The last part carries the
    buttons.
    ``dossiers`` holds the notices of the edition and, where known, those they follow; ``late`` the keys of the
    notices that were old when first seen. Daily and weekly editions end with the ``receipt``.
    """
    speak = head.speaker(edition.lang)
    checked = (
        receipt_line(receipt, speak, now, edition.kind)
        if receipt and edition.kind in ("daily", "weekly")
        else ""
    )
    if edition.bulletin is not None:
        text = announcement(head.brief(edition.bulletin, edition.lang), dossiers, speak, today(now), limit)
        return [Part(number=1, text=text, buttons=under_bulletin(edition, speak))]
    if not edition.items:
        return numbered([nothing_new(speak, checked, well=receipt is not None and not receipt.gaps)])
    by_key = {dossier.notice.key: dossier for dossier in dossiers}
    by_symbol = {symbol: dossier for dossier in dossiers for symbol in dossier.notice.symbols}
    if edition.kind == "reminder":
        texts = split(reminder(edition.items, by_key, speak, today(now)), limit)
        return _with_buttons(numbered(texts), edition, by_key, speak)
    if len(edition.items) == 1:
        item = edition.items[0]
        dossier = by_key[item.notice_key]
        above = by_symbol.get(dossier.notice.follows or "")
        news = Tidings(
            version=item.version,
            late=item.notice_key in late,
            above=above,
            correction=edition.kind == "correction",
        )
        text = whole(dossier, news, speak, today(now))
        texts = split("\n\n".join(filter(None, (text, escape(checked)))), limit)
        return _with_buttons(numbered(texts), edition, by_key, speak)
    ranked = []
    for item in edition.items:
        dossier = by_key[item.notice_key]
        above = by_symbol.get(dossier.notice.follows or "")
        is_late = item.notice_key in late
        ranked.append(entry(dossier, item.version, item.reason, above, is_late, speak, today(now)))

    def closing(left: int) -> str:
        return "\n\n".join(filter(None, (_rest(left, speak), escape(checked))))

    header = bold(_header(edition, speak))
    texts = pages(header, in_order(ranked), closing, limit, MOST_PARTS)
    return _with_buttons(numbered(texts), edition, by_key, speak)


def _with_buttons(
    parts: list[Part], edition: Edition, by_key: Mapping[str, Dossier], speak: Speaker
) -> list[Part]:
    """The last part carries the buttons: those of its notice, or of the list."""
    one = by_key[edition.items[0].notice_key] if len(edition.items) == 1 else None
    rows = under_notice(one.id, edition, speak) if one else under_list(edition, speak)
    return [*parts[:-1], replace(parts[-1], buttons=rows)]


def nothing_new(speak: Speaker, checked: str, *, well: bool) -> str:
    """What a week without news says: that there was none, and whether the service looked."""
    lines = [escape(speak.say("Nothing new this week in what you follow."))]
    if well:
        lines[0] += " " + escape(speak.say("The service is working normally."))
    return "\n\n".join(filter(None, (*lines, escape(checked))))


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
