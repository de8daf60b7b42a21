"""Units of measure behind numbers, in four languages: whether each number keeps its own.

``5 mg/kg``, ``5 milligrams per kilogram`` and ``5 mg trên kg`` are one; so are ``sixty days`` and ``60 ngày``. A
number that has no unit of its own has that of the number it is joined to: ``from 5 to 10 °C``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tbt_watch.translate.figures.numerals import number_words, numbers_at, numerals

# Unit: its symbols, each letter as it stands, and behind the colon its names, in any case and with or without an s.
_UNITS = """
%    %    : per cent|percent|percentage point|pour cent|point de pourcentage|points de pourcentage
%    %    : por ciento|punto porcentual|puntos porcentuales|phần trăm|điểm phần trăm
‰    ‰    : per mille|parts per thousand|phần nghìn
mg   mg   : milligram|milligramme|miligramo|miligam|mi-li-gam
µg   µg|mcg|ug : microgram|microgramme|microgramo|microgam|micrôgam
ng   ng   : nanogram|nanogramme|nanogam
kg   kg|Kg|KG : kilogram|kilogramme|kilogramo|kilo|kilogam|ki-lô-gam|kilôgam
g    g|gr : gram|gramme|gramo|gam
t    t    : tonne|metric ton|tonelada|tấn|ton
ml   ml|mL : millilitre|milliliter|mililitro|mililít|mililit|mi-li-lít
µl   µl|µL : microlitre|microliter|microlít
cl   cl|cL : centilitre|centiliter
hl   hl|hL : hectolitre|hectoliter|hectolitro|hectôlít|hectolít|hectolit
l    l|L  : litre|liter|litro|lít
mm   mm   : millimetre|millimeter|millimètre|milímetro|milimét|milimet|mi-li-mét
cm   cm   : centimetre|centimeter|centimètre|centímetro|xentimét|xăng-ti-mét|centimét|centimet|xentimet
km   km   : kilometre|kilometer|kilomètre|kilómetro|kilômét|kilomét|kilomet|ki-lô-mét
nm   nm   : nanometre|nanometer|nanomètre|nanómetro|nanomét|nanomet|na-nô-mét
µm   µm|um : micrometre|micrometer|micromètre|micrómetro|micromét|micrômét|micromet|micron
m    m    : metre|meter|mètre|metro|mét
ha   ha   : hectare|hectárea|héc-ta|hecta
in   inch : inches|pulgada|pouce
ft   ft   : feet|foot|pie|pied
lb   lb|lbs : pound|libra|livre
oz   oz   : ounce|onza
gal  gal  : gallon|galón|galones
°C   °C|ºC|˚C|℃|° C|º C|oC : degree celsius|degrees celsius|degrees centigrade|°celsius|° celsius|độ c
°C   °C   : degré celsius|degrés celsius|grados celsius|grado celsius|grados centígrados
°F   °F|ºF|˚F|℉|° F : degree fahrenheit|degrees fahrenheit|grados fahrenheit|độ f
kWh  kWh  : kilowatt-hour|kilowatt hour
MWh  MWh  : megawatt-hour
Wh   Wh   : watt-hour|watt hour|oát giờ
kW   kW|KW : kilowatt|kilovatio|ki-lô-oát
MW   MW   : megawatt
mW   mW   : milliwatt|miliwatt|milioát
W    W    : watt|vatio|oát
kVA  kVA
kV   kV|KV : kilovolt|kilôvôn
mV   mV   : millivolt
V    V    : volt|voltio|vôn
mAh  mAh
Ah   Ah   : ampere-hour
mA   mA   : milliampere
A    A    : ampere|amp|amperio|ampe
Ω    Ω    : ohm|ôm
Hz   Hz   : hertz|héc
kHz  kHz|KHz : kilohertz
MHz  MHz  : megahertz
GHz  GHz  : gigahertz
Pa   Pa   : pascal
kPa  kPa  : kilopascal
MPa  MPa  : megapascal
bar  bar : bar
psi  psi
J    J    : joule|jun
kJ   kJ|KJ : kilojoule
MJ   MJ   : megajoule
kcal kcal|Kcal : kilocalorie|kilocalo
kN   kN
N    N    : newton|niutơn
lm   lm   : lumen
dB   dB   : decibel|décibel|decibelio|đề-xi-ben|đêxiben
ppm  ppm  : parts per million|phần triệu
ppb  ppb  : parts per billion|phần tỷ
mol  mol  : mole
mmol mmol
CFU  CFU|cfu|UFC : colony forming unit|colony-forming unit|đơn vị hình thành khuẩn lạc
IU   IU|UI : international unit|đơn vị quốc tế
Bq   Bq   : becquerel
kGy  kGy
Gy   Gy
mSv  mSv
m2   m2|m² : square metre|square meter|mètre carré|mètres carrés|metro cuadrado|metros cuadrados|mét vuông
m3   m3|m³ : cubic metre|cubic meter|mètre cube|mètres cubes|metro cúbico|metros cúbicos|mét khối
cm2  cm2|cm² : square centimetre|square centimeter|centimét vuông
cm3  cm3|cm³|cc : cubic centimetre|cubic centimeter|centimét khối
mm2  mm2|mm² : square millimetre|square millimeter|milimét vuông
ft2  ft2|ft² : square foot|square feet|foot vuông
ft3  ft3|ft³ : cubic foot|cubic feet|foot khối
km2  km2|km² : square kilometre|square kilometer
day  .    : day|calendar day|working day|business day|consecutive day|clear day|jour|día|ngày
week .    : week|semaine|semana|tuần
month .   : tháng tuổi|month|calendar month|mois|mes|meses|tháng
year .    : year|calendar year|an|année|año|năm|tuổi
h    h    : hour|heure|hora|giờ|tiếng
min  min  : minute|minuto|phút
s    s    : second|seconde|segundo|giây
"""
_TIMES = frozenset({"day", "week", "month", "year", "h", "min", "s"})


def _read(table: str) -> tuple[dict[str, str], dict[str, str]]:
    symbols: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in table.strip().splitlines():
        written, _, words = line.partition(" : ")
        unit, _, own = written.partition(" ")
        symbols.update((symbol, unit) for symbol in own.strip().split("|") if symbol != ".")
        names.update((word, unit) for word in words.strip().split("|") if word)
    return symbols, names


_SYMBOLS, _NAMES = _read(_UNITS)


# One word of a unit, and what may stand between two.
_WORD = re.compile(r"(?:[°º˚]\s?)?[^\W\d_]+(?:[²³]|[23](?!\w|[.,]\d))?|[%‰℃℉]")
_SPACE = re.compile(r"[ \u00a0-]?")
# "25 mmW": 25 mm wide; thickness, width, height, length, depth.
_SIDE = re.compile(r"(?<=^[cm]m)[TWHLD]$")
_MOST_WORDS = 6
_MOST_JOINED = 6
_PER = re.compile(
    r"\s?/\s?(?:(?P<of>10{0,3})\s?)?|\s(?i:per|par|por|a|an|each|every|(?:trên|cho)?\s?(?:mỗi|một)|trên|"
    r"cho)\s(?:(?P<off>10{0,3})\s?)?"
)
_NO_UNIT = re.compile(r"(?:ngày|tháng|năm)\s*[\d\0]")
_DECADE = re.compile(r"(?:1[6-9]|20)\d0s\b")
_GAP = re.compile(r"[ \u00a0\u202f]?[-\u2010\u2011]?\s?")
_JOINED = re.compile(
    r"\s*(?:[-\u2010-\u2015~/x×±,]|(?i:to|and|or|by|till?|through|à|et|ou|jusqu'à|a|y|o|hasta|đến|tới|"
    r"lên|xuống|còn|và|hoặc|hay)"
    r"|,\s*(?i:and|or|và|hoặc))\s*(?:(?i:từ|about|khoảng|[+±–-])\s*)?",
)
_CLOCK = re.compile(r"\d\s*[ap]\.?\s?m\b|\b\d{1,2}[:.h]\d{2}\b|noon|midnight|midi|mediodía", re.IGNORECASE)

_AGE = re.compile(
    r"\b(?:age[ds]?|child\w*|person\w*|minors?|people|adults?|enfants?|âges?|niñ\w+|edad\w*|menores)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, by its key in ``numerals``, and its unit; ``own``: which stands right behind it."""

    number: str
    unit: str
    own: bool = field(default=True, compare=False)

    @property
    def head(self) -> tuple[str, str]:
        """The number and its unit without what it is counted on."""
        return self.number, self.unit.partition("/")[0]


