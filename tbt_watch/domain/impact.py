"""Impact: how many enterprises said what of a notice."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Impact:
    """How many subscribers a notice affects, to how many it means nothing, and how many follow its measure."""

    affected: int = 0
    irrelevant: int = 0
    following: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """A notice that somebody got and had no use for: an example for the tags. ``reason``: why it was sent
    (``sector:fresh-produce``; empty where that is not known any more); ``why``: ``product``, ``market`` or empty."""

    notice_id: int
    reason: str
    why: str = ""
