"""The bulletin as a message: which number, what is due first, how much of what, and where to read it; pure.

It is one message on every channel, a letter with more of it: what finds no room is left out whole, and counted.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from tbt_watch.deliver import facts
from tbt_watch.deliver.brief import Brief, Count
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.listing import LETTER
from tbt_watch.deliver.markup import bold, clip, escape, italic, length, link
from tbt_watch.domain.dossier import Dossier

_DEADLINES, _DEADLINES_LETTER = 5, 10
"""How many deadlines are named in a chat, and in a letter; a person pastes the letter into Zalo."""
_WORDS, _WORDS_LETTER = 400, 1500
"""Characters of the editor's words in a chat, and in a letter."""
_PARTS, _BELOW = 8, 6
"""Headings that are counted, and under each of them."""


def announcement(brief: Brief, dossiers: Sequence[Dossier], speak: Speaker, today: date, limit: int) -> str:
    """The message, at most ``limit`` UTF-16 units long when its markup is read. ``dossiers``: the notices of the
    edition as they are now; those that still take comments are named, the most urgent first."""
    letter = limit >= LETTER
    text = _head(brief, _WORDS_LETTER if letter else _WORDS)
    end = "\n\n".join(filter(None, (_counts(brief, speak), _links(brief, speak))))
    due = sorted(_due(dossiers, today), key=lambda one: (one[0], one[1].notice.key))
    entries = [_entry(one, speak, today) for _, one in due]
    most = _DEADLINES_LETTER if letter else _DEADLINES

    def rest(left: int) -> str:
        return escape(speak.say_n("and {n} more deadline", "and {n} more deadlines", left)) if left else ""

    room = limit - length(text) - length(end) - 4
    named = _fitting(bold(speak.say("Comments close soonest")), entries[:most], len(entries), rest, room)
    return "\n\n".join(filter(None, (text, named, end)))


def _head(brief: Brief, longest: int) -> str:
    """Its name, who publishes it and its days; the title; the editor's words."""
    top = [bold(clip(brief.name, 100)), escape(clip(brief.office, 200)), italic(clip(brief.period, 100))]
    blocks = ["\n".join(filter(None, top)), bold(clip(brief.title, 200))]
    used = 0
    for paragraph in brief.words:
        if used and used + len(paragraph) > longest:
            blocks.append("…")
            break
        blocks.append(escape(clip(paragraph, longest)))
        used += len(paragraph)
    return "\n\n".join(filter(None, blocks))


def _due(dossiers: Sequence[Dossier], today: date) -> Iterator[tuple[date, Dossier]]:
    """What still takes comments and was not taken back since, with its last day."""
    found = {one.notice.key: one for one in dossiers if one.state not in ("HELD", "REJECTED")}
    for one in found.values():
        if one.notice.comment_until is not None and one.notice.is_open(today):
            yield one.notice.comment_until, one


def _entry(dossier: Dossier, speak: Speaker, today: date) -> str:
    notice = dossier.notice
    what = [escape(speak.flag(notice)), escape(clip(facts.headline(dossier, speak), 200))]
    when = facts.short_deadline(notice, speak, today)
    name = notice.symbols[0] if notice.symbols else speak.say("Details")
    page = speak.head.page(notice) or next((one.url for one in notice.documents), "")
    below = (escape(when[:1].upper() + when[1:]), link(clip(name, 100), page))
    return "\n".join(("• " + " ".join(filter(None, what)), " · ".join(filter(None, below))))


def _fitting(heading: str, entries: Sequence[str], whole: int, rest: Callable[[int], str], room: int) -> str:
    """As many entries under the heading as find room, whole, with a word on those that are left out."""
    for shown in range(len(entries), 0, -1):
        text = "\n".join(filter(None, (heading, *entries[:shown], rest(whole - shown))))
        if length(text) <= room:
            return text
    return ""


def _counts(brief: Brief, speak: Speaker) -> str:
    """How many notices there are by part and section."""
    lines = [_count(one, speak) for one in brief.counts[:_PARTS]]
    return "\n".join((bold(speak.say("In this number")), *lines)) if lines else ""


def _count(one: Count, speak: Speaker) -> str:
    counted = speak.say_n("{n} notice", "{n} notices", one.n)
    below = [f"{clip(part.heading, 40)} ({part.n})" for part in one.below[:_BELOW] if part.heading]
    if below and len(one.below) > _BELOW:
        below.append("…")
    return escape(": ".join(filter(None, (f"{clip(one.heading, 60)} – {counted}", ", ".join(below)))))


def _links(brief: Brief, speak: Speaker) -> str:
    """Where to read it, where there is such a place."""
    read = link(speak.say("Read the bulletin"), brief.page) if brief.page else ""
    return " · ".join(filter(None, (read, link(speak.say("As PDF"), brief.pdf) if brief.pdf else "")))
