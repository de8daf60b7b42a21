"""The exact part of a notice's Vietnamese and English: sentences of the national office's template, from facts.

No machine text stands in them: products are named by short wordings of their HS and ICS codes; where there is no
code, or the reader reads the title's language, the title is quoted.
"""

import re
from collections import Counter
from collections.abc import Iterator

from tbt_watch.domain.notice import Milestone, Notice
from tbt_watch.language import Language
from tbt_watch.translate.forms import FOLLOW_UPS, form_of
from tbt_watch.translate.timing import Timing, read_timing

_ENVIRONMENT_AND_SAFETY = "13"  # the ICS field that says purposes rather than products …
_SAFETY_GOODS = frozenset({"13.220", "13.310", "13.320", "13.340"})  # … but for these groups
_TITLE_AT_MOST = 160  # characters of a quoted title in a headline
_SUBJECTS_AT_MOST = 2  # wordings named before "and other products"
_QUOTES = frozenset('"“”«»')
_CODES_AT_MOST = 3  # codes printed after the products
_BETWEEN = re.compile(r", | và | and ")  # what stands between the goods that one wording lists
_LAWS = frozenset({"Luật", "Bộ luật", "Pháp lệnh"})  # what their gazette title names, they are called


def headline(notice: Notice, language: Language, lang: str) -> str:
    """One line: who, what sort of step, about which products; a regulation: kind, number and its subject line."""
    if notice.kind == "article":
        return notice.title
    if notice.kind == "regulation":
        return _regulation_headline(notice, language, lang)
    member = language.members_short(notice.members, lang)
    form = form_of(notice)
    subject = subject_of(notice, language, lang)
    if subject:
        return language.say(form.subject, lang, member=_capital(member), subject=subject)
    if notice.title:
        return language.say(
            form.title, lang, member=_capital(member), title=_quotable(_shortened(notice.title))
        )
    return language.say("{member}: notification {symbol}", lang, member=_capital(member), symbol=notice.key)


def opening_sentences(notice: Notice, language: Language, lang: str) -> tuple[str, ...]:
    """The sentences that the notice's facts allow, in the order of the national office's alerts.

    What a source did not state is left out; "not determined" is said only where the source said so.
    """
    if notice.kind == "article":
        return ()
    if notice.kind == "regulation":
        return tuple(_regulation_sentences(notice, language, lang))
    return tuple(_notification_sentences(notice, language, lang))


def subject_of(notice: Notice, language: Language, lang: str) -> str | None:
    """The products in the short wording of HS headings and chapters, else of ICS groups and fields, with their codes.

    None where there are no such codes, or the title itself is in the reader's language.
    """
    if notice.language == lang and notice.title:
        return None
    named = _named([language.hs_short(code, lang) for code in notice.hs_codes], language, lang)
    if named:
        return _with_codes("{subject} (HS {codes})", named, notice.hs_codes, language, lang)
    known = tuple(code for code in notice.ics_codes if language.ics_short(code, lang))
    codes = tuple(code for code in known if not _purpose(code)) or known
    named = _named([language.ics_short(code, lang) for code in codes], language, lang)
    return _with_codes("{subject} (ICS {codes})", named, codes, language, lang) if named else None


def _purpose(ics: str) -> bool:
    """Whether the code says what a measure is for; named only where no code says what it is about."""
    return ics[:2] == _ENVIRONMENT_AND_SAFETY and ics[:6] not in _SAFETY_GOODS


def _named(wordings: list[str | None], language: Language, lang: str) -> str | None:
    """The two commonest wordings, and that there are more; what a longer one lists is not named beside it."""
    counted = Counter(wording for wording in wordings if wording)
    if not counted:
        return None
    texts = [
        text for text, _ in counted.most_common() if not any(_goods(text) < _goods(one) for one in counted)
    ]
    named, more = texts[:_SUBJECTS_AT_MOST], len(texts) > _SUBJECTS_AT_MOST
    simple = all(len(_goods(text)) == 1 for text in named)
    if not more:
        return language.join(named, lang) if simple else "; ".join(named)
    # Semicolons where a wording is a list itself, as in an enumeration of the law.
    listed = ", ".join(named) if simple else "; ".join(named) + ";"
    return language.say("{subject} and other products", lang, subject=listed)


def _goods(wording: str) -> frozenset[str]:
    """What a wording lists."""
    return frozenset(_BETWEEN.split(wording))


def _with_codes(message: str, subject: str, codes: tuple[str, ...], language: Language, lang: str) -> str:
    different = tuple(dict.fromkeys(codes))
    if len(different) > _CODES_AT_MOST:
        return subject
    return language.say(message, lang, subject=subject, codes=", ".join(different))


