"""The tables of the curators' page: accounts, sessions, what a person's text replaced, and what people did to terms,
memory and accounts."""

import sqlalchemy as sa

from tbt_watch.store.tables import Moment, decision, memory, metadata, notice, tag, translation

# known_as: the name folded, so that no two accounts differ by a capital only. hash: argon2id. lang: the language that
# the pages are shown in, empty for the office's.
curator = sa.Table(
    "curator",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("known_as", sa.String, nullable=False, unique=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
    sa.Column("lang", sa.String, nullable=False, server_default=""),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
)
# token: the SHA-256 of what the browser holds, so that who reads the database cannot take up a session.
web_session = sa.Table(
    "web_session",
    metadata,
    sa.Column("token", sa.String, primary_key=True),
    sa.Column("curator_id", sa.Integer, sa.ForeignKey("curator.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("ix_web_session_curator", "curator_id"),
)
# text: the translation (JSON) that a person's took the place of in that decision, "null" where there was none: undo
# puts it back with its origin.
replaced_text = sa.Table(
    "replaced_text",
    metadata,
    sa.Column("decision_id", sa.Integer, sa.ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

# about: term, unit or account. before, after: what stood there (JSON), "null" where nothing did.
deed = sa.Table(
    "deed",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("about", sa.String, nullable=False),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
)
# n: rises with every change of the table ``what``, by triggers (0011).
change_count = sa.Table(
    "change_count",
    metadata,
    sa.Column("what", sa.String, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)

# The indexes of the queue: what is no archive, each state, each area, and all of it, by deadline; the rest by tag, by
# failed check, and by people.
sa.Index("ix_notice_news", notice.c.comment_until, notice.c.id, sqlite_where=sa.text("age <> 'ARCHIVE'"))
sa.Index("ix_notice_deadline", notice.c.state, notice.c.comment_until, notice.c.id)
sa.Index("ix_notice_all", notice.c.comment_until, notice.c.id)
sa.Index("ix_notice_area", notice.c.area, notice.c.comment_until, notice.c.id)
sa.Index("ix_tag_code", tag.c.kind, tag.c.code, tag.c.notice_id)
sa.Index("ix_translation_failed", translation.c.notice_id, sqlite_where=sa.text("checks <> '[]'"))
sa.Index("ix_decision_people", decision.c.id, sqlite_where=sa.text("\"by\" <> 'policy'"))
# The lists of the memory, by where a unit came from and by who wrote it; the newest first.
sa.Index("ix_memory_origin", memory.c.origin, memory.c.id)
sa.Index("ix_memory_by", memory.c.by, memory.c.id)
