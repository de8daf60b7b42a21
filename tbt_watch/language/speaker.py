"""Language: everything a reader sees in Vietnamese or English, from the catalogs and tables."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale

from tbt_watch.domain.text import fold
from tbt_watch.errors import LanguageError
from tbt_watch.language import dates
from tbt_watch.language.catalog import LANGUAGES, Catalog, fill
from tbt_watch.language.sentences import Sentences
from tbt_watch.language.tables import DocumentType, Group, Issuer, Label, Member, Province, Value, exact

_NAMED_AT_MOST = 4  # joint notifiers that are no known group: more than this are counted, not named


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Language:
    """The catalogs and tables, loaded once by ``load_language``.

    ``lang`` is ``vi`` or ``en`` everywhere; another one, an unknown message and an unknown code of ours raise
    LanguageError. What comes from outside (a name, a source's wording) is looked up by the methods that return
    None when they do not know it. Names are compared exactly but for case and blanks; only ``province`` also
    takes names without tones.
    """

    catalogs: Mapping[str, Catalog]
    sentences: Mapping[str, Sentences]
    members: Mapping[str, Member]
    groups: tuple[Group, ...]
    values: Mapping[tuple[str, str], Value]
    issuers: Mapping[str, Issuer]
    provinces: tuple[Province, ...]
    document_types: Mapping[str, DocumentType]
    number_slugs: Mapping[str, str]
    hs_chapters: Mapping[str, Label]
    ics_fields: Mapping[str, Label]
    hs_headings: Mapping[str, Label]
    ics_groups: Mapping[str, Label]
    member_names: Mapping[str, str]
    value_names: Mapping[str, Mapping[str, str]]
    issuer_names: Mapping[str, str]
    province_names: Mapping[str, Province]

    def __repr__(self) -> str:
        """Its languages; the tables would fill a book."""
        return f"Language({', '.join(self.catalogs)})"

    # Messages

    def say(self, message: str, lang: str, /, **values: object) -> str:
        """The message in that language, its named places filled.

        Days, moments and numbers are written as the language writes them; texts stand as they are.
        """
        return fill(self._catalog(lang).text(message), self._written(values, lang))

    def say_n(self, singular: str, plural: str, n: int, lang: str, /, **values: object) -> str:
        """The message in the plural form for ``n``, which fills ``{n}``. ``plural`` is the English source text."""
        catalog = self._catalog(lang)
        if catalog.plurals.get(singular) != plural:
            raise LanguageError(
                f"{catalog.path.name} has no message {singular!r} with the plural {plural!r}."
            )
        one = catalog.forms == 1 or Locale.parse(lang).plural_form(n) == "one"
        text = catalog.text(singular, 0 if one else 1)
        return fill(text, self._written({"n": n, **values}, lang))

    def title(self, text: str, lang: str) -> str:
        """A title that data hand over, a source's: in the reader's language where the catalog has it, else as it is."""
        catalog = self._catalog(lang)
        return catalog.text(text) if text in catalog.texts else text

    def said(self, sentence: str, lang: str) -> str:
        """A sentence that was composed in English, an error's or an issue's, as it is shown in that language."""
        own = self.sentences.get(self._known(lang))
        return own.word(sentence) if own else sentence

    def said_of_check(self, detail: str, lang: str) -> str:
        """What a failed check says, as it is shown in that language."""
        own = self.sentences.get(self._known(lang))
        return own.detail(detail) if own else detail

    def join(self, items: Sequence[str], lang: str) -> str:
        """``A, B và C``; English ``A, B and C``."""
        *first, last = items
        return self.say("{items} and {last}", lang, items=", ".join(first), last=last) if first else last

    def _catalog(self, lang: str) -> Catalog:
        if lang not in self.catalogs:
            raise LanguageError(f"There is no language {lang!r}: use one of {', '.join(LANGUAGES)}.")
        return self.catalogs[lang]

    def _written(self, values: Mapping[str, object], lang: str) -> dict[str, str]:
        return {name: self._write(value, lang) for name, value in values.items()}

    def _write(self, value: object, lang: str) -> str:
        match value:
            case str():
                return value
            case datetime.datetime():
                return self.moment(value, lang)
            case datetime.date():
                return self.date(value, lang)
            case int() | Decimal():
                return self.number(value, lang)
        raise LanguageError(
            f"A message cannot hold {value!r}: hand in a text, a day, a moment or a whole number."
        )

    # Days and numbers

    def date(self, day: datetime.date, lang: str) -> str:
        """``11/6/2025``; English ``11 June 2025``."""
        self._catalog(lang)
        return dates.short_day(day, lang)

    def long_date(self, day: datetime.date, lang: str) -> str:
        """``Thứ Năm, ngày 12 tháng 6 năm 2025``; English ``Thursday, 12 June 2025``."""
        self._catalog(lang)
        return dates.long_day(day, lang)

    def moment(self, when: datetime.datetime, lang: str) -> str:
        """The moment in Viet Nam's time: ``8:00 ngày 12/6/2025``; English ``8:00 on 12 June 2025``."""
        return self.say("{time} on {day}", lang, time=dates.clock_time(when), day=dates.local_day(when))

    def month(self, first: datetime.date, lang: str) -> str:
        """``tháng 8/2026``; English ``August 2026``."""
        self._catalog(lang)
        return dates.named_month(first, lang)

    def quarter(self, quarter: int, year: int, lang: str) -> str:
        """``quý III/2026``; English ``third quarter of 2026``."""
        ordinal = ("first", "second", "third", "fourth")[quarter - 1]
        roman = ("I", "II", "III", "IV")[quarter - 1]
        place = roman if lang == "vi" else ordinal
        return self.say("{quarter} quarter of {year}", lang, quarter=place, year=str(year))

    def number(self, value: Decimal | int, lang: str) -> str:
        """``1.234,5``; English ``1,234.5``."""
        self._catalog(lang)
        return dates.written_number(value, lang)

    # Members and groups

    def member(self, code: str, lang: str) -> str:
        """The Member's name, English as the WTO displays it: ``Korea, Republic of``."""
        return self._member(code).label.name(self._known(lang))

    def member_short(self, code: str, lang: str) -> str:
        """The short name for lines and headlines: ``EU``, ``UAE``, ``Nga``, ``Korea``."""
        return self._member(code).label.short(self._known(lang))

    def member_prose(self, code: str, lang: str) -> str:
        """The name as it stands in a sentence: ``the Republic of Korea``."""
        return self._member(code).prose_en if self._known(lang) == "en" else self.member(code, lang)

    def flag(self, code: str) -> str:
        """The flag as an emoji; empty for Chinese Taipei, whose flag an office of Viet Nam does not show."""
        return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in self._member(code).iso2)

    def member_code(self, name: str) -> str | None:
        """The symbol code for a code, an ePing id (``C704``), a WTO display name, or a Vietnamese name."""
        code = name.strip()
        return code if code in self.members else self.member_names.get(exact(name))

    def group_of(self, codes: Collection[str]) -> str | None:
        """The group that these Members are when they notify together: ``GCC``, ``EAC``, ``EAEU``, ``EU``."""
        group = self._group(frozenset(codes))
        return group.code if group else None

    def members_prose(self, codes: Sequence[str], lang: str) -> str:
        """Who notifies, as it stands in a sentence: one Member, a group with its guests, or the names."""
        if len(codes) == 1:
            return self.member_prose(codes[0], lang)
        group = self._group(frozenset(codes))
        if group:
            guests = sorted(group.guests & set(codes))
            name = self.say("the {group}", lang, group=group.label.name(lang))
            return self.join([name, *(self.member_prose(code, lang) for code in guests)], lang)
        return self._listed([self.member_prose(code, lang) for code in codes], lang)

    def members_short(self, codes: Sequence[str], lang: str) -> str:
        """Who notifies, for a line or headline: ``EU``, ``Cộng đồng Đông Phi (EAC)``, ``Brazil và Chile``."""
        group = self._group(frozenset(codes)) if len(codes) > 1 else None
        if group:
            guests = sorted(group.guests & set(codes))
            return self.join(
                [group.label.name(lang), *(self.member_short(code, lang) for code in guests)], lang
            )
        return self._listed([self.member_short(code, lang) for code in codes], lang)

    def _listed(self, names: list[str], lang: str) -> str:
        if len(names) <= _NAMED_AT_MOST:
            return self.join(names, lang)
        rest = len(names) - 2
        return self.say("{first} and {n} other Members", lang, first=", ".join(names[:2]), n=rest)

    def _member(self, code: str) -> Member:
        try:
            return self.members[code]
        except KeyError:
            raise LanguageError(
                f"There is no Member with the code {code!r}: add it to members.tsv."
            ) from None

    def _group(self, codes: frozenset[str]) -> Group | None:
        for group in self.groups:
            if group.members <= codes <= group.members | group.also | group.guests:
                return group
        return None

    def _known(self, lang: str) -> str:
        self._catalog(lang)
        return lang

    # Closed vocabularies

    def value(self, kind: str, text: str) -> str | None:
        """The code of a source's wording; kinds: type, objective, keyword, reason, status, area."""
        if kind not in self.value_names:
            raise LanguageError(f"values.tsv has no kind {kind!r}: use one of {', '.join(self.value_names)}.")
        return self.value_names[kind].get(exact(text))

    def label(self, kind: str, code: str, lang: str) -> str:
        """The wording of a value for readers."""
        return self._value(kind, code).label.name(self._known(lang))

    def notification_type(self, text: str) -> str | None:
        """The type behind ePing's wording. What belongs to an emergency measure ends in ``emergency``:
        ``addendum-emergency`` is an addendum to one."""
        return self.value("type", text)

    def type_label(self, code: str, lang: str) -> str:
        """The type's name for readers."""
        return self.label("type", code, lang)

    def objective(self, text: str) -> str | None:
        """The code of an objective as the WTO words it, with or without the area in brackets."""
        return self.value("objective", text)

    def objective_label(self, code: str, lang: str) -> str:
        """The objective's name for readers."""
        return self.label("objective", code, lang)

    def objective_clause(self, code: str, lang: str) -> str:
        """The objective after "The purpose is": ``bảo vệ môi trường``; empty for "other"."""
        return self._value("objective", code).clause.name(self._known(lang))

    def keyword(self, text: str) -> str | None:
        """The code of a keyword as the WTO words it."""
        return self.value("keyword", text)

    def keyword_label(self, code: str, lang: str) -> str:
        """The keyword's name for readers."""
        return self.label("keyword", code, lang)

    def status_label(self, code: str, lang: str, *, regulation: bool = False) -> str:
        """The status for readers; a Vietnamese regulation is issued where a notified measure is adopted."""
        own = regulation and ("regulation-status", code) in self.values
        return self.label("regulation-status" if own else "status", code, lang)

    def hs_chapter(self, code: str, lang: str) -> str | None:
        """The official wording of the chapter that an HS code of any length falls in; None if HS has none such."""
        found = self.hs_chapters.get(code[:2])
        return found.name(self._known(lang)) if found else None

    def ics_field(self, code: str, lang: str) -> str | None:
        """The wording of the field that an ICS code of any length falls in; None if ICS has none such."""
        found = self.ics_fields.get(code[:2])
        return found.name(self._known(lang)) if found else None

    def hs_short(self, code: str, lang: str) -> str | None:
        """A short wording of our own for headlines: the heading's where we have one, else the chapter's."""
        found = self.hs_headings.get(code[:4]) or self.hs_chapters.get(code[:2])
        return found.short(self._known(lang)) or None if found else None

    def ics_short(self, code: str, lang: str) -> str | None:
        """A short wording of our own for headlines: the sub-group's or group's where we have one, else the field's,
        where the field is about products (terminology is not)."""
        found = self.ics_groups.get(code) or self.ics_groups.get(code[:6]) or self.ics_fields.get(code[:2])
        return found.short(self._known(lang)) or None if found else None

    def _value(self, kind: str, code: str) -> Value:
        try:
            return self.values[kind, code]
        except KeyError:
            raise LanguageError(f"There is no {kind} with the code {code!r}: add it to values.tsv.") from None

    # Viet Nam

    def issuer(self, text: str) -> Issuer | None:
        """The issuing body behind a code (``BNNPTNT``, mistyped ``NNMT``) or a name."""
        code = self.issuer_names.get(exact(text))
        return self.issuers[code] if code else None

    def issuer_label(self, text: str, lang: str, *, on: datetime.date, short: bool = False) -> str:
        """The body under its own name, and what it is on that day: ``Bộ NN&PTNT (nay là Bộ NN&MT)``.

        A body that is not in the table keeps the name it was given; one of a former province shows to which it belongs.
        """
        found = self.issuer(text)
        if found is None:
            return self._local_label(text, lang, on)
        own, now = self._issuer_name(found, lang, short), self._issuer_on(found, on)
        if now is found:
            return own
        return self.say("{old} (now {new})", lang, old=own, new=self._issuer_name(now, lang, short))

    def _local_label(self, text: str, lang: str, on: datetime.date) -> str:
        for code in ("UBND", "HĐND"):
            unit = text.removeprefix(f"{self.issuers[code].label.vi} ")
            found = self.province(unit) if unit != text else None
            if found and found.valid_from <= on and province_key(unit) != province_key(found.name):
                return self.say("{old} (now part of {new})", lang, old=text, new=found.name)
        return text

    def _issuer_name(self, found: Issuer, lang: str, short: bool) -> str:
        return found.label.short(self._known(lang)) if short else found.label.name(self._known(lang))

    def _issuer_on(self, found: Issuer, on: datetime.date) -> Issuer:
        while found.successor and found.valid_to and found.valid_to < on:
            found = self.issuers[found.successor]
        return found

    def province(self, name: str) -> Province | None:
        """The province or city that a name, old or new, with or without its kind or tones, belongs to today."""
        return self.province_names.get(province_key(name))

    def province_label(self, name: str, lang: str) -> str:
        """``Hòa Bình (nay thuộc Phú Thọ)``; a name that still stands or is unknown stays as it is."""
        found = self.province(name)
        if found is None or province_key(name) == province_key(found.name):
            return found.name if found else name
        old = next(unit for unit in found.old_units if province_key(unit) == province_key(name))
        return self.say("{old} (now part of {new})", lang, old=old, new=found.name)


def province_key(name: str) -> str:
    """A province's name as people type it: no tones, no ``tỉnh`` or ``thành phố``, no dashes."""
    words = fold(name).replace(".", ". ").replace("-", " ").replace("\u2013", " ").split()
    key = " ".join(words)
    for kind in ("tinh ", "thanh pho ", "tp. ", "tp "):
        key = key.removeprefix(kind)
    return key
