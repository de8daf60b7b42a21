"""The headline: one line that says who, what sort of step, about which products; no machine text stands in it.

Products are named by short wordings of their HS and ICS codes; where there is no code, or the reader reads the title's
language, the title is quoted.
"""

import re

from tbt_watch.domain.notice import Notice
from tbt_watch.language import Language
from tbt_watch.translate.exact.forms import DRAFT_TITLE, FOLLOW_UPS, TITLE_ALONE, Form, form_of
from tbt_watch.translate.exact.instrument import instrument, instrument_name
from tbt_watch.translate.exact.regulations import regulation_headline
from tbt_watch.translate.exact.subject import Headings, quotable, shortened, subject_of

_SAYS_DRAFT = re.compile(
    r"(?:draft|proposed|proposal|notice of proposed|proyecto|projet|avant-projet|dự thảo)\b", re.IGNORECASE
)


def headline(
    notice: Notice, language: Language, lang: str, headings: Headings | None = None, *, title: str = ""
) -> str:
    """One line: who, what sort of step, about which products; a regulation: kind, number and its subject line.

    ``headings``: the wordings of an office's own tariff. ``title``: the title in the reader's language, as people put
    it, to be quoted in place of the original's.
    """
    if notice.kind == "article":
        return notice.title
    if notice.kind == "regulation":
        return regulation_headline(notice, language, lang)
    member = _capital(language.members_short(notice.members, lang))
    form, first = form_of(notice), notice.type == "regular"
    what = instrument_name(notice, language, lang, new=first)
    subject = subject_of(notice, language, lang, headings)
    if subject:
        line = language.say(form.subject, lang, member=member, subject=subject, what=what)
    elif text := title or notice.title:
        readable = bool(title) or notice.language == lang
        if readable:  # the title says the sort itself
            what = language.label("instrument", "regulation", lang)
        message = _of_readable(notice, text, form) if readable and first else form.title
        quoted = quotable(shortened(quotable(text)))
        line = language.say(message, lang, member=member, title=quoted, what=what)
    else:
        symbol = notice.key if notice.type not in FOLLOW_UPS else notice.follows or notice.key
        line = language.say(form.bare, lang, member=member, symbol=symbol)
    start = len(member) + 2  # behind the Member's name; Vietnamese begins anew there
    return line[:start] + _capital(line[start:]) if lang == "vi" else line


def says_draft(title: str) -> bool:
    """Whether a title says itself that the text is a draft."""
    return _SAYS_DRAFT.match(quotable(title)) is not None


def _of_readable(notice: Notice, title: str, form: Form) -> str:
    """A title that the reader can read is not announced as what it says itself that it is."""
    if says_draft(title):
        return TITLE_ALONE
    if instrument(notice):
        return DRAFT_TITLE if form.draft else TITLE_ALONE
    return form.title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
