"""What another vocabulary would change: notices that it would tag otherwise, before anything is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.tag import Tag
from tbt_watch.store import Store
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import Vocabulary

_BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Otherwise:
    """A notice with the codes of sectors, markets and topics that it would get and lose by rule."""

    notice: Dossier
    gets: tuple[str, ...]
    loses: tuple[str, ...]


def otherwise(
    store: Store, since: date, before: Vocabulary, after: Vocabulary, most: int
) -> tuple[int, list[Otherwise]]:
    """How many notices published since that day were looked at (``most`` at most, the newest), and those among them
    that ``after`` would tag otherwise than ``before``."""
    items = store.notices.newest(most, since=since)
    changed = [
        one
        for start in range(0, len(items), _BATCH)
        for one in _changed(store, items[start : start + _BATCH], before, after)
    ]
    return len(items), changed


def _changed(
    store: Store, items: Sequence[Dossier], before: Vocabulary, after: Vocabulary
) -> Iterator[Otherwise]:
    above = store.tags.of_parents(sorted({one.notice.follows for one in items if one.notice.follows}))
    for item in items:
        inherited = above.get(item.notice.follows or "", ())
        old, new = (_codes(tag_notice(item.notice, one, inherited=inherited)) for one in (before, after))
        if set(old) != set(new):
            gets, loses = (
                tuple(code for code in new if code not in old),
                tuple(code for code in old if code not in new),
            )
            yield Otherwise(
                notice=item, gets=tuple(code for _, code in gets), loses=tuple(code for _, code in loses)
            )


def _codes(tags: Sequence[Tag]) -> list[tuple[str, str]]:
    return [(tag.kind, tag.code) for tag in tags]
