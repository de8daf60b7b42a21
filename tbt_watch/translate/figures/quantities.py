"""Units, scales and currencies behind or before a number, and how Vietnamese writes them.

A symbol stays letter for letter (mg/kg, °C); a word becomes its symbol (milligrams → mg), as SI and the Vietnamese
Decree on units of measurement write it. Words of time (days, months) are the model's, they are no symbols.
"""

import re

_SYMBOLS = (
    "mg|µg|μg|ng|pg|kg|g|t|kt|mL|ml|µL|μL|µl|μl|cl|cL|dl|dL|hl|hL|kL|kl|L|l|mm|cm|dm|km|nm|µm|μm|m|ha|"
    "kWh|MWh|GWh|TWh|Wh|kW|MW|GW|mW|W|kVA|MVA|VA|kV|mV|V|mAh|Ah|mA|kA|kHz|MHz|GHz|THz|Hz|kPa|MPa|hPa|GPa|Pa|mbar|bar|"
    "kJ|MJ|GJ|J|kcal|cal|BTU|Btu|kN|N|Nm|dB\\(A\\)|dBm|dBi|dBA|dB|lm|lx|cd|ppm|ppb|ppt|mmol|µmol|μmol|nmol|mol|"
    "CFU|cfu|IU|UI|MPN|Bq|kBq|kGy|mGy|Gy|mSv|µSv|Sv|rpm|psi|kgf|lbs?|oz|ft|hp|cc|mT|µT|mmHg|"
    "µS|mS|kΩ|MΩ|mΩ|Ω|K|min|h|s|ms|µs"
)
_ATOM = rf"(?:{'|'.join(sorted(_SYMBOLS.split('|'), key=len, reverse=True))})(?:[²³]|\^?[23](?![\w.,]))?"
_COMPOUND = rf"{_ATOM}(?:[ ]?[/·][ ]?(?:[0-9]{{1,4}}[ ])?{_ATOM}){{0,3}}"
_SYMBOL = re.compile(rf"(?P<blank>[ \u00a0\u202f]?)(?P<unit>{_COMPOUND})(?![^\W_])")
_AMPERE = re.compile(r"[ \u00a0]A(?![\w])(?!\s+[a-z])")
_PERCENT = re.compile(
    r"[ \u00a0]?%(?P<of>[ ]?(?:v/v|m/m|w/w|m/v|w/v|vol)\b)?|[ -]?(?:per[ ]?cent|pour[ ]?cent|por[ ]?ciento)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"[ -](?:percentage[ ]points?|points? de pourcentage|puntos? porcentuale?s?)\b", re.IGNORECASE
)
_DEGREE = re.compile(
    r"[ \u00a0]?(?:[°º˚][ ]?(?P<letter>[CFK])\b|(?P<sign>℃|℉)"
    r"|(?:degrees?|deg\.?|degrés?|grados?)[ ](?P<word>Celsius|centigrade|centígrados|Fahrenheit|C\b|F\b))",
    re.IGNORECASE,
)
_ANGLE = re.compile(r"[ ]?°(?![\w])")
_MILLE = re.compile(
    r"[ ]?‰|[ -](?:parts?[ ]per[ ]thousand|per[ ]mil(?:le)?|pour[ ]mille|por[ ]mil)\b", re.IGNORECASE
)


def _words(table: str) -> dict[str, str]:
    found = {}
    for entry in table.split(";"):
        symbol, _, words = entry.strip().partition(":")
        found.update(dict.fromkeys(words.split(), symbol))
    return found


