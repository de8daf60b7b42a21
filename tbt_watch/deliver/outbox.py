"""Sends what is pending, and writes down how it went.

A part is claimed, and the claim committed, before the request; so a kill at any moment leaves each part either
not sent, or UNCERTAIN, never silently pending. What was rendered once is what is sent, also the second time.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from math import inf
from typing import Protocol

from tbt_watch.deliver.channel import Channel
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Delivery, DeliveryState, Edition, Part
from tbt_watch.domain.moment import VIETNAM, Clock
from tbt_watch.domain.work import Issue, Report
from tbt_watch.errors import DeliveryError, LanguageError, NotFoundError
from tbt_watch.store import Store

BACK_OFF = (60, 300, 1800, 7200, 21600)
"""Seconds to the next try after each failure in a row; after the last of them the delivery has FAILED."""

PATIENCE = 5.0
"""Seconds for which a run waits for leave to send; what takes longer is left to the next run."""

LEASE_SECONDS = 120
SOURCE = "deliver"


class Render(Protocol):
    """Makes the parts of an edition, each at most ``limit`` UTF-16 units long; ``late`` names the keys of the
    notices that were old when first seen."""

    def __call__(
        self, edition: Edition, dossiers: Sequence[Dossier], late: frozenset[str], limit: int
    ) -> Sequence[Part]: ...


@dataclass(slots=True)
class _Parcel:
    """A delivery on its way in this run, with the parts that still have to go."""

    delivery: Delivery
    left: deque[int]

    @property
    def label(self) -> str:
        """Time of the edition in Viet Nam, edition and part: for people."""
        at = self.delivery.created_at.astimezone(VIETNAM)
        return f"{at:%Y%m%d-%H%M%S}-{self.delivery.edition_id}-{self.left[0]}"

    @property
    def part(self) -> Part:
        """The next part, as it was rendered."""
        return next(part for part in self.delivery.parts if part.number == self.left[0])

    @property
    def reply_to(self) -> str | None:
        """What the next part answers; those after the first follow on it by themselves."""
        return self.delivery.reply_to if self.left[0] == 1 else None


@dataclass(slots=True)
class _Run:
    """One pass over the outbox."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Clock
    sleep: Callable[[float], None]
    in_flight: int
    outcomes: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    shut: set[str] = field(default_factory=set)
    known: set[tuple[str, str]] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def issue(self, key: str, kind: str, message: str, todo: str) -> None:
        """Open an issue and count it when it is new."""
        now = self.clock()
        entry = Issue(source=SOURCE, key=key, kind=kind, message=message, todo=todo, opened_at=now)
        self.opened += self.store.issues.open(entry)
        self.known.add((SOURCE, key))

    def came_right(self, key: str, *kinds: str) -> None:
        """Close what is open about it, if anything is."""
        if (SOURCE, key) in self.known:
            self.store.issues.resolve(SOURCE, key, self.clock(), kinds)

    # Before anything is sent

    def sweep(self) -> None:
        """What was on its way when a program ended is uncertain now."""
        for number in self.store.deliveries.sweep(self.clock()):
            self._uncertain(number, "the program ended while the message was on its way")

    def render(self, render: Render) -> None:
        """Write the parts of what has none, once; an edition is made once for all who get it on a channel."""
        made: dict[tuple[int, int], Sequence[Part] | None] = {}
        skipped = 0
        while rows := self.store.deliveries.unrendered(limit=skipped + 500)[skipped:]:
            for delivery in rows:
                parts = self._parts(render, delivery, made)
                if parts:
                    self.store.deliveries.render(delivery.id, parts, self.clock())
                else:
                    skipped += 1

    def _parts(
        self, render: Render, delivery: Delivery, made: dict[tuple[int, int], Sequence[Part] | None]
    ) -> Sequence[Part] | None:
        channel = self.channels.get(delivery.channel)
        if channel is None:
            self._switched_off(delivery.channel)
            return None
        wanted = (delivery.edition_id, channel.limit)
        if wanted not in made:
            made[wanted] = self._made(render, delivery.edition_id, channel.limit)
        return made[wanted]

    def _made(self, render: Render, edition_id: int, limit: int) -> Sequence[Part] | None:
        key = f"edition {edition_id}"
        try:
            edition = self.store.editions.get(edition_id)
            dossiers, late = _dossiers(self.store, edition)
            parts = render(edition, dossiers, late, limit)
        except (LanguageError, NotFoundError) as error:
            todo = "Mend what it names; the edition goes out with the next run."
            self.issue(key, "edition-unreadable", f"Edition {edition_id} could not be written: {error}", todo)
            return None
        self.came_right(key, "edition-unreadable")
        return parts

    def _switched_off(self, channel: str) -> None:
        if channel not in self.shut:
            self.shut.add(channel)
            self.issue(
                f"channel {channel}",
                "channel-off",
                f"Messages wait for the channel {channel}, which is not switched on.",
                f'Add "{channel}" to channels under [deliver] in the configuration, or move its subscribers to another'
                " channel.",
            )

    # Sending

    def send_due(self) -> None:
        """Send all parts that are due, several deliveries at a time, the parts of each in their order."""
        self._say_switched_off()
        seen: set[int] = set()
        waiting = deque(self._due(seen))
        flying: dict[Future[str], _Parcel] = {}
        with ThreadPoolExecutor(max_workers=self.in_flight, thread_name_prefix="outbox") as pool:
            try:
                while waiting or flying:
                    self._round(waiting, flying, pool)
                    if not waiting and not flying:
                        waiting.extend(self._due(seen))
            finally:  # also when we are told to stop: what is on its way is waited for and written down
                for future in list(flying):
                    self._landed(flying.pop(future), future)

    def _round(
        self, waiting: deque[_Parcel], flying: dict[Future[str], _Parcel], pool: ThreadPoolExecutor
    ) -> None:
        """Send off what may go, and write down what came back; a delivery with more parts goes on at once."""
        pause = self._start(waiting, flying, pool)
        if not flying:
            if waiting:
                self.sleep(pause)
            return
        for future in wait(flying, timeout=pause, return_when=FIRST_COMPLETED).done:
            parcel = flying.pop(future)
            if self._landed(parcel, future):
                waiting.appendleft(parcel)

    def _say_switched_off(self) -> None:
        pending = self.store.deliveries.newest("PENDING", limit=10_000)
        for channel in sorted({delivery.channel for delivery in pending} - set(self.channels)):
            self._switched_off(channel)
        for channel in self.channels:
            self.came_right(f"channel {channel}", "channel-off")

    def _due(self, seen: set[int]) -> Iterable[_Parcel]:
        """What is due and was not yet met in this run."""
        for channel in sorted(set(self.channels) - self.shut):
            for delivery in self.store.deliveries.due(self.clock(), limit=len(seen) + 500, channel=channel):
                left = deque(part.number for part in delivery.parts if part.state == "PENDING")
                if delivery.id not in seen and left:
                    seen.add(delivery.id)
                    yield _Parcel(delivery=delivery, left=left)

    def _start(
        self, waiting: deque[_Parcel], flying: dict[Future[str], _Parcel], pool: ThreadPoolExecutor
    ) -> float:
        """Send off as many as may fly; the seconds after which another may get leave."""
        pause = PATIENCE
        for _ in range(len(waiting)):
            if len(flying) >= self.in_flight:
                break
            parcel = waiting.popleft()
            channel, address = self.channels[parcel.delivery.channel], parcel.delivery.address
            seconds = channel.permit(address) if channel.name not in self.shut else inf
            if seconds > PATIENCE:
                continue  # the next run will find it
            if seconds > 0:
                pause = min(pause, seconds)
                waiting.append(parcel)
            elif self._claim(parcel):
                answer = partial(channel.send, label=parcel.label, reply_to=parcel.reply_to)
                flying[pool.submit(answer, address, parcel.part)] = parcel
        return pause

    def _claim(self, parcel: _Parcel) -> bool:
        return self.store.deliveries.claim(parcel.delivery.id, parcel.left[0], self.clock(), LEASE_SECONDS)

    # What became of it

    def _landed(self, parcel: _Parcel, future: Future[str]) -> bool:
        """Write down the outcome of one part; whether the delivery has another part to send now."""
        number = parcel.delivery.id
        try:
            message_id = future.result()
        except DeliveryError as error:
            self._failed(parcel, error)
            return False
        part = parcel.left.popleft()
        state = self.store.deliveries.record(number, part, "SENT", self.clock(), message_id=message_id)
        if state == "SENT":
            self.outcomes["SENT"] += 1
            self.came_right(f"delivery {number}")
            self.came_right(f"channel {parcel.delivery.channel}")
        return bool(parcel.left)

    def _failed(self, parcel: _Parcel, error: DeliveryError) -> None:
        delivery, why = parcel.delivery, str(error)
        if error.whole_channel:
            self._access_lost(delivery.channel, why)
        if error.moved_to:
            self.store.deliveries.move_address(delivery.channel, delivery.address, error.moved_to)
        state, seconds = _verdict(error, _failures(delivery))
        retry_at = self.clock() + timedelta(seconds=seconds)
        self.store.deliveries.record(
            delivery.id, parcel.left[0], state, self.clock(), why=why, retry_at=retry_at
        )
        self.outcomes[state] += 1
        if state == "UNCERTAIN":
            self._uncertain(delivery.id, why)
        elif state in ("FAILED", "BLOCKED"):
            self.issue(
                f"delivery {delivery.id}",
                f"delivery-{state.lower()}",
                f"Edition {delivery.edition_id} did not reach {delivery.subscriber} by {delivery.channel}: {why}",
                f"When that is mended: tbt-watch deliveries resend {delivery.id}.",
            )

    def _access_lost(self, channel: str, why: str) -> None:
        if channel not in self.shut:
            self.shut.add(channel)
            self.notes.append(why)
            todo = "Mend the access; everything for this channel waits and goes out with a later run."
            self.issue(f"channel {channel}", "channel-refused", why, todo)

    def _uncertain(self, number: int, why: str) -> None:
        delivery = self.store.deliveries.get(number)
        self.issue(
            f"delivery {number}",
            "delivery-uncertain",
            f"Nobody knows whether edition {delivery.edition_id} reached {delivery.subscriber}: {why}",
            f"Look at the subscriber's end; if it is not there: tbt-watch deliveries resend {number}.",
        )


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


