"""The bulletin to its readers: every published edition goes once to whoever wanted it when it was published."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from tbt_watch.digest.calendar import Hours
from tbt_watch.digest.corrections import Named
from tbt_watch.domain.bulletin import Bulletin
from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.store import Store

REASON = "bulletin"

LATEST = timedelta(days=30)
"""What was published so long ago and could not be sent stands on the site for who looks for it."""


def bulletins(store: Store, hours: Hours, now: datetime) -> Iterator[Named]:
    """One edition for each language of what was published and went to nobody yet; none in the quiet hours.

    Its items are all notices of it, in the version that was published, so that a correction finds its readers. It is
    there too where the only readers of a language cannot be reached at present, for they get it when they can.
    """
    if hours.is_quiet(now):
        return
    for number in store.bulletins.unsent(now - LATEST):
        one = store.bulletins.get(number)
        readers: dict[Literal["vi", "en"], list[int]] = defaultdict(list)
        for reader in store.bulletins.readers(one.published_at):
            if reader.pause in ("", "unreachable"):
                readers[reader.lang] += [reader.id] if not reader.pause else []
        for lang, some in readers.items() if any(readers.values()) else ():
            yield edition_of(one, lang, now), some


def edition_of(one: Bulletin, lang: Literal["vi", "en"], until: datetime) -> Edition:
    """What the readers of a language get of it."""
    items = tuple(EditionItem(notice_key=item.key, version=item.version, reason=REASON) for item in one.items)
    return Edition(kind="bulletin", audience="", lang=lang, until=until, items=items, bulletin=one.id or 0)
