"""News of offices and the press, and the national office's own text of a notification."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, get_args

from tbt_watch.domain.moment import today
from tbt_watch.domain.notice import Document, Notice, OfficialText, Relation
from tbt_watch.domain.notice import Language as Tongue
from tbt_watch.domain.symbol import Symbol, find_symbols, parse_symbol
from tbt_watch.domain.text import collapse, nfc
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.reading import Reading, Remark, one_line, plain, read_day
from tbt_watch.normalise.tongue import tongue

LONGEST_SUMMARY = 600
"""Characters of an article that are shown: a taste and a link, for the text belongs to its publisher."""

_OFFICE = "Văn phòng TBT Việt Nam"
_MONTHS = {
    name: number
    for number, names in enumerate(
        "một:jan hai:feb ba:mar tư:apr năm:may sáu:jun bảy:jul tám:aug chín:sep mười:oct".split(), start=1
    )
    for name in names.split(":")
} | {"mười một": 11, "nov": 11, "mười hai": 12, "dec": 12}
_POST_DAY = re.compile(r"(?P<month>[^\W\d][^\d,|]*|tháng\s+\d{1,2})\s+(?P<day>\d{1,2}),\s*(?P<year>\d{4})\b")
_SHORTCODE = re.compile(r"\[/?[a-z][\w-]*(?:\s+[\w-]+\s*=[^\]]*)?\]|\[[a-z][\w-]*\s[^\]]*$")
_CODE_LINE = re.compile(r"\(?\s*Mã\s+(?:số\s+)?thông\s+báo\b.*", re.IGNORECASE)
_SOURCE_LINE = re.compile(r"\(?\s*Nguồn\s*:?\s*\S.{0,60}", re.IGNORECASE)
_DETAILS_LINE = re.compile(r"(?:Thông tin )?chi tiết\b.*\bxem (?:tại|thêm)\b.*", re.IGNORECASE)
_ADDRESSES = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def read_news(raw: RawRecord, _language: Language) -> Reading:
    """The entry of a feed. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    entry: Mapping[str, str] = body["entry"]
    feed: Mapping[str, str] = body["feed"]
    summary = plain(str(entry.get("summary") or ""))
    stamp = str(entry.get("published") or entry.get("updated") or "")
    return _article(
        raw,
        title=one_line(str(entry.get("title") or "")),
        summary=summary,
        published=_stamp_day(stamp),
        stamp=stamp,
        publisher=feed["publisher"],
        language=feed["language"],
        link=str(entry.get("link") or ""),
    )


def read_tbt_vietnam(raw: RawRecord, language: Language) -> Reading:
    """An article of the national TBT office: the official text of the notification that it names, else news.

    Raises ReadingError.
    """
    body: dict[str, Any] = json.loads(raw.body)
    title, text = one_line(body["title"]), _cleaned(body["text"])
    if body["symbol"]:
        return _official(raw, parse_symbol(body["symbol"]), title, text, language)
    posted = str(body["posted"])
    return _article(
        raw,
        title=title,
        summary=text,
        published=_post_day(posted),
        stamp=posted,
        publisher=_OFFICE,
        language="vi",
        link=raw.url,
    )


