"""Writes the parts of what has none, once: an edition is made once for all who get it on channels of one length."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tbt_watch.deliver.channel import Channel
from tbt_watch.deliver.complaints import Complaints
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Delivery, Edition, Part
from tbt_watch.domain.moment import Clock
from tbt_watch.errors import LanguageError, NotFoundError
from tbt_watch.store import Store

CHUNK = 100
"""Deliveries that are rendered at a time: between two chunks messages go out."""

FRESH = timedelta(minutes=1)
"""How long what was made is used for others: a run may take many minutes, in which a person mends a fact."""


class Render(Protocol):
    """Makes the parts of an edition, each at most ``limit`` UTF-16 units long; ``late`` names the keys of the
    notices that were old when first seen."""

    def __call__(
        self, edition: Edition, dossiers: Sequence[Dossier], late: frozenset[str], limit: int
    ) -> Sequence[Part]: ...


@dataclass(slots=True)
class Rendering:
    """The rendering of one run. ``spare``: units that are kept free in each part."""

    store: Store
    channels: Mapping[str, Channel]
    render: Render
    clock: Clock
    complaints: Complaints
    spare: int = 0
    _made: dict[tuple[int, int], tuple[datetime, Sequence[Part] | None]] = field(default_factory=dict)
    _above: dict[tuple[int, str], dict[int, str]] = field(default_factory=dict)
    _seen: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})

    def some(self, *, urgent: bool) -> bool:
        """Render the next chunk; whether there was any."""
        rows = self.store.deliveries.unrendered(CHUNK, after=self._seen[urgent], urgent=urgent)
        written: dict[datetime, dict[int, tuple[Sequence[Part], str | None]]] = defaultdict(dict)
        for row in rows:
            made, parts = self._parts(row)
            if parts:
                written[made][row.id] = parts, self._answers(row)
        for made, some in written.items():  # whoever has an older text has to hear of what was mended since
            self.store.deliveries.render_all(some, made)
        if rows:
            self._seen[urgent] = rows[-1].id
        return bool(rows)

    def _parts(self, delivery: Delivery) -> tuple[datetime, Sequence[Part] | None]:
        """The parts, and the moment at which what they say was read."""
        now, channel = self.clock(), self.channels.get(delivery.channel)
        if channel is None:
            self.complaints.switched_off(delivery.channel)
            return now, None
        wanted = (delivery.edition_id, channel.limit - self.spare)
        if wanted not in self._made or not timedelta() <= now - self._made[wanted][0] < FRESH:
            self._made[wanted] = now, self._write(*wanted)
        return self._made[wanted]

    def _write(self, edition_id: int, limit: int) -> Sequence[Part] | None:
        try:
            edition = self.store.editions.get(edition_id)
            dossiers, late = _dossiers(self.store, edition)
            parts = self.render(edition, dossiers, late, limit)
        except (LanguageError, NotFoundError) as error:
            self.complaints.unreadable(edition_id, error)
            return None
        self.complaints.came_right(f"edition {edition_id}")
        return parts

    def _answers(self, delivery: Delivery) -> str | None:
        """The first message that this subscriber got about the same matter; the bulletin is about many."""
        if delivery.edition_kind == "bulletin":
            return None
        place = (delivery.edition_id, delivery.channel)
        if place not in self._above:
            self._above[place] = self.store.deliveries.first_messages(*place)
        return self._above[place].get(delivery.subscriber_id)


def _dossiers(store: Store, edition: Edition) -> tuple[list[Dossier], frozenset[str]]:
    """The notices of an edition, with those they follow, and the keys of the late ones."""
    late = store.editions.late()
    found: dict[str, Dossier] = {}
    for item in edition.items:
        same = (one for one in store.notices.get(item.notice_key) if one.notice.key == item.notice_key)
        dossier = next(same, None)
        if dossier is None:
            raise NotFoundError(f"There is no notice {item.notice_key}.")
        found[item.notice_key] = dossier
        if dossier.notice.follows:
            for above in store.notices.get(dossier.notice.follows)[:1]:
                found.setdefault(above.notice.key, above)
    return list(found.values()), frozenset(key for key, one in found.items() if one.id in late)