def measures(text: str, language: str) -> list[Measure]:
    """The numbers of a text that have a unit, in their order."""
    found: list[Measure] = []
    waiting: list[str] = []
    chain: list[int] = []  # the measures so far that the next number is joined to
    end = 0
    for start, stop, keys in numbers_at(text, language):
        if not _JOINED.fullmatch(text, end, start):
            waiting, chain = [], []
        end = stop
        waiting += keys
        gap = _GAP.match(text, stop)
        unit = None if _DECADE.match(text, start) else unit_at(text, gap.end() if gap else stop)
        if unit:
            end, name = unit
            for at in chain:
                if name.startswith(f"{found[at].unit}/"):  # from 60 kcal to 70 kcal per 100 ml
                    found[at] = Measure(found[at].number, name, found[at].own)
            chain = [*chain, *range(len(found), len(found) + len(waiting))][-_MOST_JOINED:]
            found += [Measure(key, name, key in keys) for key in waiting]
            waiting = []
    return found


def unit_at(text: str, at: int) -> tuple[int, str] | None:
    """Where the unit that begins there ends, and which it is: ``mg/kg``, ``g/100ml``, ``day``."""
    head = _simple(text, at)
    if head is None or _NO_UNIT.match(text, at):
        return None
    end, name = head
    if per := _PER.match(text, end):
        foot = _simple(text, per.end())
        if foot:
            return foot[0], f"{name}/{per['of'] or per['off'] or ''}{foot[1]}"
    return head


