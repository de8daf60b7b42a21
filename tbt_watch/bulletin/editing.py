"""The verbs on editions: put together, save, look at, publish. What the command line and the curators' page call."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from tbt_watch.bulletin.compose import Composer, Window
from tbt_watch.bulletin.edition import EditionPage, make_edition
from tbt_watch.bulletin.frame import Frame, PublishedEdition
from tbt_watch.bulletin.papers import Made, make_papers
from tbt_watch.bulletin.recollect import recollected
from tbt_watch.bulletin.shelf import Shelved
from tbt_watch.domain.bulletin import (
    LONGEST_TITLE,
    LONGEST_WORDS,
    PARTS,
    Bulletin,
    BulletinKind,
    Section,
    Snapshot,
)
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import VIETNAM, today
from tbt_watch.domain.text import collapse, nfc
from tbt_watch.errors import UsageError
from tbt_watch.language import Language
from tbt_watch.store import Store

Around = Callable[[], AbstractContextManager[object]]
_Built = TypeVar("_Built")

AHEAD = 31
"""So many days from today an edition may end: the week that goes on, or a month that was begun."""

FIRST_YEAR, LAST_YEAR = 1995, 2200
"""The WTO began in the first one."""

LONGEST = 366
"""So many days an edition may tell of."""

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionDesk:
    """``frame`` gives what an edition of a day would be framed with; ``weekday`` is the day of the weekly edition
    (0 is Monday); ``lang`` the language of new editions."""

    store: Store
    language: Language
    frame: Callable[[date], Frame]
    weekday: int = 4
    lang: str = "vi"

    # --- putting together ---

    def new(
        self, kind: BulletinKind, by: str, now: datetime, since: date | None = None, until: date | None = None
    ) -> Bulletin:
        """A first draft of an edition, kept. Without days: the week up to the last weekly day, from the end of the
        edition before; of a periodical the month before this one. Raises UsageError for days that make no sense, and
        for a periodical of a time without weeklies."""
        for given in (since, until):
            _checked_year(given)
        begin, end = self._days(kind, now, since, until)
        checked_days(begin, end, today(now))
        made = Bulletin(
            kind=kind,
            since=begin,
            until=end,
            composed_at=_composed(kind, end, now),
            lang=self._lang(),
            title=self._title(kind, begin, end),
            sections=self._gathered(_Days(kind=kind, since=begin, until=end), today(now)),
        )
        return self.store.bulletins.add(made, by, now)

    def _days(
        self, kind: BulletinKind, now: datetime, since: date | None, until: date | None
    ) -> tuple[date, date]:
        day = today(now)
        if kind == "periodical":
            end = until or (day.replace(day=1) - timedelta(days=1) if not since else _month_end(since))
            return since or end.replace(day=1), end
        end = until or day - timedelta(days=(day.weekday() - self.weekday) % 7)
        last = next(iter(self.store.bulletins.all("bulletin")), None)
        follows = last is not None and last.until < end
        return since or (last.until + timedelta(days=1) if last and follows else end - timedelta(days=6)), end

    def with_days(self, one: Bulletin, since: date, until: date, now: datetime) -> Bulletin:
        """A draft with other days, not kept yet: what they gather comes in, what they leave out goes; what somebody
        wrote, ordered, added or left out stays. Raises UsageError for days that make no sense, for a periodical of a
        time without weeklies, and for a published edition."""
        if one.published:
            raise UsageError(
                f"The edition {one.id} is published as {one.number}/{one.year} and stays as it is: "
                "make a new one to say more."
            )
        checked_days(since, until, today(now))
        if (since, until) == (one.since, one.until):
            return one
        gathered = next(
            saved.at
            for saved in reversed(self.store.bulletins.revisions(one.id or 0))
            if saved.revision == 1 or {"since", "until"} & set(saved.fields)
        )
        old = _Days(kind=one.kind, since=one.since, until=one.until, besides=one.id, seen=gathered)
        new = replace(old, since=since, until=until, seen=None)
        before = self._gathered(old, today(gathered))
        named = self._title(one.kind, one.since, one.until)
        return replace(
            one,
            since=since,
            until=until,
            composed_at=_composed(one.kind, until, now),
            title=self._title(one.kind, since, until) if one.title == named else one.title,
            sections=recollected(one.sections, before, self._gathered(new, today(now))),
        )

    def _gathered(self, days: "_Days", day: date) -> tuple[Section, ...]:
        """What an edition of these days holds by itself, put together on that day."""
        if days.kind == "periodical":
            return self._periodical(days)
        store = self.store.bulletins
        others = (one for one in store.all("bulletin") if one.id != days.besides)
        after = _midnight(days.since) - timedelta(microseconds=1)
        last = next((one for one in others if one.until + timedelta(days=1) == days.since), None)
        if last:  # what was accepted while the one before was being written is for this one
            after = min(after, last.composed_at)
        window = Window(after=after, until=days.until, seen=days.seen)
        told = store.told("bulletin", days.besides)
        return self._composer(day).weekly(self.store.notices.published(), window, told, day)

    def _periodical(self, days: "_Days") -> tuple[Section, ...]:
        published = reversed(self.store.bulletins.all("bulletin", published=True))
        weeklies = [one for one in published if days.since <= one.until <= days.until]
        if not weeklies:
            raise UsageError(
                f"No weekly edition that ended from {days.since} to {days.until} is published, and a periodical is put "
                "together from those: publish them first, or give other days."
            )
        if days.seen:
            weeklies = [one for one in weeklies if one.published_at and one.published_at <= days.seen]
        found = {
            item.notice.key: item for item in self.dossiers(key for one in weeklies for key in _keys(one))
        }
        return self._composer(days.until).periodical(weeklies, found, days.until)

    def _title(self, kind: BulletinKind, begin: date, end: date) -> str:
        return _title(begin, end, self.language, self._lang()) if kind == "periodical" else ""

    def _composer(self, day: date) -> Composer:
        return Composer(language=self.language, labels=self.frame(day).labels)

    def _lang(self) -> Literal["vi", "en"]:
        return "en" if self.lang == "en" else "vi"

    # --- saving ---

    def save(self, changed: Bulletin, by: str, now: datetime) -> Bulletin:
        """Save a draft as somebody changed it. Raises UsageError for what cannot stand, EditedError when it was saved
        by somebody else since ``changed.revision``."""
        return self.store.bulletins.save(_checked(changed), by, now)

    # --- looking ---

    def page(self, one: Bulletin, now: datetime) -> EditionPage:
        """An edition as it reads: a published one from what it was published from, a draft from today's notices."""
        if one.published and one.id is not None:
            snapshot = self.store.bulletins.snapshot(one.id)
            return published_page(PublishedEdition(bulletin=one, snapshot=snapshot), self.language)
        return make_edition(one, self.dossiers(_keys(one)), self.frame(today(now)), self.language)

    def papers(self, one: Bulletin, now: datetime) -> Made:
        """The files of an edition, made now; of a published one from what it was published from."""
        return make_papers(self.page(one, now), self.language)

    def editions(self) -> list[Shelved]:
        """Everything published with its files, the newest first."""
        store = self.store.bulletins
        return [
            Shelved(bulletin=one, papers=tuple(store.papers(one.id)))
            for one in store.all(published=True)
            if one.id is not None
        ]

    def dossiers(self, keys: "Iterator[str] | Sequence[str]") -> list[Dossier]:
        """The notices of these keys that the site holds, in that order."""
        return self.store.bulletins.on_site(list(dict.fromkeys(keys)))

    # --- publishing ---

    def numbered(self, one: Bulletin) -> Bulletin:
        """An edition with its number and year: a draft with those that it would get now."""
        if one.published:
            return one
        year = one.until.year
        return replace(one, year=year, number=self.store.bulletins.next_number(one.kind, year))

    def publish(
        self, one: Bulletin, by: str, now: datetime, build: Callable[[Shelved, Around], _Built]
    ) -> tuple[Bulletin, Made, _Built]:
        """Give a draft its number and publish it, together with a new build of the site, both or neither.

        ``build`` makes the site with the edition in it and puts it in place within the context that it is handed.
        Raises UsageError for an edition that is empty or holds notices that are not accepted any more, EditedError when
        it was saved by somebody else meanwhile; then it stays a draft, and the site as it was.
        """
        if one.published:
            raise UsageError(f"The edition {one.id} is published already, as {one.number}/{one.year}.")
        dossiers = self._accepted(one)
        ready = replace(
            self.numbered(one).at({item.notice.key: item.version for item in dossiers}),
            state="published", published_by=by, published_at=now,
        )  # fmt: skip
        frame = self.frame(today(now))
        made = make_papers(make_edition(ready, dossiers, frame, self.language), self.language)
        snapshot = Snapshot(
            frame=frame.to_json(), dossiers=tuple(dossiers), made=dict(made.programs), papers=made.papers
        )

        @contextmanager
        def around() -> Iterator[None]:
            with self.store.transaction():
                self.store.bulletins.publish(ready, snapshot, by, now)
                yield

        built = build(Shelved(bulletin=ready, papers=made.papers), around)
        return self.store.bulletins.get(one.id or 0), made, built

    def _accepted(self, one: Bulletin) -> list[Dossier]:
        keys = list(_keys(one))
        if one.empty:
            raise UsageError(f"The edition {one.id} is empty: there is nothing in it to publish.")
        found = self.dossiers(keys)
        missing = sorted(set(keys) - {item.notice.key for item in found})
        if missing:
            raise UsageError(
                f"The edition {one.id} holds what is not accepted any more: {', '.join(missing[:5])}; "
                "take it out of the edition, or accept it again, and publish then."
            )
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class _Days:
    """The days that an edition gathers; ``besides``: the edition itself, where it is kept already; ``seen``: only what
    was there at that moment."""

    kind: BulletinKind
    since: date
    until: date
    besides: int | None = None
    seen: datetime | None = None


