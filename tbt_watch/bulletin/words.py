"""The site's wording: everything a page says goes through here, in one language and as of one day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tbt_watch.bulletin.masthead import Labels
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import Translation
from tbt_watch.language import Language

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

ORIGINS: Mapping[str, str] = {
    "official": "official text",
    "template": "set sentence",
    "memory": "from an earlier translation",
    "machine": "machine translation",
    "trial": "trial translation",
    "human": "translated by the editors",
}
"""What each kind of translation is called: message ids."""

FIELDS: Mapping[str, str] = {
    "title": "Title",
    "summary": "Content",
    "products": "Products",
    "type": "Type",
    "hs_codes": "HS codes",
    "ics_codes": "ICS codes",
    "objectives": "Objectives",
    "keywords": "Keywords",
    "affected": "Countries likely to be affected",
    "published_on": "Date of notification",
    "comment_until": "Final date for comments",
    "adoption": "Adoption",
    "in_force": "Entry into force",
    "stated_status": "Status",
    "documents": "Documents",
    "members": "Notified by",
    "headline": "Headline",
    "language": "Language of the text",
    "symbols": "Symbol",
    "key": "Number",
}
"""What the fields of a notice are called: message ids."""

_LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "vi": "Vietnamese"}

_BASES = {
    "stated": "from codes that the source states",
    "rule": "by a rule",
    "predicted": "by prediction",
    "staff": "set by the editors",
}

_PLACES = {"title": "the title", "summary": "the content", "products": "the products"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """``say`` and the names of members, codes, days and tags, in ``lang``. A code that no table knows is shown
    as it is: one strange notice must not keep the whole site from being built."""

    language: Language
    labels: Labels
    lang: str
    today: date

    def say(self, message: str, /, **values: object) -> str:
        """The message, its named places filled."""
        return self.language.say(message, self.lang, **values)

    def say_n(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """The message in the plural form for ``n``."""
        return self.language.say_n(singular, plural, n, self.lang, **values)

    def title(self, text: str) -> str:
        """A source's title, in the reader's language where we know it."""
        return self.language.title(text, self.lang)

    def date(self, day: date) -> str:
        """The day, ``11/6/2025``."""
        return self.language.date(day, self.lang)

    def moment(self, when: datetime) -> str:
        """The moment in Viet Nam's time."""
        return self.language.moment(when, self.lang)

    # Who

    def flag(self, code: str) -> str:
        """The flag of a Member; empty where there is none to show."""
        return self.language.flag(code) if code in self.language.members else ""

    def flags(self, notice: Notice) -> str:
        """The flag of the only Member; joint notices carry none, for seven flags say less than a name."""
        if notice.kind != "notification" or len(notice.members) != 1:
            return ""
        return self.flag(notice.members[0])

    def market(self, code: str) -> str:
        """The name of a market: a Member, or a group of them."""
        if code in self.language.members:
            return self.language.member(code, self.lang)
        for group in self.language.groups:
            if group.code == code:
                return group.label.name(self.lang)
        return code

    def issuer(self, body: str, *, short: bool = False) -> str:
        """The body under its own name, and what it is today."""
        return self.language.issuer_label(body, self.lang, on=self.today, short=short)

    def who(self, notice: Notice, *, short: bool = False) -> str:
        """Who notifies, or who issued the regulation."""
        if notice.kind != "notification":
            issuers = [
                self.language.issuer_label(body, self.lang, on=self.today, short=short)
                for body in notice.members
            ]
            return ", ".join(issuers)
        if not notice.members or not set(notice.members) <= set(self.language.members):
            return ", ".join(self.market(code) for code in notice.members)
        name = self.language.members_short if short else self.language.members_prose
        text = name(notice.members, self.lang)
        return text[:1].upper() + text[1:]

    # What

    def known(self, kind: str, code: str) -> str:
        """The wording of a closed vocabulary's code; the code itself where the vocabulary has none."""
        return self.language.label(kind, code, self.lang) if (kind, code) in self.language.values else code

    def type(self, notice: Notice) -> str:
        """The type; a regulation's is the Vietnamese name of its kind and stands as it is."""
        if notice.kind == "article":
            return self.say("News")
        return self.known("type", notice.type) if notice.kind == "notification" else notice.type

    def status(self, code: str, *, regulation: bool) -> str:
        """The status for readers."""
        known = ("status", code) in self.language.values
        return self.language.status_label(code, self.lang, regulation=regulation) if known else code

    def field(self, name: str) -> str:
        """What a field is called."""
        return self.say(FIELDS[name]) if name in FIELDS else name

    def code(self, kind: str, code: str) -> str:
        """What an HS or ICS code covers: the short wording of its heading or group, else the official one of its
        chapter or field; empty where the nomenclature has none."""
        tongue = self.language
        short, official = (
            (tongue.hs_short, tongue.hs_chapter) if kind == "hs" else (tongue.ics_short, tongue.ics_field)
        )
        return short(code, self.lang) or official(code, self.lang) or ""

    def language_name(self, code: str) -> str:
        """The name of a language; an unknown code in capitals."""
        return self.say(_LANGUAGES[code]) if code in _LANGUAGES else code.upper()

    def origin(self, translation: Translation | None, notice: Notice) -> str:
        """Where the shown text comes from: ``máy dịch``, ``nguyên văn, chưa dịch`` …"""
        if translation is not None:
            return self.say(ORIGINS[translation.kind])
        if notice.language == self.lang:
            return self.say("original text")
        return self.say("original text, not translated")

    def value(self, name: str, text: str) -> str:
        """A field's value as a version recorded it: days and codes in words, texts as they are."""
        if not text:
            return self.say("(none)")
        if name == "type":
            return self.known("type", text)
        if name == "language" and text in _LANGUAGES:
            return self.say(_LANGUAGES[text])
        if name == "stated_status":
            return self.known("status", text)
        if name == "objectives":
            return ", ".join(self.known("objective", code) for code in re.split(r"[;,]\s*", text))
        return _ISO_DAY.sub(lambda found: self._day(found.group()), text)

    def _day(self, text: str) -> str:
        try:
            return self.date(date.fromisoformat(text))
        except ValueError:
            return text

    # Tags

    def tag(self, tag: Tag) -> str:
        """The tag's label."""
        if tag.kind == "market":
            return self.market(tag.code)
        labels = self.labels
        return (
            labels.sector(tag.code, self.lang) if tag.kind == "sector" else labels.topic(tag.code, self.lang)
        )

    def reason(self, tag: Tag) -> str:
        """Why the tag is there, in words; a reason that is worded nowhere is told by its basis."""
        return self._reason(tag.reason) or self.say(_BASES[tag.basis])

    def _reason(self, reason: str) -> str:
        kind, _, detail = reason.partition(":")
        match kind:
            case "hs" | "ics" if detail:
                name = self.code(kind, detail)
                code = f"{kind.upper()} {detail}"
                return f"{code} – {name}" if name else code
            case "word":
                return self._word(detail)
            case "member" if detail:
                return self.say("notified by {name}", name=self.market(detail))
            case "group" if detail:
                return self.say("{name} is a member", name=self.market(detail))
            case "law" | "issuer" if detail:
                bodies = [self.issuer(code) for code in detail.split("+")]
                return self.say("document of {name}", name=self.joined(bodies))
            case "objective" | "keyword":
                return self.say("{kind}: {name}", kind=self.say(_KINDS[kind]), name=self.known(kind, detail))
            case "like" if detail:
                return self.say("like other notices of this sector: {words}", words=detail)
            case "inherited":
                return self.say("as the notice it follows: {reason}", reason=self._reason(detail) or detail)
        return ""

    def _word(self, detail: str) -> str:
        place, colon, word = detail.partition(":")
        if colon and place in _PLACES:
            word = word.replace("*", "…")  # the pattern of a stem
            return self.say("the word “{word}” in {place}", word=word, place=self.say(_PLACES[place]))
        return self.say("the word “{word}”", word=detail)

    def joined(self, items: Sequence[str]) -> str:
        """``A, B và C``."""
        return self.language.join(items, self.lang) if items else ""


_KINDS = {"objective": "stated objective", "keyword": "keyword of the WTO"}
