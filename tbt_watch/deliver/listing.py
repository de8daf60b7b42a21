"""Several notices as a list: grouped by deadline, then by sector, in at most three parts; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tbt_watch.deliver import facts
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import bold, clip, entities, escape, italic, length, link
from tbt_watch.deliver.single import late_line
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Notice

MOST_PARTS = 3
MOST_ENTITIES = 99  # one is left for the link to the rest
LETTER = 100_000
"""Units: what takes parts of this length is a letter and no chat, and counts no pieces of markup."""
SOON = 14
"""Days left for comments from which a notice is closing soon."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One notice in the list, under two headings; all markup."""

    group: str
    sector: str
    text: str

    def after(self, last: "Entry | None") -> str:
        """The entry with the headings that are new since the last one."""
        group = "" if last and last.group == self.group else f"\n\n{self.group}"
        sector = "" if last and not group and last.sector == self.sector else f"\n{self.sector}"
        return f"{group}{sector}\n{self.text}"


def entry(
    dossier: Dossier,
    version: int,
    reason: str,
    above: Dossier | None,
    late: bool,
    speak: Speaker,
    today: date,
) -> tuple[int, Entry]:
    """A notice's entry, and the rank of its group."""
    notice = dossier.notice
    rank, name = _group(notice, speak, today)
    begin = facts.changed_lines(dossier, version, above, speak)
    if late:
        begin.append(late_line(notice, speak))
    what = [escape(speak.flag(notice)), *(bold(f"{line.rstrip('.')}.") for line in begin)]
    what.append(escape(clip(facts.headline(dossier, speak), 200)))
    page = speak.head.page(notice) or next((one.url for one in notice.documents), "")
    where = link(notice.symbols[0] if notice.symbols else speak.say("Details"), page)
    when = escape(_capital(facts.short_deadline(notice, speak, today)))
    lines = ["• " + " ".join(filter(None, what)), " · ".join(filter(None, (when, where)))]
    return rank, Entry(
        group=bold(name), sector=italic(_sector(dossier, reason, speak)), text="\n".join(lines)
    )


def _group(notice: Notice, speak: Speaker, today: date) -> tuple[int, str]:
    left = notice.days_left(today)
    if notice.emergency or notice.type == "emergency":
        return 0, speak.say("Emergency measures")
    if left is not None:
        return (1, speak.say("Comments close soon")) if left <= SOON else (2, speak.say("Open for comments"))
    if notice.kind == "regulation":
        return 4, speak.say("Vietnamese regulations")
    return 3, speak.say("For information")


def _sector(dossier: Dossier, reason: str, speak: Speaker) -> str:
    kind, _, code = reason.partition(":")
    if kind != "sector":
        code = next(iter(dossier.codes("sector")), "")
    return _capital(speak.head.label("sector", code, speak.lang)) if code else speak.say("General")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def pages(
    header: str, entries: Sequence[Entry], closing: Callable[[int], str], limit: int, most: int = MOST_PARTS
) -> list[str]:
    """The list in at most ``most`` parts of ``limit`` units, cut between notices; ``closing`` gives the end of the
    message for the number of notices that found no room."""
    parts, last, shown = [header], None, 0
    reserve = length(closing(len(entries))) + 2
    for one in entries:
        room = limit - (reserve if len(parts) == most else 0)
        joined = parts[-1] + one.after(last)
        if length(joined) <= room and (limit >= LETTER or entities(joined) <= MOST_ENTITIES):
            parts[-1] = joined
        elif len(parts) < most:
            parts.append(one.after(None).strip())
        else:
            break
        last, shown = one, shown + 1
    return _closed(parts, closing(len(entries) - shown), limit)


def _closed(parts: list[str], end: str, limit: int) -> list[str]:
    if not end:
        return parts
    if length(parts[-1]) + length(end) + 2 <= limit:
        return [*parts[:-1], f"{parts[-1]}\n\n{end}"]
    return [*parts, end]


def in_order(ranked: Iterable[tuple[int, Entry]]) -> list[Entry]:
    """By group; inside a group the sectors in the order in which they first come, and the order given."""
    groups: dict[int, dict[str, list[Entry]]] = {}
    for rank, one in ranked:
        groups.setdefault(rank, {}).setdefault(one.sector, []).append(one)
    return [one for rank in sorted(groups) for sector in groups[rank].values() for one in sector]
