"""What a notification is about: its products by short wordings of their HS and ICS codes, or its title, quoted."""

import re
from collections import Counter
from collections.abc import Callable

from tbt_watch.domain.notice import Notice
from tbt_watch.language import Language

Headings = Callable[[str], str | None]
"""The official Vietnamese wording of an HS heading, where an office's tariff has one: ``TermBase.heading``."""

_ENVIRONMENT_AND_SAFETY = "13"  # the ICS field that says purposes rather than products …
_SAFETY_GOODS = frozenset({"13.220", "13.310", "13.320", "13.340"})  # … but for these groups
_NAMED_SINGLY = 2  # wordings named before "and other products" …
_SUBJECTS_AT_MOST = 3  # … or all of three, where each is one sort of goods
_CODES_AT_MOST = 3  # codes printed after the products
_BETWEEN = re.compile(r", | và | and ")  # what stands between the goods that one wording lists
_HEADING_AT_MOST = 70  # characters of a tariff's wording that still reads in a headline
_REST = re.compile(r"^loại khác|^other\b|^bộ phận", re.IGNORECASE)
_TITLE_AT_MOST = 160  # characters of a quoted title in a headline
_QUOTES = frozenset('"“”«»')
_TITLE_LABEL = re.compile(r"^title\s*:\s*", re.IGNORECASE)
_PAGES = re.compile(r"\(\d+ pages?\b[^()]{0,80}\)$", re.IGNORECASE)
_TRANSLATED_WITHIN, _TRANSLATED_UPTO = 800, 2000  # where these brackets open and close at the latest
_TRANSLATED_FROM = 20  # characters in brackets that may be the title once more
_FOREIGN = re.compile(
    r"\b(?:de|del|la|las|los|el|para|por|que|des|du|et|les|sur|dos|da|relatif)\b", re.IGNORECASE
)


def subject_of(notice: Notice, language: Language, lang: str, headings: Headings | None = None) -> str | None:
    """The products in the short wording of HS headings and chapters, else of ICS groups and fields, with their codes.

    None where there are no such codes, or the title itself is in the reader's language.
    """
    if notice.language == lang and notice.title:
        return None
    named = _named(_goods_of_hs(notice.hs_codes, language, lang, headings), language, lang)
    if named:
        return _with_codes("{subject} (HS {codes})", named, notice.hs_codes, language, lang)
    known = tuple(code for code in notice.ics_codes if language.ics_short(code, lang))
    codes = tuple(code for code in known if not _purpose(code)) or known
    named = _named([language.ics_short(code, lang) for code in codes], language, lang)
    return _with_codes("{subject} (ICS {codes})", named, codes, language, lang) if named else None


def _goods_of_hs(
    codes: tuple[str, ...], language: Language, lang: str, headings: Headings | None
) -> list[str | None]:
    """The wording of each code's heading; of several headings of one chapter the chapter's, where they are too many to
    be named one by one."""
    wordings = [_hs(code, language, lang, headings) for code in codes]
    if len(set(wordings)) <= _NAMED_SINGLY:
        return wordings
    alike: dict[str, set[str | None]] = {}
    for code, wording in zip(codes, wordings, strict=True):
        alike.setdefault(code[:2], set()).add(wording)
    return [
        language.hs_short(code[:2], lang) if len(alike[code[:2]]) > 1 else wording
        for code, wording in zip(codes, wordings, strict=True)
    ]


def _hs(code: str, language: Language, lang: str, headings: Headings | None) -> str | None:
    """Our own wording of the heading, else that of the office's tariff where it is short, else the chapter's."""
    if headings and lang == "vi" and len(code) >= 4 and code[:4] not in language.hs_headings:
        official = _sayable(headings(code[:4]) or "")
        if official:
            return official
    return language.hs_short(code, lang)


def _sayable(wording: str) -> str:
    """A tariff's wording as it stands in a sentence; empty where it is too long for one, or says no goods."""
    first = re.split(r"[;(]", wording, maxsplit=1)[0].strip(" ,.:-–")
    if not first or len(first) > _HEADING_AT_MOST or _REST.match(first):
        return ""
    return first if first[:2].isupper() else first[:1].lower() + first[1:]


def _purpose(ics: str) -> bool:
    """Whether the code says what a measure is for; named only where no code says what it is about."""
    return ics[:2] == _ENVIRONMENT_AND_SAFETY and ics[:6] not in _SAFETY_GOODS


def _named(wordings: list[str | None], language: Language, lang: str) -> str | None:
    """The two commonest wordings, and that there are more, or three short ones; what a longer one lists is not named
    beside it, nor the parts of what is named (``bộ phận của …``)."""
    counted = Counter(wording for wording in wordings if wording)
    if not counted:
        return None
    texts = [
        text
        for text, _ in counted.most_common()
        if not any(_goods(text) < _goods(one) or text.endswith(f" của {one}") for one in counted)
    ]
    simple = all(len(_goods(text)) == 1 for text in texts[:_SUBJECTS_AT_MOST])
    most = _SUBJECTS_AT_MOST if simple and len(texts) == _SUBJECTS_AT_MOST else _NAMED_SINGLY
    named, more = texts[:most], len(texts) > most
    simple = all(len(_goods(text)) == 1 for text in named)
    if not more:
        return language.join(named, lang) if simple else "; ".join(named)
    listed = (", " if simple else "; ").join(named)  # semicolons where a wording is a list itself
    return language.say("{subject} and other products", lang, subject=listed)


def _goods(wording: str) -> frozenset[str]:
    """What a wording lists."""
    return frozenset(_BETWEEN.split(wording))


def _with_codes(message: str, subject: str, codes: tuple[str, ...], language: Language, lang: str) -> str:
    different = tuple(dict.fromkeys(codes))
    if len(different) > _CODES_AT_MOST:
        return subject
    return language.say(message, lang, subject=subject, codes=", ".join(different))


def quotable(title: str) -> str:
    """The title as it stands inside double quotes: no full stop, no quotes around it, single ones inside it.

    Of a title in another language with the English one behind it in brackets, the English one.
    """
    text = _PAGES.sub("", _english(_TITLE_LABEL.sub("", title)).rstrip(" .")).rstrip(" .")
    inner = text[1:-1]
    if text[:1] in _QUOTES and text[-1:] in _QUOTES and not set(inner) & _QUOTES:
        return inner
    text = re.sub(r'"([^"]*)"', r"‘\1’", text)
    return text.replace("“", "‘").replace("”", "’")


def _english(title: str) -> str:
    """Of ``Projet de loi … (Draft Act …)`` what stands in the brackets; any other title as it is."""
    for at, character in enumerate(title[:_TRANSLATED_WITHIN]):
        inner = _bracketed(title[:_TRANSLATED_UPTO], at) if character == "(" else ""
        if len(inner) < _TRANSLATED_FROM or not inner[:1].isupper():
            continue
        if len(_FOREIGN.findall(title[:at])) >= 2 and len(_FOREIGN.findall(inner)) < 2:
            return inner
    return title


def _bracketed(text: str, start: int) -> str:
    """What stands in the brackets that open there; empty where they are not closed."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start + 1 : at]
    return ""


def shortened(title: str, longest: int = _TITLE_AT_MOST) -> str:
    """A title cut to what a headline takes, between two words."""
    if len(title) <= longest:
        return title
    return title[:longest].rsplit(" ", 1)[0].rstrip(" ,;:-–—") + "…"
