"""The comment kit: a letter in two languages that an enterprise only has to fill in.

The points of the checklist are those on which the Agreements let a Member comment: TBT Agreement, Articles 2.1
(no less favourable treatment), 2.2 (no more restrictive than necessary), 2.4 (international standards), 2.9.4
(comments in writing) and 2.12 (a reasonable interval before entry into force); SPS Agreement, Articles 2.3, 3.1, 5.1,
5.6 and Annex B, paragraphs 2 and 5(d). Texts: www.wto.org/english/docs_e/legal_e/legal_e.htm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.office import EnquiryPoint, Office
from tbt_watch.language import Language

_SUBJECT = 200
_POINTS = {
    "TBT": (
        ("It is stricter than its objective needs; another way would do", "2.2"),
        ("It differs from the international standard (ISO, IEC, Codex): which, and how", "2.4"),
        ("It treats our goods worse than domestic goods or those of other Members", "2.1"),
        ("The time until it enters into force is too short; we need … months", "2.12"),
    ),
    "SPS": (
        ("It is stricter than the protection needs; another way would do", "5.6"),
        ("It differs from the international standard (Codex, IPPC, WOAH): which, and how", "3.1"),
        ("The risk assessment or the scientific evidence is missing or weak", "5.1"),
        ("It treats our goods worse than domestic goods or those of other Members", "2.3"),
        ("The time until it enters into force is too short; we need … months", "Annex B(2)"),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kit:
    """A letter to start from. ``to``: the mailbox of the national office, empty where the office named none;
    ``point`` everything that is known of it."""

    to: str
    subject: str
    text: str
    point: EnquiryPoint | None = None

    @property
    def mailto(self) -> str:
        """The letter as an address that opens a mail program (RFC 6068); empty without a mailbox."""
        if not self.to:
            return ""
        body = quote(self.text.replace("\n", "\r\n"))
        return f"mailto:{quote(self.to, safe='@')}?subject={quote(self.subject)}&body={body}"


def comment_kit(
    dossier: Dossier, office: Office, language: Language, lang: str, today: date, send_by: date | None
) -> Kit | None:
    """The letter, in the reader's language first; None for what takes no comments (any more) through the WTO.

    ``send_by``: when comments have to reach the national office.
    """
    notice = dossier.notice
    if notice.kind != "notification" or not notice.is_open(today):
        return None
    point = office.enquiry_point(notice.area)
    other = "en" if lang == "vi" else "vi"
    symbol = notice.symbols[0] if notice.symbols else notice.key
    subject = language.say(
        "Comments on {symbol}: {title}", lang, symbol=symbol, title=_title(dossier, language, lang)
    )
    halves = ("\n".join(_letter(dossier, point, office, language, one, send_by)) for one in (lang, other))
    return Kit(
        to=point.email if point else "",
        subject=subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 2].rstrip()} …",
        text=f"\n\n{'—' * 20}\n\n".join(halves),
        point=point if point and point.reachable else None,
    )


def _title(dossier: Dossier, language: Language, lang: str) -> str:
    """In one line, with the Member that notified: a headline begins with it."""
    own = dossier.translation("headline", lang)
    if own:
        return " ".join(own.text.split())
    members = dossier.notice.members
    title = " ".join(dossier.text("title", lang).split())
    return f"{language.members_short(members, lang)}: {title}" if members else title


def _letter(
    dossier: Dossier,
    point: EnquiryPoint | None,
    office: Office,
    language: Language,
    lang: str,
    due: date | None,
) -> Iterator[str]:
    def say(message: str, **values: object) -> str:
        return language.say(message, lang, **values)

    notice = dossier.notice
    yield say("To: {office}", office=point.name if point else notice.area)
    if office.name:
        yield say("Through: {office}", office=office.name)
    yield ""
    yield say(
        "[Name of the enterprise] comments on notification {symbols} – {title}.",
        symbols=", ".join(notice.symbols),
        title=_title(dossier, language, lang).rstrip("."),
    )
    if notice.comment_until:
        yield say("Final date for comments at the WTO: {day}.", day=notice.comment_until)
    if due:
        yield say("To reach the national office by: {day}.", day=due)
    yield ""
    yield say("1. The enterprise")
    yield f"   – {say('Name, address, tax code, contact person, telephone')}: …"
    yield f"   – {say('Products and their HS codes')}: …"
    yield f"   – {say('Exports to this market in the last three years (volume, value)')}: …"
    yield ""
    yield say("2. Articles or annexes of the draft that we comment on (number, page): …")
    yield ""
    yield say("3. What it would mean for us (mark what applies)")
    yield f"   [ ] {say('Materials, process or design must change')}: …"
    yield f"   [ ] {say('Costs of testing, certification or labelling (how much)')}: …"
    for point_of_law, article in _POINTS.get(notice.area, ()):
        yield f"   [ ] {say(point_of_law)} ({_article(notice.area, article, language, lang)}): …"
    yield f"   [ ] {say('A requirement is not clear; we ask')}: …"
    yield ""
    yield say("4. Figures, test results and evidence that we enclose: …")
    yield ""
    yield say("5. What we propose (other wording, exception, longer transition): …")


def _article(area: str, number: str, language: Language, lang: str) -> str:
    if number.startswith("Annex "):
        annex = number.removeprefix("Annex ")
        return language.say("Annex {number} to the {area} Agreement", lang, number=annex, area=area)
    return language.say("Article {number} of the {area} Agreement", lang, number=number, area=area)
