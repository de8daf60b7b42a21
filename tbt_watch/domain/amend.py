"""Amendments: a curator's correction of a stated fact, as text, laid over what the sources say."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from tbt_watch.domain.notice import STATUSES, Change, Milestone, Notice
from tbt_watch.errors import UsageError

DAYS = ("published_on", "comment_until")
MILESTONES = ("adoption", "in_force")
CODES = ("hs_codes", "ics_codes")
STATUS = "stated_status"
FACTS = (*DAYS, *MILESTONES, *CODES, STATUS)
"""The stated facts that a person may correct; texts are amended as translations instead."""

CODE_FORMS = {
    "hs_codes": re.compile(r"\d{2,12}", re.ASCII),
    "ics_codes": re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?", re.ASCII),
}
_EXAMPLES = {"hs_codes": "8415; 841510", "ics_codes": "97.030; 23.020.20"}


def amend(notice: Notice, field: str, text: str) -> Notice:
    """The notice with one fact corrected; an empty text clears it. Raises UsageError for what cannot be read."""
    value: Any
    text = text.strip()
    if field in DAYS:
        value = _day(text, field) if text else None
    elif field in MILESTONES:
        value = Milestone(date=_day(text, field)) if text[:4].isdigit() else Milestone(text=text or None)
    elif field in CODES:
        value = _codes(text, field)
    elif field == STATUS:
        if text and text not in STATUSES:
            raise UsageError(f"{text!r} is no status; write one of {', '.join(STATUSES)}.")
        value = text or None
    else:
        raise UsageError(f"There is no fact {field!r} to amend; these can be: {', '.join(FACTS)}.")
    changed: Notice = replace(notice, **{field: value})
    if field == "comment_until":  # what a person states is no longer reckoned
        changed = replace(changed, comment_days=None)
    return changed


def amended(notice: Notice, changes: Iterable[Change]) -> Notice:
    """The notice with all amendments laid over it, oldest first."""
    for change in changes:
        if change.field in FACTS:
            notice = amend(notice, change.field, change.after)
    return notice


def _codes(text: str, field: str) -> tuple[str, ...]:
    """Codes parted by semicolons or commas, each once; dots and blanks within an HS code do not count."""
    found: dict[str, None] = {}
    for item in text.replace(",", ";").split(";"):
        code = "".join(item.split())
        code = code.replace(".", "") if field == "hs_codes" else code
        if code and not CODE_FORMS[field].fullmatch(code):
            raise UsageError(f"{item.strip()!r} is no code for {field}; write codes like {_EXAMPLES[field]}.")
        if code:
            found[code] = None
    return tuple(found)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day for {field}; write it like 2026-08-31.") from None
