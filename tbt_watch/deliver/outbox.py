"""Sends what is pending, and writes down how it went.

A part is claimed, and the claim committed, before the request; so a kill at any moment leaves each part either
not sent, or UNCERTAIN, never silently pending. What was rendered once is what is sent, also the second time.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from queue import Empty, SimpleQueue
from typing import Any

from tbt_watch.deliver.channel import Channel, Overlapping
from tbt_watch.deliver.complaints import Complaints
from tbt_watch.deliver.outcome import marked, mended, verdict
from tbt_watch.deliver.rendering import Render, Rendering
from tbt_watch.domain.edition import DIGESTS, Delivery, Part
from tbt_watch.domain.moment import VIETNAM, Clock
from tbt_watch.domain.work import Report
from tbt_watch.errors import DeliveryError
from tbt_watch.store import Store
from tbt_watch.store.ledger import Wanted

PATIENCE = 5.0
"""Seconds for which a run waits for leave to send; what takes longer is left to the next run."""

LEASE_SECONDS = 120
LATE_HOURS = 24
"""After how long somebody is told that a delivery waits."""

AGAIN_AFTER = timedelta(minutes=10)
"""How long after its answer was lost a part goes out once more."""

LOOK_SECONDS = 1
"""After how long a run looks whether anything more urgent came in."""

GATHER = 0.003
"""Seconds for which a run waits for more answers when the first has come, to write them down together."""

FETCH = 200
"""How many deliveries are read from the store at a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What the office decides. ``in_flight``: the most requests at a time, and so the most parts that a kill can leave
    UNCERTAIN. After ``strikes`` refusals, the first of them ``strike_days`` ago, a subscriber is paused. ``resend``:
    a part whose answer was lost goes out once more, with the words ``again`` (by language) in front."""

    in_flight: int = 8
    strikes: int = 3
    strike_days: int = 3
    resend: bool = True
    again: Mapping[str, str] = field(default_factory=dict)

    @property
    def spare(self) -> int:
        """The UTF-16 units that the words in front can take, with their line break."""
        return max((len(words.encode("utf-16-le")) // 2 + 1 for words in self.again.values()), default=0)


@dataclass(slots=True)
class _Parcel:
    """A delivery on its way in this run, with the parts that still have to go."""

    delivery: Delivery
    left: deque[int]

    @property
    def to(self) -> tuple[str, str]:
        """Channel and address."""
        return self.delivery.channel, self.delivery.address

    @property
    def label(self) -> str:
        """Time of the edition in Viet Nam, edition and part: for people."""
        at = self.delivery.created_at.astimezone(VIETNAM)
        return f"{at:%Y%m%d-%H%M%S}-{self.delivery.edition_id}-{self.left[0]}"

    @property
    def part(self) -> Part:
        """The next part, as it was rendered."""
        return self.delivery.parts[self.left[0] - 1]

    @property
    def reply_to(self) -> str | None:
        """What the next part answers; those after the first follow on it by themselves."""
        return self.delivery.reply_to if self.left[0] == 1 else None


@dataclass(slots=True)
class _Lane:
    """What waits in memory: digests, or what overtakes them. ``dry``: the store has no more."""

    urgent: bool
    waiting: deque[_Parcel] = field(default_factory=deque)
    dry: bool = False


_Landed = tuple[_Parcel, str | BaseException]


class _Run:
    """One pass over the outbox."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        render: Render,
        clock: Clock,
        rules: Rules,
        sleep: Callable[[float], None],
    ) -> None:
        self.store, self.channels, self.clock, self.rules, self.sleep = store, channels, clock, rules, sleep
        self.complaints = Complaints(store, clock, known=store.issues.places())
        self.rendering = Rendering(store, channels, render, clock, self.complaints, rules.spare)
        self.outcomes: Counter[str] = Counter()
        self.urgent, self.digests = _Lane(urgent=True), _Lane(urgent=False)
        self.flying: dict[tuple[str, str], _Parcel] = {}
        self.left: set[int] = set()  # due, but not in this run
        self.landed: SimpleQueue[tuple[_Parcel, Future[str]]] = SimpleQueue()
        self.looked: datetime | None = None

    # --- before anything is sent ---

    def sweep(self) -> None:
        """What was on its way when a program ended is uncertain now; what was uncertain for long goes out again."""
        for number in self.store.deliveries.sweep(self.clock()):
            self._uncertain(number, "the program ended while the message was on its way")
        if self.rules.resend:
            now = self.clock()
            self.store.deliveries.send_again(now - AGAIN_AFTER, now)

    def say_what_waits(self) -> None:
        """Complain of channels that are not switched on, and no more of those that are."""
        counts = self.store.deliveries.counts(Wanted(state="PENDING"))
        for channel in sorted({name for name, _ in counts} - set(self.channels)):
            self.complaints.switched_off(channel)
        for channel in self.channels:
            self.complaints.came_right(f"channel {channel}", "channel-off")

    # --- sending ---

    def send_due(self) -> None:
        """Send all parts that are due, several deliveries at a time, the parts of each in their order."""
        with ThreadPoolExecutor(max_workers=self.rules.in_flight, thread_name_prefix="outbox") as pool:
            try:
                landed: list[_Landed] = []
                while self._fill() or self.flying or landed:
                    pause = self._round(landed, pool)
                    landed = self._arrivals(pause)
            finally:  # also when we are told to stop: what is on its way is waited for and written down
                while self.flying:
                    landed = self._arrivals(None)
                    with self.store.transaction():
                        self._write_down(landed)

    def _fill(self) -> bool:
        """Look for what came in, if it is time; whether anything waits."""
        now = self.clock()
        idle = not (self.urgent.waiting or self.digests.waiting)
        late = self.looked is None or not 0 <= (now - self.looked).total_seconds() < LOOK_SECONDS
        if late or (idle and not self.flying):
            self.looked = now
            self._read(self.urgent)
        if len(self.digests.waiting) < 4 * self.rules.in_flight and not self.digests.dry:
            self._read(self.digests)
        return bool(self.urgent.waiting or self.digests.waiting)

    def _read(self, lane: _Lane) -> None:
        """Take what is due from the store; an edition that has no text yet gets it now."""
        while True:
            more = self.rendering.some(urgent=lane.urgent)
            known = {one.delivery.id for one in (*lane.waiting, *self.flying.values())} | self.left
            channels = [
                name
                for name, channel in self.channels.items()
                if not channel.by_hand and name not in self.complaints.shut
            ]
            found = self.store.deliveries.due(
                self.clock(), FETCH + len(known), urgent=lane.urgent, channels=channels
            )
            fresh = [one for one in found if one.id not in known]
            for delivery in fresh:
                left = deque(part.number for part in delivery.parts if part.state == "PENDING")
                if left:
                    lane.waiting.append(_Parcel(delivery, left))
            lane.dry = not fresh and not more
            if fresh or not more:
                return

    def _round(self, landed: Sequence[_Landed], pool: ThreadPoolExecutor) -> float:
        """Write down what came back, and send off what may go: one commit, then the requests. The seconds after which
        another may get leave."""
        with self.store.transaction():
            self._write_down(landed)
            chosen, pause = self._choose()
            claims = [(one.delivery.id, one.left[0]) for one in chosen]
            taken = self.store.deliveries.claim_all(claims, self.clock(), LEASE_SECONDS) if claims else set()
        for _, result in landed:
            if isinstance(result, BaseException) and not isinstance(result, DeliveryError):
                raise result
        for parcel in chosen:
            if (parcel.delivery.id, parcel.left[0]) in taken:
                self._launch(parcel, pool)
        return pause

    def _choose(self) -> tuple[list[_Parcel], float]:
        """The parcels that have leave now, the urgent ones first, as many as may fly."""
        chosen: dict[tuple[str, str], _Parcel] = {}
        pause = PATIENCE
        for lane in (self.urgent, self.digests):
            kept: list[_Parcel] = []
            while lane.waiting and len(self.flying) + len(chosen) < self.rules.in_flight:
                parcel = lane.waiting.popleft()
                if parcel.to in self.flying or parcel.to in chosen:
                    kept.append(parcel)  # a chat gets one thing at a time
                    continue
                seconds = self._permit(parcel)
                if seconds == 0:
                    chosen[parcel.to] = parcel
                elif seconds <= PATIENCE:
                    pause = min(pause, seconds)
                    kept.append(parcel)
                else:
                    self.left.add(parcel.delivery.id)
            lane.waiting.extendleft(reversed(kept))
        return list(chosen.values()), pause

    def _permit(self, parcel: _Parcel) -> float:
        channel, address = parcel.to
        return inf if channel in self.complaints.shut else self.channels[channel].permit(address)

    def _launch(self, parcel: _Parcel, pool: ThreadPoolExecutor) -> None:
        channel, address = parcel.to
        part = marked(parcel.part, self.rules.again.get(parcel.delivery.lang, ""))
        sender = self.channels[channel]
        told: dict[str, Any] = {"label": parcel.label, "reply_to": parcel.reply_to}
        self.flying[parcel.to] = parcel
        if isinstance(sender, Overlapping):
            future = sender.begin(address, part, **told)
        else:
            future = pool.submit(sender.send, address, part, **told)
        future.add_done_callback(lambda done: self.landed.put((parcel, done)))

    def _arrivals(self, pause: float | None) -> list[_Landed]:
        """What came back, waiting so many seconds for the first; with nothing on its way, only wait."""
        if not self.flying:
            if pause is not None and (self.urgent.waiting or self.digests.waiting):
                self.sleep(pause)
            return []
        timeout = pause if pause is None or len(self.flying) < self.rules.in_flight else PATIENCE
        found: list[_Landed] = []
        try:
            while self.flying:
                parcel, future = self.landed.get(timeout=timeout)
                timeout = GATHER if len(self.flying) > self.rules.in_flight // 2 else 0
                del self.flying[parcel.to]
                error = future.exception()
                found.append((parcel, error if error is not None else future.result()))
        except Empty:
            pass
        return found

    # --- what became of it ---

    def _write_down(self, landed: Sequence[_Landed]) -> None:
        """Keep the outcomes; a delivery with another part goes on at once."""
        arrived = {
            (one.delivery.id, one.left[0]): result for one, result in landed if isinstance(result, str)
        }
        whole = self.store.deliveries.sent(arrived, self.clock())
        self.outcomes["SENT"] += len(whole)
        for parcel, result in landed:
            if isinstance(result, str):
                parcel.left.popleft()
                self._arrived(parcel, whole=parcel.delivery.id in whole)
            elif isinstance(result, DeliveryError):
                self._failed(parcel, result)

    def _arrived(self, parcel: _Parcel, *, whole: bool) -> None:
        delivery = parcel.delivery
        self.complaints.came_right(f"channel {delivery.channel}")
        self.complaints.came_right(f"subscriber {delivery.subscriber_id}")
        if whole:
            self.complaints.came_right(f"delivery {delivery.id}")
        elif parcel.left:
            lane = self.digests if delivery.edition_kind in DIGESTS else self.urgent
            lane.waiting.appendleft(parcel)

    def _failed(self, parcel: _Parcel, error: DeliveryError) -> None:
        delivery, why, now = parcel.delivery, str(error), self.clock()
        limit = self.channels[delivery.channel].limit
        found = verdict(error, delivery, parcel.part, limit)
        if error.whole_channel:
            self.complaints.access_lost(delivery.channel, why)
        state = self.store.deliveries.record(
            delivery.id,
            parcel.left[0],
            found.state,
            now,
            why=why,
            retry_at=now + timedelta(seconds=found.seconds),
            blameless=found.blameless,
        )
        self.outcomes[found.state] += 1
        if state == "PENDING":
            self._mend(parcel, error, limit)
        elif state == "UNCERTAIN":
            self._uncertain(delivery.id, why)
        elif state == "BLOCKED":
            self._strike(delivery, why)
        elif state == "FAILED":
            self.complaints.failed(delivery, why)

    def _mend(self, parcel: _Parcel, error: DeliveryError, limit: int) -> None:
        """What can be set right goes out again in this run."""
        delivery = parcel.delivery
        if error.moved_to:
            self.store.deliveries.move_address(delivery.channel, delivery.address, error.moved_to)
        elif error.unfit:
            instead = mended(parcel.part, error, limit)
            self.store.deliveries.rewrite(delivery.id, parcel.left[0], instead, self.clock())
        else:
            return
        self.digests.dry = False

    def _strike(self, delivery: Delivery, why: str) -> None:
        rules = self.rules
        if self.store.subscribers.strike(
            delivery.subscriber_id, self.clock(), rules.strikes, rules.strike_days
        ):
            self.complaints.unreachable(delivery, why)

    def _uncertain(self, number: int, why: str) -> None:
        """Shown to staff when nothing more is done about it by itself."""
        delivery = self.store.deliveries.get(number)
        lost = max(part.lost for part in delivery.parts if part.state == "UNCERTAIN")
        if lost > 1 or not self.rules.resend:
            self.complaints.uncertain(delivery, why)

    def say_what_is_late(self) -> None:
        """Name what has waited too long, whatever it waits for."""
        old = Wanted(state="PENDING", until=self.clock() - timedelta(hours=LATE_HOURS), paused=False)
        late = {channel: count for (channel, _), count in self.store.deliveries.counts(old).items()}
        for channel in self.channels:
            if channel in late:
                self.complaints.late(channel, late[channel], LATE_HOURS)
            else:
                self.complaints.came_right(f"waiting {channel}")


def run(
    store: Store,
    channels: Mapping[str, Channel],
    render: Render,
    clock: Clock,
    *,
    rules: Rules | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Render, claim, send and record everything that is due. ``channels``: those that the office switched on, by name.

    What is no digest goes first, also what is composed while this runs. Report: deliveries that arrived; that wait (for
    another try, for their channel, or for a person to carry them over); that failed, are blocked or uncertain after
    this run.
    """
    work = _Run(store, channels, render, clock, rules or Rules(), sleep)
    work.sweep()
    work.say_what_waits()
    work.send_due()
    work.say_what_is_late()
    lost = work.outcomes["FAILED"] + work.outcomes["BLOCKED"] + work.outcomes["UNCERTAIN"]
    waiting = sum(store.deliveries.counts(Wanted(state="PENDING")).values())
    return Report(
        stage="deliver",
        done=work.outcomes["SENT"],
        waiting=waiting,
        failed=lost,
        opened=work.complaints.opened,
        notes=tuple(work.complaints.notes),
    )
