"""Notices, dossiers and subscribers for tests, and the short way to put them into a real store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change, Document, Milestone, Notice
from tbt_watch.domain.subscriber import Criteria, Frequency, Subscriber, Subscription
from tbt_watch.domain.tag import Tag, TagKind
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Decision, Version
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry

SEEN = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)

POMELO = Notice(
    key="G/SPS/N/EU/1234",
    kind="notification",
    area="SPS",
    type="regular",
    symbols=("G/SPS/N/EU/1234",),
    thread="G/SPS/N/EU/1234",
    members=("EU",),
    title="Draft Commission Regulation amending Annex II to Regulation (EC) No 396/2005 as regards chlorpyrifos",
    summary="The draft lowers the maximum residue levels of chlorpyrifos in citrus fruits to 0.01 mg/kg.",
    products="Pomelos, oranges, lemons",
    hs_codes=("0805",),
    objectives=("food-safety",),
    published_on=date(2026, 11, 18),
    comment_until=date(2027, 1, 15),
    in_force=Milestone(date=date(2027, 6, 1)),
    documents=(
        Document(url="https://members.wto.org/crnattachments/2026/SPS/EU/26_1_00_e.pdf", language="en"),
        Document(url="https://docs.wto.org/q/G/SPS/NEU1234.pdf", language="en", kind="notification"),
    ),
    sources=("eping_web",),
)

CIRCULAR = Notice(
    key="12/2026/TT-BKHCN|bo-khoa-hoc-va-cong-nghe|2026-11-10",
    kind="regulation",
    area="VN",
    type="Thông tư",
    symbols=("12/2026/TT-BKHCN",),
    thread="12/2026/TT-BKHCN",
    members=("Bộ Khoa học và Công nghệ",),
    title="Thông tư quy định về ghi nhãn điện tử",
    language="vi",
    published_on=date(2026, 11, 10),
    in_force=Milestone(date=date(2027, 1, 1)),
    sources=("congbao",),
)


def named(symbol: str, member: str, base: Notice = POMELO, **changed: Any) -> Notice:
    """The base notice under another symbol of another Member."""
    own = {"key": symbol, "symbols": (symbol,), "thread": symbol, "members": (member,), "area": symbol[2:5]}
    return replace(base, **{**own, **changed})


def tags(kind: TagKind, *codes: str) -> tuple[Tag, ...]:
    return tuple(Tag(kind=kind, code=code, basis="rule", reason="test:code") for code in codes)


def dossier(
    notice: Notice = POMELO,
    *,
    sectors: Sequence[str] = ("fresh-produce",),
    topics: Sequence[str] = (),
    markets: Sequence[str] | None = None,
    translations: Sequence[Translation] = (),
    changes: Sequence[Sequence[Change]] = (),
    accepted_at: datetime = SEEN,
    number: int = 1,
) -> Dossier:
    """A dossier as the store would give it, its versions after the first made of ``changes``."""
    own = notice.members if notice.kind == "notification" else ()
    versions = [Version(seq=1, at=SEEN, source="eping_web")]
    versions += [
        Version(seq=seq, at=SEEN, source="eping_web", changes=tuple(one))
        for seq, one in enumerate(changes, 2)
    ]
    return Dossier(
        id=number,
        notice=notice,
        state="ACCEPTED",
        seen_at=SEEN,
        accepted_at=accepted_at,
        tags=tags("sector", *sectors)
        + tags("topic", *topics)
        + tags("market", *(own if markets is None else markets)),
        versions=tuple(versions),
        translations=tuple(translations),
    )


def said(field: str, text: str, lang: str = "vi", origin: Any = "template") -> Translation:
    return Translation(field=field, language=lang, text=text, origin=origin, source_text="")


def subscriber(
    address: str,
    *wishes: tuple[Criteria, Frequency],
    lang: Any = "vi",
    channel: str = "pretend",
    since: datetime = datetime(2026, 11, 1, tzinfo=UTC),
) -> Subscriber:
    return Subscriber(
        name=f"Hợp tác xã {address}",
        lang=lang,
        channel=channel,
        address=address,
        subscriptions=tuple(Subscription(criteria=criteria, frequency=often) for criteria, often in wishes),
        since=since,
    )


def accept(
    store: Store,
    notice: Notice,
    at: datetime,
    *,
    sectors: Sequence[str] = ("fresh-produce",),
    topics: Sequence[str] = (),
    changes: Sequence[Change] = (),
    translations: Sequence[Translation] = (),
) -> int:
    """Put a notice, or a new version of one, into the store and through its doors; accepted at that moment."""
    ids = tuple(one.id for one in store.notices.get(notice.key) if one.notice.key == notice.key)
    entry = Entry(
        ids=ids, notice=notice, records=(), seen_at=at, changes=tuple(changes), source=notice.sources[0]
    )
    store.notices.put([entry], at)
    (found,) = [one for one in store.notices.get(notice.key) if one.notice.key == notice.key]
    store.notices.translated({found.id: translations}, at)
    own = tags("market", *notice.members) if notice.kind == "notification" else ()
    store.tags.keep({found.id: (*tags("sector", *sectors), *tags("topic", *topics), *own)}, [found])
    (found,) = store.notices.dossiers([found.id])
    store.notices.decide(found.id, Decision(state="accepted", by="policy", at=at), found.version)
    return found.id
