"""What is the same in every message: the language tables, the office's rules for dates, and where pages stand."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from tbt_watch.deliver.brief import Brief
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import send_by
from tbt_watch.domain.notice import Notice
from tbt_watch.errors import LanguageError, NotFoundError
from tbt_watch.language import Language


def _no_page(_notice: Notice) -> str:
    return ""


def _no_bulletin(number: int, _lang: str) -> Brief:
    raise NotFoundError(f"There is no edition {number} of the bulletin.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """``label`` gives a tag's wording by kind, code and language; ``page`` the address of a notice's page, empty
    where there is no site; ``site`` the address of the bulletin; ``lead_days`` by area (``tbt``, ``sps``); ``brief``
    what an edition of the bulletin says in brief, by its number in the store and language; raises NotFoundError."""

    language: Language
    label: Callable[[str, str, str], str]
    page: Callable[[Notice], str] = _no_page
    site: str = ""
    lead_days: Mapping[str, int] = field(default_factory=dict)
    days_off: Collection[date] = ()
    brief: Callable[[int, str], Brief] = _no_bulletin

    def speaker(self, lang: str) -> "Speaker":
        """The same in one language."""
        return Speaker(head=self, lang=lang)

    def send_by(self, notice: Notice) -> date | None:
        """When comments must reach the national office; the deadline itself for drafts of Viet Nam."""
        if notice.comment_until is None:
            return None
        lead = self.lead_days.get(notice.area.lower(), 0)
        return send_by(notice.comment_until, lead, self.days_off) if lead else notice.comment_until


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """Says things in one language. A code that no table knows is said as it is: it must not stop an edition."""

    head: Letterhead
    lang: str

    def say(self, message: str, **values: object) -> str:
        """The message from the catalog."""
        return self.head.language.say(message, self.lang, **values)

    def say_n(self, singular: str, plural: str, n: int, **values: object) -> str:
        """The message in the plural form for ``n``."""
        return self.head.language.say_n(singular, plural, n, self.lang, **values)

    def day(self, day: date) -> str:
        """``15/9/2026``."""
        return self.head.language.date(day, self.lang)

    def label(self, kind: str, code: str) -> str:
        """The wording of a value (type, status …)."""
        try:
            return self.head.language.label(kind, code, self.lang)
        except LanguageError:
            return code

    def status(self, notice: Notice, code: str) -> str:
        """The wording of a status."""
        try:
            return self.head.language.status_label(code, self.lang, regulation=notice.kind == "regulation")
        except LanguageError:
            return code

    def objective(self, code: str) -> str:
        """An objective as it stands after "purpose:"."""
        try:
            clause = self.head.language.objective_clause(code, self.lang)
            return clause or self.head.language.objective_label(code, self.lang)
        except LanguageError:
            return code

    def who(self, notice: Notice, today: date) -> str:
        """Who announces it, short: Members, or the Vietnamese bodies."""
        language = self.head.language
        if notice.kind == "notification":
            try:
                return language.members_short(notice.members, self.lang) if notice.members else ""
            except LanguageError:
                return ", ".join(notice.members)
        names = [language.issuer_label(name, self.lang, on=today, short=True) for name in notice.members]
        return language.join(names, self.lang) if names else ""

    def flag(self, notice: Notice) -> str:
        """The flag of a single Member, of Viet Nam for its own documents, none for several Members."""
        if notice.kind == "article":
            return ""
        codes = notice.members if notice.kind == "notification" else ("VNM",)
        try:
            return self.head.language.flag(codes[0]) if len(codes) == 1 else ""
        except LanguageError:
            return ""

    def document_type(self, notice: Notice) -> str:
        """The kind of a Vietnamese document in the reader's language; of a draft, of what it becomes."""
        own = notice.type.removeprefix("Dự thảo ")
        for known in self.head.language.document_types.values():
            if own in (known.label.vi, known.symbol):
                return known.label.name(self.lang)
        return own

    def original(self, dossier: Dossier, name: str) -> bool:
        """Whether the reader sees this field in a language that is not his, for no translation stands yet."""
        return dossier.notice.language != self.lang and dossier.translation(name, self.lang) is None
