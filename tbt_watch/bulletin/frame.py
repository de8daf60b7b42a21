"""The frame of an edition: what besides its notices decides how it reads, kept so that it can be made again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from tbt_watch.bulletin.card import Deadlines
from tbt_watch.bulletin.masthead import Labels
from tbt_watch.domain.bulletin import Bulletin, Snapshot
from tbt_watch.domain.office import EnquiryPoint, Office


@dataclass(frozen=True, kw_only=True, slots=True)
class Imprint:
    """What stands at the head and foot of an edition besides the office: ``subtitle``, the publishing ``licence``, the
    ``editor`` who answers for the content. Empty fields are not printed."""

    subtitle: str = ""
    licence: str = ""
    editor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """``day``: the day of publication, from which days left are counted; ``labels``: what sectors and topics were
    called; ``base_url``: where the site stood, empty where it stood nowhere."""

    day: date
    office: Office
    imprint: Imprint = field(default_factory=Imprint)
    labels: Labels = field(default_factory=Labels)
    lead_days: Mapping[str, int] = field(default_factory=dict)
    days_off: tuple[date, ...] = ()
    base_url: str = ""

    @property
    def deadlines(self) -> Deadlines:
        """How send-by dates are reckoned."""
        return Deadlines(lead_days=self.lead_days, days_off=self.days_off)

    def to_json(self) -> str:
        """The frame as JSON, always in the same order."""
        plain = {
            "day": self.day.isoformat(),
            "office": asdict(self.office),
            "imprint": asdict(self.imprint),
            "sectors": {code: dict(names) for code, names in self.labels.sectors.items()},
            "topics": {code: dict(names) for code, names in self.labels.topics.items()},
            "lead_days": dict(self.lead_days),
            "days_off": [day.isoformat() for day in sorted(self.days_off)],
            "base_url": self.base_url,
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Frame":
        """The frame that ``to_json`` wrote."""
        read: dict[str, Any] = json.loads(text)
        office = read["office"]
        points = tuple(EnquiryPoint(**one) for one in office.pop("enquiry_points"))
        return cls(
            day=date.fromisoformat(read["day"]),
            office=Office(**office, enquiry_points=points),
            imprint=Imprint(**read["imprint"]),
            labels=Labels(sectors=read["sectors"], topics=read["topics"]),
            lead_days=read["lead_days"],
            days_off=tuple(date.fromisoformat(day) for day in read["days_off"]),
            base_url=read["base_url"],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedEdition:
    """A published edition with what it was made from."""

    bulletin: Bulletin
    snapshot: Snapshot

    @property
    def frame(self) -> Frame:
        """Its frame."""
        return Frame.from_json(self.snapshot.frame)
