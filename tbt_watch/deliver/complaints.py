"""The issues that the outbox opens, and closes again when it comes right."""

from dataclasses import dataclass, field

from tbt_watch.domain.edition import Delivery
from tbt_watch.domain.moment import Clock
from tbt_watch.domain.work import Issue
from tbt_watch.store import Store

SOURCE = "deliver"


@dataclass(slots=True)
class Complaints:
    """What went wrong in one run. ``opened`` counts the new issues; ``notes`` are faults of a whole channel; ``shut``
    are the channels that nothing more is sent by in this run."""

    store: Store
    clock: Clock
    opened: int = 0
    shut: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)

    def came_right(self, key: str, *kinds: str) -> None:
        """Close what is open about it, if anything is; of these kinds, if any are named."""
        if (SOURCE, key) in self.known:
            self.store.issues.resolve(SOURCE, key, self.clock(), kinds)

    def switched_off(self, channel: str) -> None:
        """Messages wait for a channel that is not switched on."""
        if channel in self.shut:
            return
        self.shut.add(channel)
        self._open(
            f"channel {channel}",
            "channel-off",
            f"Messages wait for the channel {channel}, which is not switched on.",
            f'Add "{channel}" to channels under [deliver] in the configuration, or move its subscribers to another'
            " channel.",
        )

    def access_lost(self, channel: str, why: str) -> None:
        """The channel takes nothing from us."""
        if channel in self.shut:
            return
        self.shut.add(channel)
        self.notes.append(why)
        todo = "Mend the access; everything for this channel waits and goes out with a later run."
        self._open(f"channel {channel}", "channel-refused", why, todo)

    def unreadable(self, edition_id: int, error: Exception) -> None:
        """An edition cannot be written."""
        self._open(
            f"edition {edition_id}",
            "edition-unreadable",
            f"Edition {edition_id} could not be written: {error}",
            "Mend what it names; the edition goes out with the next run.",
        )

    def failed(self, delivery: Delivery, why: str) -> None:
        """A delivery did not arrive and is not tried again."""
        self._open(
            f"delivery {delivery.id}",
            "delivery-failed",
            f"Edition {delivery.edition_id} did not reach {delivery.subscriber} by {delivery.channel}: {why}",
            f"When that is mended: tbt-watch deliveries resend {delivery.id}.",
        )

    def uncertain(self, delivery: Delivery, why: str) -> None:
        """Nobody knows whether it arrived, and it does not go out again by itself."""
        self._open(
            f"delivery {delivery.id}",
            "delivery-uncertain",
            f"Nobody knows whether edition {delivery.edition_id} reached {delivery.subscriber}: {why}",
            f"Look at the subscriber's end; if it is not there: tbt-watch deliveries resend {delivery.id}.",
        )

    def unreachable(self, delivery: Delivery, why: str) -> None:
        """A subscriber is paused because it could not be reached again and again."""
        self._open(
            f"subscriber {delivery.subscriber_id}",
            "subscriber-unreachable",
            f"{delivery.subscriber} ({delivery.channel}) cannot be reached for days and is paused: {why}",
            "Ask the enterprise to write to us again by that channel, which ends the pause, or remove it: tbt-watch"
            f" subscribers remove {delivery.subscriber_id}.",
        )

    def late(self, channel: str, count: int, hours: int) -> None:
        """So many deliveries have waited for so long."""
        self._open(
            f"waiting {channel}",
            "deliveries-late",
            f"{count} deliveries by {channel} have waited for more than {hours} hours.",
            f"See what they wait for: tbt-watch deliveries list --state pending --channel {channel}.",
        )

    def _open(self, key: str, kind: str, message: str, todo: str) -> None:
        now = self.clock()
        entry = Issue(source=SOURCE, key=key, kind=kind, message=message, todo=todo, opened_at=now)
        self.opened += self.store.issues.open(entry)
        self.known.add((SOURCE, key))
