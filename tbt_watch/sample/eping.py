"""How the ePing site answers: ``getAll``, the latest ten, the Members' list, the bulk workbook.

The behaviour is that of the public JSON API under ``/api/v1`` as its clients know it: default order is
relevance and not date, parameters it does not know are silently ignored, one record is one Member.
"""

import hashlib
import html
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from tbt_watch.sample.bundle import WORKBOOK_DAY, Edition, Record, sample_now
from tbt_watch.sample.exchange import Answer, Request, as_json, missing
from tbt_watch.sample.workbook import build_workbook

HOSTS = frozenset({"epingalert.org", "www.epingalert.org", "eping.wto.org"})
"""Three names of one application."""

ROBOTS = ("/en/Search", "/en/Account", "/fr/Search", "/fr/Account", "/es/Search", "/es/Account")
"""What the site asks robots to leave alone: the search and account pages, not the API."""

AREAS = {"1": "TBT", "2": "SPS"}
PAGE_SIZE = 20
LATEST = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The workbook is made anew every night; the sample's is that of the evening of its last day.
MADE = datetime.combine(WORKBOOK_DAY, time(20, 0), tzinfo=UTC)

Parameters = Mapping[str, list[str]]


def answer(request: Request, edition: Edition) -> Answer:
    """What ePing says to ``request``; unknown paths are 404."""
    path = request.path.lower().rstrip("/")
    known: dict[str, Callable[[Request, Edition], Answer]] = {
        "/api/v1/azuresearch/getall": get_all,
        "/api/v1/azuresearch/getdownloadlinks": download_links,
        "/api/v1/notifications/getlatestnotifications": latest,
        "/api/v1/notifications/getrelatednotifications": related,
        "/api/v1/countries/getwtomembersfordropdown": lambda _, kept: as_json(kept.members),
        "/notificationexcelfiles/notification_en.xlsx": bulk_workbook,
    }
    found = known.get(path)
    return found(request, edition) if found else missing("Page not found")


def get_all(request: Request, edition: Edition) -> Answer:
    """One page of the search; see the module's docstring."""
    asked = request.parameters()
    try:
        page = int(_first(asked, "page") or 1)
        size = int(_first(asked, "pagesize") or PAGE_SIZE)
    except ValueError:
        page = size = 0
    if page < 1 or size < 1:
        return as_json({"title": "One or more validation errors occurred."}, status=HTTPStatus.BAD_REQUEST)
    hits = _sorted(asked, [record for record in edition.records if _fits(asked, record)])
    end = min(page * size, len(hits))
    return as_json(
        {
            "items": hits[(page - 1) * size : end],
            "totalCount": len(hits),
            "currentPage": page,
            "pageSize": size,
            "endRow": end,
            "isCountExceeded": False,
            "areas": _facet(record["area"] for record in hits),
            "notifyingMembers": _member_facet(hits),
        }
    )


def latest(request: Request, edition: Edition) -> Answer:
    """The ten newest; any query is a 400, and only an Accept of exactly one type gets JSON."""
    if request.query:
        return as_json({"title": "Bad Request", "status": 400}, status=HTTPStatus.BAD_REQUEST)
    newest = _newest_first(edition.records)[:LATEST]
    rows = [
        {
            "notifyingMember": record["notifyingMember"],
            "distributionDate": _slashed(record["distributionDate"]),
            "documentSymbol": record["documentSymbol"],
            "title": record["title"],
            "products": record["productsFreeText"],
        }
        for record in newest
    ]
    if "," not in request.headers.get("accept", ""):
        return as_json(rows)
    cells = "".join(f"<LatestNotification>{_elements(row)}</LatestNotification>" for row in rows)
    body = f'<?xml version="1.0" encoding="utf-8"?><ArrayOfLatestNotification>{cells}</ArrayOfLatestNotification>'
    return Answer(body=body.encode(), content_type="application/xml; charset=utf-8")


def download_links(request: Request, edition: Edition) -> Answer:
    """The WTO documents of one record, by ``notificationId``."""
    return as_json(list(edition.downloads.get(_first(request.parameters(), "notificationid"), ())))


