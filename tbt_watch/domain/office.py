"""The office that uses the system, and the national offices that take comments."""

from dataclasses import dataclass
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
    """The office that publishes; ``parent`` is the body it belongs to. Empty fields are not printed."""

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
