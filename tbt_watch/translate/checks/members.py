"""The Members' names in a text: in English, French or Spanish, and in the Vietnamese of it.

Names come from the table of Members, from Babel in four languages, and from ``translations/member_spellings.tsv``:
what else originals and Vietnamese texts write, and the stems of adjectives ("brazil" stands for Brazilian).
A name is not always a country: turkey is a bird, china is porcelain, Sudan is a dye, and a Vietnamese "Mỹ phẩm" is
cosmetics. What a text may mean by a name, but need not, is allowed in the translation and not asked of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import ahocorasick
from babel import Locale

from tbt_watch.domain.text import lowered, nfc
from tbt_watch.language import Language, Member, translations_dir
from tbt_watch.language.tables import Row, rows, spellings

ORIGINALS = ("en", "fr", "es")
_NAME = re.compile(r"[^\W\d_]+")

# Short forms that are more often something else: allowed, never asked for.
_PERHAPS = frozenset({"ec", "eec", "ce", "ue", "us", "u.s.", "eau", "prc", "drc"})
_SOURCE_NOT = {  # name: (what before it, what after it) makes it no country
    "turkey": (
        "",
        r"\s+(?:meat|breast|poult|hens?|eggs?|carcass|hams?|legs?|wings?|thigh|sausage|birds?|farm|cuts?)",
    ),
    "guinea": ("", r"[\s-]+(?:fowl|pig|grass|worm|corn|hen)"),
    "china": (r"\b(?:bone|fine|vitreous|hotel)\s+$", r"\s+(?:clay|ware|bark|rose|cabinet|grass)"),
    "georgia": (r"\bState\s+of\s+$", r",?\s+(?:U\.?S\.?|United States)"),
    "jordan": ("", r"\s+almond"),
    "niger": (r"\b(?:Aspergillus|A\.)\s+$", r"\s+seed"),
    "india": ("", r"[\s-]+(?:ink|rubber|paper)"),
    "japan": ("", r"\s+(?:wax|black|lacquer)"),
    "mexico": (r"\bNew\s+$", ""),
    "england": (r"\bNew\s+$", ""),
    "wales": (r"\bNew South\s+$", ""),
    "brazil": ("", r"\s+nuts?\b"),
    "peru": (r"\bBalsam\s+of\s+$", ""),
    "panama": ("", r"\s+(?:hat|disease)"),
    "sudan": ("", r"[\s-]+(?:red|black|orange|dye|grass|I|1|2|3|4)"),
    "congo": ("", r"\s+red\b"),
    "korea": (r"\b(?:North|Democratic People's Republic of)\s+$", ""),
    "chile": (
        "",
        r"\s+(?:seco|verde|rojo|ancho|habanero|jalapeño|serrano|poblano|en polvo|fresco|pepper|powder)",
    ),
}
_BIRD = re.compile(r"\b(?:poultry|meat|chicken|duck|goose|geese|fowl|quail|ostrich|eggs?)\b", re.IGNORECASE)
_TARGET_NOT = {
    "ý": (
        r"\b(?:góp|đồng|chú|lưu|tùy|tuỳ|thực|đại|hàm|hữu|lấy|cho|xin|vô|cố)\s+$",
        r"\s+(?:kiến|nghĩa|định|tưởng|thức|đồ|chí|muốn|dĩ|kiên)",
    ),
    "pháp": ("", r"\s+(?:lệnh|luật|nhân|chế|lý|quy|điển|định|chứng|y|danh|môn)"),
    "anh": (r"\bhệ\s+$", r"\s+(?:đào|hùng|túc)"),
    "mỹ": (r"\b(?:Bắc|Nam|Trung|châu|La tinh|đô la|đồng)\s+$", r"\s+(?:phẩm|thuật|nghệ|quan|La)"),
    "áo": ("", r"\s+(?!và\b|hoặc\b|thông\b)[^\W\d_]"),
    "nhật": (r"\b(?:Chủ|cập|sinh)\s+$", r"\s+(?:ký|kí|báo|trình|thực)"),
    "nga": (r"\b(?:Thiên|Hằng)\s+$", r"\s+(?:truật|my)"),
    "lào": ("", r"\s+Cai"),
    "ai cập": (r"\bthì là\s+$", ""),
    "sudan": (r"\b(?:màu|nhuộm)\s+$", r"\s+(?:I{1,3}|IV|[1-4]|Red|Black|Orange|[Đđ]ỏ|[Đđ]en|[Cc]am)\b"),
    "hà lan": (r"\bđậu\s+$", ""),
    "đức": ("", r"\s+(?:Giang|Thọ|Hòa|Trọng)"),
}


def _compiled(table: dict[str, tuple[str, str]]) -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    return {
        name: (re.compile(before or r"(?!)", re.IGNORECASE), re.compile(after or r"(?!)"))
        for name, (before, after) in table.items()
    }


_NOT = {**{lang: _compiled(_SOURCE_NOT) for lang in ORIGINALS}, "vi": _compiled(_TARGET_NOT)}
_AROUND = 40
_WAYS = {
    lang: re.compile(rf"\b(?:(?P<origin>{origin})|(?P<goal>{goal}))\s+$", re.IGNORECASE)
    for lang, origin, goal in (
        ("en", r"(?:from|of|in)(?:\s+the)?", r"(?:to|into)(?:\s+the)?"),
        ("fr", r"(?:de\s+la|de|du|des|d')", r"(?:vers|à|au|aux|en)(?:\s+l[ae]s?)?"),
        ("es", r"(?:de|del|desde)(?:\s+la|\s+el|\s+los)?", r"(?:a|al|hacia|en)(?:\s+la|\s+el|\s+los)?"),
        ("vi", r"(?:từ|của|tại|ở)", r"(?:sang|vào|tới|đến|cho)"),
    )
}
_AUTHORITY = re.compile(
    r"\b(?:Minist[er]|Ministère|Department|Departamento|Agenc|Agence|Bureau|Commission|Comisión|"
    r"Administration|Authorit|"
    r"Office|Institut|Service|Secretar|Council|Consejo|Board|Parliament|Cabinet|Government|Governor|"
    r"Customs|Directorate|"
    r"Superintend|Executive|Act\b|Decree|Ordinance|Portaria|Royal|National|Norma|NOM)|\b[A-Z]{3,}\b"
)
_BODY = re.compile(
    r"\b(?:Bộ|Cục|Cơ quan|Ủy ban|Uỷ ban|Viện|Tổng cục|Nghị viện|Quốc hội|Chính phủ|Nội các|Hội đồng|"
    r"Công báo|Ban|Sở|Toàn quyền"
    r"|Tiêu chuẩn|Đạo luật|Luật|Pháp lệnh|Nghị định|Văn phòng|Vụ)\b[^.;:]{0,150}$"
)


@dataclass(frozen=True, slots=True)
class Naming:
    """One name in a text: the Members that it may stand for, and whether it surely names one."""

    text: str
    codes: frozenset[str]
    sure: bool
    way: str = ""
    """Whether the word before it makes it the "origin" of something or its "goal"."""


class MemberNames:
    """All spellings of all Members, compiled once."""

    def __init__(self, language: Language) -> None:
        extra = {row["code"]: row for row in rows(translations_dir() / "member_spellings.tsv", _COLUMNS)}
        forms: dict[str, dict[str, set[str]]] = {lang: defaultdict(set) for lang in (*ORIGINALS, "vi")}
        self._stems: dict[str, list[tuple[str, str]]] = defaultdict(list)
        aliases = _aliases(language)
        for code, member in language.members.items():
            row = extra.get(code)
            for lang, names in _spelled(member, row, aliases.get(code, ())):
                for name in names:
                    forms[lang][lowered(_plain(name, lang))].add(code)
            for stem in spellings(row["stems"]) if row else ():
                self._stems[stem[:2]].append((stem, code))
        self._forms = {lang: {n: frozenset(c) for n, c in found.items()} for lang, found in forms.items()}
        self._automata = {lang: _automaton(found) for lang, found in self._forms.items()}

    def named(self, text: str, lang: str) -> list[Naming]:
        """The names in a text of ``lang`` ("en", "fr", "es", "vi"), the longest of those that overlap."""
        text = _plain(text, lang)
        folded = lowered(text)
        found: list[Naming] = []
        bird = cache(lambda: _BIRD.search(text) is not None)
        for start, end in _longest(self._automata[lang].iter(folded), folded):
            written, name = text[start:end], folded[start:end]
            if _is_name(written, name, lang) and not _excluded(text, start, end, name, lang):
                sure = name not in _PERHAPS and not (name == "turkey" and bird())
                way = _WAYS[lang].search(text[max(0, start - _AROUND) : start])
                found.append(
                    Naming(written, self._forms[lang][name], sure, (way.lastgroup or "") if way else "")
                )
        return found

    def hinted(self, text: str) -> set[str]:
        """The Members whose adjectives stand in an original."""
        words = [word.casefold() for word in _NAME.findall(text)]
        words += [f"{one} {two}" for one, two in pairwise(words)]
        return {
            code
            for word in words
            for stem, code in self._stems.get(word[:2], ())
            if (word.startswith(stem) if len(stem) > 3 else word == stem)
        }

    def faults(
        self, source: str, target: str, lang: str, members: Collection[str] = (), asked: str | None = None
    ) -> Iterator[str]:
        """A Member of the original that the Vietnamese does not name, and one that it names out of nowhere.

        Both texts are without their codes: the Member in a symbol is no name. ``members``: those whose text it is.
        ``asked``: the original without what the Vietnamese need not name, where that is not all of it.
        """
        there, here = self.named(source, lang), self.named(target, "vi")
        ours = frozenset().union(*(naming.codes for naming in here))
        seen: set[frozenset[str]] = set()
        for naming in there if asked is None or asked == source else self.named(asked, lang):
            if naming.sure and naming.codes not in seen and not naming.codes & ours:
                seen.add(naming.codes)
                yield f"{naming.text} is missing"
        known = self.hinted(source).union(members, *(naming.codes for naming in there))
        strange = {n.text: n for n in here if n.sure and n.text[:1].isupper() and not n.codes & known}
        # "The Ministry of Health" may be said to be the Ministry of Health of Japan, where no other Member is named.
        if not known and len(strange) == 1 and _AUTHORITY.search(source) and _spelled_out(target, *strange):
            return
        for name in strange:
            yield f"{name} is not in the original"
        yield from _swapped(there, here)


def _swapped(there: Collection[Naming], here: Collection[Naming]) -> Iterator[str]:
    """Members that changed places: what Kenya exports to Uganda. Where the words before them tell from where and to
    where, they may stand in any order."""
    times = [Counter(naming.codes for naming in namings if naming.sure) for namings in (there, here)]
    theirs, ours = _in_order(there), _in_order(here)
    # Named once more than in the original, a Member stands there for an adjective.
    if list(theirs) == list(ours) or times[0] != times[1]:
        return
    if all(theirs[codes].way and theirs[codes].way == naming.way for codes, naming in ours.items()):
        return
    yield f"{', '.join(naming.text for naming in ours.values())} stand in another order"


def _in_order(namings: Iterable[Naming]) -> dict[frozenset[str], Naming]:
    found: dict[frozenset[str], Naming] = {}
    for naming in namings:
        if naming.sure:
            found.setdefault(naming.codes, naming)
    return found


def _spelled_out(target: str, name: str) -> bool:
    """Whether a Member's name stands behind that of a body or an act: ``Bộ Y tế Nhật Bản``."""
    at = target.find(name)
    return at > 0 and _BODY.search(target[max(0, at - 200) : at]) is not None