def related(request: Request, edition: Edition) -> Answer:
    """The symbols of the thread of ``documentSymbol``, as plain strings."""
    base = _first(request.parameters(), "documentsymbol").strip().upper()
    symbols = {part.strip() for record in edition.records for part in record["documentSymbol"].split(",")}
    thread = [one for one in symbols if base and (one.upper() == base or one.upper().startswith(base + "/"))]
    return as_json(sorted(thread))


def bulk_workbook(request: Request, edition: Edition) -> Answer:
    """The workbook of everything, with ETag and Last-Modified; 304 when the client has it already."""
    body = build_workbook(edition.workbook_records(), edition.downloads)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    stamps = {"ETag": tag, "Last-Modified": format_datetime(MADE, usegmt=True), "Accept-Ranges": "bytes"}
    if _has_already(request.headers, tag):
        return Answer(status=HTTPStatus.NOT_MODIFIED, content_type=XLSX, headers=stamps)
    return Answer(body=body, content_type=XLSX, headers=stamps)


def _has_already(headers: Mapping[str, str], tag: str) -> bool:
    # RFC 9110, 13.1.3: If-Modified-Since counts only where no If-None-Match is sent.
    if "if-none-match" in headers:
        return tag in headers["if-none-match"] or headers["if-none-match"].strip() == "*"
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since >= MADE


def _fits(asked: Parameters, record: Record) -> bool:
    """Whether a record meets every filter the API knows; date bounds are taken as inclusive."""
    distributed = str(record["distributionDate"])[:10]
    deadline = str(record["commentDeadlineDate"] or "")[:10]
    areas = [AREAS.get(one, "") for one in _listed(asked, "domainids")]
    countries = _listed(asked, "countryids")
    symbol = _first(asked, "documentsymbol").strip().upper()
    return (
        distributed >= _first(asked, "distributiondatefrom")[:10]
        and distributed <= (_first(asked, "distributiondateto")[:10] or "9999")
        and (not areas or record["area"] in areas)
        and (not countries or record["notifyingMemberCode"] in countries)
        and symbol in str(record["documentSymbol"]).upper()
        and (_first(asked, "checkcommentdeadline").lower() != "true" or deadline >= _today())
        and _says(record, _first(asked, "freetext"))
        and _covers(record, _listed(asked, "hscodes"))
    )


def _says(record: Record, words: str) -> bool:
    text = " ".join(str(record.get(name) or "") for name in ("title", "description", "productsFreeText"))
    return all(word.lstrip("+").lower() in text.lower() for word in words.split())


def _covers(record: Record, prefixes: list[str]) -> bool:
    return not prefixes or any(
        code["code"].startswith(prefix) for code in record["hsCodes"] for prefix in prefixes
    )


def _sorted(asked: Parameters, hits: list[Record]) -> list[Record]:
    if _first(asked, "sortby").lower() != "distributiondate":
        return sorted(hits, key=_relevance)
    newest = _newest_first(hits)
    return newest if _first(asked, "sortdirection").lower() == "desc" else newest[::-1]


def _relevance(record: Record) -> str:
    """An order that has nothing to do with dates, the same every time."""
    return hashlib.sha256(str(record["id"]).encode()).hexdigest()


def _newest_first(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (str(record["distributionDate"]), record["id"]), reverse=True)


def _facet(names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in sorted(Counter(names).items())]


def _member_facet(hits: Iterable[Record]) -> list[dict[str, Any]]:
    members = Counter((record["notifyingMemberCode"], record["notifyingMember"]) for record in hits)
    return [{"name": code, "displayName": name, "count": n} for (code, name), n in sorted(members.items())]


def _listed(asked: Parameters, name: str) -> list[str]:
    """The values of a repeatable key, which may also be given joined by commas."""
    return [part for value in asked.get(name, []) for part in value.split(",") if part]


def _first(asked: Parameters, name: str) -> str:
    return asked.get(name, [""])[0]


def _today() -> str:
    return sample_now().date().isoformat()


def _slashed(moment: str) -> str:
    return f"{moment[8:10]}/{moment[5:7]}/{moment[:4]}"


def _elements(row: Mapping[str, Any]) -> str:
    names = {name: name[0].upper() + name[1:] for name in row}
    return "".join(
        f"<{names[key]}>{html.escape(str(value or ''))}</{names[key]}>" for key, value in row.items()
    )
