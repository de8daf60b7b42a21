"""Technical regulations as notices of their own: a QCVN or QCĐP that a circular or decision promulgates.

The sources have a page for the circular only. What it says of the regulation (number, issuer, days, name) makes a
second notice, linked to the first; where a source has the regulation itself, both make one.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tbt_watch.domain.amend import amended
from tbt_watch.domain.legal import parse_number, regulation_key
from tbt_watch.domain.notice import Notice, Relation
from tbt_watch.domain.work import age_of
from tbt_watch.language import Language
from tbt_watch.normalise.compose import compose
from tbt_watch.normalise.regulation import kind_of
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry

_SPARE = re.compile(r"^(?:(?:về việc|v/v|về)\s+)?ban hành\s+|[\s(;,:.–-]+$|^[\s):;,.–-]+", re.IGNORECASE)


def promulgated(circular: Notice, language: Language) -> tuple[Notice, ...]:
    """The regulations that a document promulgates, by what it says of them; none of a draft."""
    if circular.kind != "regulation" or circular.stated_status == "draft":
        return ()
    texts = [relation.key for relation in circular.related if relation.rel == "promulgates"]
    return tuple(_regulation(circular, text, texts, language) for text in texts)


def _regulation(circular: Notice, text: str, all_texts: Sequence[str], language: Language) -> Notice:
    number = parse_number(text)
    return replace(
        circular,
        key=regulation_key(number, circular.members[0], circular.adoption.date),
        type=kind_of(number, "", "", language),
        symbols=(text,),
        thread=text,
        title=_name(circular.title, text) if len(all_texts) == 1 else circular.title,
        summary="",
        related=(
            Relation(rel="promulgated-by", key=circular.key),
            *(relation for relation in circular.related if relation.rel == "notified-as"),
        ),
    )


def _name(title: str, number: str) -> str:
    """The regulation's name within the title of what promulgates it: without the number, and the brackets round it."""
    spelled = r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", number)))
    text = re.sub(rf"\s*\(\s*{spelled}\s*\)|{spelled}\s*[:,–-]?", "", title)
    for _ in range(3):
        text = _SPARE.sub("", text).strip()
    return text[:1].upper() + text[1:] if text else title


def entries(
    store: Store,
    written: Iterable[Entry],
    own: Callable[[int], list[Notice]],
    language: Language,
) -> list[Entry]:
    """What has to be written of the regulations that these documents promulgate. ``own``: what a stored notice's own
    records say, the best first."""
    found: dict[str, tuple[Notice, datetime]] = {}
    for entry in written:
        for one in promulgated(entry.notice, language) if entry.notice else ():
            found.setdefault(one.symbols[0], (one, entry.seen_at))
    keys = {text: parse_number(text).key for text in found}
    stored = store.notices.same_number(sorted(keys.values()))
    known = store.notices.known([], [key for some in stored.values() for key in some])
    result = []
    for text, (one, seen) in found.items():
        ids = sorted(known[key] for key in stored.get(keys[text], ()))
        kept = store.notices.dossiers(ids)
        notice = compose([*(item for at in ids for item in own(at)), one])
        for item in reversed(kept):
            notice = amended(notice, item.amended)
        if len(kept) != 1 or notice != kept[0].notice:
            first = min((seen, *(item.seen_at for item in kept)))
            age = kept[0].age if kept else age_of(notice, first)
            source = one.sources[0]
            result.append(
                Entry(ids=tuple(ids), notice=notice, records=(), seen_at=first, source=source, age=age)
            )
    return result


def restated(store: Store, notices: Iterable[Notice], language: Language) -> list[Notice]:
    """What stored documents say of these regulations, that have records of their own by now."""
    result = []
    for notice in notices:
        keys = [relation.key for relation in notice.related if relation.rel == "promulgated-by"]
        ids = sorted(store.notices.known([], keys).values()) if keys else []
        for circular in store.notices.dossiers(ids) if ids else ():
            result += [one for one in promulgated(circular.notice, language) if one.symbols == notice.symbols]
    return result
