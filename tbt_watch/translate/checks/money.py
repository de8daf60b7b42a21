"""Currencies: whether an amount is still in its own."""

import re
from collections.abc import Iterator

# ISO 4217 code: what else names it in English, French, Spanish or Vietnamese.
_NAMES = {
    "USD": r"US\$|\$|dollars?|dólar\w*|đô[ -]?la",
    "EUR": r"€|euros?",
    "GBP": r"£|pounds?|sterling|livres?|libras?|bảng(?:\s+anh)?",
    "JPY": r"¥|yen|yên",
    "CNY": r"RMB|¥|yuan|nhân\s+dân\s+tệ",
    "KRW": r"₩|won",
    "INR": r"₹|Rs\.?|rupees?|rupi|rupee",
    "VND": r"₫|đồng|dong",
    "THB": r"baht|bạt",
    "CHF": r"francs?|franc|phrăng",
    "MYR": r"RM|ringgit",
    "IDR": r"Rp\.?|rupiah",
    "BRL": r"R\$|rea(?:l|is)",
    "PEN": r"S/|sole?s?",
    "ZAR": r"rand",
    "ILS": r"shekels?|NIS",
    "TRY": r"lira",
    "UAH": r"hryvnia\w*",
    "RUB": r"r[uo]ubles?|rúp",
    **dict.fromkeys(("AUD", "CAD", "NZD", "SGD", "HKD", "TWD"), r"\w{0,3}\$|dollars?|đô[ -]?la"),
    **dict.fromkeys(("MXN", "CLP", "COP", "ARS", "UYU", "PHP", "DOP"), r"\$|pesos?|pê-?xô"),
    **dict.fromkeys(("SAR", "QAR", "OMR", "YER"), r"ri(?:y)?als?"),
    **dict.fromkeys(("KES", "UGX", "TZS"), r"shillings?"),
    **dict.fromkeys(("SEK", "NOK", "DKK", "ISK", "CZK"), r"(?:krona|kroner?|koruna\w*|curon)"),
    **dict.fromkeys(("AED", "MAD"), r"dirhams?"),
    **dict.fromkeys(("KWD", "BHD", "JOD", "TND", "DZD"), r"dinars?"),
    **dict.fromkeys(
        ("PLN", "HUF", "KZT", "NGN", "GHS", "RWF", "PKR", "LKR", "BDT", "EGP", "CRC", "GTQ"), r"(?!)"
    ),
}
_CODE = re.compile(rf"(?<![\w/-])(?:{'|'.join(_NAMES)})(?![\w/-])")
_NAMED = {
    code: re.compile(rf"(?<![^\W\d])(?:{code}|{names})(?![^\W\d])", re.IGNORECASE)
    for code, names in _NAMES.items()
}
_SIGNS = re.compile(r"€|£|\b(?:euros?)\b")
_EURO = {"€": "EUR", "£": "GBP"}


def money_faults(source: str, target: str) -> Iterator[str]:
    """Currencies that the original names by their code or sign and the Vietnamese does not, and the other way round.

    Both texts are without their codes: no part of a standard or a symbol is taken for a currency.
    """
    theirs, ours = _currencies(source), _currencies(target)
    yield from (f"{code} is missing" for code in theirs if code not in ours and not _is_named(code, target))
    yield from (
        f"{code} is not in the original"
        for code in ours
        if code not in theirs and not _is_named(code, source)
    )


def _currencies(text: str) -> dict[str, None]:
    found = dict.fromkeys(match.group() for match in _CODE.finditer(text))
    found.update(dict.fromkeys(_EURO.get(match.group(), "EUR") for match in _SIGNS.finditer(text)))
    return found


def _is_named(code: str, text: str) -> bool:
    return _NAMED[code].search(text) is not None
