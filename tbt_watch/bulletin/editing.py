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
        if since and until and since > until:
            raise UsageError(
                f"The edition would begin on {since} and end on {until}: write the days the other way round."
            )
        made = self._weekly(now, since, until) if kind == "bulletin" else self._periodical(now, since, until)
        return self.store.bulletins.add(made, by, now)

    def _weekly(self, now: datetime, since: date | None, until: date | None) -> Bulletin:
        day = today(now)
        last = next(iter(self.store.bulletins.all("bulletin")), None)
        end = until or day - timedelta(days=(day.weekday() - self.weekday) % 7)
        begin = since or (
            last.until + timedelta(days=1) if last and last.until < end else end - timedelta(days=6)
        )
        if begin > end:
            raise UsageError(
                f"The edition would begin on {begin} and end on {end}: give --since and --until."
            )
        after = _midnight(begin) - timedelta(microseconds=1)
        if last and not since:  # what was accepted while the one before was being written is for this one
            after = min(after, last.composed_at)
        told = self.store.bulletins.told("bulletin")
        window = Window(after=after, until=end)
        sections = self._composer(day).weekly(self.store.notices.published(), window, told, day)
        composed = min(now, _midnight(end + timedelta(days=1)) - timedelta(microseconds=1))
        return Bulletin(
            kind="bulletin",
            since=begin,
            until=end,
            composed_at=composed,
            lang=self._lang(),
            sections=sections,
        )

    def _periodical(self, now: datetime, since: date | None, until: date | None) -> Bulletin:
        first = today(now).replace(day=1)
        end = until or (first - timedelta(days=1) if not since else _month_end(since))
        begin = since or end.replace(day=1)
        if begin > end:
            raise UsageError(
                f"The periodical would begin on {begin} and end on {end}: give --since and --until."
            )
        weeklies = [
            one
            for one in reversed(self.store.bulletins.all("bulletin", published=True))
            if begin <= one.until <= end
        ]
        if not weeklies:
            raise UsageError(
                f"No weekly edition that ended from {begin} to {end} is published, and a periodical is put together "
                "from those: publish them first, or give --since and --until."
            )
        found = {
            item.notice.key: item for item in self.dossiers(key for one in weeklies for key in _keys(one))
        }
        sections = self._composer(end).periodical(weeklies, found, end)
        title = _title(begin, end, self.language, self._lang())
        return Bulletin(
            kind="periodical",
            since=begin,
            until=end,
            composed_at=now,
            lang=self._lang(),
            title=title,
            sections=sections,
        )

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
        year = one.until.year
        number = self.store.bulletins.next_number(one.kind, year)
        ready = replace(
            one.at({item.notice.key: item.version for item in dossiers}),
            state="published", year=year, number=number, published_by=by, published_at=now,
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
        if not keys and not one.words.strip() and not any(section.words.strip() for section in one.sections):
            raise UsageError(f"The edition {one.id} is empty: there is nothing in it to publish.")
        found = self.dossiers(keys)
        missing = sorted(set(keys) - {item.notice.key for item in found})
        if missing:
            raise UsageError(
                f"The edition {one.id} holds what is not accepted any more: {', '.join(missing[:5])}; "
                "take it out of the edition, or accept it again, and publish then."
            )
        return found


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