_SPELLED = _words(
    "mg: milligram milligrams milligramme milligrammes miligramo miligramos;"
    "µg: microgram micrograms microgramme microgrammes microgramo microgramos;"
    "g: gram grams gramme grammes gramo gramos;"
    "kg: kilogram kilograms kilogramme kilogrammes kilogramo kilogramos kilos;"
    "lít: litre litres liter liters litro litros;"
    "ml: millilitre millilitres milliliter milliliters mililitro mililitros;"
    "mm: millimetre millimetres millimeter millimeters millimètre millimètres milímetro milímetros;"
    "cm: centimetre centimetres centimeter centimeters centimètre centimètres centímetro centímetros;"
    "µm: micrometre micrometres micrometer micrometers micromètre micromètres micrómetros micron microns;"
    "nm: nanometre nanometres nanometer nanometers nanomètres nanómetros;"
    "m: metre metres meter meters mètre mètres metro metros;"
    "km: kilometre kilometres kilometer kilometers kilomètre kilomètres kilómetro kilómetros;"
    "ha: hectare hectares hectárea hectáreas;"
    "W: watt watts vatio vatios; kW: kilowatt kilowatts kilovatio kilovatios; V: volt volts voltio voltios;"
    "Hz: hertz hertzios; dB: decibel decibels décibels decibelios;"
    "tấn: tonne tonnes tonelada toneladas"
)
_NAMES = "|".join(sorted(_SPELLED, key=len, reverse=True))
_WORD = re.compile(
    rf"[ \u00a0-](?:(?:metric|cubic|square)[ ](?=tonn?e?s?\b))?(?P<one>{_NAMES}|tons)\b"
    rf"(?:[ ](?:per|par|por)[ ](?P<two>{_NAMES})\b)?",
    re.IGNORECASE,
)
_PER = re.compile(rf"[ ](?:per|par|por)[ ](?P<unit>{_COMPOUND})(?![^\W_])")
# "mil" in English is a thousandth of an inch, and "billion" in French a million millions: so each has its own.
_SCALES = {
    "en": {
        "hundred": "trăm",
        **dict.fromkeys(("thousand", "thousands"), "nghìn"),
        **dict.fromkeys(("million", "millions"), "triệu"),
        **dict.fromkeys(("billion", "billions"), "tỷ"),
        **dict.fromkeys(("trillion", "trillions"), "nghìn tỷ"),
    },
    "fr": {
        "mille": "nghìn",
        **dict.fromkeys(("million", "millions"), "triệu"),
        **dict.fromkeys(("milliard", "milliards"), "tỷ"),
    },
    "es": {
        "mil": "nghìn",
        **dict.fromkeys(("millón", "millones"), "triệu"),
        "mil millones": "tỷ",
        **dict.fromkeys(("billón", "billones"), "nghìn tỷ"),
    },
}
_SCALE = {
    language: re.compile(rf"[ \u00a0-]({'|'.join(sorted(words, key=len, reverse=True))})\b", re.IGNORECASE)
    for language, words in _SCALES.items()
}
# Short forms that can be nothing else, and those that are scales beside a currency only: Mn is manganese, TN nitrogen.
_SHORT = {"bn": "tỷ", "Bn": "tỷ", "BN": "tỷ", "bln": "tỷ", "mln": "triệu", "Mln": "triệu"}
_OF_MONEY = {
    **dict.fromkeys(("m", "M", "MM", "mn", "Mn", "MN", "mio", "Mio"), "triệu"),
    **dict.fromkeys(("k", "K"), "nghìn"),
    **dict.fromkeys(("B", "Md", "Mds", "Mrd"), "tỷ"),
    **dict.fromkeys(("tn", "Tn", "trn"), "nghìn tỷ"),
}
_ABBREVIATED = re.compile(
    rf"[ \u00a0]?(?P<short>{'|'.join(sorted((*_SHORT, *_OF_MONEY), key=len, reverse=True))})(?![\w²³/·])"
)
_CODES = (
    "USD|EUR|GBP|JPY|CNY|RMB|KRW|AUD|NZD|CAD|CHF|MXN|BRL|CLP|COP|PEN|ARS|UYU|PYG|BOB|CRC|GTQ|DOP|INR|PKR|LKR|BDT|NPR|"
    "PHP|THB|IDR|MYR|SGD|TWD|HKD|VND|SAR|AED|QAR|KWD|BHD|OMR|JOD|EGP|ILS|TRY|ZAR|KES|UGX|TZS|RWF|BIF|NGN|GHS|XOF|XAF|"
    "MAD|TND|DZD|UAH|RUB|KZT|GEL|AMD|PLN|CZK|HUF|BGN|SEK|NOK|DKK|ISK|JMD|TTD|BBD"
)
_SIGNS = {
    "US$": "USD",
    "US $": "USD", "U$S": "USD", "AU$": "AUD", "A$": "AUD", "CA$": "CAD", "C$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "NT$": "TWD", "R$": "BRL", "$": "đô la", "€": "euro", "£": "bảng Anh", "¥": "¥", "₹": "rupee",
    "₫": "đồng", "₩": "won",
}  # fmt: skip
_MONEY = "|".join((*map(re.escape, sorted(_SIGNS, key=len, reverse=True)), _CODES))
BEFORE = re.compile(
    rf"(?:(?<![\w$])(?P<money>{_MONEY})[ \u00a0]?)?"
    r"(?P<compare>[<>]=?[ ]?|[≤≥≈~±][ ]?)?(?P<sign>(?<![\w)\]%°²³])[-−\u2013+])?$"
)
_MONEY_BEFORE = re.compile(rf"(?<![\w$])(?:{_MONEY})[ \u00a0]?$")
_LONGEST_MONEY = 6
_AMOUNT = re.compile(r"[ \u00a0]?[0-9]")
_MONEY_AFTER = re.compile(rf"[ \u00a0]?(?:(?P<code>{_CODES})\b|(?P<sign>[€£₫₩])|(?P<euro>euros?)\b)")


