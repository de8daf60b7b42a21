"""Which documents are one: by number, issuing body and day; what lacks body or day joins the only one it can be."""

from collections.abc import Sequence
from datetime import datetime

from tbt_watch.domain.legal import keys_agree, parse_number, partial_key
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.work import Issue
from tbt_watch.normalise.reading import Reading
from tbt_watch.store import Store
from tbt_watch.store.raw import DueRecord

Pair = tuple[DueRecord, Reading]


def names(store: Store, notices: Sequence[Notice]) -> list[tuple[str, ...]]:
    """What each notice is known by: its symbols; of a regulation its key, and the keys of the same document as other
    sources state it with less, or with more, where that can be one only."""
    return [() if len(found) > 1 else own for own, found in _looked_up(store, notices)]


def sort_out(store: Store, good: Sequence[Pair], now: datetime) -> tuple[list[Pair], list[Issue]]:
    """The records whose document is known, and an issue for each that may be one of several."""
    clear: list[Pair] = []
    unclear: list[Issue] = []
    looked_up = _looked_up(store, [reading.notice for _, reading in good])
    for (item, reading), (_, candidates) in zip(good, looked_up, strict=True):
        if len(candidates) < 2 or item.notice_id is not None:
            clear.append((item, reading))
            continue
        number = reading.notice.symbols[0]
        unclear.append(
            Issue(
                source=item.record.source,
                key=item.record.key,
                kind="several-documents",
                message=f"{number} states no issuing body or day, and may be {' or '.join(candidates)}.",
                todo="Open its address and see which one it is: the others have it already; then close the issue.",
                opened_at=now,
            )
        )
    return clear, unclear


def _looked_up(store: Store, notices: Sequence[Notice]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Of each notice the names, and the documents that it may be where it does not say which."""
    numbers = {one.key: parse_number(one.symbols[0]).key for one in notices if one.kind == "regulation"}
    pool = {
        number: set(keys) for number, keys in store.notices.same_number(sorted({*numbers.values()})).items()
    }
    for key, number in numbers.items():
        pool.setdefault(number, set()).add(key)
    found: list[tuple[tuple[str, ...], list[str]]] = []
    for one in notices:
        if one.kind != "regulation":
            found.append((one.symbols, []))
            continue
        alike = pool[numbers[one.key]]
        if partial_key(one.key):
            whole = _whole(one.key, alike)
            found.append(((one.key, *whole), whole))
        else:
            less = [key for key in alike if partial_key(key) and _whole(key, alike) == [one.key]]
            found.append(((one.key, *sorted(less)), []))
    return found


def _whole(key: str, alike: set[str]) -> list[str]:
    """The documents with body and day that a key without one of them may stand for."""
    return sorted(other for other in alike if not partial_key(other) and keys_agree(key, other))
