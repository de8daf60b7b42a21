"""Several readings, one notice: which source's field counts, and what a change within one source tells."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from tbt_watch.domain.legal import partial_key
from tbt_watch.domain.notice import Change, Document, Milestone, Notice
from tbt_watch.domain.symbol import parse_symbol

PRECEDENCE = (
    "eping_api", "eping_web", "eping_workbook", "eping_latest", "wto_documents",
    "congbao", "vbpl", "vanban_chinhphu", "moit", "mst", "moc", "tcvn",
)  # fmt: skip
"""Whose field counts where several sources state it: of Vietnamese documents the gazette's and the national database's,
then the Government's, then a ministry's. What is not named comes after, in the order of names."""

_COMPARED = (
    "language", "type", "title", "summary", "products", "hs_codes", "ics_codes", "objectives", "keywords", "affected",
    "published_on", "comment_until", "adoption", "in_force", "stated_status", "emergency",
)  # fmt: skip
_FILLED = (
    "title", "summary", "products", "hs_codes", "ics_codes", "objectives", "keywords", "affected", "published_on",
    "comment_until", "adoption", "in_force", "stated_status", "stated_status_on", "related", "agency", "articles",
    "reasons",
)  # fmt: skip


_WORDED = ("title", "summary", "products")
"""Fields in a language: all of one reading's, where it has them."""


FIRST_WORD = frozenset({"eping_latest"})
"""Sources that say only that there is a notification: what no other source knows is not complete."""


def rank(source: str) -> tuple[int, str]:
    """Where a source stands: the smaller, the more its fields count."""
    return (PRECEDENCE.index(source) if source in PRECEDENCE else len(PRECEDENCE), source)


def compose(readings: Iterable[Notice]) -> Notice:
    """One notice of all its readings (at least one).

    Symbols and Members are all of theirs; every other field is that of the first source which states it, of
    several records of one source the first Member's. The text of a notification is the English one as soon as any
    source has it: French and Spanish originals are translated later. The key and thread are those of the first symbol
    in canonical order.
    """
    ordered = sorted(readings, key=lambda item: (rank(item.sources[0]), item.members))
    first = ordered[0]
    if len(ordered) == 1 and (first.kind != "notification" or len(first.symbols) == 1):
        return first
    values: dict[str, Any] = {}
    for name in _FILLED:
        values[name] = next(
            (value for item in ordered if (value := getattr(item, name))), getattr(first, name)
        )
    dated = next((item for item in ordered if item.comment_until), first)
    values["comment_days"] = dated.comment_days
    tellers = sorted(filter(_titled, ordered), key=_second_choice) or [first]
    teller = tellers[0]
    for name in _WORDED:
        values[name] = getattr(teller, name) or _in_language(tellers, teller, name) or values[name]
    values |= {"language": teller.language, "documents": _documents(ordered)}
    values["sources"] = tuple(dict.fromkeys(item.sources[0] for item in ordered))
    if first.kind == "notification":
        symbols = sorted({parse_symbol(text) for item in ordered for text in item.symbols})
        texts = tuple(symbol.text for symbol in symbols)
        values |= {"symbols": texts, "key": texts[0], "thread": symbols[0].base.text}
        values["follows"] = above.text if (above := symbols[0].follows) else None
        values["members"] = _members(ordered, [symbol.member for symbol in symbols])
    elif first.kind == "regulation":  # who lacks body or day takes them from who states them
        whole = next((item for item in ordered if not partial_key(item.key)), first)
        values |= {"key": whole.key, "members": whole.members}
        values["related"] = tuple(dict.fromkeys(one for item in ordered for one in item.related))
    return replace(first, **values)


def _titled(item: Notice) -> bool:
    return bool(item.title)


def _second_choice(item: Notice) -> bool:
    """Whether a notification's reading is not in English; the order of sources holds within either."""
    return item.kind == "notification" and item.language != "en"


def _in_language(readings: Iterable[Notice], teller: Notice, name: str) -> str:
    """The field as another reading states it in the same language."""
    alike = (str(getattr(item, name)) for item in readings if item.language == teller.language)
    return next(filter(None, alike), "")


def with_official(notice: Notice, joining: Iterable[Notice]) -> Notice:
    """The notice with what the national office calls it: of each field the first text that names a symbol of its."""
    names = set(notice.symbols)
    ours = [item for item in joining if names & set(item.symbols)]
    texts = {text.field: text for item in reversed(ours) for text in reversed(item.official)}
    sources = dict.fromkeys((*notice.sources, *(name for item in ours for name in item.sources)))
    return replace(notice, official=tuple(texts[name] for name in sorted(texts)), sources=tuple(sources))


def _members(readings: Sequence[Notice], by_symbol: Sequence[str | None]) -> tuple[str, ...]:
    stated = {code for item in readings for code in item.members}
    joint = [code for code in dict.fromkeys(by_symbol) if code]
    if (
        len(joint) > 1
    ):  # one record a Member: all named in the joint symbols notify, also those whose row is not in yet
        stated |= set(joint)
    return tuple(sorted(stated))


def _documents(readings: Sequence[Notice]) -> tuple[Document, ...]:
    """Those of the first source that has any; another source's links to the notification fill missing languages."""
    own = next((item.documents for item in readings if item.documents), ())
    known = {(item.kind, item.language) for item in own}
    more = [
        document
        for item in readings
        for document in item.documents
        if document.kind == "notification" and (document.kind, document.language) not in known
    ]
    return tuple(dict.fromkeys((*own, *more)))


LEARNED = ("comment_until", "stated_status")


def learned(before: Notice, after: Notice) -> tuple[Change, ...]:
    """What nobody had stated and a further source now does, where that is news: a deadline, a withdrawal."""
    return tuple(
        Change(field=name, before="", after=written(getattr(after, name)))
        for name in LEARNED
        if not getattr(before, name) and getattr(after, name)
    )


def changes(before: Notice, after: Notice) -> tuple[Change, ...]:
    """What one source changed between two readings of the same record.

    Links to the notification itself are no change worth telling (translations are added later): only the
    texts of the measure count as ``documents``. Where the source put its text into another language, that is the
    change: the words differ all through, and say the same.
    """
    reworded = before.language != after.language
    found = [
        Change(field=name, before=written(getattr(before, name)), after=written(getattr(after, name)))
        for name in _COMPARED
        if getattr(before, name) != getattr(after, name)
        and not (reworded and _only_words(getattr(before, name), getattr(after, name), name))
    ]
    for name, kind in (("documents", "attachment"), ("links", "notification")):
        old, new = (
            sorted(item.url for item in notice.documents if item.kind == kind) for notice in (before, after)
        )
        if old != new:
            found.append(Change(field=name, before="\n".join(old), after="\n".join(new)))
    return tuple(found)


def _only_words(before: object, after: object, name: str) -> bool:
    """Whether two values differ in their wording alone."""
    if isinstance(before, Milestone) and isinstance(after, Milestone):
        return before.date == after.date and bool(before.text) == bool(after.text)
    return name == "products" and bool(before) == bool(after)


def written(value: object) -> str:
    """A field's value as plain text, for a change."""
    if value is None:
        return ""
    if isinstance(value, Milestone):
        return value.date.isoformat() if value.date else value.text or ""
    if isinstance(value, tuple):
        return "; ".join(str(item) for item in value)
    return str(value)
