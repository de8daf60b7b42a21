"""What is handed to the site besides notices and the office: the labels of tags, the health of the sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


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