def money_sign(written: str) -> str:
    """A currency before its number, as it stands behind it in Vietnamese: US$ → USD, € → euro."""
    return _SIGNS.get(written, written)


def scale_at(text: str, start: int, end: int, language: str) -> tuple[int, str] | None:
    """Where the scale behind a number ends ("million", "bn"), and its Vietnamese word.

    ``start`` and ``end`` are the number's; "m" and "k" are a scale where a currency stands before or behind.
    """
    language = language if language in _SCALES else "en"
    match = _SCALE[language].match(text, end)
    if match:
        return match.end(), _SCALES[language][match[1].casefold()]
    match = _ABBREVIATED.match(text, end)
    if match is None:
        return None
    short = match["short"]
    if short in _SHORT:
        return match.end(), _SHORT[short]
    money = money_at(text, match.end())
    if money_before(text, start) or (money and not _AMOUNT.match(text, money[0])):  # 5 m USD 20: metres
        return match.end(), _OF_MONEY[short]
    return None


def money_before(text: str, start: int) -> bool:
    """Whether a currency stands right before a number."""
    return _MONEY_BEFORE.search(text, max(0, start - _LONGEST_MONEY), start) is not None


def money_at(text: str, at: int) -> tuple[int, str] | None:
    """Where a currency behind a number ends, and its Vietnamese form."""
    match = _MONEY_AFTER.match(text, at)
    if match is None:
        return None
    if match["code"]:
        return match.end(), f" {match['code']}"
    return match.end(), f" {_SIGNS[match['sign']] if match['sign'] else 'euro'}"


def unit_at(text: str, at: int) -> tuple[int, str] | None:
    """Where the unit behind a number ends, and its Vietnamese form with the blank before it, if it has one."""
    for pattern, form in ((_POINTS, " điểm phần trăm"), (_MILLE, "‰")):
        match = pattern.match(text, at)
        if match:
            return match.end(), form
    match = _PERCENT.match(text, at)
    if match:
        return match.end(), f"% {match['of'].strip()}" if match["of"] else "%"
    return _degree(text, at) or _symbol(text, at) or _word(text, at)


def _degree(text: str, at: int) -> tuple[int, str] | None:
    match = _DEGREE.match(text, at)
    if match:
        letter = match["letter"] or match["word"] or {"℃": "C", "℉": "F"}[match["sign"]]
        return match.end(), f" °{letter[0].upper()}"
    match = _ANGLE.match(text, at)
    return (match.end(), "°") if match else None


def _symbol(text: str, at: int) -> tuple[int, str] | None:
    match = _SYMBOL.match(text, at) or _AMPERE.match(text, at)
    if match is None:
        return None
    unit = match.group().strip(" \u00a0\u202f")
    tight = match.group() == unit
    if tight and len(unit) == 1 and unit in "ANKJ":
        return None  # "category 1A" is no current
    unit = {"min": "phút", "h": "giờ"}.get(unit, unit)
    per = _PER.match(text, match.end())
    if per:
        return per.end(), f" {unit}/{per['unit']}"
    return match.end(), f" {unit}"


def _word(text: str, at: int) -> tuple[int, str] | None:
    match = _WORD.match(text, at)
    if match is None:
        return None
    name = match["one"].casefold()
    if name == "tons":
        return (match.end(), " tấn") if "metric" in match.group().casefold() else None  # a US ton is 907 kg
    form = _SPELLED[name]
    if match["two"]:
        other = _SPELLED[match["two"].casefold()]
        return match.end(), f" {_short(form)}/{_short(other)}"
    return match.end(), f" {form}"


def _short(unit: str) -> str:
    return "l" if unit == "lít" else unit
