"""Codes: whether each one of the original is there, and none that the original does not hold."""

import re
from collections.abc import Sequence

from tbt_watch.translate.figures.codes import Code

# Codes that the original may say in words, and how it names them in English, French and Spanish.
_SUBSTANCES = {
    "CO2": r"carbon(?:ic)?|carbone|carbono",
    "SO2": r"sul(?:ph|f)ur|soufre|azufre",
    "NO2": r"nitrogen|azote|nitrógeno",
    "N2O": r"nitrous|nitrogen|azote|nitros",
    "NH3": r"ammoni\w*|amon\w+",
    "CH4": r"methane|méthane|metano",
    "H2S": r"hydrogen\s+sul|hydrogène\s+sul|sulfhídrico|sulfuro",
    "O2": r"oxygen|oxygène|oxígeno",
    "O3": r"ozone?|ozono",
    "H2O": r"water|eau|agua",
    "H2O2": r"peroxide|peroxyde|peróxido",
    "P2O5": r"phosph\w+|fósforo|fosfato\w*",
    "K2O": r"potas\w+|kali\w*",
    "B1": r"thiamine?|tiamina",
    "B2": r"riboflavine?|riboflavina",
    "B3": r"niacine?|niacina|nicotin\w+",
    "B5": r"pantothen\w+|pantotén\w+",
    "B6": r"pyridoxine?|piridoxina",
    "B9": r"fol(?:ate|ic)s?|folique|fólico",
    "B12": r"cobalamine?|cobalamina",
    "D2": r"ergocalciferol",
    "D3": r"cholecalciferol|colecalciferol",
    "PM10": r"particulates?|particules?|partículas?",
    "PM2.5": r"particulates?|particules?|partículas?",
}


def code_faults(
    source: str, target: str, source_codes: Sequence[Code], target_codes: Sequence[Code]
) -> list[str]:
    """What is wrong with the codes of a Vietnamese text, a phrase a fault.

    ``source_codes`` and ``target_codes``: those of the two texts, in their order (``figures.codes.find_codes``).
    """
    known, plain = _squeezed(source), _squeezed(target)
    # A code may stand in another dress, as long as its letters and digits stand together.
    there = {code.key for code in target_codes}
    wanted = dict.fromkeys(code.key for code in source_codes)
    lost = [key for key in wanted if key not in there and _squeezed(key) not in plain]
    mixed = {code.key for code in source_codes if code.kind == "mixed"}
    strange = {
        code.key: None
        for code in {code.key: code for code in target_codes}.values()
        if not (
            _squeezed(code.key) in known or _between(code.key, mixed) or _named(code.key, source)
            if code.kind == "mixed"
            else _stands_in(code.key, known)
        )
    }
    keys = [[code.key for code in codes] for codes in (source_codes, target_codes)]
    moved = [keys[1]] if keys[0] != keys[1] and sorted(keys[0]) == sorted(keys[1]) else []
    return [
        *(f"{key} is missing" for key in lost),
        *(f"{key} is not in the original" for key in strange),
        *(f"{', '.join(order)} stand in another order" for order in moved),
    ]


def _squeezed(text: str) -> str:
    """A text without what two ways to write one code differ in: case, blanks, dashes, brackets, "No."."""
    plain = re.sub(r"(?<=\d),(?=\d)", ".", text.casefold().replace("đ", "d"))
    return re.sub(r"[\s:()\u2010-\u2015-]|\b(?:no|số)\b\.?|(?<=\d)\.(?=\d{3}\b)", "", plain)


def _between(key: str, others: set[str]) -> bool:
    """It lies between two codes of the original: F1 to F3, and F2."""
    letters, number = _series(key)
    alike = [one for series, one in map(_series, others) if series == letters]
    return bool(alike) and min(alike) <= number <= max(alike)


def _series(key: str) -> tuple[str, int]:
    """The letters of a code and its number: F and 3."""
    letters = key.rstrip("0123456789")
    return letters, int(key[len(letters) :] or 0)


def _named(key: str, source: str) -> bool:
    """The original says it in words: carbon dioxide, and CO2; decapod iridescent virus 1, and DIV1."""
    name = _SUBSTANCES.get(key)
    initials = re.fullmatch(r"([A-Z]{2,6})(\d{1,3})", key)
    if name is None and initials:
        name = r"\w*[\s-]+".join((*initials[1], initials[2])) + r"\b"
    return name is not None and re.search(rf"\b(?:{name})", source, re.IGNORECASE) is not None


def _stands_in(key: str, text: str) -> bool:
    number = re.search(r"\d.*", _squeezed(key))
    return number is None or number.group() in text
