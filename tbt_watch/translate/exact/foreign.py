"""Spanish and French ways to say when, put into the English ones: word for word, as far as the set goes."""

import re

_FOREIGN = re.compile(
    r"\b(?:d[íi]as?|mes(?:es)?|años?|semanas?|publicaci[óo]n|publicarse|adopci[óo]n|aprobaci[óo]n|entrada|vigor|"
    r"notificaci[óo]n|jours?|mois|ans?|année|semaines?|après|dès|notifiée?|entrée|vigueur|immédiatement|inmediata\w*)\b",
    re.IGNORECASE,
)
_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), english)
    for pattern, english in (
        (r"\bdiario oficial de la uni[óo]n europea\b", "Official Journal of the EU"),
        (r"\bjournal officiel de l['’]union européenne\b", "Official Journal of the EU"),
        (r"\bdiario oficial[\s\"“(]*la gaceta[\"”)]?", "Official Journal La Gaceta"),
        (r"\bdiario oficial[\s\"“(]*el peruano[\"”)]?", "Official Journal El Peruano"),
        (r"\bdiario oficial(?: de la federaci[óo]n)?\b", "Official Journal"),
        (r"\b(?:registro|bolet[íi]n) oficial\b|\bgaceta oficial\b", "Official Gazette"),
        (r"\bau journal officiel\b", "in the Official Journal"),
        (r"\b(?:contad[oa]s? )?a partir (?:de la fecha )?de(?:l d[íi]a siguiente (?:de|a|al de))?\b", "from"),
        (r"\bà (?:compter|partir) de\b|\bdepuis\b", "from"),
        (r"\b(?:despu[ée]s|posteriores|siguientes|luego)(?: de| a)?\b|\btras\b|\baprès\b|\bsuivant\b", "after"),
        (r"\b(?:dès|al momento de|con)\b", "upon"),
        (r"\bd[íi]as? h[áa]biles\b|\bjours ouvrables\b", "working days"),
        (r"\bd[íi]as?(?: (?:calendario|naturales|corridos))?\b|\bjours?(?: civils)?\b", "days"),
        (r"\bmes(?:es)?(?: calendario)?\b|\bmois\b", "months"),
        (r"\baños?\b|\bans?\b|\bannées?\b", "years"),
        (r"\bsemanas?\b|\bsemaines?\b", "weeks"),
        (r"\bpublicaci[óo]n\b|\bpublicarse\b", "publication"),
        (r"\badopci[óo]n\b|\baprobaci[óo]n\b", "adoption"),
        (r"\bentrada en vigor\b|\bentrée en vigueur\b", "entry into force"),
        (r"\bnotificaci[óo]n\b", "notification"),
        (r"\b(?:de )?inmediat[ao](?:mente)?\b|\bimmédiatement\b", "immediately"),
        (r"\b(?:la )?fecha de\b|\b(?:la )?date de\b", "date of"),
        (r"\bl['’]", ""),
        (r"\b(?:un|une|uno|una)\b", "one"), (r"\b(?:dos|deux)\b", "two"), (r"\b(?:tres|trois)\b", "three"),
        (r"\bseis\b", "six"), (r"\bdoce\b|\bdouze\b", "twelve"), (r"\bdieciocho\b|\bdix-huit\b", "eighteen"),
        (r"\btreinta\b|\btrente\b", "thirty"), (r"\bsesenta\b|\bsoixante\b", "sixty"), (r"\bnoventa\b", "ninety"),
        (r"\b(?:en|dans) (?:el|le|la)\b|\ben\b", "in"),
        (r"\b(?:su|sa|la|el|le|los|las|les|de|del|du)\b", ""),
    )
)  # fmt: skip


def in_english(words: str) -> str:
    """The words in English where they are Spanish or French about a span of time; else as they are."""
    if not _FOREIGN.search(words):
        return words
    for pattern, english in _WORDS:
        words = pattern.sub(english, words)
    return " ".join(words.split())
