"""Documents of vbpl.vn, the national database: what its list says, and what its page adds."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from tbt_watch.domain.notice import Milestone
from tbt_watch.domain.work import RawRecord
from tbt_watch.language import Language
from tbt_watch.normalise.reading import Reading, Remark, one_line, read_day
from tbt_watch.normalise.regulation import Stated, read_number, regulation

_STATUSES = {
    "CHL": "in-force", "HHL": "expired", "HHL1P": "partly-expired", "CCHL": "not-yet-in-force", "TNHL": "suspended",
    "TNHL1P": "partly-suspended", "KCPH": "no-longer-appropriate",
}  # fmt: skip


def read_vbpl(raw: RawRecord, language: Language) -> Reading:
    """One document. Where the page could not be read, the body is that of the list which named it, and the number
    tells the rest. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    detail: Mapping[str, Any] = body.get("detail") or {}
    said: dict[str, Any] = {**body["item"], **detail}
    number = read_number(_text(said, "docNum"))
    in_force = _day(said, "effFrom")
    status, on, remarks = _status(said, in_force)
    signed = [one["agencyName"] for one in detail.get("documentIssues") or () if one.get("agencyName")]
    stated = Stated(
        number=number,
        title=one_line(_text(said, "title")),
        type=_text(said.get("docType") or {}, "name"),
        issuers=signed or [_text(detail, "agencyName") or str(body.get("agency") or "")],
        issued=_day(said, "issueDate"),
        in_force=Milestone(date=in_force),
        listed=_day(said, "publicDate"),
        status=status,
        status_on=on,
        summary=one_line(_text(said, "docAbs")),
        page=raw.url,
    )
    return Reading(notice=regulation(raw, stated, language), remarks=remarks)


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value or ""


def _day(record: Mapping[str, Any], name: str) -> date | None:
    """The days are those of Viet Nam, at midnight and without a zone."""
    return read_day(_text(record, name), name)


def _status(
    said: Mapping[str, Any], in_force: date | None
) -> tuple[str | None, date | None, tuple[Remark, ...]]:
    """The stated status and the day from which it holds. What the day of entry into force tells by itself is left
    to it, for the database is not rewritten on that day."""
    code = _text(said.get("effStatus") or {}, "code")
    if code and code not in _STATUSES:
        remark = Remark(
            kind="unknown-status",
            about=code[:40],
            message=f"vbpl.vn states the status {code[:40]!r}, which is unknown here; it was left out.",
            todo="Look at the document's page for what it means, and tell the maintainers.",
        )
        return None, None, (remark,)
    status = _STATUSES.get(code)
    if status in ("in-force", "not-yet-in-force") and in_force:
        return None, None, ()
    return status, _day(said, "effTo") if status == "expired" else None, ()
