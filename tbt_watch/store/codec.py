"""Nouns to JSON and back, for the columns that hold a whole noun."""

import json
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tbt_watch.domain.edition import Button
from tbt_watch.domain.notice import Change, Document, Milestone, Notice, OfficialText, Reason, Relation
from tbt_watch.domain.subscriber import Criteria, Subscription
from tbt_watch.domain.tag import Tag

_PLAIN = (
    "key", "kind", "area", "type", "thread", "follows", "emergency", "title", "summary", "products", "language",
    "stated_status", "comment_days", "agency",
)  # fmt: skip
_LISTS = (
    "symbols", "members", "hs_codes", "ics_codes", "objectives", "keywords", "affected", "sources", "articles",
)  # fmt: skip
_DAYS = ("published_on", "comment_until", "stated_status_on")

_READABLE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ESCAPED = json.JSONEncoder(separators=(",", ":"))


def dump(value: object) -> str:
    """Compact JSON that any database takes: text stays readable, lone surrogates are escaped."""
    text = _READABLE.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ESCAPED.encode(value)
    return text


def notice_to_json(notice: Notice) -> str:
    """The notice as JSON, empty fields left out."""
    facts: dict[str, Any] = {}
    for name in _PLAIN + _LISTS:
        if value := getattr(notice, name):
            facts[name] = value
    for name in _DAYS:
        if day := getattr(notice, name):
            facts[name] = day.isoformat()
    for name in ("adoption", "in_force"):
        if milestone := getattr(notice, name):
            facts[name] = [milestone.date and milestone.date.isoformat(), milestone.text]
    if notice.documents:
        facts["documents"] = [[item.url, item.language, item.kind] for item in notice.documents]
    if notice.reasons:
        facts["reasons"] = [[item.code, item.on and item.on.isoformat()] for item in notice.reasons]
    if notice.related:
        facts["related"] = [[item.rel, item.key] for item in notice.related]
    if notice.official:
        facts["official"] = [[item.field, item.text, item.source, item.url] for item in notice.official]
    return dump(facts)


def notice_from_json(text: str) -> Notice:
    """The notice that ``notice_to_json`` wrote."""
    facts: dict[str, Any] = json.loads(text)
    for name in _LISTS:
        if name in facts:
            facts[name] = tuple(facts[name])
    for name in _DAYS:
        if name in facts:
            facts[name] = date.fromisoformat(facts[name])
    for name in ("adoption", "in_force"):
        if name in facts:
            day, words = facts[name]
            facts[name] = Milestone(date=date.fromisoformat(day) if day else None, text=words)
    if "documents" in facts:
        facts["documents"] = tuple(
            Document(url=u, language=lang, kind=kind) for u, lang, kind in facts["documents"]
        )
    if "reasons" in facts:
        facts["reasons"] = tuple(
            Reason(code=code, on=date.fromisoformat(day) if day else None) for code, day in facts["reasons"]
        )
    if "related" in facts:
        facts["related"] = tuple(Relation(rel=rel, key=key) for rel, key in facts["related"])
    if "official" in facts:
        facts["official"] = tuple(
            OfficialText(field=field, text=text, source=source, url=url)
            for field, text, source, url in facts["official"]
        )
    return Notice(**{"symbols": (), **facts})


def changes_to_json(changes: Iterable[Change]) -> str:
    """Changes as JSON triples."""
    return dump([[change.field, change.before, change.after] for change in changes])


def changes_from_json(text: str) -> tuple[Change, ...]:
    """The changes that ``changes_to_json`` wrote."""
    return tuple(Change(field=field, before=before, after=after) for field, before, after in json.loads(text))


def tag_row(notice_id: int, tag: Tag) -> dict[str, object]:
    """The row of a tag."""
    return {
        "notice_id": notice_id, "kind": tag.kind, "code": tag.code, "basis": tag.basis, "reason": tag.reason,
        "confidence": str(tag.confidence),
    }  # fmt: skip


def tag_from_row(row: sa.RowMapping) -> Tag:
    """The tag of a row."""
    return Tag(
        kind=row["kind"], code=row["code"], basis=row["basis"], reason=row["reason"],
        confidence=Decimal(row["confidence"]),
    )  # fmt: skip


def subscriptions_to_json(subscriptions: Iterable[Subscription]) -> str:
    """Subscriptions as JSON."""
    return dump([item.as_json() for item in subscriptions])


def subscriptions_from_json(text: str) -> tuple[Subscription, ...]:
    """The subscriptions that ``subscriptions_to_json`` wrote."""
    found = []
    for item in json.loads(text):
        frequency, at, day = item.pop("frequency"), item.pop("at", None), item.pop("day", None)
        criteria = Criteria(**{name: tuple(values) for name, values in item.items()})
        when = time.fromisoformat(at) if at else None
        found.append(Subscription(criteria=criteria, frequency=frequency, at=when, day=day))
    return tuple(found)


def buttons_to_json(rows: Iterable[Iterable[Button]]) -> str:
    """Rows of buttons as JSON."""
    return dump([[[one.label, one.action] for one in row] for row in rows])


def buttons_from_json(text: str) -> tuple[tuple[Button, ...], ...]:
    """The buttons that ``buttons_to_json`` wrote."""
    return tuple(
        tuple(Button(label=label, action=action) for label, action in row) for row in json.loads(text)
    )
