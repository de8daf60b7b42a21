"""Which messages of the catalogs a notification speaks by: one set a sort of step."""

from dataclasses import dataclass

from tbt_watch.domain.notice import Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The messages for one sort of notification: with its products (``subject``) or with its title."""

    subject: str
    title: str
    opening_subject: str = ""
    opening_title: str = ""
    draft: bool = False


_DRAFT_OPENING = "On {day}, {member} notified WTO Members of the draft “{title}”."
_ISSUED_OPENING = "On {day}, {member} notified WTO Members of the regulation “{title}”."

_FORMS = {
    "draft": Form(
        subject="{member}: draft regulation on {subject}",
        title="{member}: draft regulation “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of a draft regulation on {subject}.",
        opening_title=_DRAFT_OPENING,
        draft=True,
    ),
    "issued": Form(
        subject="{member}: regulation on {subject}",
        title="{member}: regulation “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of a regulation on {subject}.",
        opening_title=_ISSUED_OPENING,
    ),
    "draft-sps": Form(
        subject="{member}: draft SPS measure on {subject}",
        title="{member}: draft SPS measure “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of a draft SPS measure on {subject}.",
        opening_title=_DRAFT_OPENING,
        draft=True,
    ),
    "issued-sps": Form(
        subject="{member}: SPS measure on {subject}",
        title="{member}: SPS measure “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of an SPS measure on {subject}.",
        opening_title=_ISSUED_OPENING,
    ),
    "draft-mrl": Form(
        subject="{member}: draft maximum residue limits in {subject}",
        title="{member}: draft maximum residue limits “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of draft maximum residue limits in {subject}.",
        opening_title=_DRAFT_OPENING,
        draft=True,
    ),
    "issued-mrl": Form(
        subject="{member}: maximum residue limits in {subject}",
        title="{member}: maximum residue limits “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of maximum residue limits in {subject}.",
        opening_title=_ISSUED_OPENING,
    ),
    "revision": Form(
        subject="{member}: revised draft regulation on {subject}",
        title="{member}: revised draft regulation “{title}”",
        draft=True,
    ),
    "addendum": Form(
        subject="{member}: further information on the regulation on {subject}",
        title="{member}: further information on “{title}”",
    ),
    "comment-period": Form(
        subject="{member}: changed comment deadline for the draft regulation on {subject}",
        title="{member}: changed comment deadline for “{title}”",
        draft=True,
    ),
    "adoption": Form(
        subject="{member}: regulation on {subject} adopted, published or in force",
        title="{member}: “{title}” adopted, published or in force",
    ),
    "content-change": Form(
        subject="{member}: changes to the regulation on {subject}",
        title="{member}: changes to “{title}”",
    ),
    "withdrawal": Form(
        subject="{member}: withdrawal of the regulation on {subject}",
        title="{member}: withdrawal of “{title}”",
    ),
    "corrigendum": Form(
        subject="{member}: correction to the notification on {subject}",
        title="{member}: correction to the notification “{title}”",
    ),
    "supplement": Form(
        subject="{member}: supplement to the notification on {subject}",
        title="{member}: supplement to the notification “{title}”",
    ),
    "emergency": Form(
        subject="{member}: emergency measure on {subject}",
        title="{member}: emergency measure “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of an emergency measure on {subject}.",
        opening_title="On {day}, {member} notified WTO Members of the emergency measure “{title}”.",
    ),
    "revision-emergency": Form(
        subject="{member}: revised emergency measure on {subject}",
        title="{member}: revised emergency measure “{title}”",
    ),
    "addendum-emergency": Form(
        subject="{member}: further information on the emergency measure on {subject}",
        title="{member}: further information on the emergency measure “{title}”",
    ),
    "withdrawal-emergency": Form(
        subject="{member}: withdrawal of the emergency measure on {subject}",
        title="{member}: withdrawal of the emergency measure “{title}”",
    ),
    "notification": Form(
        subject="{member}: notification on {subject}",
        title="{member}: notification “{title}”",
        opening_subject="On {day}, {member} sent WTO Members a notification on {subject}.",
        opening_title="On {day}, {member} sent WTO Members the notification “{title}”.",
    ),
}

FOLLOW_UPS = {
    "addendum": (
        "On {day}, {member} sent WTO Members an addendum to notification {symbol} on {subject}.",
        "On {day}, {member} sent WTO Members an addendum to notification {symbol}: “{title}”.",
    ),
    "revision": (
        "On {day}, {member} sent WTO Members a revision of notification {symbol} on {subject}.",
        "On {day}, {member} sent WTO Members a revision of notification {symbol}: “{title}”.",
    ),
    "corrigendum": (
        "On {day}, {member} sent WTO Members a corrigendum to notification {symbol} on {subject}.",
        "On {day}, {member} sent WTO Members a corrigendum to notification {symbol}: “{title}”.",
    ),
    "supplement": (
        "On {day}, {member} sent WTO Members a supplement to notification {symbol} on {subject}.",
        "On {day}, {member} sent WTO Members a supplement to notification {symbol}: “{title}”.",
    ),
}
_ACTIONS = ("comment-period", "adoption", "content-change", "withdrawal")
"""Keywords of an addendum that say what it does; told only when it carries one alone."""


def form_of(notice: Notice) -> Form:
    """The messages that fit a notification's type, area and, for an addendum, what its one keyword says it does."""
    return _FORMS[_form(notice)]


def _form(notice: Notice) -> str:
    if notice.type == "regular":
        return _regular_form(notice)
    if notice.type == "emergency":
        return "emergency"
    if notice.type == "addendum":
        return _addendum_form(notice)
    if notice.type == "revision":
        return "revision-emergency" if notice.emergency else "revision"
    return notice.type if notice.type in _FORMS else "notification"


def _regular_form(notice: Notice) -> str:
    stage = "issued" if _issued_before(notice) else "draft"
    if notice.area != "SPS":
        return stage
    return f"{stage}-mrl" if "mrl" in notice.keywords else f"{stage}-sps"


def _addendum_form(notice: Notice) -> str:
    told = [action for action in _ACTIONS if action in notice.keywords]
    action = (
        "withdrawal" if notice.stated_status == "withdrawn" else told[0] if len(told) == 1 else "addendum"
    )
    if notice.emergency:
        return "withdrawal-emergency" if action == "withdrawal" else "addendum-emergency"
    return action


def _issued_before(notice: Notice) -> bool:
    """Whether the measure was adopted or in force by the day on which it was notified, and takes no comments."""
    if notice.published_on is None or notice.comment_until:
        return False
    days = (notice.adoption.date, notice.in_force.date)
    return any(day is not None and day <= notice.published_on for day in days)
