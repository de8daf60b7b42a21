"""Which messages of the catalogs a notification speaks by: one set a sort of step."""

from dataclasses import dataclass

from tbt_watch.domain.notice import Notice
from tbt_watch.translate.exact.instrument import instrument


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The messages for one sort of notification: with its products (``subject``), with its title, or with no more than
    its symbol (``bare``). ``draft``: what is notified is not law yet."""

    subject: str
    title: str
    bare: str = "{member}: notification {symbol}"
    opening_subject: str = ""
    opening_title: str = ""
    draft: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """How the opening sentence of a later document names the notification that it follows."""

    subject: str
    title: str
    bare: str


_DRAFT_OPENING = "On {day}, {member} notified WTO Members of the draft “{title}”."
_ISSUED_OPENING = "On {day}, {member} notified WTO Members of the regulation “{title}”."

_FORMS = {
    "draft": Form(
        subject="{member}: draft {what} on {subject}",
        title="{member}: draft {what} “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of a draft {what} on {subject}.",
        opening_title=_DRAFT_OPENING,
        draft=True,
    ),
    "issued": Form(
        subject="{member}: {what} on {subject}",
        title="{member}: {what} “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of its {what} on {subject}.",
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
        subject="{member}: revised draft {what} on {subject}",
        title="{member}: revised draft {what} “{title}”",
        bare="{member}: revision of notification {symbol}",
        draft=True,
    ),
    "addendum": Form(
        subject="{member}: further information on the regulation on {subject}",
        title="{member}: further information on “{title}”",
        bare="{member}: addendum to notification {symbol}",
    ),
    "comment-period": Form(
        subject="{member}: changed comment deadline for the draft {what} on {subject}",
        title="{member}: changed comment deadline for “{title}”",
        bare="{member}: changed comment deadline for notification {symbol}",
        draft=True,
    ),
    "adoption": Form(
        subject="{member}: {what} on {subject} adopted, published or in force",
        title="{member}: “{title}” adopted, published or in force",
        bare="{member}: measure of notification {symbol} adopted, published or in force",
    ),
    "content-change": Form(
        subject="{member}: changes to the {what} on {subject}",
        title="{member}: changes to “{title}”",
        bare="{member}: changes to the measure of notification {symbol}",
    ),
    "guidance": Form(
        subject="{member}: guidance on the {what} on {subject}",
        title="{member}: guidance on “{title}”",
        bare="{member}: guidance on the measure of notification {symbol}",
    ),
    "withdrawal": Form(
        subject="{member}: withdrawal of the {what} on {subject}",
        title="{member}: withdrawal of “{title}”",
        bare="{member}: withdrawal of the measure of notification {symbol}",
    ),
    "corrigendum": Form(
        subject="{member}: correction to the notification on {subject}",
        title="{member}: correction to the notification “{title}”",
        bare="{member}: correction to notification {symbol}",
    ),
    "supplement": Form(
        subject="{member}: supplement to the notification on {subject}",
        title="{member}: supplement to the notification “{title}”",
        bare="{member}: supplement to notification {symbol}",
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
        bare="{member}: revision of emergency notification {symbol}",
    ),
    "addendum-emergency": Form(
        subject="{member}: further information on the emergency measure on {subject}",
        title="{member}: further information on the emergency measure “{title}”",
        bare="{member}: addendum to emergency notification {symbol}",
    ),
    "withdrawal-emergency": Form(
        subject="{member}: withdrawal of the emergency measure on {subject}",
        title="{member}: withdrawal of the emergency measure “{title}”",
        bare="{member}: withdrawal of the emergency measure of notification {symbol}",
    ),
    "equivalence": Form(
        subject="{member}: recognition of equivalence for {subject}",
        title="{member}: recognition of equivalence “{title}”",
        opening_subject="On {day}, {member} notified WTO Members of a recognition of equivalence for {subject}.",
        opening_title="On {day}, {member} notified WTO Members of the recognition of equivalence “{title}”.",
    ),
    "statement": Form(
        subject="{member}: statement under Article 15.2 of the TBT Agreement",
        title="{member}: statement under Article 15.2 of the TBT Agreement",
        opening_subject="On {day}, {member} sent WTO Members a statement under Article 15.2 of the TBT Agreement.",
        opening_title="On {day}, {member} sent WTO Members a statement under Article 15.2 of the TBT Agreement.",
    ),
    "notification": Form(
        subject="{member}: notification on {subject}",
        title="{member}: notification “{title}”",
        opening_subject="On {day}, {member} sent WTO Members a notification on {subject}.",
        opening_title="On {day}, {member} sent WTO Members the notification “{title}”.",
    ),
}
TITLE_ALONE = "{member}: “{title}”"
"""For a title in the reader's language that says itself what it is."""
DRAFT_TITLE = "{member}: draft “{title}”"
"""For one that says what sort of text it is, and not that it is a draft."""
OPENING_ALONE = "On {day}, {member} notified WTO Members of “{title}”."