_COLUMNS = "code en fr es vi stems"
_HYPHEN = re.compile(r"(?<=[^\W\d_])-[ \u00a0]?(?=[^\W\d_])")


def _plain(text: str, lang: str) -> str:
    """With plain apostrophes and blanks; Vietnamese without the hyphens of ``In-đô-nê-xi-a``."""
    text = re.sub(r"\s", " ", nfc(text).replace("\u2019", "'"))
    return _HYPHEN.sub("", text) if lang == "vi" else text


def _aliases(language: Language) -> dict[str, list[str]]:
    found = defaultdict(list)
    for name, code in language.member_names.items():
        found[code].append(name)
    return found


def _spelled(member: Member, row: Row | None, aliases: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
    """The spellings by language."""
    label = member.label
    english = {label.en, label.short_en, member.prose_en, *_babel(member, "en"), *_extra(row, "en")}
    yield "en", {re.sub("^[Tt]he ", "", name) for name in english}
    for lang in ("fr", "es"):
        yield lang, {*_babel(member, lang), *_extra(row, lang)}
    known = {name.casefold() for name in english}
    other = {alias for alias in aliases if alias not in known and not re.search(r"\d|\b(?:of|the)\b", alias)}
    own = {label.vi, label.short_vi, *_extra(row, "vi")}
    yield "vi", own | (other | set(_babel(member, "vi"))) - {name.casefold() for name in english}


def _babel(member: Member, lang: str) -> list[str]:
    name = Locale(lang).territories.get(member.iso2)
    return [name] if name else []


def _extra(row: Row | None, lang: str) -> tuple[str, ...]:
    return spellings(row[lang]) if row else ()


def _automaton(forms: Iterable[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for form in forms:
        automaton.add_word(form, len(form))
    automaton.make_automaton()
    return automaton


def _longest(hits: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The hits that are whole words, from left to right, the longer before the shorter."""
    spans = [(last + 1 - size, last + 1) for last, size in hits]
    whole = [(start, end) for start, end in spans if _edge(text, start - 1) and _edge(text, end)]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(whole, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or not text[at].isalnum()


def _is_name(written: str, name: str, lang: str) -> bool:
    """Names begin with a capital; a short Vietnamese one that is all capitals is a word of a heading."""
    if lang == "vi" and len(name) <= 4 and name not in ("eu", "ec", "uk", "usa", "uae"):
        return written[:1].isupper() and (len(name) == 1 or not written.isupper())
    return lang == "vi" or written[:1].isupper()


def _excluded(text: str, start: int, end: int, name: str, lang: str) -> bool:
    around = _NOT[lang].get(name)
    if around is None:
        return False
    before, after = around
    return bool(
        before.search(text[max(0, start - _AROUND) : start]) or after.match(text[end : end + _AROUND])
    )
