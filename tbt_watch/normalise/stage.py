"""The stage: raw records at the door become notices; what cannot be read waits with an issue.

Up to 500 records are one transaction. Reading is pure, so a bad record spoils nothing but itself.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tbt_watch.domain.amend import amended
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import NAMES, Change, Notice
from tbt_watch.domain.work import AGES, Age, Issue, RawRecord, Report, age_of
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise import identity, promulgation
from tbt_watch.normalise.article import read_news, read_sps_vietnam, read_tbt_vietnam
from tbt_watch.normalise.catalogue import read_tcvn
from tbt_watch.normalise.compose import FIRST_WORD, changes, compose, learned, rank, with_official
from tbt_watch.normalise.eping import read_web, read_workbook_row
from tbt_watch.normalise.gazette import read_congbao
from tbt_watch.normalise.latest import read_latest
from tbt_watch.normalise.listed import read_announced, read_table, read_vanban
from tbt_watch.normalise.reading import Reading
from tbt_watch.normalise.vbpl import read_vbpl
from tbt_watch.normalise.wto_document import read_document
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry
from tbt_watch.store.raw import DueRecord

Reader = Callable[[RawRecord, Language], Reading]

READERS: Mapping[str, Reader] = {
    "eping_api": read_web,
    "eping_web": read_web,
    "eping_latest": read_latest,
    "eping_workbook": read_workbook_row,
    "wto_documents": read_document,
    "congbao": read_congbao,
    "vbpl": read_vbpl,
    "vanban_chinhphu": read_vanban,
    "moit": read_table,
    "mst": read_table,
    "moc": read_announced,
    "tcvn": read_tcvn,
    "tbt_vietnam": read_tbt_vietnam,
    "sps_vietnam": read_sps_vietnam,
    "vietq": read_news,
    "feed": read_news,
}
"""Which reader understands which source's records."""

JOINING = frozenset({"tbt_vietnam"})
"""Sources with records that make no notice of their own, but add the official wording to one."""


@dataclass(kw_only=True, slots=True)
class _Cluster:
    """Records of one batch that are one notice, and the stored notices they touch."""

    due: list[tuple[DueRecord, Reading]] = field(default_factory=list)
    ids: set[int] = field(default_factory=set)