FOLLOW_UPS = {
    "addendum": FollowUp(
        subject="On {day}, {member} sent WTO Members an addendum to {notification} {symbol} on {subject}.",
        title="On {day}, {member} sent WTO Members an addendum to {notification} {symbol}: “{title}”.",
        bare="On {day}, {member} sent WTO Members an addendum to {notification} {symbol}.",
    ),
    "revision": FollowUp(
        subject="On {day}, {member} sent WTO Members a revision of {notification} {symbol} on {subject}.",
        title="On {day}, {member} sent WTO Members a revision of {notification} {symbol}: “{title}”.",
        bare="On {day}, {member} sent WTO Members a revision of {notification} {symbol}.",
    ),
    "corrigendum": FollowUp(
        subject="On {day}, {member} sent WTO Members a corrigendum to {notification} {symbol} on {subject}.",
        title="On {day}, {member} sent WTO Members a corrigendum to {notification} {symbol}: “{title}”.",
        bare="On {day}, {member} sent WTO Members a corrigendum to {notification} {symbol}.",
    ),
    "supplement": FollowUp(
        subject="On {day}, {member} sent WTO Members a supplement to {notification} {symbol} on {subject}.",
        title="On {day}, {member} sent WTO Members a supplement to {notification} {symbol}: “{title}”.",
        bare="On {day}, {member} sent WTO Members a supplement to {notification} {symbol}.",
    ),
}
_ACTIONS = {
    "comment-period": "comment-period",
    "adoption": "adoption",
    "adopted": "adoption",
    "published": "adoption",
    "in-force": "adoption",
    "final-text": "adoption",
    "content-change": "content-change",
    "guidance": "guidance",
    "withdrawal": "withdrawal",
    "withdrawn": "withdrawal",
}
"""Keywords and reasons of an addendum that say what it does; told in a headline only when it does one thing."""


def form_of(notice: Notice) -> Form:
    """The messages that fit a notification's type, area and, for an addendum, the one thing that it says it does."""
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
    if "mrl" in notice.keywords:
        return f"{stage}-mrl"
    return stage if instrument(notice) else f"{stage}-sps"


def _addendum_form(notice: Notice) -> str:
    stated = [reason.code for reason in notice.reasons] or notice.keywords
    told = {_ACTIONS[code] for code in stated if code in _ACTIONS}
    action = (
        "withdrawal"
        if notice.stated_status == "withdrawn"
        else told.pop() if len(told) == 1 else "addendum"
    )  # fmt: skip
    if notice.emergency:
        return "withdrawal-emergency" if action == "withdrawal" else "addendum-emergency"
    return action


def _issued_before(notice: Notice) -> bool:
    """Whether the measure was adopted or in force by the day on which it was notified, and takes no comments."""
    if notice.published_on is None or notice.comment_until:
        return False
    days = (notice.adoption.date, notice.in_force.date)
    return any(day is not None and day <= notice.published_on for day in days)
