"""Dossiers for tests, made from the facts of the bundled sample: real notifications, and some regulations."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.legal import parse_number, regulation_key
from tbt_watch.domain.notice import Document, Milestone, Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import RawRecord, Version
from tbt_watch.errors import ReadingError
from tbt_watch.language import LANGUAGES, Language
from tbt_watch.normalise.compose import compose
from tbt_watch.normalise.eping import read_web
from tbt_watch.sample.bundle import Edition, Record, sample_now
from tbt_watch.translate.exact.headline import headline
from tbt_watch.translate.exact.opening import opening_sentences
from tbt_watch.translate.exact.timing import told

_GAZETTE = "https://congbao.chinhphu.vn/van-ban/"

# number, kind, issuing body, issued, in force, title, the gazette's slug: as the gazette lists them
_REGULATIONS = (
    ("181/2025/NĐ-CP", "Nghị định", "CP", "2025-07-01", "2025-07-01",
     "Quy định chi tiết thi hành một số điều của Luật Thuế giá trị gia tăng", "nghi-dinh-so-181-2025-nd-cp-452173"),
    ("78/2025/QH15", "Luật", "QH", "2025-06-18", "2026-01-01",
     "Sửa đổi, bổ sung một số điều của Luật Chất lượng sản phẩm, hàng hóa", "luat-so-78-2025-qh15-452166"),
    ("29/2023/TT-BYT", "Thông tư", "BYT", "2023-12-30", "2024-02-15",
     "Hướng dẫn nội dung, cách ghi thành phần dinh dưỡng, giá trị dinh dưỡng trên nhãn thực phẩm",
     "thong-tu-so-29-2023-tt-byt-452138"),
)  # fmt: skip

# Enough to have every list filled: chapters of the tariff and words in a title → tags.
_SECTORS = {"02": "animal-products", "04": "animal-products", "07": "fresh-produce", "08": "fresh-produce",
            "84": "machinery", "85": "electrical-electronics", "87": "vehicles-transport"}  # fmt: skip
_TOPICS = {"label": "labelling", "residue": "residues", "safety": "product-safety"}


def sample_dossiers(language: Language) -> list[Dossier]:
    """Everything in the sample that can be read, joint notifications as one, as it stands after acceptance."""
    records: dict[str, list[Record]] = defaultdict(list)
    for record in Edition.bundled().records:
        records[record["documentSymbol"]].append(record)
    notices = [notice for group in records.values() if (notice := _notice(group, language))]
    notices += [_regulation(*facts) for facts in _REGULATIONS]
    return [accepted(notice, number, language) for number, notice in enumerate(notices, 1)]


def _notice(records: Iterable[Record], language: Language) -> Notice | None:
    try:
        return compose(read_web(_raw(record), language).notice for record in records)
    except ReadingError:
        return None


def _raw(record: Record) -> RawRecord:
    body = json.dumps(record, ensure_ascii=False)
    return RawRecord(
        source="eping_web",
        key=str(record["id"]),
        url="https://epingalert.org/en/Search/Index",
        fetched_at=sample_now(),
        body=body,
        hash=hashlib.sha256(body.encode()).hexdigest(),
    )


def _regulation(
    number: str, kind: str, body: str, issued: str, in_force: str, title: str, page: str
) -> Notice:
    day = date.fromisoformat(issued)
    return Notice(
        key=regulation_key(parse_number(number), body, day),
        kind="regulation",
        area="VN",
        type=kind,
        symbols=(number,),
        thread=number,
        members=(body,),
        title=title,
        language="vi",
        published_on=date(2025, 6, 26),
        adoption=Milestone(date=day),
        in_force=Milestone(date=date.fromisoformat(in_force)),
        documents=(Document(url=f"{_GAZETTE}{page}.htm", language="vi", kind="notification"),),
        sources=("congbao",),
    )


def accepted(notice: Notice, number: int, language: Language, **changes: object) -> Dossier:
    """The dossier of a notice that was seen, put into Vietnamese by its template, tagged and accepted."""
    at = datetime(2025, 6, 30, 1, 0, tzinfo=UTC)
    if notice.published_on:
        at = datetime.combine(notice.published_on + timedelta(days=1), at.timetz())
    made = Dossier(
        id=number,
        notice=notice,
        state="ACCEPTED",
        seen_at=at,
        translated_at=at,
        accepted_at=at,
        translations=tuple(_exact(notice, language)),
        tags=tuple(_tags(notice)),
        versions=(Version(seq=1, at=at, source=(notice.sources or ("eping_web",))[0]),),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # names of the dossier's own fields


def _exact(notice: Notice, language: Language) -> Iterable[Translation]:
    for lang in LANGUAGES:
        for field, text in (
            ("headline", headline(notice, language, lang)),
            ("opening", " ".join(opening_sentences(notice, language, lang))),
        ):
            yield Translation(field=field, language=lang, text=text, origin="template", source_text="")
        for field, milestone in (("adoption", notice.adoption), ("in_force", notice.in_force)):
            if text := told(notice, milestone, language, lang) if milestone.text else "":
                yield Translation(field=field, language=lang, text=text, origin="template", source_text="")


def _tags(notice: Notice) -> Iterable[Tag]:
    if notice.kind == "notification":
        for code in notice.members:
            yield Tag(kind="market", code=code, basis="stated", reason=f"member:{code}")
    chapters = {code[:2]: code for code in notice.hs_codes}
    for sector in dict.fromkeys(_SECTORS[chapter] for chapter in chapters if chapter in _SECTORS):
        code = next(code for chapter, code in chapters.items() if _SECTORS.get(chapter) == sector)
        yield Tag(kind="sector", code=sector, basis="stated", reason=f"hs:{code}")
    for word, topic in _TOPICS.items():
        if word in notice.title.lower():
            yield Tag(kind="topic", code=topic, basis="rule", reason=f"word:title:{word}")
