"""The national office's own Vietnamese for a notification: taken as it stands, unless it contradicts the facts.

Articles of the office hold mistakes: a deadline before the notification, a wrong year, an ICS code that is called HS.
What a reader acts on comes from the notification; a text that says otherwise is kept for a person and not shown.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.translation import Translation
from tbt_watch.translate.figures.vietnamese_dates import read_dates

CONTRADICTS = "contradicts"
"""The name of the check that such a text fails."""

APART = timedelta(days=7)
"""So far may the day of a notification differ: the office names the day of receipt or of circulation as it comes."""

_SENTENCE = re.compile(r"[^.\n]+")
_COMMENTS = re.compile(r"góp\s+ý|cho\s+ý\s+kiến|ý\s+kiến\s+đóng\s+góp", re.IGNORECASE)
_NOTIFIES = re.compile(r"thông\s+báo", re.IGNORECASE)
_PERIOD = re.compile(
    r"(\d{1,3})\s+ngày\s+(?:kể\s+)?(?:từ|sau)\s+(?:khi\s+|ngày\s+)?thông\s+báo", re.IGNORECASE
)
_HS = re.compile(r"\b(?:mã\s+)?HS\s*(?:code)?[\s:]*((?:\d[\d.]*\d)(?:\s*[,;]\s*\d[\d.]*\d)*)")


def official_texts(notice: Notice) -> list[Translation]:
    """The official texts as translations of their fields; those that contradict the notice with a failed check."""
    return [
        Translation(
            field=text.field,
            language="vi",
            text=text.text,
            origin="official",
            source_text=str(getattr(notice, text.field, "")),
            engine=text.source,
            checks=(CONTRADICTS,) if any(contradictions(notice, text.text)) else (),
        )
        for text in notice.official
    ]


def contradictions(notice: Notice, text: str) -> Iterator[str]:
    """What a Vietnamese text says otherwise than the notice, a phrase each; silence is no contradiction."""
    for sentence in _SENTENCE.findall(text):
        days = list(_days(sentence))
        yield from (f"{written!r}, which is no day" for written, day in days if day is None)
        known = [(written, day) for written, day in days if day is not None]
        if _COMMENTS.search(sentence) and notice.comment_until:
            if known and all(day != notice.comment_until for _, day in known):
                yield f"comments until {known[-1][0]}, where the notification says {notice.comment_until.isoformat()}"
            yield from _period(notice, sentence)
        elif known and _opens(sentence, known[0][0]) and _far(known[0][1], notice.published_on):
            yield f"notified on {known[0][0]}, where the notification is of {notice.published_on}"
    yield from _codes(notice, text)


def _far(day: date, stated: date | None) -> bool:
    return stated is not None and abs(day - stated) > APART


def _opens(sentence: str, written: str) -> bool:
    """Whether the sentence begins as alerts do: ``Ngày 07/05/2024, Hoa Kỳ thông báo …``."""
    before, _, after = sentence.partition(written)
    return collapse_lower(before) in ("ngày", "") and _NOTIFIES.search(after) is not None


def collapse_lower(text: str) -> str:
    """The text in lower case with single blanks."""
    return " ".join(text.lower().split())


def _days(sentence: str) -> Iterator[tuple[str, date | None]]:
    """The full dates of a sentence as written, None for one that is no day."""
    for one in read_dates(sentence):
        if one.day is not None and one.year is not None:
            yield one.text, one.date()


def _period(notice: Notice, sentence: str) -> Iterator[str]:
    match = _PERIOD.search(sentence)
    if match and notice.published_on and notice.comment_until:
        last = notice.published_on + timedelta(days=int(match[1]))
        if abs(last - notice.comment_until) > APART:
            yield (
                f"{match[1]} days for comments, where the notification of {notice.published_on.isoformat()} takes them "
                f"until {notice.comment_until.isoformat()}"
            )


def _codes(notice: Notice, text: str) -> Iterator[str]:
    """HS codes that are none of the notice's: among its ICS codes, or foreign to those that it states."""
    ics = {code.replace(".", "") for code in notice.ics_codes}
    for match in _HS.finditer(text):
        for written in re.split(r"\s*[,;]\s*", match[1]):
            code = written.replace(".", "")
            if code in ics:
                yield f"HS {written}, which is an ICS code of the notification"
            elif notice.hs_codes and not any(
                own.startswith(code) or code.startswith(own) for own in notice.hs_codes
            ):
                yield f"HS {written}, where the notification states {', '.join(notice.hs_codes[:5])}"
