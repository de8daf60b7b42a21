"""The record of what people did to terms, memory and accounts; the search of the memory; how often both changed."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SEARCH = (
    """CREATE VIRTUAL TABLE memory_search USING fts5
    (source, target, content='', tokenize='unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER memory_found AFTER INSERT ON memory BEGIN
    INSERT INTO memory_search(rowid, source, target) VALUES (new.id, plain(new.source), plain(new.target));
    END""",
    """CREATE TRIGGER memory_lost AFTER DELETE ON memory BEGIN
    INSERT INTO memory_search(memory_search, rowid, source, target)
    VALUES ('delete', old.id, plain(old.source), plain(old.target));
    END""",
    """CREATE TRIGGER memory_said AFTER UPDATE OF source, target ON memory BEGIN
    INSERT INTO memory_search(memory_search, rowid, source, target)
    VALUES ('delete', old.id, plain(old.source), plain(old.target));
    INSERT INTO memory_search(rowid, source, target) VALUES (new.id, plain(new.source), plain(new.target));
    END""",
    "INSERT INTO memory_search(rowid, source, target) SELECT id, plain(source), plain(target) FROM memory",
)
"""The words of both sides without tones, kept by triggers, whoever writes. The index takes tones away by itself
(remove_diacritics 2), but đ is a letter of its own to it: ``plain`` stands for what makes it a d."""

COUNT = """CREATE TRIGGER {table}_{deed} AFTER {deed} ON {table} BEGIN
    UPDATE change_count SET n = n + 1 WHERE what = '{table}'; END"""


def upgrade() -> None:
    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
    )
    op.create_index("ix_memory_origin", "memory", ["origin", "id"])
    op.create_index("ix_memory_by", "memory", ["by", "id"])
    _search()
    _counts()


def _search() -> None:
    for statement in SEARCH:
        op.execute(re.sub(r"plain\(([\w.]+)\)", r"replace(replace(\1, 'đ', 'd'), 'Đ', 'D')", statement))


def _counts() -> None:
    """A number that rises with every change of a table, so that who keeps it read knows when to read it again."""
    table = op.create_table(
        "change_count",
        sa.Column("what", sa.String(), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.bulk_insert(table, [{"what": "term", "n": 0}, {"what": "memory", "n": 0}])
    for name in ("term", "memory"):
        for deed in ("INSERT", "UPDATE", "DELETE"):
            op.execute(COUNT.format(table=name, deed=deed))
