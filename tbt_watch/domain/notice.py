"""The notice: anything we announce, as the sources state it."""

import datetime
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["notification", "regulation", "article"]
Area = Literal["TBT", "SPS", "VN"]
Language = Literal["en", "fr", "es", "vi"]

TYPES = ("regular", "addendum", "revision", "corrigendum", "supplement", "emergency")
"""Types of a notification. A regulation's type is the Vietnamese name of its kind (Thông tư, Nghị định …)."""

STATUSES = (
    "draft", "open", "closed", "notified", "adopted", "published", "in-force", "not-yet-in-force", "withdrawn",
    "expired", "partly-expired", "suspended", "partly-suspended", "no-longer-appropriate",
)  # fmt: skip
"""What a notice's status may be, derived or stated."""

TELLING = frozenset(
    {
        "comment_until", "type", "products", "hs_codes", "ics_codes",
        "adoption", "in_force", "stated_status", "documents",
    }
)  # fmt: skip
"""Fields whose change is worth telling; a change of wording never is."""

NAMES = ("symbols", "key")
"""Fields whose change is one of the name: the symbols that a notification had and has no more; the permalink key of
a regulation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Milestone:
    """A day that a measure reaches a stage: as a date, as the source's words, or both."""

    date: datetime.date | None = None
    text: str | None = None

    def __bool__(self) -> bool:
        return self.date is not None or bool(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document behind a notice. ``kind``: the notification itself or an attachment (the measure's text)."""

    url: str
    language: str | None = None
    kind: Literal["notification", "attachment"] = "attachment"


INVERSE = {
    "promulgates": "promulgated-by", "notified-as": "notifies", "mentions": "mentioned-by", "draft-of": "draft",
}  # fmt: skip
INVERSE |= {back: rel for rel, back in INVERSE.items()}
"""What a relation is called from the other side."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """A link to another notice: ``rel`` is promulgates, notified-as, mentions … (see INVERSE), ``key`` its key, or the
    symbol or number by which it is named."""

    rel: str
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialText:
    """A field in Vietnamese as the national office words it: ``headline``, ``title`` or ``summary``; ``source`` and
    ``url`` say who wrote it and where it stands. A wording, and never a fact: days and codes in it are not read."""

    field: str
    text: str
    source: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why an addendum was sent: ``code`` of the box that is ticked on its form, and the day behind it, if any."""

    code: str
    on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One notice. Texts are plain, NFC, in ``language``; codes are texts; days are those of the source.

    ``key`` is the permalink key: the first symbol, or for a regulation number, issuer and date. ``members``
    are symbol codes (``ARE``, ``EU``); for a regulation the issuing bodies. ``stated_status`` is what a source
    says outright (withdrawn, expired, draft …); whether a notice is open is derived from the day. ``official`` is
    what the national office calls it in Vietnamese, at most one text a field. ``comment_days``: the source states this
    period from the notification on, and ``comment_until`` was reckoned from it. ``agency`` is the body behind the
    measure, ``articles`` those of the Agreement that it is notified under, ``reasons`` why an addendum was sent: only
    the notification's own document states these.
    """

    key: str
    kind: Kind
    area: Area
    type: str
    symbols: tuple[str, ...]
    thread: str
    follows: str | None = None
    emergency: bool = False
    related: tuple[Relation, ...] = ()
    members: tuple[str, ...] = ()
    title: str = ""
    summary: str = ""
    products: str = ""
    language: Language = "en"
    hs_codes: tuple[str, ...] = ()
    ics_codes: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    affected: tuple[str, ...] = ()
    published_on: date | None = None
    comment_until: date | None = None
    comment_days: int | None = None
    adoption: Milestone = field(default_factory=Milestone)
    in_force: Milestone = field(default_factory=Milestone)
    stated_status: str | None = None
    stated_status_on: date | None = None
    documents: tuple[Document, ...] = ()
    sources: tuple[str, ...] = ()
    official: tuple[OfficialText, ...] = ()
    agency: str = ""
    articles: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def status(self, today: date) -> tuple[str, date | None]:
        """What holds on that day, and since when (None where no day is known).

        A stated status wins; then entry into force, adoption, and last whether comments are still taken.
        """
        if self.stated_status:
            return self.stated_status, self.stated_status_on
        if self.in_force.date and self.in_force.date <= today:
            return "in-force", self.in_force.date
        if self.kind == "regulation":
            return ("adopted", self.adoption.date or self.published_on)
        if self.adoption.date and self.adoption.date <= today:
            return "adopted", self.adoption.date
        if self.type == "emergency":
            return "adopted", self.adoption.date or self.published_on
        if self.comment_until and self.comment_until >= today:
            return "open", self.published_on
        if self.comment_until:
            return "closed", self.comment_until
        return "notified", self.published_on

    @property
    def doubtful_days(self) -> str:
        """Why its days cannot all be true, as a stable code; empty when they can. A consolidated text (văn bản hợp
        nhất) is issued after what it consolidates came into force."""
        if self.comment_until and self.published_on and self.comment_until < self.published_on:
            return "deadline-before-notification"
        issued, in_force = self.adoption.date, self.in_force.date
        consolidated = self.type == "Văn bản hợp nhất"
        if self.kind == "regulation" and issued and in_force and in_force < issued and not consolidated:
            return "in-force-before-issue"
        return ""

    def is_open(self, today: date) -> bool:
        """Whether comments are still taken on that day."""
        return self.comment_until is not None and self.comment_until >= today

    def days_left(self, today: date) -> int | None:
        """Days until the comment deadline, 0 on the day itself; None without a deadline or when it is past."""
        if self.comment_until is None or self.comment_until < today:
            return None
        return (self.comment_until - today).days


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One field that a source changed, as plain text before and after."""

    field: str
    before: str
    after: str

    @property
    def tells(self) -> bool:
        """Whether anybody should be told."""
        return self.field in TELLING
