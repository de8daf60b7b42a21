"""The first draft of an edition, in the order in which offices write theirs."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tbt_watch.bulletin.card import CLOSING_DAYS
from tbt_watch.bulletin.masthead import Labels
from tbt_watch.domain.bulletin import PARTS, Bulletin, BulletinItem, Part, Section
from tbt_watch.domain.dossier import Dossier, news
from tbt_watch.domain.moment import today
from tbt_watch.domain.tag import TagKind
from tbt_watch.language import LANGUAGES, Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """What an edition gathers: accepted ``after`` a moment (that one not included) and on a day up to ``until``; where
    it is asked what it would have gathered then, not later than ``seen``."""

    after: datetime
    until: date
    seen: datetime | None = None

    def holds(self, item: Dossier) -> bool:
        """Whether it was news and accepted in that time; what is archive or came late stands on the site only."""
        at = item.accepted_at
        if at is None or item.age != "FRESH" or not self.knows(item):
            return False
        return at > self.after and today(at) <= self.until

    def knows(self, item: Dossier) -> bool:
        """Whether it was there when it was gathered."""
        return self.seen is None or (item.accepted_at is not None and item.accepted_at <= self.seen)


@dataclass(frozen=True, kw_only=True, slots=True)
class Composer:
    """Puts drafts together; ``labels`` in the order in which the office lists its sectors."""

    language: Language
    labels: Labels

    def weekly(
        self, dossiers: Iterable[Dossier], window: Window, told: Mapping[str, int], day: date
    ) -> tuple[Section, ...]:
        """The sections of a weekly edition: what is new in that time, by sector, topic and kind, and a box of what
        closes within CLOSING_DAYS of ``day``, new or not. ``told``: the newest version of each notice that an earlier
        edition told; such a notice comes again only in a version that is news."""
        items = sorted(dossiers, key=lambda item: item.notice.key)
        fresh = [item for item in items if window.holds(item) and self._untold(item, told)]
        closing = [item for item in items if item.notice.kind == "notification" and self._closes(item, day)]
        closing = [item for item in closing if window.knows(item)]
        return (*self._box(closing), *self._warnings(fresh, day), *self._law(fresh), *self._market(fresh))

    def periodical(
        self, editions: Sequence[Bulletin], dossiers: Mapping[str, Dossier], day: date
    ) -> tuple[Section, ...]:
        """The weeklies of some months (oldest first) merged by section: each notice once, in the version told last."""
        places: dict[tuple[Part, str, str], list[BulletinItem]] = {}
        last = {item.key: (one.id, item) for one in editions for item in one.told}
        for one in editions:
            for section in one.sections:
                if section.part == "closing":
                    continue
                here = places.setdefault((section.part, section.vi, section.en), [])
                for item in section.items:
                    if last[item.key][0] == one.id and item.key in dossiers:
                        here.append(last[item.key][1])
        made = [
            Section(part=part, vi=vi, en=en, items=self._by_deadline(items, dossiers, day))
            for (part, vi, en), items in places.items()
            if items
        ]
        order = {pair: place for place, pair in enumerate(self._sector_headings())}
        return tuple(
            sorted(made, key=lambda one: (PARTS.index(one.part), order.get((one.vi, one.en), len(order))))
        )

    @staticmethod
    def _untold(item: Dossier, told: Mapping[str, int]) -> bool:
        version = told.get(item.notice.key)
        return version is None or any(seq > version for seq in news(item.versions))

    @staticmethod
    def _closes(item: Dossier, day: date) -> bool:
        until = item.notice.comment_until
        return (
            until is not None
            and not item.notice.stated_status
            and day <= until <= day + timedelta(days=CLOSING_DAYS)
        )

    @staticmethod
    def _box(closing: Iterable[Dossier]) -> tuple[Section, ...]:
        items = sorted(closing, key=lambda item: (item.notice.comment_until or date.max, item.notice.key))
        return (Section(part="closing", items=_items(items)),) if items else ()

    def _warnings(self, fresh: Iterable[Dossier], day: date) -> list[Section]:
        found = [item for item in fresh if item.notice.kind == "notification"]
        ordered = sorted(found, key=lambda item: _urgency(item, day))
        return self._grouped("warnings", ordered, "sector", self.labels.sectors, self.labels.sector)

    def _law(self, fresh: Iterable[Dossier]) -> list[Section]:
        found = [item for item in fresh if item.notice.kind == "regulation"]
        ordered = sorted(found, key=lambda item: (-_ordinal(item.notice.published_on), item.notice.key))
        return self._grouped("law", ordered, "topic", self.labels.topics, self.labels.topic)

    @staticmethod
    def _market(fresh: Iterable[Dossier]) -> list[Section]:
        found = [item for item in fresh if item.notice.kind == "article"]
        ordered = sorted(found, key=lambda item: (-_ordinal(item.notice.published_on), item.notice.key))
        return [Section(part="market", items=_items(ordered))] if ordered else []

    def _grouped(
        self,
        part: Part,
        ordered: Iterable[Dossier],
        kind: TagKind,
        codes: Collection[str],
        label: Callable[[str, str], str],
    ) -> list[Section]:
        """A section for each tag in the vocabulary's order; what has none stands last, under General."""
        places = {code: place for place, code in enumerate(codes)}
        groups: dict[str, list[Dossier]] = defaultdict(list)
        for item in ordered:
            groups[_first(item, kind, places)].append(item)
        made = []
        for code in sorted(groups, key=lambda code: (not code, places.get(code, len(places)), code)):
            names = {lang: _capital(label(code, lang)) if code else self._general(lang) for lang in LANGUAGES}
            made.append(Section(part=part, vi=names["vi"], en=names["en"], items=_items(groups[code])))
        return made

    def _general(self, lang: str) -> str:
        return self.language.say("Other sectors", lang)

    def _sector_headings(self) -> list[tuple[str, str]]:
        labels = self.labels
        named = [(labels.sector(code, "vi"), labels.sector(code, "en")) for code in labels.sectors]
        named += [(labels.topic(code, "vi"), labels.topic(code, "en")) for code in labels.topics]
        return [(_capital(vi), _capital(en)) for vi, en in named]

    @staticmethod
    def _by_deadline(
        items: Iterable[BulletinItem], dossiers: Mapping[str, Dossier], day: date
    ) -> tuple[BulletinItem, ...]:
        return tuple(sorted(items, key=lambda item: _urgency(dossiers[item.key], day)))


def _items(found: Iterable[Dossier]) -> tuple[BulletinItem, ...]:
    return tuple(BulletinItem(key=item.notice.key, version=item.version) for item in found)


def _first(item: Dossier, kind: TagKind, places: Mapping[str, int]) -> str:
    """The surest of its tags, of equals the one that the vocabulary lists first; empty without any."""
    tags = [tag for tag in item.tags if tag.kind == kind]
    best = min(
        tags, key=lambda tag: (-tag.confidence, places.get(tag.code, len(places)), tag.code), default=None
    )
    return best.code if best else ""


def _urgency(item: Dossier, day: date) -> tuple[bool, int, int, str]:
    """Emergencies and open deadlines first, the nearest before the others; then the newest."""
    notice = item.notice
    until = notice.comment_until if notice.is_open(day) else None
    near = day if notice.emergency or notice.type == "emergency" else until
    return (near is None, _ordinal(near), -_ordinal(notice.published_on), notice.key)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
