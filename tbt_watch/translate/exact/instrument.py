"""What sort of text is notified, by the words of its title: a standard, a technical regulation, an act, a decree …

The office calls a foreign measure by its own sort; where the title does not tell, it is a "regulation" (quy định).
"""

import re

from tbt_watch.domain.notice import Notice
from tbt_watch.language import Language

_WITHIN = 90  # characters of a title in which its sort is said; further on other texts are named
_OTHERS = (
    r"regulations?|order|rules?|ordinance|requirements?|notice|decision|instruction|guidelines?|reglamentos?|"
    r"regulamento|portaria|arrêté"
)
_SORTS = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), code)
    for pattern, code in (
        (r"commission implementing regulation", "eu-implementing-regulation"),
        (r"commission delegated (?:regulation|act)", "eu-delegated-regulation"),
        (r"commission regulation", "eu-regulation"),
        (r"commission (?:delegated |implementing )?directive", "eu-directive"),
        (r"commission (?:implementing |delegated )?decision", "eu-decision"),
        (r"national standards?", "national-standard"),
        (
            r"technical regulations?|RT(?:CR|CA)|reglamentos? t[ée]cnicos?|règlements? techniques?",
            "technical-regulation",
        ),
        (r"\(?quality control\)? order", "quality-control-order"),
        (r"import health standard", "import-health-standard"),
        (r"standards?|specifications?|code of practice|normas?|normes?", "standard"),
        (
            r"(?:enforcement |presidential |ministerial |supreme |executive )?decrees?|decretos?|décrets?",
            "decree",
        ),
        (r"resolutions?|resoluci[óo]n(?:es)?|resolução", "resolution"),
        (_OTHERS, ""),
    )
)
_NUMBERED = "IS KS TIS GSO SASO GB SNI NOM EAS US MS RS BDS ES"
_STANDARD_NUMBER = re.compile(rf"(?:draft )?(?:[A-Z]{{2,5}}S|{_NUMBERED.replace(' ', '|')})(?:/[A-Z]+)? ?\d")
_ACT = re.compile(
    r"^(?:draft |proposed |proposal for an? |partial )*(?:federal |framework )?(?:act|law|bill)\b|"
    r"\b(?:act|law|bill)(?: \d{4})?$|^(?:proyecto de )?ley\b|^(?:projet de )?loi\b",
    re.IGNORECASE,
)
_AMENDED_ACT = re.compile(
    r"(?:draft |proposed |proposal |partial )*(?:amend\w*|revisions?|modifications?)\b.*?\b(?:act|law)\b",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\b(?:under|pursuant to|in accordance with|conform to|within)(?: the)?\b", re.IGNORECASE)
_AMENDING = re.compile(
    r"\b(?:amend(?:s|ing|ments?|ed)?|modif(?:y|ies|ying|ications?|icaci[óo]n|ica|iant)|"
    r"partial revision|enmienda)\b",
    re.IGNORECASE,
)


def instrument(notice: Notice) -> str:
    """The code of the sort of text; empty where the title does not say one of its own."""
    head = _UNDER.split(notice.title[:_WITHIN], maxsplit=1)[0].strip()
    if _STANDARD_NUMBER.match(head):
        return "standard"
    if _ACT.search(head) or _AMENDED_ACT.match(head):
        return "act"
    found = ((match.start(), code) for pattern, code in _SORTS if (match := pattern.search(head)))
    return min(found, key=lambda one: one[0], default=(0, ""))[1]


def amends(notice: Notice) -> bool:
    """Whether the title says that the text changes another one."""
    return _AMENDING.search(notice.title[:_WITHIN]) is not None


def instrument_name(notice: Notice, language: Language, lang: str, *, new: bool) -> str:
    """What the text is called in a sentence: ``tiêu chuẩn quốc gia``, ``quy định``.

    ``new``: it stands for a draft that is notified now, which may be an amendment.
    """
    code = instrument(notice)
    if new and amends(notice):
        own = "regulation" if code in ("", "quality-control-order") or code.startswith("eu-") else code
        return language.say("amendment to the {what}", lang, what=language.label("instrument", own, lang))
    return language.label("instrument", code or "regulation", lang)
