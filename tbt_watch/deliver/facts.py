"""The facts of a notice in one line each: who and how far, what changed, by when; plain text, pure."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import chain

from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import clip
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change, Milestone, Notice

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_WORDS = 120
"""Characters of a source's own words in a line of facts."""


def headline(dossier: Dossier, speak: Speaker) -> str:
    """The line that says what it is about: ours, else the title, marked when it is not in the reader's language."""
    own = dossier.translation("headline", speak.lang)
    if own:
        return clip(own.text, 250)
    title = clip(dossier.text("title", speak.lang) or dossier.notice.key, 250)
    return untranslated(title, speak) if speak.original(dossier, "title") else title


def untranslated(text: str, speak: Speaker) -> str:
    """The text, with the word that it stands in its own language."""
    return speak.say("{text} (not translated)", text=text)


def state_line(notice: Notice, speak: Speaker, today: date) -> str:
    """``🇪🇺 EU · SPS · Dự thảo · hạn góp ý còn 41 ngày``."""
    who = " ".join(filter(None, (speak.flag(notice), speak.who(notice, today))))
    area = notice.area if notice.kind == "notification" else ""
    return " · ".join(filter(None, (who, area, stage(notice, speak, today), time_left(notice, speak, today))))


def stage(notice: Notice, speak: Speaker, today: date) -> str:
    """How far the measure is: a draft, a revision, an emergency measure, adopted, in force."""
    code, _ = notice.status(today)
    if notice.kind == "article":
        return speak.say("News")
    if notice.kind == "regulation":
        return " · ".join(filter(None, (speak.document_type(notice), speak.status(notice, code))))
    if notice.type != "regular":
        kind = speak.label("type", notice.type)
        return f"{kind} · {speak.status(notice, code)}" if notice.stated_status else kind
    draft = code in ("open", "closed", "notified")
    return speak.status(notice, "draft" if draft else code)


def time_left(notice: Notice, speak: Speaker, today: date) -> str:
    """How long comments are still taken; empty without a deadline."""
    left = notice.days_left(today)
    if left is None:
        return speak.say("comments closed") if notice.comment_until else ""
    if left == 0:
        return speak.say("last day for comments")
    return speak.say_n("comments open for {n} more day", "comments open for {n} more days", left)


def send_by_line(notice: Notice, speak: Speaker, today: date) -> str:
    """By when comments must be where; empty without a deadline that is still open."""
    due = speak.head.send_by(notice)
    if due is None or notice.comment_until is None or not notice.is_open(today):
        return ""
    if notice.kind == "regulation":
        return speak.say("Comments by {day}", day=notice.comment_until)
    values = {"office": notice.area, "wto": notice.comment_until}
    if due < today:
        return speak.say("Send comments to the {office} office at once · WTO: {wto}", **values)
    return speak.say("Send comments to the {office} office by {day} · WTO: {wto}", day=due, **values)


def short_deadline(notice: Notice, speak: Speaker, today: date) -> str:
    """The deadline in a list: the days left, and by when to send; else how far the measure is."""
    due = speak.head.send_by(notice)
    if due is None or not notice.is_open(today):
        return _standing(notice, speak, today)
    left = time_left(notice, speak, today)
    if due < today:
        return speak.say("{left}, send at once", left=left)
    return speak.say("{left}, send by {day}", left=left, day=due)


def _standing(notice: Notice, speak: Speaker, today: date) -> str:
    day = notice.in_force.date
    if day and not notice.stated_status:
        return _in_force(day, speak, today)
    return " · ".join(filter(None, (stage(notice, speak, today), time_left(notice, speak, today))))


def _in_force(day: date, speak: Speaker, today: date) -> str:
    return speak.say("In force since {day}" if day <= today else "In force from {day}", day=day)


def in_force_line(dossier: Dossier, speak: Speaker, today: date) -> str:
    """When it enters into force, else when it is adopted; a source's words where it names no day."""
    notice = dossier.notice
    if notice.in_force.date and (notice.in_force.date <= today or notice.kind == "regulation"):
        return _in_force(notice.in_force.date, speak, today)
    if when := _when(dossier, "in_force", notice.in_force, speak):
        return speak.say("Proposed entry into force: {when}", when=when)
    if notice.adoption.date and notice.adoption.date <= today:
        return speak.say("Adopted on {day}", day=notice.adoption.date)
    if when := _when(dossier, "adoption", notice.adoption, speak):
        return speak.say("Proposed adoption: {when}", when=when)
    return ""


