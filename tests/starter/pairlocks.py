"""Put the product's sentinels into both sides of a pair, where it is certain what belongs to what.

In the product numbers with their unit, dates, codes and addresses, and on a third try the names of Members and the
terms of the term base too, are locked before a model sees the text: each gives way to ``XZ1``, ``XZ2`` and so on in
the order of the source. What the model learns from must look the same, so the English is locked by the product
itself, and the Vietnamese form of each lock is looked for in the Vietnamese.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tbt_watch.translate.figures.locks import ALL_KINDS, Lock, lock

MOST = 20
_SENTINEL = re.compile(r"XZ(\d+)")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def locked(
    en: str,
    vi: str,
    *,
    kinds: Collection[str] = ALL_KINDS,
    names: Mapping[str, str] | None = None,
    swaps: Sequence[tuple[int, int, str]] = (),
    first: int = 1,
) -> tuple[str, str]:
    """Both sides with the sentinels from ``first`` on; what has no certain counterpart stays as it is."""
    found = lock(en, "en", kinds=kinds, names=names, swaps=swaps)
    places = _places(found.locks, vi)
    cuts: list[tuple[int, int, str]] = []
    number = first

    def kept(match: re.Match[str]) -> str:
        nonlocal number
        each = int(match[1])
        if each not in places or number > MOST:
            return found.locks[each - 1].text
        mark = f"XZ{number}"
        cuts.append((*places[each], mark))
        number += 1
        return mark

    en = _SENTINEL.sub(kept, found.text)
    for start, end, mark in sorted(cuts, reverse=True):
        vi = vi[:start] + mark + vi[end:]
    return en, vi


def _places(locks: Sequence[Lock], vi: str) -> dict[int, tuple[int, int]]:
    """Where in the Vietnamese each lock stands, for those that are as often there as in the English."""
    alike: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(locks, 1):
        alike[each.vietnamese].append(number)
    taken: list[tuple[int, int]] = []
    places: dict[int, tuple[int, int]] = {}
    for form, numbers in sorted(alike.items(), key=lambda item: -len(item[0])):
        spans = [
            match.span()
            for match in _pattern(form).finditer(vi)
            if not any(match.start() < end and start < match.end() for start, end in taken)
        ]
        if len(spans) == len(numbers):
            taken += spans
            places.update(zip(numbers, spans, strict=True))
    return places


def _pattern(form: str) -> re.Pattern[str]:
    """The form as people write it: blanks before a unit or none, a date in figures or in words."""
    if date := _DATE.fullmatch(form):
        day, month, year = (int(part) for part in date.groups())
        text = rf"0?{day}(?:/0?{month}/| tháng 0?{month} năm ){year}"
    else:
        text = re.sub(r"(?:\\\s)+", r"\\s?", re.sub(r"(?<=\d)(?=[%°A-Za-zµ])", r"\\s?", re.escape(form)))
    return re.compile(rf"(?<!\w)(?:{text})(?!\w|[.,]\d)", re.IGNORECASE if len(form) > 3 else 0)
