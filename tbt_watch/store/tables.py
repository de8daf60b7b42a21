"""The tables. What each column means stands here once; the verbs beside this file are the only ones to use them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData()


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO 8601 text of fixed width, so that it sorts and reads the same everywhere."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """To the database; a moment without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"moment without a zone: {value!r}")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return None if value is None else datetime.fromisoformat(value)


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, metadata, *columns)


def _notice_id() -> sa.Column[int]:
    return sa.Column("notice_id", sa.Integer, sa.ForeignKey("notice.id", ondelete="CASCADE"), nullable=False)


# --- collect -----------------------------------------------------------------------------------------------------
# A source's record by its key: the newest raw record of it, and the one that normalise last read (its door is open
# while the two differ). announce: somebody asked that its notice go out even when it is late.
source_record = _table(
    "source_record",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("raw_id", sa.Integer, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
    sa.Column("read_raw_id", sa.Integer),
    sa.Column("notice_id", sa.Integer, sa.ForeignKey("notice.id", ondelete="SET NULL")),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("announce", sa.Boolean, nullable=False, default=False),
    sa.UniqueConstraint("source", "key", name="uq_source_record_key"),
    sa.Index("ix_source_record_notice", "notice_id"),
)
# What a source said, append-only (triggers refuse UPDATE and DELETE); previous_id links the versions.
raw_record = _table(
    "raw_record",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("url", sa.String, nullable=False),
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
    sa.Column("previous_id", sa.Integer),
)
# Whole files that were read to the end: the very same file again is not read again.
source_file = _table(
    "source_file",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
    sa.Index("ix_source_file_source", "source"),
)
# How each crawl of a source went: the coverage receipt reads it. since, until: the days that a back-fill asked for,
# both included; none for a usual run. announce: whether it was asked that what is late go out.
crawl = _table(
    "crawl",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("finished_at", Moment, nullable=False),
    sa.Column("ok", sa.Boolean, nullable=False),
    sa.Column("new", sa.Integer, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
    sa.Column("same", sa.Integer, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("announce", sa.Boolean, nullable=False, default=False),
    sa.Column("requests", sa.Integer, nullable=False, default=0),
    sa.Index("ix_crawl_source", "source"),
)

# --- notices -----------------------------------------------------------------------------------------------------
# facts: the notice as JSON; the columns beside it are what is filtered and sorted by. age: FRESH, LATE (old when
# first seen, but still open for comment) or ARCHIVE. announced: a LATE notice that a person sends out all the same.
notice = _table(
    "notice",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("area", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("age", sa.String, nullable=False),
    sa.Column("announced", sa.Boolean, nullable=False, default=False),
    sa.Column("thread", sa.String, nullable=False),
    sa.Column("follows", sa.String),
    sa.Column("published_on", sa.Date),
    sa.Column("comment_until", sa.Date),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("doubt", sa.String, nullable=False, default=""),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("translated_at", Moment),
    sa.Column("accepted_at", Moment),
    sa.Column("first_sent_at", Moment),
    sa.Column("published", sa.Boolean, nullable=False, default=False),
    sa.Index("ix_notice_state", "state", "id"),
    sa.Index("ix_notice_thread", "thread"),
    sa.Index("ix_notice_published", "published", "published_on"),
)
# Every symbol belongs to exactly one notice; a regulation's number may belong to several.
symbol = _table(
    "symbol",
    sa.Column("text", sa.String, primary_key=True),
    _notice_id(),
    sa.Index("ix_symbol_notice", "notice_id"),
)
number = _table(
    "number",
    sa.Column("key", sa.String, nullable=False),
    _notice_id(),
    sa.PrimaryKeyConstraint("key", "notice_id"),
    sa.Index("ix_number_notice", "notice_id"),
)
# What a notice says of another, under the name that it gives it (a symbol, a number, a key); the other finds it here.
relation = _table(
    "relation",
    _notice_id(),
    sa.Column("rel", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.PrimaryKeyConstraint("notice_id", "rel", "key"),
    sa.Index("ix_relation_key", "key"),
)
version = _table(
    "version",
    _notice_id(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("tells", sa.Boolean, nullable=False),
    sa.PrimaryKeyConstraint("notice_id", "seq"),
)
translation = _table(
    "translation",
    _notice_id(),
    sa.Column("field", sa.String, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("source_text", sa.Text, nullable=False),
    sa.Column("engine", sa.String, nullable=False),
    sa.Column("checks", sa.Text, nullable=False),
    sa.Column("source_language", sa.String, nullable=False, server_default=""),
    sa.Column("terms", sa.String, nullable=False, server_default=""),
    sa.PrimaryKeyConstraint("notice_id", "field", "language"),
)
tag = _table(
    "tag",
    _notice_id(),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("basis", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("confidence", sa.String, nullable=False),
    sa.PrimaryKeyConstraint("notice_id", "kind", "code"),
)
decision = _table(
    "decision",
    sa.Column("id", sa.Integer, primary_key=True),
    _notice_id(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Index("ix_decision_notice", "notice_id"),
)
issue = _table(
    "issue",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("todo", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("why", sa.Text),
    sa.Index("ix_issue_open", "closed_at", "source", "key", "kind"),
)

# --- subscribers, editions, deliveries ---------------------------------------------------------------------------
# bulletin_since: the editions of the bulletin that are published from then on are sent; NULL: none is wanted.
subscriber = _table(
    "subscriber",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("lang", sa.String, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("subscriptions", sa.Text, nullable=False),
    sa.Column("audience", sa.String, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("pause", sa.String, nullable=False, server_default=""),
    sa.Column("office", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("strikes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("struck_at", Moment),
    sa.Column("bulletin_since", Moment),
    sa.UniqueConstraint("channel", "address", name="uq_subscriber_address"),
    sa.Index("ix_subscriber_audience", "audience"),
)
# since: an audience's editions take what was accepted from then on.
audience = _table(
    "audience",
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("since", Moment, nullable=False),
)
# What a subscriber who changed the wishes was still to be told: the new audience is, though it was accepted before.
owed = _table(
    "owed",
    sa.Column("audience", sa.String, sa.ForeignKey("audience.key"), nullable=False),
    _notice_id(),
    sa.PrimaryKeyConstraint("audience", "notice_id"),
)
# What people tap under a message: "affected" or "irrelevant".
tap = _table(
    "tap",
    sa.Column("subscriber_id", sa.Integer, sa.ForeignKey("subscriber.id"), nullable=False),
    _notice_id(),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("subscriber_id", "notice_id", "kind"),
    sa.Index("ix_tap_notice", "notice_id"),
)
# Where a conversation stands; ``last``: the channel's number of the last message that was understood.
talk = _table(
    "talk",
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("channel", "address"),
)
edition = _table(
    "edition",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("audience", sa.String, nullable=False),
    sa.Column("lang", sa.String, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("composed_at", Moment, nullable=False),
    sa.Column("bulletin_id", sa.Integer, sa.ForeignKey("bulletin.id")),
    sa.Index("ix_edition_audience", "audience", "kind"),
)
edition_item = _table(
    "edition_item",
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    _notice_id(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.PrimaryKeyConstraint("edition_id", "position"),
    sa.Index("ix_edition_item_notice", "notice_id"),
)
delivery = _table(
    "delivery",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False),
    sa.Column("subscriber_id", sa.Integer, sa.ForeignKey("subscriber.id"), nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("reply_to", sa.String),
    sa.Column("rendered_at", Moment),
    sa.UniqueConstraint("edition_id", "subscriber_id", "channel", name="uq_delivery"),
    sa.Index("ix_delivery_state", "state", "next_at"),
    sa.Index("ix_delivery_subscriber", "subscriber_id"),
)
# lease_until: set while a send is in flight; a lease that ran out means that nobody knows whether it arrived. lost: how
# often that was so; where it is not 0 the part may have arrived twice.
part = _table(
    "part",
    sa.Column("delivery_id", sa.Integer, sa.ForeignKey("delivery.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("message_id", sa.String),
    sa.Column("at", Moment),
    sa.Column("lease_until", Moment),
    sa.Column("buttons", sa.Text, nullable=False, server_default="[]"),
    sa.Column("lost", sa.Integer, nullable=False, server_default="0"),
    sa.PrimaryKeyConstraint("delivery_id", "number"),
    sa.Index("ix_part_lease", "lease_until"),
)

# --- translation -------------------------------------------------------------------------------------------------
# The office's own terms; they win over those of the project.
term = _table(
    "term",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("en", sa.String, nullable=False),
    sa.Column("fr", sa.String, nullable=False),
    sa.Column("es", sa.String, nullable=False),
    sa.Column("vi", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.UniqueConstraint("en", "fr", "es", "vi", name="uq_term"),
)
# Every version of the office's own terms that a text was ever made with, as JSON, so that it can be made again.
term_base = _table(
    "term_base",
    sa.Column("version", sa.String, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("own", sa.Text, nullable=False),
)
# What people wrote or approved. A sentence, or what came from a file, stands once, without notice and field; a whole
# field once for each source text that it was ever written for.
memory = _table(
    "memory",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("notice", sa.String, nullable=False),
    sa.Column("field", sa.String, nullable=False),
    sa.UniqueConstraint("language", "source", "notice", "field", name="uq_memory_source"),
    sa.Index("ix_memory_notice", "notice", "field"),
)

# --- tags --------------------------------------------------------------------------------------------------------
# What the office changed of the vocabulary: per table ("sheet") and key (JSON) its cells (JSON); ``removed``: the
# project's row does not count.
vocabulary = _table(
    "vocabulary",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sheet", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("cells", sa.Text, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.UniqueConstraint("sheet", "key", name="uq_vocabulary"),
)

# What a person said of a tag: that it holds, or (not ``holds``) that it does not, whatever codes and words say.
ruling = _table(
    "ruling",
    _notice_id(),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("holds", sa.Boolean, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("notice_id", "kind", "code"),
)

# --- the service itself ------------------------------------------------------------------------------------------
stage_run = _table(
    "stage_run",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Index("ix_stage_run_stage", "stage", "id"),
)

# The full-text table (SQLite FTS5, rowid = notice id): folded names and texts. Made by the migration.
search = sa.table("notice_search", sa.column("rowid"), sa.column("names"), sa.column("text"))
