"""What a time is reckoned from: publication in a gazette, adoption, notification … as Members name it."""

import re

from tbt_watch.language import Language

_MEASURE = (
    r"(?: of (?:the |this |said )?(?:final |definitive |approved |notified |proposed |draft )*(?:mexican official |"
    r"national |technical |ministerial |supreme |implementing |official )*(?:regulation|standard|measure|act|law|"
    r"decree|order|resolution|rule|text|document|version|technical regulation|notice|amendment)s?)?"
)
_GAZETTES = (
    (
        r"official journal of the (?:eu|european union)|oj(?:eu)?|official journal \(?ojeu\)?",
        "the Official Journal of the EU",
    ),
    (r"(?:us |u\.s\. )?federal register", "the Federal Register"),
    (r"canada gazette(?:,? part i{1,3})?", "the Canada Gazette"),
    (r"(?:official (?:journal|gazette) )?[\"“(]?(?:la )?gaceta[\"”)]?", "the Official Journal La Gaceta"),
    (r"(?:official (?:journal|gazette) )?[\"“(]?(?:el )?peruano[\"”)]?", "the Official Journal El Peruano"),
    (r"royal (?:thai government )?gazette|royal (?:thai )?gazette", "the Royal Gazette"),
    (r"(?:government|commonwealth|federal|national|state) gazette", "the Government Gazette"),
    (r"official journal(?: of (?:the )?[\w ]{3,40})?", "the Official Journal"),
    (
        r"(?:official (?:gazette|bulletin|register)|gazette)(?: of (?:the )?[\w ]{3,40})?",
        "the Official Gazette",
    ),
    (
        r"(?:a |one |two )?(?:national )?newspapers?(?: of (?:general|national) circulation)?",
        "a newspaper of general circulation",
    ),
)
_COMPILED_GAZETTES = tuple((re.compile(pattern, re.IGNORECASE), message) for pattern, message in _GAZETTES)
_PUBLICATION = re.compile(
    rf"(?:publication{_MEASURE}|being published|it is published|gazett(?:al|ement|ing))"
    r"(?: (?:in|on|through) (?:the |its )?(?P<gazette>.+?))?"
    r"(?: as (?:a |the )?final (?:standard|rule|regulation|text))?",
    re.IGNORECASE,
)
_DECLARATION = re.compile(
    r"(?:declaration|being declared|it is declared|gazettement|gazetting) as (?:a )?mandatory(?: standard)?"
    r"(?: by (?:the )?(?P<body>[^.;]{3,120}))?",
    re.IGNORECASE,
)
_EVENTS = tuple(
    (re.compile(pattern, re.IGNORECASE), message)
    for pattern, message in (
        (rf"(?:adoption|approval|enactment){_MEASURE}|it is (?:adopted|approved)", "adoption"),
        (rf"(?:promulgation|issuance|issue){_MEASURE}", "promulgation"),
        (rf"(?:signature|signing){_MEASURE}", "signature"),
        (rf"(?:entry|coming) into (?:force|effect){_MEASURE}", "entry into force"),
        (r"(?:this |wto )?notification(?: (?:to|by|from|of) (?:the )?wto(?: members)?)?", "notification"),
        (
            r"(?:circulation|distribution)(?: of (?:the |this )?notification)?(?: by (?:the )?wto(?: secretariat)?)?",
            "circulation by the WTO Secretariat",
        ),
        (
            r"publication of (?:the )?approved version by (?:the )?gso council",
            "publication of the approved version by the GSO Council",
        ),
        (
            r"(?:the )?(?:end|closing|expiry)(?: date)? of (?:the )?(?:comment(?:ing|s)?|consultation)(?: period)?",
            "the end of the comment period",
        ),
    )
)
_ARTICLES = re.compile(
    r"^(?:(?:the|its|their|this) )?(?:official )?(?:(?:date|day|time) of )?(?:(?:the|its|their|this) )?(?:official )?",
    re.IGNORECASE,
)
RECKONED = frozenset({"adoption", "notification", "circulation by the WTO Secretariat"})
"""Events whose day the notice may state."""


def read_event(words: str, language: Language, lang: str) -> tuple[str, str] | None:
    """The event that words name: its name in English, and as it stands in a sentence of the reader's language."""
    bare = _ARTICLES.sub("", words.strip())
    for pattern, message in _EVENTS:
        if pattern.fullmatch(bare):
            return message, language.say(message, lang)
    if match := _PUBLICATION.fullmatch(bare):
        if match["gazette"] is None:
            return "publication", language.say("publication", lang)
        gazette = _gazette(match["gazette"], language, lang)
        return (
            ("publication", language.say("publication in {gazette}", lang, gazette=gazette))
            if gazette
            else None
        )
    if match := _DECLARATION.fullmatch(bare):
        said = language.say("declaration as mandatory", lang)
        return "declaration", f"{said} ({match['body'].strip()})" if match["body"] else said
    return None


def _gazette(name: str, language: Language, lang: str) -> str | None:
    for pattern, message in _COMPILED_GAZETTES:
        if pattern.fullmatch(name.strip()):
            return language.say(message, lang)
    return None
