"""What is handed to the site besides notices: the office, the labels of its tags, the health of the sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class EnquiryPoint:
    """The national office that takes comments on notifications of one area. Empty fields are not printed."""

    area: Literal["TBT", "SPS"]
    name: str
    address: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""

    @property
    def reachable(self) -> bool:
        """Whether more than its name is known."""
        return bool(self.address or self.email or self.phone or self.website)


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """The office that publishes the site; ``parent`` is the body it belongs to. Empty fields are not printed."""

    name: str
    province: str = ""
    parent: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    enquiry_points: tuple[EnquiryPoint, ...] = ()

    def enquiry_point(self, area: str) -> EnquiryPoint | None:
        """Where comments on that area go; None where the office named nobody."""
        return next((point for point in self.enquiry_points if point.area == area), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHealth:
    """How a source is doing. ``message`` is for readers and says what is wrong; empty when all is well."""

    name: str
    title: str
    last_success: datetime | None
    ok: bool
    message: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What sectors and topics are called: code → language → label, in the order in which they are listed."""

    sectors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def sector(self, code: str, lang: str) -> str:
        """The sector's label; its code where the vocabulary has none."""
        return self.sectors.get(code, {}).get(lang) or code

    def topic(self, code: str, lang: str) -> str:
        """The topic's label; its code where the vocabulary has none."""
        return self.topics.get(code, {}).get(lang) or code
