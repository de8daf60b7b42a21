"""Notices: finding and reading them, and the moves that translate, tag and curate make."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.legal import parse_number
from tbt_watch.domain.notice import INVERSE, Document
from tbt_watch.domain.symbol import parse_symbol
from tbt_watch.domain.tag import SURE
from tbt_watch.domain.text import fold, nfc
from tbt_watch.domain.translation import FREE_TEXT, READER, Translation
from tbt_watch.domain.work import Decision, State
from tbt_watch.errors import NotationError
from tbt_watch.store import replaced, tables
from tbt_watch.store.codec import changes_to_json, notice_from_json
from tbt_watch.store.database import Database
from tbt_watch.store.dossiers import changed_since, from_rows, load, walk
from tbt_watch.store.entries import Entry, write_entries
from tbt_watch.store.raw import BATCH
from tbt_watch.store.translations import keep_translations, translation_row, untranslated_text

notice = tables.notice.c
_AFTER: dict[str, State] = {
    "accepted": "ACCEPTED",
    "held": "HELD",
    "rejected": "REJECTED",
    "archived": "ARCHIVED",
}

_LEVEL = sa.case(
    (notice.follows.is_(None), 0),
    else_=sa.func.length(notice.key) - sa.func.length(sa.func.replace(notice.key, "/", "")),
)
"""Each step of a chain adds a slash to the symbol."""


_PLACED = sa.exists().where(
    tables.tag.c.notice_id == notice.id,
    tables.tag.c.kind == "sector",
    sa.cast(tables.tag.c.confidence, sa.Numeric) >= SURE,
)
"""A sector was found that is more than a guess."""


class NoticeRoom:
    """The verbs on notices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- finding ---

    def known(self, symbols: Sequence[str], keys: Sequence[str] = ()) -> dict[str, int]:
        """Which of these symbols and permalink keys belong to a notice already, and to which."""
        with self._database.reading() as connection:
            found = owners(connection, symbols)
            for start in range(0, len(keys), BATCH):
                keyed = sa.select(notice.key, notice.id).where(notice.key.in_(keys[start : start + BATCH]))
                found.update({row.key: row.id for row in connection.execute(keyed)})
        return found

    def same_number(self, numbers: Sequence[str]) -> dict[str, list[str]]:
        """The permalink keys of the regulations with these numbers, by the number's key."""
        found: dict[str, list[str]] = {}
        table = tables.number
        with self._database.reading() as connection:
            for start in range(0, len(numbers), BATCH):
                query = (
                    sa.select(table.c.key.label("number"), notice.key)
                    .join(tables.notice, notice.id == table.c.notice_id)
                    .where(table.c.key.in_(numbers[start : start + BATCH]), notice.kind == "regulation")
                    .order_by(notice.id)
                )
                for row in connection.execute(query):
                    found.setdefault(row.number, []).append(row.key)
        return found

    def get(self, name: str) -> list[Dossier]:
        """The notices that a person may mean: by permalink key, symbol, or legal number; several for a number."""
        with self._database.reading() as connection:
            return load(connection, self._named(connection, name))

    @staticmethod
    def _named(connection: Connection, name: str) -> list[int]:
        wanted = nfc(name.encode("utf-8", "replace").decode("utf-8")).strip()
        if hit := connection.scalar(sa.select(notice.id).where(notice.key == wanted)):
            return [hit]
        try:
            query = sa.select(tables.symbol.c.notice_id).where(
                tables.symbol.c.text == parse_symbol(wanted).text
            )
            return list(connection.scalars(query))
        except NotationError:
            pass
        try:
            query = sa.select(tables.number.c.notice_id).where(
                tables.number.c.key == parse_number(wanted).key
            )
            return list(connection.scalars(query.order_by(tables.number.c.notice_id)))
        except NotationError:
            return []

    def dossier(self, notice_id: int) -> Dossier:
        """One dossier by its id (which must exist)."""
        return self.dossiers([notice_id])[0]

    def dossiers(self, ids: Sequence[int]) -> list[Dossier]:
        """Full dossiers in that order."""
        with self._database.reading() as connection:
            return load(connection, ids)

    def search(self, words: str, limit: int = 50) -> list[Dossier]:
        """Notices in which all words occur, tones and đ folded, the best first; the last word may be a beginning."""
        words = fold(words.encode("utf-8", "replace").decode("utf-8"))
        terms = [f'"{term}"' for term in re.findall(r"[^\s\"\0]+", words) if re.search(r"\w", term)]
        if not terms:
            return []
        query = sa.text(
            "SELECT rowid FROM notice_search WHERE notice_search MATCH :q ORDER BY bm25(notice_search, 4, 1) LIMIT :n"
        )
        with self._database.reading() as connection:
            ids = list(connection.scalars(query, {"q": " AND ".join(terms) + "*", "n": limit}))
            return load(connection, ids)

    def published(self) -> Iterator[Dossier]:
        """Everything that was accepted, newest first, also what is being looked at again."""
        return walk(self._database.reading, [notice.published], newest_first=True)

    def every(self, *kinds: str) -> Iterator[Dossier]:
        """Every notice of these kinds (all without), oldest id first."""
        return walk(self._database.reading, [notice.kind.in_(kinds)] if kinds else [])

    def newest(
        self,
        limit: int = 50,
        state: str | None = None,
        since: date | None = None,
        *,
        untranslated: bool = False,
        unsure: bool = False,
    ) -> list[Dossier]:
        """The newest notices, in one state and published from a day on if given; ``untranslated``: only those with a
        free text that no reader gets in Vietnamese; ``unsure``: only those that no sector was found for, or only by a
        guess; of the archive none of either."""
        where = [notice.state == state] if state else []
        if since:
            where.append(notice.published_on >= since)
        if untranslated or unsure:
            where += [notice.age != "ARCHIVE", notice.state != "REJECTED"]
        if untranslated:
            where.append(sa.or_(*map(untranslated_text, FREE_TEXT)))
        if unsure:
            where += [notice.kind != "article", sa.not_(_PLACED)]
        query = (
            sa.select(notice.id)
            .where(*where)
            .order_by(notice.published_on.desc(), notice.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return load(connection, list(connection.scalars(query)))

    def thread(self, base: str) -> list[Dossier]:
        """The published notices of a measure, oldest first."""
        query = sa.select(notice.id).where(notice.thread == base, notice.published)
        with self._database.reading() as connection:
            return load(connection, list(connection.scalars(query.order_by(notice.published_on, notice.id))))

    def documents_unread(self, source: str, since: date, limit: int = 100) -> list[str]:
        """Addresses of the Word files of notifications, in English and the newest first: of those published from a
        day on that are no archive, and of which that source has no record that was read."""
        record = tables.source_record.c
        read = sa.exists().where(
            record.notice_id == notice.id, record.source == source, record.read_raw_id.is_not(None)
        )
        query = sa.select(notice.facts).where(
            notice.kind == "notification", notice.age != "ARCHIVE", notice.published_on >= since, ~read
        )
        with self._database.reading() as connection:
            facts = connection.scalars(query.order_by(notice.published_on.desc(), notice.id.desc()))
            found = (_word_file(notice_from_json(text).documents) for text in facts)
            return list(islice(filter(None, found), limit))

    def related(self, item: Dossier) -> list[tuple[str, Dossier]]:
        """The notices that are linked with one, and how: what it says of them, and turned round what they say of it."""
        table = tables.relation.c
        names = {item.notice.key, *item.notice.symbols}
        with self._database.reading() as connection:
            links = {(one.rel, at) for one in item.notice.related for at in self._named(connection, one.key)}
            inward = sa.select(table.rel, table.notice_id).where(table.key.in_(names))
            links |= {(INVERSE.get(row.rel, row.rel), row.notice_id) for row in connection.execute(inward)}
            ordered = sorted(pair for pair in links if pair[1] != item.id)
            return list(
                zip([rel for rel, _ in ordered], load(connection, [at for _, at in ordered]), strict=True)
            )

    # --- moving ---

    def put(self, entries: Sequence[Entry], now: datetime) -> None:
        """Write what normalise made of raw records: all of it or nothing."""
        with self._database.transaction() as connection:
            write_entries(connection, entries, now)

    def at_door(
        self,
        state: State,
        limit: int = BATCH,
        after: int = 0,
        *,
        full: bool = False,
        level: int | None = None,
    ) -> list[Dossier]:
        """Notices in that state, by id, from after that id on: without ``full`` only facts and translations; with a
        ``level`` only those of it (``levels``)."""
        query = sa.select(tables.notice).where(notice.state == state, notice.id > after)
        if level is not None:
            query = query.where(_LEVEL.in_([level]))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(notice.id).limit(limit)).mappings().all()
            return from_rows(connection, rows, full=full)

    def levels(self, state: State) -> list[int]:
        """How far down their threads the notices in that state stand: 0 follows nothing, and what is followed stands
        on a smaller level than what follows it."""
        query = sa.select(_LEVEL).where(notice.state == state).distinct()
        with self._database.reading() as connection:
            return sorted(connection.scalars(query))

    def pass_archive(self, state: State, then: State) -> int:
        """Move what is archive by age from one state to another, all at once; how many."""
        with self._database.transaction() as connection:
            here = (notice.state == state, notice.age == "ARCHIVE")
            return connection.execute(tables.notice.update().where(*here).values(state=then)).rowcount

    def translated(
        self,
        texts: Mapping[int, Sequence[Translation]],
        now: datetime,
        outdated: Sequence[tuple[int, Translation]] = (),
        read: Sequence[Dossier] = (),
    ) -> None:
        """Keep translations and move their notices to TRANSLATED. What a human wrote stays, but for the ``outdated``:
        those go only if they are still what they were when they were read. A notice that changed since it was ``read``
        keeps what it has, and stays at the door."""
        with self._database.transaction() as connection:
            changed = changed_since(connection, read)
            kept = {at: found for at, found in texts.items() if at not in changed}
            keep_translations(connection, kept, [pair for pair in outdated if pair[0] in kept])
            stamp = tables.notice.update().where(notice.id == sa.bindparam("at"))
            if kept:
                rows = [{"at": at} for at in kept]
                connection.execute(stamp.values(state="TRANSLATED", translated_at=now), rows)

    def decide(self, notice_id: int, decision: Decision, version: int) -> None:
        """Write a decision down and move the notice; one transaction each."""
        values: dict[str, object] = {"state": _AFTER[decision.state]}
        if decision.state == "accepted":
            values |= {"accepted_at": decision.at, "published": True}
        elif decision.state in ("rejected", "held"):
            values["published"] = False
        with self._database.transaction() as connection:
            connection.execute(tables.decision.insert().values(**decision_row(notice_id, decision, version)))
            connection.execute(tables.notice.update().where(notice.id == notice_id).values(**values))

    def note(self, notice_id: int, decision: Decision, version: int) -> None:
        """Write a decision down that moves nothing: an amendment."""
        with self._database.transaction() as connection:
            connection.execute(tables.decision.insert().values(**decision_row(notice_id, decision, version)))

    def put_back(self, ids: Sequence[int], state: State) -> None:
        """Move notices back to where they stood, without a new decision: the last one still holds."""
        with self._database.transaction() as connection:
            connection.execute(tables.notice.update().where(notice.id.in_(list(ids))).values(state=state))

    def take_out(self, notice_id: int) -> None:
        """Take a notice out of the archive and put it at translate's door; it is late, no news."""
        with self._database.transaction() as connection:
            change = tables.notice.update().where(notice.id == notice_id)
            connection.execute(change.values(age="LATE", state="NORMALISED"))

    def announce(self, ids: Sequence[int]) -> None:
        """Let what is late (old, but open for comment) go out once, because a person asked for it."""
        with self._database.transaction() as connection:
            connection.execute(tables.notice.update().where(notice.id.in_(list(ids))).values(announced=True))

    def amend_text(self, dossier: Dossier, text: Translation, decision: Decision) -> None:
        """Keep what a human wrote for a field, with the decision and what stood there before; the notice stays where it
        is."""
        with self._database.transaction() as connection:
            old = replaced.take_away(connection, dossier.id, text.field, text.language)
            connection.execute(tables.translation.insert().values(**translation_row(dossier.id, text)))
            replaced.keep(connection, _noted(connection, dossier, decision), old)
            index(connection, load(connection, [dossier.id]))

    def take_back_text(self, dossier: Dossier, field: str, written: int, decision: Decision) -> bool:
        """Put back what the text of the decision ``written`` took the place of, with a new decision; whether that is
        known."""
        with self._database.transaction() as connection:
            old = replaced.put_back(connection, dossier.id, field, READER, written)
            if old is not None:
                replaced.keep(connection, _noted(connection, dossier, decision), old)
                index(connection, load(connection, [dossier.id]))
        return old is not None

    def last_id(self) -> int:
        """The id of the newest notice, 0 without any."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.max(notice.id))) or 0

    def ages(self, after: int = 0) -> dict[str, int]:
        """How many notices from after that id on are of each age."""
        query = sa.select(notice.age, sa.func.count().label("number")).where(notice.id > after)
        with self._database.reading() as connection:
            return {row.age: row.number for row in connection.execute(query.group_by(notice.age))}

    def accepted_since(self, since: datetime) -> int:
        """How many notices, none of the archive, were accepted since that moment."""
        query = sa.select(sa.func.count()).where(
            notice.state == "ACCEPTED", notice.age != "ARCHIVE", notice.accepted_at >= since
        )
        with self._database.reading() as connection:
            return int(connection.scalar(query) or 0)

    def counts(self) -> dict[str, int]:
        """How many notices stand in each state."""
        query = sa.select(notice.state, sa.func.count().label("number")).group_by(notice.state)
        with self._database.reading() as connection:
            return {row.state: row.number for row in connection.execute(query)}


def _noted(connection: Connection, dossier: Dossier, decision: Decision) -> int:
    """Write down a decision that moves nothing; its number."""
    row = decision_row(dossier.id, decision, dossier.version)
    made = connection.execute(tables.decision.insert().values(**row)).inserted_primary_key
    return int(made[0]) if made else 0


def _symbol(text: str) -> str | None:
    try:
        return parse_symbol(text).text
    except NotationError:
        return None


def owners(connection: Connection, symbols: Sequence[str]) -> dict[str, int]:
    """The notices that these symbols belong to, by symbol."""
    found: dict[str, int] = {}
    for start in range(0, len(symbols), BATCH):
        query = sa.select(tables.symbol).where(tables.symbol.c.text.in_(symbols[start : start + BATCH]))
        found.update({row.text: row.notice_id for row in connection.execute(query)})
    return found


def index(connection: Connection, dossiers: Sequence[Dossier]) -> None:
    """(Re)write the search text of these notices: names apart from texts, all of it folded."""
    rows = []
    for item in dossiers:
        facts = item.notice
        texts = [
            facts.title,
            facts.summary,
            facts.products,
            *(text.text for text in item.translations if text.shown),
        ]
        names = [*facts.symbols, facts.key, *facts.hs_codes, *facts.ics_codes, *facts.members]
        rows.append({"rowid": item.id, "names": _sought(" ".join(names)), "text": _sought("\n".join(texts))})
    if rows:
        table = tables.search
        connection.execute(sa.delete(table).where(table.c.rowid.in_([row["rowid"] for row in rows])))
        connection.execute(table.insert(), rows)


def _sought(text: str) -> str:
    """Folded; half characters, which no database takes, become question marks."""
    return fold(text).encode(errors="replace").decode()


def _word_file(documents: Sequence[Document]) -> str:
    """The address of a notification's own document as a Word file, in English or in no language that is said."""
    for one in documents:
        word = one.kind == "notification" and one.url.lower().endswith(".docx")
        if word and one.language in (None, "en"):
            return one.url
    return ""


def decision_row(notice_id: int, decision: Decision, version: int) -> dict[str, object]:
    return {
        "notice_id": notice_id, "version": version, "state": decision.state, "by": decision.by, "at": decision.at,
        "why": decision.why, "changes": changes_to_json(decision.changes),
    }  # fmt: skip