def checked_days(begin: date, end: date, day: date) -> None:
    """Raise UsageError for days that no edition can have; ``day`` is today."""
    _checked_year(begin)
    _checked_year(end)
    if begin > end:
        raise UsageError(f"The edition would begin on {begin} and end on {end}: mend the days.")
    if begin > day:
        raise UsageError(
            f"The edition would begin on {begin}, and today is {day}: nothing was accepted yet in those days."
        )
    if end > day + timedelta(days=AHEAD):
        raise UsageError(
            f"The edition would end on {end}, and today is {day}: give a last day within the next {AHEAD} days."
        )
    if (end - begin).days >= LONGEST:
        raise UsageError(
            f"The edition would run from {begin} to {end}: {LONGEST} days are the most that one can tell of."
        )


def _checked_year(day: date | None) -> None:
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(f"{day} is no day of an edition: write a year from {FIRST_YEAR} to {LAST_YEAR}.")


def _composed(kind: BulletinKind, end: date, now: datetime) -> datetime:
    """What was accepted later is for the next edition."""
    return (
        now
        if kind == "periodical"
        else min(now, _midnight(end + timedelta(days=1)) - timedelta(microseconds=1))
    )


def published_page(edition: PublishedEdition, language: Language) -> EditionPage:
    """A published edition as it read when it was published."""
    return make_edition(edition.bulletin, edition.snapshot.dossiers, edition.frame, language)


