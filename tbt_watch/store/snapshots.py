"""Dossiers and sections as JSON and back, so that an edition can be made again from what it was published from."""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from tbt_watch.domain.bulletin import BulletinItem, Section
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Decision, Version
from tbt_watch.store.codec import changes_from_json, changes_to_json, dump, notice_from_json, notice_to_json

_MOMENTS = ("seen_at", "translated_at", "accepted_at", "first_sent_at")
_TEXT = ("field", "language", "text", "origin", "source_text", "engine", "source_language", "terms")


def dossier_to_json(item: Dossier) -> str:
    """All of a dossier as JSON: facts, translations, tags, versions, decision, amendments."""
    return dump(
        {
            "id": item.id,
            "notice": json.loads(notice_to_json(item.notice)),
            "state": item.state,
            "age": item.age,
            "doubt": item.doubt,
            "latest": item.latest,
            **{name: _moment(getattr(item, name)) for name in _MOMENTS},
            "translations": [
                {**{name: getattr(one, name) for name in _TEXT}, "checks": list(one.checks)}
                for one in sorted(item.translations, key=lambda one: (one.field, one.language))
            ],
            "tags": [[one.kind, one.code, one.basis, one.reason, str(one.confidence)] for one in item.tags],
            "versions": [
                [one.seq, one.at.isoformat(), one.source, _changes(one.changes)] for one in item.versions
            ],
            "decision": _decision(item.decision),
            "amended": _changes(item.amended),
        }
    )


def dossier_from_json(text: str) -> Dossier:
    """The dossier that ``dossier_to_json`` wrote."""
    read: dict[str, Any] = json.loads(text)
    decision = read["decision"]
    return Dossier(
        id=read["id"],
        notice=notice_from_json(dump(read["notice"])),
        state=read["state"],
        age=read["age"],
        doubt=read["doubt"],
        latest=read["latest"],
        seen_at=datetime.fromisoformat(read["seen_at"]),
        translated_at=_read_moment(read["translated_at"]),
        accepted_at=_read_moment(read["accepted_at"]),
        first_sent_at=_read_moment(read["first_sent_at"]),
        translations=tuple(
            Translation(**{**one, "checks": tuple(one["checks"])}) for one in read["translations"]
        ),
        tags=tuple(
            Tag(kind=kind, code=code, basis=basis, reason=reason, confidence=Decimal(sure))
            for kind, code, basis, reason, sure in read["tags"]
        ),
        versions=tuple(
            Version(seq=seq, at=datetime.fromisoformat(at), source=source, changes=_read_changes(changes))
            for seq, at, source, changes in read["versions"]
        ),
        decision=decision
        and Decision(
            state=decision[0],
            by=decision[1],
            at=datetime.fromisoformat(decision[2]),
            why=decision[3],
            changes=_read_changes(decision[4]),
        ),
        amended=_read_changes(read["amended"]),
    )


def sections_to_json(sections: Iterable[Section]) -> str:
    """Sections as JSON."""
    return dump(
        [
            {
                "part": one.part, "vi": one.vi, "en": one.en, "words": one.words,
                "items": [[item.key, item.version] for item in one.items],
            }
            for one in sections
        ]
    )  # fmt: skip


def sections_from_json(text: str) -> tuple[Section, ...]:
    """The sections that ``sections_to_json`` wrote."""
    return tuple(
        Section(
            part=one["part"], vi=one["vi"], en=one["en"], words=one["words"],
            items=tuple(BulletinItem(key=key, version=version) for key, version in one["items"]),
        )
        for one in json.loads(text)
    )  # fmt: skip


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _changes(changes: Iterable[Change]) -> list[list[str]]:
    found: list[list[str]] = json.loads(changes_to_json(changes))
    return found


def _read_changes(triples: list[list[str]]) -> tuple[Change, ...]:
    return changes_from_json(dump(triples))


def _decision(made: Decision | None) -> list[Any] | None:
    if made is None:
        return None
    return [made.state, made.by, made.at.isoformat(), made.why, _changes(made.changes)]
