"""What of a text speaks about the products concerned: not what it leaves out, and no wording of a nomenclature.

Members fill the field of products from a list, so that it repeats the official wording of every code
(``Powder and flakes, of aluminium (excl. pellets) (HS code(s): 7603)``); there the code speaks, its wording names
materials and exceptions besides.
"""

import re

_LEFT_OUT = re.compile(
    r"\((?:excl|other than|except|excluding)[^()]*(?:\([^()]*\)[^()]*)*\)?"
    r"|(?:does|do|shall|is|are|will) not (?:apply|applicable|cover|include)[^.;\n]*"
    r"|(?:not applicable to|other than|excluding|with the exception of|excl\.)[^.;,\n]*"
    r"|no (?:se aplica|aplica|incluye|abarca)[^.;\n]*"
    r"|(?:à l'exclusion|à l'exception|ne s'applique(?:nt)? pas|excepto|con excepción|a excepción)[^.;,\n]*"
    r"|(?:không áp dụng|không bao gồm|ngoại trừ|trừ các)[^.;\n]*",
    re.IGNORECASE,
)
_SIGNS_OF_IT = (
    "not appl", "not cover", "not incl", "excl", "other than", "except", "no se ", "no aplica", "no incl",
    "no abarca", "pas ", "không ", "trừ ",
)  # fmt: skip
_CODED = re.compile(r"\(\s*(HS|ICS) code\(s\):[^()]*\)", re.IGNORECASE)
_OFFICIAL = re.compile(
    r"\bincl\.|\bexcl\.|\bn\.e\.s|not elsewhere specified|whether or not|thereof|\bheading", re.IGNORECASE
)
_PURPOSE = re.compile(r" (?:for|para|pour|used in|used on|dùng cho|cho) ")
_BREAKS = re.compile(r"[;,:\n•]|(?<=[a-zà-ÿ)])\.(?=[A-ZÀ-Þ])|\s[-–—]\s?|\(?\b[a-z]\)\s|\b[a-z]\.\s+(?=[A-Z])")
_NO_PRODUCT = re.compile(
    r"requirement|sampling|test|definition|terms|inspection|packing|packaging|labell?ing|marking|storage|transport"
    r"|procedure|provision|paragraph|\barticle \d|section|annex|evaluation|exigenc|essai|conditionn|étiquet|marquage"
    r"|stockage|requisito|ensayo|muestreo|envasado|etiquet|rotulad|almacen|yêu cầu|phương pháp|bao gói|ghi nhãn"
    r"|bảo quản|vận chuyển",
    re.IGNORECASE,
)
_USED_ON = re.compile(r"\b(?:use[ds]?|suitable) (?:on|in|for|with)\b[^.]*$", re.IGNORECASE)
_ITEM, _ITEMS = 6, 4  # words of an item at most, items of a list at least
_STANDARD = re.compile(
    r"^\W*(?:draft |final )?(?!RT|TR|RDC|EU|EC|UN|No|PROY|HS|ICS|MRL)(?:[A-Z][A-Z.]{1,5}[ /-]){1,3}"
    r"\d{2,6}(?:[-./:]\s?\d+)*\b"
    r"|\b(?!RT|TR)[A-Z]{2,5}(?:[ /-][A-Z]{1,4})?[ -]\d{2,6}(?:-\d+)?\s?:\s?(?:19|20)\d\d\b"
)
_LONG = 110  # letters; nobody writes so long a name of a product by hand


def within(text: str) -> str:
    """The text without what it says it does not apply to."""
    if any(map(text.lower().__contains__, _SIGNS_OF_IT)):
        return _LEFT_OUT.sub(" ", text)
    return text


def own_products(products: str) -> str:
    """The products as the Member names them: the codes stay, the official wording before them goes."""
    if "code(s):" not in products.lower():
        return within(products)
    kept: list[str] = []
    at = 0
    for match in _CODED.finditer(products):
        pieces = [piece for piece in products[at : match.start()].split(";") if piece.strip()]
        if match[1].upper() == "ICS":
            pieces = pieces[:-1]
        kept += [piece for piece in pieces if not _official(piece)]
        kept.append(match.group())
        at = match.end()
    kept.append(products[at:])
    return within("; ".join(kept))


def _official(piece: str) -> bool:
    return piece.isupper() or len(piece) > _LONG or _OFFICIAL.search(piece) is not None


def purpose(words: str) -> int:
    """Where, in prepared words, the purpose begins (``thinner FOR car paint``); past the end where none is named."""
    match = _PURPOSE.search(words)
    return match.start() if match else len(words)


def listed(text: str) -> str:
    """The items of the lists of products in a description, one a line: ``gear for travel`` of "reporting for apparel,
    footwear, gear for travel, cookware"; empty where it holds none. A list that names what a standard treats (sampling,
    marking, transport) or what a product is used on lists no products."""
    found: list[str] = []
    run: list[str] = []
    before = ""
    for piece in (*_BREAKS.split(text), "." * (_ITEM + 1) + " ." * _ITEM):
        words = piece.split()
        if words and len(words) <= _ITEM:
            run.append(piece.strip())
        elif words:
            if (
                len(run) >= _ITEMS
                and not any(map(_NO_PRODUCT.search, run))
                and not _USED_ON.search(before[-200:])
            ):
                found += run
            run, before = [], piece
    return "\n".join(found)


def standard_number(title: str) -> str:
    """The number of a standard that a title gives (``DUS 2728:2024, Milking jelly``, ``SI 562 Fitness equipment``),
    in small letters; empty where it gives none. Technical regulations (``RTCR 503``) are no standards."""
    match = _STANDARD.search(title[:300])
    return " ".join(match[0].lower().split()) if match else ""
