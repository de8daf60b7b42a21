"""What the records of ePing do to a reader who expects tidy ones: each trap of the contract, from record to notice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import raws

from tbt_watch.domain.notice import Notice
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise import stage
from tbt_watch.normalise.eping import read_web
from tbt_watch.store import Store

NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)
DOL = "https://docs.wto.org/imrd/directdoc.asp?DDFDocuments/"


def record(**facts: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": 113917,
        "area": "TBT",
        "notificationType": "Regular notification",
        "documentSymbol": " G/TBT/N/CHL/731",
        "notifyingMember": "Chile",
        "distributionDate": "2025-06-20T00:00:00+00:00",
        "commentDeadlineDate": "2025-08-19T00:00:00+00:00",
        "title": "<p>Etiquetado de los refrigeradores</p>",
        "titlePlain": "Etiquetado de los refrigeradores para el hogar",
        "hsCodes": [],
        "icsCodes": [],
    }
    return known | facts


def notice(language: Language, **facts: Any) -> Notice:
    return read_web(raws.web(record(**facts), NOW), language).notice


@pytest.mark.parametrize(
    ("stated", "urls"),
    [
        (
            "https://members.wto.org/crnattachments/2022/TBT/ARE/22_5350_00_e.pdf,https://members.wto.org/a_x.pdf",
            ["https://members.wto.org/crnattachments/2022/TBT/ARE/22_5350_00_e.pdf", "https://members.wto.org/a_x.pdf"],
        ),
        ("https://www.tec.gov.in/a\r\nhttps://www.govinfo.gov/b", ["https://www.tec.gov.in/a", "https://www.govinfo.gov/b"]),
        ("https://fsvps.gov.ru/a\n\nhttps://fsvps.gov.ru/a", ["https://fsvps.gov.ru/a"]),
        ("Ask the enquiry point: see https://www.gob.pe/normas.", ["https://www.gob.pe/normas"]),
        ("The text is to be had from the enquiry point.", []),
        ("", []),
        (None, []),
    ],
)  # fmt: skip
def test_documents_are_addresses_and_never_prose(
    language: Language, stated: str | None, urls: list[str]
) -> None:
    found = notice(language, notifiedDocumentLink=stated)
    assert [one.url for one in found.documents if one.kind == "attachment"] == urls


@pytest.mark.parametrize(
    ("link", "spoken"),
    [
        (f"{DOL}t/G/TBTN25/USA2211.DOCX", "en"),
        (f"{DOL}T/G/TBTN26/ARE703.docx", "en"),
        (f"{DOL}u/G/TBTN25/CHE1.DOCX", "fr"),
        (f"{DOL}V/G/TBTN25/CHL731.docx", "es"),
        (
            "https://docs.wto.org/dol2fe/Pages/SS/directdoc.aspx?filename=q:/G/TBTN26/VNM123.pdf&Open=True",
            None,
        ),
    ],
)
def test_the_link_to_the_notification_tells_its_language(
    language: Language, link: str, spoken: str | None
) -> None:
    (found,) = notice(language, linkToNotification=link).documents
    assert (found.url, found.kind, found.language) == (link, "notification", spoken)


def test_a_plain_twin_that_is_missing_is_made_of_the_other(language: Language) -> None:
    rich = {"title": "<p>Fans&nbsp;&amp; <strong style='x'>pumps</strong></p>", "titlePlain": None}
    assert notice(language, **rich).title == "Fans & pumps"
    assert notice(language, description="<p>One<br/>two</p>", descriptionPlain="").summary == "One\ntwo"


def test_the_footnote_of_the_form_is_no_description(language: Language) -> None:
    text = "-__________1 This information can be provided by including a website address, a pdf attachment or other"
    assert notice(language, descriptionPlain=text).summary == ""


def put(store: Store, language: Language, day: int, **facts: Any) -> None:
    now = NOW + timedelta(days=day)
    store.raw.keep([raws.web(record(**facts), now)])
    stage.run(store, language, now)


def test_a_record_is_rewritten_in_place(store: Store, language: Language) -> None:
    """The Spanish original is overwritten by its translation: the same notice in other words, and nothing to tell."""
    put(store, language, 0, linkToNotification=f"{DOL}v/G/TBTN25/CHL731.DOCX")
    (before,) = store.notices.get("G/TBT/N/CHL/731")
    assert before.notice.language == "es"
    put(
        store,
        language,
        9,
        title=None,
        titlePlain="Labelling of refrigerators for the home",
        linkToNotification=f"{DOL}t/G/TBTN25/CHL731.DOCX",
    )
    (after,) = store.notices.get("G/TBT/N/CHL/731")
    assert (after.id, after.notice.language) == (before.id, "en")
    assert [version.tells for version in after.versions[1:]] == [False]


def test_a_deadline_that_moves_is_told(store: Store, language: Language) -> None:
    put(store, language, 0)
    put(store, language, 3, commentDeadlineDate="2025-09-30T00:00:00+00:00")
    (found,) = store.notices.get("G/TBT/N/CHL/731")
    (change,) = found.versions[-1].changes
    assert (change.field, change.before, change.after) == ("comment_until", "2025-08-19", "2025-09-30")
    assert found.versions[-1].tells


def test_addenda_come_twenty_years_late_and_corrigenda_hang_under_them(
    store: Store, language: Language
) -> None:
    addendum = {
        "id": 2,
        "notificationType": "Addendum to Regular Notification",
        "documentSymbol": " G/TBT/N/EGY/2/Add.31",
        "notifyingMember": "Egypt",
        "commentDeadlineDate": None,
    }
    put(store, language, 0, **addendum)
    corrigendum = {
        **addendum,
        "id": 3,
        "notificationType": "Corrigendum to Regular Notification",
        "documentSymbol": " G/TBT/N/EGY/2/Add.31/Corr.1",
        "titlePlain": "The addendum is cancelled",
    }
    put(store, language, 1, **corrigendum)
    (late,) = store.notices.get("G/TBT/N/EGY/2/Add.31")
    (cancels,) = store.notices.get("G/TBT/N/EGY/2/Add.31/Corr.1")
    assert (late.notice.thread, late.notice.follows, late.age) == ("G/TBT/N/EGY/2", "G/TBT/N/EGY/2", "FRESH")
    assert (cancels.notice.thread, cancels.notice.follows) == ("G/TBT/N/EGY/2", "G/TBT/N/EGY/2/Add.31")
    assert (cancels.notice.type, cancels.doubt) == ("corrigendum", "")


def test_one_record_a_member_is_one_notice(store: Store, language: Language) -> None:
    joint = " G/TBT/N/ARE/703, G/TBT/N/BHR/780, G/TBT/N/KWT/764"
    names = ("Bahrain, Kingdom of", "Kuwait, the State of", "United Arab Emirates")
    records = [record(id=n, documentSymbol=joint, notifyingMember=name) for n, name in enumerate(names)]
    store.raw.keep([raws.web(one, NOW) for one in records])
    report = stage.run(store, language, NOW)
    assert (report.done, report.waiting) == (3, 0)
    (only,) = list(store.notices.every())
    assert only.notice.symbols == ("G/TBT/N/ARE/703", "G/TBT/N/BHR/780", "G/TBT/N/KWT/764")
    assert only.notice.members == ("ARE", "BHR", "KWT")


def test_a_type_that_nobody_knows_waits(language: Language) -> None:
    with pytest.raises(ReadingError, match="none that the WTO uses") as met:
        notice(language, notificationType="Notification by song")
    assert met.value.kind == "unknown-type"
