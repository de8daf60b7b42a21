"""Units of measure behind numbers, and how Vietnamese text may write them."""

import re

# Symbol: what else says the same in English, French, Spanish or Vietnamese.
_UNITS = {
    "%": r"%|per\s?cent|pour cent|por ciento|phần trăm",
    "‰": r"‰|phần nghìn",
    "mg/kg": r"mg\s?/\s?kg",
    "µg/kg": r"[µμu]g\s?/\s?kg",
    "g/kg": r"(?<![mµμ])g\s?/\s?kg",
    "mg/l": r"mg\s?/\s?[lL](?:ít|it)?",
    "g/l": r"(?<![mµμ])g\s?/\s?[lL](?:ít|it)?",
    "mg": r"mg|mi-?li-?gam",
    "µg": r"[µμ]g|micr?o-?gam",
    "kg": r"kg|ki-?l[oô]-?gam|kilograms?",
    "g": r"g|gr?am|gam",
    "ml": r"m[lL]|mi-?li-?l[ií]t",
    "l": r"[lL]|l[ií]t",
    "mm": r"mm|mi-?li-?mét",
    "cm": r"cm|xăng-?ti-?mét|xentimét",
    "km": r"km|ki-?lô-?mét",
    "m": r"m|mét",
    "nm": r"nm|nanomét|na-?nô-?mét",
    "µm": r"[µμ]m|micr?omét|micron",
    "ha": r"ha|héc-?ta",
    "°C": r"[°ºo˚]\s?C|độ C|℃",
    "°F": r"[°ºo˚]\s?F|độ F",
    "kW": r"kW|ki-?lô-?oát",
    "MW": r"MW",
    "kWh": r"kWh",
    "W": r"W|oát",
    "kV": r"kV",
    "V": r"V|vôn",
    "kHz": r"kHz",
    "MHz": r"MHz",
    "GHz": r"GHz",
    "Hz": r"Hz|héc",
    "kPa": r"kPa",
    "MPa": r"MPa",
    "Pa": r"Pa",
    "kJ": r"kJ",
    "kcal": r"kcal",
    "ppm": r"ppm|phần triệu|parts per million",
    "ppb": r"ppb|phần tỷ|parts per billion",
    "dB": r"dB|đề-?xi-?ben",
}
_SYMBOL = "|".join(
    re.escape(symbol).replace("µ", "[µμ]").replace("°", "[°º]\\s?")
    for symbol in sorted(_UNITS, key=len, reverse=True)
)
_MEASURE = re.compile(rf"\d[ \u00a0]?(?P<unit>{_SYMBOL})(?![^\W\d_]|[/²³])")
_WAYS = {symbol: re.compile(rf"(?<![^\W\d_])(?:{ways})(?![^\W\d_])") for symbol, ways in _UNITS.items()}


def lost_units(source: str, target: str) -> list[str]:
    """The units that stand behind a number in ``source`` and nowhere in ``target``."""
    found = dict.fromkeys(_plain(match["unit"]) for match in _MEASURE.finditer(source))
    return [unit for unit in found if not _WAYS[unit].search(target)]


def _plain(unit: str) -> str:
    return re.sub(r"[º°]\s?", "°", unit.replace("μ", "µ"))
