"""Headline and opening sentences of a Vietnamese document: kind, number, subject line, who issued it and when."""

from collections.abc import Iterator

from tbt_watch.domain.notice import Notice
from tbt_watch.language import Language

_LAWS = frozenset({"Luật", "Bộ luật", "Pháp lệnh"})  # what their gazette title names, they are called


def regulation_headline(notice: Notice, language: Language, lang: str) -> str:
    """Kind, number and subject line; a law goes by its name."""
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


def regulation_sentences(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    """Who issued it and when, from when it holds, and its number."""
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