def _when(dossier: Dossier, name: str, milestone: Milestone, speak: Speaker) -> str:
    if milestone.date:
        return speak.day(milestone.date)
    if not milestone.text:
        return ""
    found = dossier.translation(name, speak.lang)
    if found:
        return found.text
    words = clip(milestone.text, _WORDS)
    return untranslated(words, speak) if dossier.notice.language != speak.lang else words


# What changed


def changed_lines(dossier: Dossier, version: int, above: Dossier | None, speak: Speaker) -> list[str]:
    """What this version changed, the deadline first; for an addendum also how it moved the deadline of the
    notice above it."""
    known = next((one.changes for one in dossier.versions if one.seq == version and version > 1), ())
    changes = [change for change in known if change.tells]
    if version == 1 and above and _moved(above.notice, dossier.notice):
        days = (above.notice.comment_until, dossier.notice.comment_until)
        before, after = (day.isoformat() if day else "" for day in days)
        changes.append(Change(field="comment_until", before=before, after=after))
    changes.sort(key=lambda change: change.field != "comment_until")
    return list(chain.from_iterable(_changed(change, dossier.notice, speak) for change in changes))


def corrected_lines(dossier: Dossier, version: int, speak: Speaker) -> list[str]:
    """What we had told wrongly, and what is right: ``Đính chính: hạn góp ý 30/9/2026 → 15/10/2026``."""
    known = next((one.changes for one in dossier.versions if one.seq == version), ())
    lines = []
    for change in sorted(known, key=lambda change: change.field != "comment_until"):
        if change.field == "comment_until":
            before, after = (
                _value(change.field, text, dossier.notice, speak) for text in (change.before, change.after)
            )
            none = speak.say("not stated")
            what = [
                speak.say("comment deadline {before} → {after}", before=before or none, after=after or none)
            ]
        else:
            what = _changed(change, dossier.notice, speak)
        lines += [speak.say("Correction: {what}", what=line) for line in what]
    return lines or [speak.say("Correction: please go by what follows.")]


def _moved(above: Notice, notice: Notice) -> bool:
    days = above.comment_until, notice.comment_until
    return notice.type == "addendum" and all(days) and days[0] != days[1]


_PLAIN: Mapping[str, str] = {
    "products": "The products have changed.",
    "ics_codes": "The ICS codes have changed.",
    "documents": "New documents are available.",
}
_PAIRS: Mapping[str, str] = {
    "type": "Type: {before} → {after}",
    "hs_codes": "HS codes: {before} → {after}",
    "adoption": "Adoption: {before} → {after}",
    "in_force": "Entry into force: {before} → {after}",
    "stated_status": "Status: {before} → {after}",
}


def _changed(change: Change, notice: Notice, speak: Speaker) -> list[str]:
    if change.field in _PLAIN:
        return [speak.say(_PLAIN[change.field])]
    before, after = (_value(change.field, text, notice, speak) for text in (change.before, change.after))
    if change.field == "comment_until":
        return [speak.say(_deadline_message(change), before=before, after=after)]
    if change.field in _PAIRS:
        none = speak.say("not stated")
        return [speak.say(_PAIRS[change.field], before=before or none, after=after or none)]
    return []


def _deadline_message(change: Change) -> str:
    if not change.before:
        return "New comment deadline: {after}"
    if not change.after:
        return "The comment deadline {before} was withdrawn"
    longer = change.after > change.before  # ISO days sort as they follow each other
    return (
        "Comment period extended: {before} → {after}"
        if longer
        else "Comment period shortened: {before} → {after}"
    )


def _value(name: str, text: str, notice: Notice, speak: Speaker) -> str:
    if name == "type" and notice.kind == "notification":
        return speak.label("type", text) if text else ""
    if name == "stated_status":
        return speak.status(notice, text) if text else ""
    return clip(_DAY.sub(lambda found: _readable(found[0], speak), text), _WORDS)


def _readable(day: str, speak: Speaker) -> str:
    try:
        return speak.day(date.fromisoformat(day))
    except ValueError:
        return day  # it looks like a day and is none: the source's words stand