def _simple(text: str, at: int) -> tuple[int, str] | None:
    ends: list[int] = []
    for _ in range(_MOST_WORDS):
        match = _WORD.match(text, at if not ends else _SPACE.match(text, ends[-1]).end())  # type: ignore[union-attr]
        if match is None:
            break
        ends.append(match.end())
    for end in reversed(ends):
        if end < len(text) and text[end].isalnum():
            continue
        written = text[at:end].replace("° ", "°").replace("º ", "º")
        word = written.casefold()
        written = _SIDE.sub("", written)
        name = _SYMBOLS.get(written) or _NAMES.get(word) or _NAMES.get(word.removesuffix("s"))
        if name:
            return end, name
    return None


def _named(text: str) -> set[str]:
    """Every unit that a text names, behind a number or not."""
    found = set()
    for match in _WORD.finditer(text):
        if unit := unit_at(text, match.start()):
            found |= {unit[1], unit[1].partition("/")[0]}
    return found


def unit_faults(source: str, target: str, language: str) -> Iterator[str]:
    """Numbers that lost their unit or got another one, and units that the original has nowhere.

    ``source`` and ``target`` are without their codes, and NUL stands for their dates.
    """
    source, target = (text.replace("μ", "µ").replace("\u2126", "Ω") for text in (source, target))
    theirs_in_order, ours_in_order = measures(source, language), measures(target, "vi")
    theirs, ours = Counter(theirs_in_order), Counter(ours_in_order)
    written = numerals(target, "vi").written
    for one, times in theirs.items():
        if ours[one] < min(times, written[one.number]):
            yield f"{one.number} {one.unit} is missing"
    spelled = {
        Measure(value, unit[1]) for end, value in number_words(source) if (unit := unit_at(source, end + 1))
    }
    yield from _left_bare(theirs_in_order, ours_in_order)
    for one in spelled - theirs.keys():
        if one not in ours and written[one.number] and one.number not in numerals(source, language).written:
            yield f"{one.number} {one.unit} is missing"
    yield from _reordered(theirs_in_order, ours_in_order)
    strange = [one for one in ours if one not in theirs and one not in spelled]
    known = {one.number for one in (*theirs, *spelled)}
    named = _named(source) if strange else set()
    implied = {"h", "min"} if _CLOCK.search(source) else set()
    implied |= {"year"} if _AGE.search(source) else set()
    for one in strange:
        if (one.number in known or one.unit not in named) and one.unit not in implied:
            yield f"{one.number} {one.unit} is not in the original"


def _left_bare(theirs: list[Measure], ours: list[Measure]) -> Iterator[str]:
    """Numbers that have a unit of their own in the original, and share another's in the Vietnamese."""
    wanted, own = (Counter(one.head for one in found if one.own) for found in (theirs, ours))
    there = Counter(one.head for one in ours)
    for head, times in wanted.items():
        if own[head] < min(times, there[head]):
            yield f"{' '.join(head)} lost its unit"


def _reordered(theirs: list[Measure], ours: list[Measure]) -> Iterator[str]:
    """Amounts that changed places: 90 mg/kg of lead and 75 of cadmium, 5 mg of lead and 10 % of zinc. In right
    translations spans of time do, others hardly ever."""
    for unit in dict.fromkeys(one.unit for one in theirs):
        first, second = ([one.number for one in found if one.unit == unit] for found in (theirs, ours))
        if first != second and sorted(first) == sorted(second):
            yield f"{', '.join(second)} {unit} stand in another order"
            return
    amounts, others = ([one for one in found if one.unit not in _TIMES] for found in (theirs, ours))
    if amounts != others and Counter(amounts) == Counter(others):
        yield f"{', '.join(f'{one.number} {one.unit}' for one in others)} stand in another order"