def _keys(one: Bulletin) -> Iterator[str]:
    return (item.key for item in one.items)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _title(begin: date, end: date, language: Language, lang: str) -> str:
    """``Quý III/2026`` or ``Tháng 8/2026`` where the days are those of one; else empty."""
    text = ""
    if begin.day == 1 and end == _month_end(end) and begin.year == end.year:
        if begin.month == end.month:
            text = language.month(begin, lang)
        elif begin.month % 3 == 1 and end.month == begin.month + 2:
            text = language.quarter((end.month + 2) // 3, end.year, lang)
    return text[:1].upper() + text[1:]


def _checked(one: Bulletin) -> Bulletin:
    """The edition as it can be kept: NFC, no half characters, lengths and parts that make sense."""
    title, words = collapse(_whole(one.title)), nfc(_whole(one.words))
    if len(title) > LONGEST_TITLE:
        raise UsageError(f"The title has {len(title)} characters; {LONGEST_TITLE} are the most: shorten it.")
    if one.since > one.until:
        raise UsageError(f"The edition would begin on {one.since} and end on {one.until}: mend the days.")
    sections = tuple(_checked_section(section) for section in one.sections)
    for text in (words, *(section.words for section in sections)):
        if len(text) > LONGEST_WORDS:
            raise UsageError(f"The editor's words have {len(text)} characters; {LONGEST_WORDS} are the most.")
    keys = [item.key for section in sections if section.part != "closing" for item in section.items]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        raise UsageError(f"{twice} stands twice in the edition: take it out of one of the sections.")
    return replace(one, title=title, words=words, sections=sections)


def _checked_section(section: Section) -> Section:
    if section.part not in PARTS:
        raise UsageError(f"There is no part {section.part!r}; the parts are {', '.join(PARTS)}.")
    vi, en = collapse(_whole(section.vi)), collapse(_whole(section.en))
    if max(len(vi), len(en)) > LONGEST_TITLE:
        raise UsageError(f"A heading has more than {LONGEST_TITLE} characters: shorten it.")
    return replace(section, vi=vi, en=en, words=nfc(_whole(section.words)))


def _whole(text: str) -> str:
    return _HALF.sub("\ufffd", text)