def run(
    store: Store, language: Language, now: datetime, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Read everything at the door. ``progress`` is told how many records each batch had."""
    done = waiting = opened = 0
    after = 0
    early: list[tuple[DueRecord, Reading]] = []
    open_places = store.issues.places()
    while batch := store.raw.due(after=after):
        after = batch[-1].record_id
        good: list[tuple[DueRecord, Reading]] = []
        for item in batch:
            outcome = _read(item.record, language, now)
            if isinstance(outcome, Issue):
                waiting += 1
                opened += store.issues.open(outcome)
                continue
            good.append((item, outcome))
        good, unclear = identity.sort_out(store, good, now)
        waiting += len(unclear)
        opened += sum(map(store.issues.open, unclear))
        for item, outcome in good:
            opened += _remark(store, item.record, outcome, now)
            if (item.record.source, item.record.key) in open_places:
                store.issues.resolve(item.record.source, item.record.key, now)
        taken = _take(store, good, language, now)
        early += [pair for pair in good if pair[0].record_id not in taken]
        done += len(taken)
        progress(len(batch))
    if early and done:  # their notice may have come behind them
        done += len(_take(store, early, language, now))
    return Report(stage="normalise", done=done, waiting=waiting, opened=opened)


def _take(
    store: Store, good: Sequence[tuple[DueRecord, Reading]], language: Language, now: datetime
) -> frozenset[int]:
    """Write what these records are; the ids of those that were taken in, which all are but texts without a notice."""
    entries = _entries(store, good, language, now)
    store.notices.put(entries, now)

    def own(notice_id: int) -> list[Notice]:
        records = store.raw.read_of([notice_id]).get(notice_id, ())
        return [reading.notice for _, reading in _others(records, (), language, now)]

    store.notices.put(promulgation.entries(store, entries, own, language), now)
    return frozenset(record for entry in entries for record, _ in entry.records)


def _read(raw: RawRecord, language: Language, now: datetime) -> Reading | Issue:
    reader = READERS.get(raw.source) or _by_shape(raw)
    if reader is None:
        message = f"Nothing here reads records of the source {raw.source!r}."
        kind, todo = "no-reader", "Install the version of TBT Watch that collected them."
    else:
        try:
            return reader(raw, language)
        except ReadingError as error:
            message, kind, todo = str(error), error.kind, error.todo
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            message = (
                f"The record has not the shape that {raw.source} promises ({type(error).__name__}: {error})."
            )
            kind, todo = (
                "bad-shape",
                "Look at the record: tbt-watch issues show; report it if the source changed its form.",
            )
    return Issue(source=raw.source, key=raw.key, kind=kind, message=message, todo=todo, opened_at=now)


def _by_shape(raw: RawRecord) -> Reader | None:
    """The reader of a source that no spider is called by: a feed that the office declared says so in its records."""
    return read_news if raw.body.startswith('{"entry"') and '"feed"' in raw.body else None


def _remark(store: Store, raw: RawRecord, reading: Reading, now: datetime) -> int:
    """Open an issue for each remark, once a source and thing however many records carry it."""
    opened = 0
    for remark in reading.remarks:
        opened += store.issues.open(
            Issue(
                source=raw.source,
                key=remark.about,
                kind=remark.kind,
                message=remark.message,
                todo=remark.todo,
                opened_at=now,
            )
        )
    return opened


def _entries(
    store: Store, good: Sequence[tuple[DueRecord, Reading]], language: Language, now: datetime
) -> list[Entry]:
    clusters = _clusters(store, [pair for pair in good if not pair[1].joins])
    joining = [pair for pair in good if pair[1].joins]
    known = store.notices.known([name for _, reading in joining for name in reading.notice.symbols])
    due = {item.record_id for item, _ in good}
    ids = {at for cluster in clusters for at in cluster.ids} | {item.notice_id or 0 for item, _ in good} - {0}
    ids |= set(known.values())
    others = store.raw.read_of(sorted(ids))
    _settle(clusters, due, _makers(others, language, now))
    _join(clusters, joining, known)
    stored = {item.id: item for item in store.notices.dossiers(sorted(ids))}
    entries = []
    for cluster in clusters:
        readings = [(item.record, reading) for item, reading in cluster.due]
        for at in cluster.ids:
            readings += _others(others.get(at, ()), due, language, now)
        readings.sort(key=lambda pair: (rank(pair[0].source), pair[0].key))
        kept = [stored[at] for at in sorted(cluster.ids)]
        found = [reading for _, reading in readings]
        found += map(_restated, promulgation.restated(store, (item.notice for item in kept), language))
        entries.append(_entry(cluster, found, kept, language, now))
    return entries


def _restated(notice: Notice) -> Reading:
    return Reading(notice=notice)


def _entry(
    cluster: _Cluster, readings: Sequence[Reading], kept: Sequence[Dossier], language: Language, now: datetime
) -> Entry:
    """What a cluster makes of the notices it touches (none for a new one); ``readings`` are all, the best first."""
    makers = [reading.notice for reading in readings if not reading.joins]
    notice = compose(makers) if makers else kept[0].notice
    notice = with_official(notice, (reading.notice for reading in readings if reading.joins))
    for item in reversed(kept):
        notice = amended(notice, item.amended)
    told: tuple[Change, ...] = ()
    if kept:  # what a source changed and another one outranks, or had said already, changes nothing
        moved = {change.field for change in changes(kept[0].notice, notice)}
        told = tuple(change for change in _changes(cluster, language, now) if change.field in moved)
    if any(item.accepted_at for item in kept) and any(one.previous is None for one, _ in cluster.due):
        known = {change.field for change in told}
        told += tuple(one for one in learned(kept[0].notice, notice) if one.field not in known)
    told += _put_into_language(kept, notice, told) + _renamed(kept, notice)
    first_word = makers and all(item.sources[0] in FIRST_WORD for item in makers)
    doubt = notice.doubtful_days or next((reading.doubt for reading in readings if reading.doubt), "")
    doubt = doubt or ("first-word-only" if first_word else "")
    unchanged = len(kept) == 1 and notice == kept[0].notice and doubt == kept[0].doubt
    told_at = (item.seen_at for item, reading in cluster.due if not reading.joins)
    seen = min((*(item.seen_at for item in kept), *told_at))
    return Entry(
        ids=tuple(item.id for item in kept),
        notice=None if unchanged else notice,
        records=tuple((item.record_id, item.raw_id) for item, _ in cluster.due),
        seen_at=seen,
        changes=told,
        source=min((item.record.source for item, _ in cluster.due), key=rank, default=""),
        doubt=doubt,
        age=_age(notice, seen, kept, told, now),
        announced=any(item.announce for item, _ in cluster.due),
    )


def _put_into_language(kept: Sequence[Dossier], notice: Notice, told: Sequence[Change]) -> tuple[Change, ...]:
    """That the text now stands in another language, where a further source brought it."""
    if not kept or kept[0].notice.language == notice.language or any(one.field == "language" for one in told):
        return ()
    return (Change(field="language", before=kept[0].notice.language, after=notice.language),)


def _renamed(kept: Sequence[Dossier], notice: Notice) -> tuple[Change, ...]:
    """Under which names what had been accepted stood before, so that its old addresses lead on; those of a notice that
    is merged into another go over to that one."""
    found: dict[tuple[str, str], Change] = {}
    for number, item in enumerate(kept):
        facts = item.notice
        lost = [one for one in facts.symbols if one not in notice.symbols] if item.accepted_at else []
        names = [("symbols", "; ".join(lost))] if lost and facts.kind == "notification" else []
        if item.accepted_at and facts.kind == "regulation" and facts.key != notice.key:
            names = [("key", facts.key)]
        if number:
            names += [
                (change.field, change.before)
                for version in item.versions
                for change in version.changes
                if change.field in NAMES
            ]
        for name, before in names:
            after = notice.key if name == "key" else "; ".join(notice.symbols)
            found[name, before] = Change(field=name, before=before, after=after)
    return tuple(found.values())


def _age(
    notice: Notice, seen: datetime, kept: Sequence[Dossier], told: Sequence[Change], now: datetime
) -> Age:
    """News stays news, and what a person took out of the archive stays out; an old measure that moves while
    comments are open becomes news, for the change is."""
    moves = any(change.tells for change in told) and age_of(notice, now) == "LATE"
    ages: set[Age] = {age_of(notice, seen), *(item.age for item in kept)}
    if moves:
        return "FRESH"
    return next((age for age in AGES if age in ages), "ARCHIVE")


def _others(
    raws: Iterable[tuple[int, RawRecord]], due: Collection[int], language: Language, now: datetime
) -> list[tuple[RawRecord, Reading]]:
    """The readings of a notice's other records, which were read before."""
    found = ((raw, _read(raw, language, now)) for record_id, raw in raws if record_id not in due)
    return [(raw, item) for raw, item in found if isinstance(item, Reading)]


def _changes(cluster: _Cluster, language: Language, now: datetime) -> tuple[Change, ...]:
    """What sources changed in records that were read before; joint records that change alike count once."""
    found: dict[str, Change] = {}
    for item, reading in cluster.due:
        if item.previous is None or reading.joins:
            continue
        before = _read(item.previous, language, now)
        if isinstance(before, Reading):
            found.update({change.field: change for change in changes(before.notice, reading.notice)})
    return tuple(found.values())


def _clusters(store: Store, good: Sequence[tuple[DueRecord, Reading]]) -> list[_Cluster]:
    """Group records whose symbols overlap, within the batch and with what is stored."""
    names = identity.names(store, [reading.notice for _, reading in good])
    wanted: dict[bool, list[str]] = {True: [], False: []}
    for some, (_, reading) in zip(names, good, strict=True):
        wanted[reading.notice.kind == "notification"] += some
    known = store.notices.known(wanted[True], wanted[False])
    by_name: dict[str | int, _Cluster] = {}
    clusters: list[_Cluster] = []
    for some, (item, reading) in zip(names, good, strict=True):
        ids = {known[name] for name in some if name in known}
        handles: list[str | int] = [*some, *sorted(ids)]
        touched = list({id(one): one for handle in handles if (one := by_name.get(handle))}.values())
        home = touched[0] if touched else _Cluster()
        if not touched:
            clusters.append(home)
        for other in touched[1:]:
            home.due += other.due
            home.ids |= other.ids
            clusters.remove(other)
            by_name.update({handle: home for handle, one in by_name.items() if one is other})
        home.due.append((item, reading))
        home.ids |= ids
        by_name.update(dict.fromkeys(handles, home))
    return clusters


def _settle(
    clusters: list[_Cluster], due: Collection[int], others: Mapping[int, Sequence[tuple[int, RawRecord]]]
) -> None:
    """Where a record names none of the symbols that its notice had: the notice goes with it, under its new name,
    unless other records hold it; then it is made anew from those, without the one that left."""
    holders = {at: cluster for cluster in clusters for at in cluster.ids}
    for cluster in tuple(clusters):
        for item, _ in cluster.due:
            at = item.notice_id
            if at is None or at in holders:
                continue
            if all(record_id in due for record_id, _ in others.get(at, ())):
                cluster.ids.add(at)
                holders[at] = cluster
            else:
                clusters.append(_Cluster(ids={at}))
                holders[at] = clusters[-1]


def _makers(
    others: Mapping[int, Sequence[tuple[int, RawRecord]]], language: Language, now: datetime
) -> dict[int, list[tuple[int, RawRecord]]]:
    """Of the records of each notice those that make it, without what only adds a text to it."""
    return {
        at: [(record_id, raw) for record_id, raw in some if not _only_joins(raw, language, now)]
        for at, some in others.items()
    }


def _only_joins(raw: RawRecord, language: Language, now: datetime) -> bool:
    if raw.source not in JOINING:
        return False
    found = _read(raw, language, now)
    return isinstance(found, Reading) and found.joins


def _join(
    clusters: list[_Cluster], joining: Sequence[tuple[DueRecord, Reading]], known: Mapping[str, int]
) -> None:
    """Lay texts beside the notice of their symbols; those without one stay at the door. A notice that a text no
    longer names is made anew without it."""
    if not joining:
        return
    by_id = {at: cluster for cluster in clusters for at in cluster.ids}
    by_name = {name: one for one in clusters for _, found in one.due for name in found.notice.symbols}
    for item, reading in joining:
        names = reading.notice.symbols
        home = next((by_name[name] for name in names if name in by_name), None)
        at = None if home else next((known[name] for name in names if name in known), None)
        for notice_id in filter(None, (at, item.notice_id)):
            if notice_id not in by_id:
                by_id[notice_id] = _Cluster(ids={notice_id})
                clusters.append(by_id[notice_id])
        if at is not None:
            home = by_id[at]
        if home is not None:
            home.due.append((item, reading))
