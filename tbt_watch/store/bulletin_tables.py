"""The tables of the editions of the bulletin."""

import sqlalchemy as sa

from tbt_watch.store.tables import Moment, edition, metadata


def _bulletin_id() -> sa.Column[int]:
    return sa.Column(
        "bulletin_id", sa.Integer, sa.ForeignKey("bulletin.id", ondelete="CASCADE"), nullable=False
    )


# sections: JSON. year, number: given at publication, without gaps for each kind and year. frame: all that decided the
# look of a published one besides its notices; made: the programs that made its files, by name.
bulletin = sa.Table(
    "bulletin",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("lang", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("sections", sa.Text, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("composed_at", Moment, nullable=False),
    sa.Column("year", sa.Integer),
    sa.Column("number", sa.Integer),
    sa.Column("published_by", sa.String, nullable=False, server_default=""),
    sa.Column("published_at", Moment),
    sa.Column("frame", sa.Text, nullable=False, server_default=""),
    sa.Column("made", sa.Text, nullable=False, server_default="{}"),
    sa.UniqueConstraint("kind", "year", "number", name="uq_bulletin_number"),
)
# Who saved an edition when, and which of its fields.
bulletin_revision = sa.Table(
    "bulletin_revision",
    metadata,
    _bulletin_id(),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("bulletin_id", "revision"),
)
# The notices of a published edition as they were then: facts, translations, tags (JSON).
bulletin_notice = sa.Table(
    "bulletin_notice",
    metadata,
    _bulletin_id(),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("bulletin_id", "position"),
    sa.Index("ix_bulletin_notice_key", "key"),
)
# Its files as they were published.
bulletin_paper = sa.Table(
    "bulletin_paper",
    metadata,
    _bulletin_id(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("media", sa.String, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("bulletin_id", "name"),
)

# However often it is tried, an edition of the bulletin goes to the readers of a language once.
sa.Index(
    "uq_edition_bulletin",
    edition.c.bulletin_id,
    edition.c.lang,
    unique=True,
    sqlite_where=edition.c.bulletin_id.is_not(None),
)