def read_sps_vietnam(raw: RawRecord, language: Language) -> Reading:
    """A notice of the national SPS office: the notification itself, under Vietnamese labels. Raises ReadingError.

    Its texts are the WTO's own, so that a source which ranks before it says all of this already.
    """
    body: dict[str, Any] = json.loads(raw.body)
    rows = {collapse(label).rstrip(": ").lower(): str(value) for label, value in body["rows"]}
    symbol = parse_symbol(rows["mã wto"])
    member = language.member_code(one_line(rows.get("quốc gia", "")))
    if member is None:
        raise ReadingError(
            f"{symbol.text} names the notifying Member {rows.get('quốc gia', '')[:60]!r}, which the table of Members "
            "does not know.",
            kind="unknown-member",
            todo="Add the spelling to members.tsv in translations/; the record then comes in by itself.",
        )
    kind, emergency = _sps_type(rows.get("loại thông báo", ""), symbol, language)
    published = read_day(rows.get("ngày thông báo", ""), "day of notification (Ngày thông báo)")
    if published is None:
        raise ReadingError(
            f"{symbol.text} has no day of notification (Ngày thông báo).",
            kind="no-date",
            todo="Look at the page at its source; when the day is there, the notice comes in by itself.",
        )
    own = "EU" if symbol.member == "EEC" else symbol.member
    title, summary = one_line(rows.get("tiêu đề", "")), plain(rows.get("tóm tắt", ""))
    notice = Notice(
        key=symbol.text,
        kind="notification",
        area="SPS" if symbol.area == "SPS" else "TBT",
        type=kind,
        emergency=emergency,
        symbols=(symbol.text,),
        thread=symbol.base.text,
        follows=above.text if (above := symbol.follows) else None,
        members=(member,),
        title=title,
        summary=summary,
        products=plain(rows.get("sản phẩm", "")),
        language=tongue(f"{title} {summary}"),
        published_on=published,
        documents=tuple(Document(url=url, language="en", kind="notification") for url in body["files"][:1]),
        sources=(raw.source,),
    )
    return Reading(notice=notice, doubt="" if own in (None, member) else "member-not-in-symbol")


def _sps_type(label: str, symbol: Symbol, language: Language) -> tuple[str, bool]:
    """The label says normal or emergency; that it is an addendum or a revision, the symbol."""
    code = language.notification_type(collapse(label))
    if code is None:
        raise ReadingError(
            f"{symbol.text} is of the type {label.strip()[:60]!r}, which the tables do not know.",
            kind="unknown-type",
            todo="Add the wording to values.tsv in translations/ (type); the record then comes in by itself.",
        )
    base, _, rest = code.partition("-")
    emergency = "emergency" in (base, rest)
    suffix = symbol.suffix[-1][0] if symbol.suffix else ""
    by_symbol = {"Add": "addendum", "Rev": "revision", "Corr": "corrigendum", "Suppl": "supplement"}.get(
        suffix
    )
    return (by_symbol or base), emergency


def _official(raw: RawRecord, symbol: Symbol, title: str, text: str, language: Language) -> Reading:
    """What the office calls a notification. A title is a headline only where it says whose measure it is, for some say
    no more than "Gạo"."""
    fields = {"title": title, "summary": text}
    if symbol.member and _names_member(title, symbol.member, language):
        fields["headline"] = title
    notice = Notice(
        key=symbol.text,
        kind="notification",
        area="SPS" if symbol.area == "SPS" else "TBT",
        type="regular",
        symbols=(symbol.text,),
        thread=symbol.base.text,
        language="vi",
        sources=(raw.source,),
        official=tuple(
            OfficialText(field=name, text=said, source=raw.source, url=raw.url)
            for name, said in fields.items()
            if said
        ),
    )
    return Reading(notice=notice, joins=True)


def _names_member(title: str, code: str, language: Language) -> bool:
    if code not in language.members:
        return False
    names = {language.member(code, "vi"), language.member_short(code, "vi"), language.member(code, "en")}
    text = title.casefold()
    return any(re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) for name in names)