def _notification_sentences(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    if notice.published_on:
        yield _opening(notice, language, lang)
    yield from _objective(notice, language, lang)
    if notice.type == "emergency":
        yield language.say(
            "This is an emergency measure: it may apply at once, without a comment period beforehand.", lang
        )
    yield from _stages(notice, language, lang)
    if notice.comment_until:
        yield language.say(
            "The final date for comments by WTO Members is {day}.", lang, day=notice.comment_until
        )
    yield language.say("Notification symbol: {symbols}.", lang, symbols=", ".join(notice.symbols))


def _opening(notice: Notice, language: Language, lang: str) -> str:
    form = form_of(notice)
    with_subject, with_title = form.opening_subject, form.opening_title
    symbol = notice.key
    if notice.type in FOLLOW_UPS:
        symbol = notice.follows or notice.key
        with_subject, with_title = FOLLOW_UPS[notice.type]
    member = language.members_prose(notice.members, lang)
    known = {"day": notice.published_on, "member": member, "symbol": symbol}
    subject = subject_of(notice, language, lang)
    if subject:
        return language.say(with_subject, lang, subject=subject, **known)
    if notice.title:
        return language.say(with_title, lang, title=_quotable(notice.title), **known)
    return language.say("On {day}, {member} sent WTO Members notification {symbol}.", lang, **known)


def _objective(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    clauses = [language.objective_clause(code, lang) for code in notice.objectives]
    told = "; ".join(clause for clause in clauses if clause)
    if told:
        draft = form_of(notice).draft
        message = (
            "The objective of the draft is {objectives}."
            if draft
            else "The objective of the measure is {objectives}."
        )
        yield language.say(message, lang, objectives=told)


def _stages(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    adoption = _timing(notice.adoption, language, lang)
    in_force = _timing(notice.in_force, language, lang)
    if adoption.undetermined and in_force.undetermined:
        yield language.say("The dates of adoption and entry into force have not been determined.", lang)
        return
    if adoption.undetermined:
        yield language.say("The date of adoption has not been determined.", lang)
    elif _past(adoption, notice):
        yield language.say("It was adopted on {day}.", lang, day=adoption.day)
    elif when := _when(adoption, language, lang):
        yield language.say("Proposed date of adoption: {when}.", lang, when=when)
    if in_force.undetermined:
        yield language.say("The date of entry into force has not been determined.", lang)
    elif _past(in_force, notice):
        yield language.say("It entered into force on {day}.", lang, day=in_force.day)
    elif when := _when(in_force, language, lang):
        yield language.say("Proposed date of entry into force: {when}.", lang, when=when)


def _timing(milestone: Milestone, language: Language, lang: str) -> Timing:
    """The milestone's day, else what its words mean, else the words themselves, quoted."""
    if milestone.date:
        return Timing(day=milestone.date)
    if not milestone.text:
        return Timing()
    return read_timing(milestone.text, language, lang) or Timing(wording=f"“{milestone.text}”")


def _past(timing: Timing, notice: Notice) -> bool:
    return timing.day is not None and notice.published_on is not None and timing.day <= notice.published_on


def _when(timing: Timing, language: Language, lang: str) -> str:
    return language.date(timing.day, lang) if timing.day else timing.wording


def _regulation_headline(notice: Notice, language: Language, lang: str) -> str:
    if notice.stated_status == "draft":
        return language.say(
            "Draft {type}: {title}", lang, type=_type_name(notice, language, lang), title=notice.title
        )
    if notice.type in _LAWS and notice.symbols:
        kind, number = _type_name(notice, language, lang), notice.symbols[0]
        title = notice.title.removeprefix(notice.type).strip()
        return language.say(
            "{type} {title} (No. {number})", lang, type=kind, title=_capital(title), number=number
        )
    return f"{_document(notice, language, lang)}: {_capital(notice.title)}"


def _regulation_sentences(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    draft = notice.stated_status == "draft"
    day = notice.published_on if draft else notice.adoption.date or notice.published_on
    if day and notice.members:
        issuer = language.join([language.issuer_label(one, lang, on=day) for one in notice.members], lang)
        if draft:
            kind = _type_name(notice, language, lang)
            yield language.say(
                "Draft {type} of the {issuer}, published on {day}.", lang, type=kind, issuer=issuer, day=day
            )
        else:
            document = _cited(notice, language, lang)
            yield language.say(
                "On {day}, the {issuer} issued {document}.", lang, day=day, issuer=issuer, document=document
            )
    if notice.in_force.date:
        yield language.say("It enters into force on {day}.", lang, day=notice.in_force.date)
    if notice.symbols:
        yield language.say("Document number: {number}.", lang, number=notice.symbols[0])


def _document(notice: Notice, language: Language, lang: str) -> str:
    """Kind and number, ``Thông tư 12/2024/TT-BKHCN``; the kind once where the number begins with it (QCVN)."""
    number = notice.symbols[0] if notice.symbols else ""
    family = number.split(" ")[0]
    if any(kind.symbol == family for kind in language.document_types.values()):
        return number
    return f"{_type_name(notice, language, lang)} {number}".strip()


def _cited(notice: Notice, language: Language, lang: str) -> str:
    """As a document is cited in a sentence: ``Thông tư số 12/2024/TT-BKHCN`` (Decree 30/2020/NĐ-CP, annex I)."""
    name, kind = _document(notice, language, lang), _type_name(notice, language, lang)
    number = name.removeprefix(f"{kind} ")
    if number == name or not kind:
        return name
    return language.say("{type} No. {number}", lang, type=kind, number=number)


def _type_name(notice: Notice, language: Language, lang: str) -> str:
    """The kind of document; of a draft, of what it becomes."""
    own = notice.type.removeprefix("Dự thảo ")
    for kind in language.document_types.values():
        if kind.label.vi == own:
            return kind.label.name(lang)
    return own


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _quotable(title: str) -> str:
    """The title as it stands inside double quotes: no full stop, no quotes around it, single ones inside it."""
    text = title.rstrip(" .")
    inner = text[1:-1]
    if text[:1] in _QUOTES and text[-1:] in _QUOTES and not set(inner) & _QUOTES:
        return inner
    return text.replace("“", "‘").replace("”", "’")


def _shortened(title: str) -> str:
    if len(title) <= _TITLE_AT_MOST:
        return title
    return title[:_TITLE_AT_MOST].rsplit(" ", 1)[0].rstrip(" ,;:-–—") + "…"
