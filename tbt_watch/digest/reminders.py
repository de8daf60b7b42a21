"""Reminders: of what is followed, before its send-by date and when it enters into force; for offices besides, when
their own procedures must follow the law that they were told of."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tbt_watch.digest.calendar import Slot
from tbt_watch.digest.corrections import Named
from tbt_watch.digest.documents import own_names
from tbt_watch.digest.rules import Rules
from tbt_watch.domain.dossier import Dossier, telling
from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.domain.subscriber import Audience
from tbt_watch.store import Store
from tbt_watch.store.received import Reminded

SEND_BY, IN_FORCE, PROCEDURES = "send-by", "in-force", "procedures"

STEPS: Mapping[str, tuple[int, ...]] = {SEND_BY: (1, 3, 7, 14, 30), IN_FORCE: (0,), PROCEDURES: (0, 30)}
"""Days before the day, at which each is reminded of."""

LATE: Mapping[str, int] = {SEND_BY: 0, IN_FORCE: 7, PROCEDURES: 7}
"""Days after the day for which a reminder that was missed is still made good; comments are too late then."""

MONTHS = 3
"""Offices that work by ISO 9001 bring changed law into their procedures within three months of its entry into force:
so reports of provincial administrations say (2019 to 2025). Which article demands it was not looked up."""

OVER = ("withdrawn", "expired", "no-longer-appropriate")
"""Stated of a measure, nobody is reminded of it any more."""

LONGEST = timedelta(days=400)
"""How far back it is looked which reminders were sent: longer than any of them is repeated."""

_MORNING = Slot("daily")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Day:
    """A day that somebody is reminded of: of which notice, and since when and in which version it is known."""

    kind: str
    on: date
    dossier: Dossier
    known: datetime
    version: int


def reminders(store: Store, rules: Rules, audiences: Sequence[Audience]) -> Iterator[Named]:
    """What is due this morning, one edition an audience, for those of it who were not reminded of it elsewhere.

    Of several steps that were missed only the newest comes, and none that lies before the audience followed the
    matter, or before the day was known.
    """
    if rules.hours.is_quiet(rules.now):
        return
    morning = rules.hours.last_due(_MORNING, rules.now)
    members = {key: [one.id or 0 for one in some] for key, some in store.subscribers.members().items()}
    days = _followed(store, rules, audiences)
    for key, law in _law(store, rules, [one for one in audiences if one.office], members).items():
        days[key] += law
    if not any(days.values()):
        return
    had = _Had(store.editions.reminded(rules.now - LONGEST))
    for audience in audiences:
        if not had.this_morning(audience.key, morning):
            yield from _due(rules, audience, days[audience.key], members.get(audience.key, ()), had, morning)


def _due(
    rules: Rules,
    audience: Audience,
    days: Iterable[_Day],
    members: Sequence[int],
    had: "_Had",
    morning: datetime,
) -> Iterator[Named]:
    due: list[tuple[int, EditionItem, frozenset[int]]] = []
    for day in days:
        left = (day.on - rules.day).days
        step = next((step for step in STEPS[day.kind] if step >= left), None)
        if step is None or left < -LATE[day.kind]:
            continue
        moment = rules.hours.moment(_MORNING, day.on - timedelta(days=step))
        if moment > morning or moment < max(audience.since, day.known):
            continue
        knows = had.who(day, step)
        if audience.key not in knows.audiences and (new := frozenset(members) - knows.subscribers):
            version = max(telling(day.dossier.versions), default=1)
            item = EditionItem(
                notice_key=day.dossier.notice.key, version=version, reason=f"{day.kind}:{left}"
            )
            due.append((left, item, new))
    due.sort(key=lambda one: (one[0], one[1].notice_key))
    groups: dict[tuple[EditionItem, ...], list[int]] = defaultdict(list)
    for member in members:
        groups[tuple(item for _, item, new in due if member in new)].append(member)
    for items, some in groups.items():
        if items:
            lang, key = audience.lang, audience.key
            yield Edition(kind="reminder", audience=key, lang=lang, until=morning, items=items), some


# --- the days ---


def _followed(store: Store, rules: Rules, audiences: Sequence[Audience]) -> dict[str, list[_Day]]:
    """By audience, the days of the documents and threads that it follows by name."""
    followers: dict[str, set[str]] = defaultdict(set)
    for audience in audiences:
        for wish in audience.subscriptions:
            for name in wish.criteria.documents:
                followers[name].add(audience.key)
    found: dict[str, list[_Day]] = defaultdict(list)
    threads: dict[str, list[Dossier]] = defaultdict(list)
    for dossier in store.notices.dossiers(store.editions.followed(followers)) if followers else ():
        threads[dossier.notice.thread].append(dossier)
    for some in threads.values():
        keys: set[str] = set().union(
            *(followers.get(name, ()) for one in some for name in own_names(one.notice))
        )
        days = list(_of_thread(rules, some))
        for key in keys:
            found[key] += days
    return found


def _of_thread(rules: Rules, dossiers: Sequence[Dossier]) -> Iterator[_Day]:
    """The newest notice of a thread that states a day is the one that holds."""
    newest = sorted(dossiers, key=lambda one: (one.notice.published_on or date.min, one.id), reverse=True)
    if newest[0].notice.stated_status in OVER:
        return
    for dossier in newest:
        if last := rules.send_by(dossier.notice):
            yield _day(SEND_BY, last, dossier, "comment_until")
            break
    for dossier in newest:
        if begins := dossier.notice.in_force.date:
            yield _day(IN_FORCE, begins, dossier, "in_force")
            break


def _law(
    store: Store, rules: Rules, offices: Sequence[Audience], members: Mapping[str, Sequence[int]]
) -> dict[str, list[_Day]]:
    """By audience of offices, the days by which their procedures must follow the law that they were told of."""
    since = rules.day - timedelta(days=31 * MONTHS + LATE[PROCEDURES])
    people = {number for audience in offices for number in members.get(audience.key, ())}
    told = store.editions.law_told(people, since, rules.day) if people else {}
    dossiers = {one.id: one for one in store.notices.dossiers(sorted(set().union(*told.values())))}
    found: dict[str, list[_Day]] = {}
    for audience in offices:
        ids = set().union(*(told.get(number, ()) for number in members.get(audience.key, ())))
        found[audience.key] = [
            _day(PROCEDURES, months_after(begun, MONTHS), dossiers[at], "in_force")
            for at in sorted(ids & dossiers.keys())
            if (begun := dossiers[at].notice.in_force.date) and dossiers[at].notice.stated_status not in OVER
        ]
    return found


def _day(kind: str, on: date, dossier: Dossier, field: str) -> _Day:
    """The day with the version that last moved it: whoever was reminded of another day is reminded again."""
    stated = [one for one in dossier.versions if any(change.field == field for change in one.changes)]
    if stated:
        return _Day(kind=kind, on=on, dossier=dossier, known=stated[-1].at, version=stated[-1].seq)
    return _Day(kind=kind, on=on, dossier=dossier, known=dossier.seen_at, version=1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# --- what was sent already ---


@dataclass(frozen=True, slots=True)
class _Knows:
    audiences: frozenset[str]
    subscribers: frozenset[int]


class _Had:
    """The reminders that were sent, by notice and step."""

    def __init__(self, sent: Sequence[Reminded]) -> None:
        self._mornings = {(one.audience, one.until) for one in sent}
        self._sent: dict[tuple[int, str, int], list[Reminded]] = defaultdict(list)
        for one in sent:
            kind, _, left = one.reason.partition(":")
            step = next((step for step in STEPS.get(kind, ()) if step >= int(left)), None)
            if step is not None:
                self._sent[one.notice_id, kind, step].append(one)

    def this_morning(self, audience: str, morning: datetime) -> bool:
        """Whether the audience had its reminders of this morning."""
        return (audience, morning) in self._mornings

    def who(self, day: _Day, step: int) -> _Knows:
        """Who was reminded of that day at that step."""
        some = [one for one in self._sent[day.dossier.id, day.kind, step] if one.version >= day.version]
        return _Knows(frozenset(one.audience for one in some), frozenset(one.subscriber_id for one in some))