def _failures(delivery: Delivery) -> int:
    """Claims that did not end in SENT, before this one."""
    return max(delivery.attempts - sum(part.state == "SENT" for part in delivery.parts), 0)


def _verdict(error: DeliveryError, failures: int) -> tuple[DeliveryState, int]:
    """The state of the part after a fault, and the seconds to the next try."""
    if error.blocked:
        return "BLOCKED", 0
    if error.sent is None:
        return "UNCERTAIN", 0
    if error.whole_channel:
        return "PENDING", BACK_OFF[1]
    if error.moved_to:
        return "PENDING", 0
    if error.retry_after is not None:
        return "PENDING", max(error.retry_after, 1)
    if error.permanent or failures >= len(BACK_OFF):
        return "FAILED", 0
    return "PENDING", BACK_OFF[failures]


def run(
    store: Store,
    channels: Mapping[str, Channel],
    render: Render,
    clock: Clock,
    *,
    in_flight: int = 8,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Render, claim, send and record everything that is due. ``channels``: those that the office switched on, by
    name; ``in_flight``: the most requests at a time, and so the most parts a kill can leave UNCERTAIN.

    Report: deliveries that arrived; that wait (for another try, or for their channel); that failed, are blocked
    or uncertain after this run.
    """
    work = _Run(store=store, channels=channels, clock=clock, sleep=sleep, in_flight=in_flight)
    work.known = store.issues.places()
    work.sweep()
    work.render(render)
    work.send_due()
    lost = work.outcomes["FAILED"] + work.outcomes["BLOCKED"] + work.outcomes["UNCERTAIN"]
    waiting = len(store.deliveries.newest("PENDING", limit=10_000))
    return Report(
        stage="deliver",
        done=work.outcomes["SENT"],
        waiting=waiting,
        failed=lost,
        opened=work.opened,
        notes=tuple(work.notes),
    )