def _article(
    raw: RawRecord,
    *,
    title: str,
    summary: str,
    published: date | None,
    stamp: str,
    publisher: str,
    language: str,
    link: str,
) -> Reading:
    headline = title or _shortened(collapse(summary), 120)
    if not headline:
        raise ReadingError(
            "The article has neither title nor text.",
            kind="no-title",
            todo="Open its address; when the source adds a title, it comes in by itself; else close the issue.",
        )
    if language not in get_args(Tongue):
        raise ReadingError(
            f"The feed is declared to be in the language {language[:20]!r}.",
            kind="unknown-language",
            todo=f"Declare one of {', '.join(get_args(Tongue))} for the feed in the configuration.",
        )
    remarks: tuple[Remark, ...] = ()
    if published and published > today(raw.fetched_at) + timedelta(days=2):
        published = None
    if published is None and stamp.strip():
        remarks = (_strange_day(raw, stamp),)
    tongue: Tongue = language  # type: ignore[assignment] # one of its values: looked up above
    notice = Notice(
        key=f"{raw.source}|{raw.key}",
        kind="article",
        area="VN",
        type="article",
        symbols=(),
        thread=f"{raw.source}|{raw.key}",
        members=(publisher,),
        title=headline,
        summary=_shortened(summary, LONGEST_SUMMARY) if collapse(summary) != headline else "",
        language=tongue,
        published_on=published,
        related=_mentions(f"{title}\n{summary}"),
        documents=(Document(url=link, language=language),)
        if link.lower().startswith(("http://", "https://"))
        else (),
        sources=(raw.source,),
    )
    return Reading(notice=notice, remarks=remarks)


def _strange_day(raw: RawRecord, stamp: str) -> Remark:
    return Remark(
        kind="bad-date",
        about=raw.source,
        message=f"{raw.source} dates an article {stamp.strip()[:60]!r} ({raw.key[:120]}), which is no day that can "
        "be; it stands without one.",
        todo="If all its articles are dated like this, tell the maintainers; else nothing need be done.",
    )


def _mentions(text: str) -> tuple[Relation, ...]:
    return tuple(Relation(rel="mentions", key=symbol.text) for symbol in find_symbols(text))


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:-–—") + "…"


def _cleaned(lines: Sequence[str]) -> str:
    """The text of an article without what is no text: the symbol line, links, the source, unrendered shortcodes."""
    kept = []
    for line in map(nfc, lines):
        said = _CODE_LINE.sub("", _SHORTCODE.sub("", line)).strip()
        if _SOURCE_LINE.fullmatch(said) or _DETAILS_LINE.fullmatch(said):
            continue
        if not re.search(r"\w", _ADDRESSES.sub("", said)) or _only_symbols(said):
            continue
        kept.append(said)
    return plain("\n".join(kept))


def _only_symbols(line: str) -> bool:
    return bool(find_symbols(line)) and not re.search(r"[^\W\d_A-Z]", line.replace("và", ""))


def _post_day(posted: str) -> date | None:
    """The day of a post line in either skin: ``Monday, Mar 28, 2022 | 12:26``, ``Thứ Tư, Tháng Tám 29, 2018 | 14:06``.

    One skin prints its month twice without a blank (``Tháng TưTháng Tư``). None when there is none to be read.
    """
    match = _POST_DAY.search(nfc(posted).lower().rpartition("thứ")[2])
    if match is None:
        return None
    names = {" ".join(name.split()) for name in match["month"].split("tháng") if name.strip()}
    if len(names) != 1:
        return None
    name = names.pop()
    month = (
        int(name) if name.isdigit() else _MONTHS.get(name) or _MONTHS.get(name[:3] if name.isascii() else "")
    )
    return _date(int(match["year"]), month or 0, int(match["day"]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1947 <= year <= 2200 else None
    except ValueError:
        return None


def _stamp_day(stamp: str) -> date | None:
    """The day of a feed's time stamp (RFC 5322 or ISO 8601, or as Vietnamese sites write it), in Viet Nam where it
    names a zone."""
    text = collapse(stamp)
    for reader in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            when: datetime = reader(text)
            day = today(when) if when.tzinfo else when.date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return _date(day.year, day.month, day.day)
    try:
        return read_day(
            re.sub(r"[,\s|-]*\d{1,2}:\d\d(?::\d\d)?(?:\s*[AP]M)?[,\s|-]*", "", text, count=1), "day"
        )
    except ReadingError:
        return None
