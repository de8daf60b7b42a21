"""Raw records for tests, in the shapes that the spiders yield, and notices as normalise would make them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.subscriber import Criteria, Frequency, Subscriber, Subscription
from tbt_watch.domain.symbol import parse_symbol
from tbt_watch.domain.work import Decision, RawRecord
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry


def raw(source: str, key: str, body: Mapping[str, Any] | str, now: datetime, url: str = "") -> RawRecord:
    """A raw record as collect keeps it: the body as JSON, its hash beside it."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return RawRecord(
        source=source, key=key, url=url or f"https://x/{key}", fetched_at=now, body=text, hash=digest
    )


def web(record: Mapping[str, Any], now: datetime) -> RawRecord:
    """A record of ``getAll`` under its id."""
    return raw("eping_web", str(record.get("id", "none")), record, now)


def notice(symbol: str = "G/TBT/N/USA/2211", **facts: Any) -> Notice:
    """A notification with that symbol."""
    parsed = parse_symbol(symbol)
    above = parsed.follows
    known: dict[str, Any] = {
        "key": parsed.text,
        "kind": "notification",
        "area": parsed.area,
        "type": "regular",
        "symbols": (parsed.text,),
        "thread": parsed.base.text,
        "follows": above.text if above else None,
        "members": (parsed.member or "USA",),
        "title": "Auxiliary fuel tanks",
        "published_on": date(2026, 11, 2),
        "comment_until": date(2026, 12, 31),
        "sources": ("eping_web",),
    }
    return Notice(**known | facts)


def put(store: Store, now: datetime, *notices: Notice, **facts: Any) -> list[int]:
    """Write new notices, and give their ids."""
    known: dict[str, Any] = {"ids": (), "records": (), "seen_at": now, "source": "eping_web"}
    store.notices.put([Entry(**known | {"notice": one} | facts) for one in notices], now)
    return [store.notices.get(one.key)[0].id for one in notices]


def accept(store: Store, now: datetime, *ids: int) -> None:
    """Accept notices as the policy does."""
    for at in ids:
        store.notices.decide(at, Decision(state="accepted", by="policy", at=now), 1)


def subscriber(
    now: datetime, address: str = "box", frequency: Frequency = "daily", **facts: Any
) -> Subscriber:
    """A subscriber to everything about citrus."""
    wish = Subscription(criteria=Criteria(hs=("0805",)), frequency=frequency)
    known: dict[str, Any] = {
        "name": "Công ty Cam",
        "lang": "vi",
        "channel": "pretend",
        "address": address,
        "subscriptions": (wish,),
        "since": now,
    }
    return Subscriber(**known | facts)


def edition(person: Subscriber, until: datetime, *items: tuple[str, int]) -> Edition:
    """A daily edition for that subscriber's audience."""
    told = tuple(EditionItem(notice_key=key, version=version, reason="general") for key, version in items)
    return Edition(kind="daily", audience=person.audience, lang=person.lang, until=until, items=told)
