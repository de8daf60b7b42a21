"""What people type: products, codes, markets and times of day, with or without tones, in their own words; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cached_property, lru_cache

from babel import Locale

from tbt_watch.domain.subscriber import Criteria
from tbt_watch.domain.text import collapse, fold
from tbt_watch.language import Language
from tbt_watch.tag.codes import hs_digits
from tbt_watch.tag.vocabulary import Vocabulary

LONGEST = 60
"""Characters of one word or phrase."""
MOST = 30
"""Words, codes and sectors that one subscription takes."""

_BETWEEN = re.compile(r"[,;\n•]+|\s(?:và|va|and|hoặc|or)\s", re.IGNORECASE)
_CODE = re.compile(
    r"(?:(?:mã|ma|code)\s*)?(?:hs\s*)?(?:(?:mã|ma|code)\s*)?[:.]?\s*(\d[\d.\s]*\d)", re.IGNORECASE
)
_HOUR = re.compile(r"(?:lúc|luc|at)?\s*([01]?\d|2[0-3])\s*(?:(?::|h|giờ|gio)\s*([0-5]\d)?)?\s*(?:phút|phut)?")
_TONGUES = ("vi", "en", "fr", "es", "de", "pt", "zh", "zh_Hant", "ja", "ko", "th", "ru", "id", "km", "lo")
_ALSO = {
    "my": "USA", "us": "USA", "nhat": "JPN", "han": "KOR", "han quoc": "KOR", "trung quoc": "CHN", "tq": "CHN",
    "anh": "GBR", "uk": "GBR", "phap": "FRA", "duc": "DEU", "uc": "AUS", "nga": "RUS", "thai": "THA",
    "dai loan": "TPKM", "taiwan": "TPKM", "chau au": "EU", "europe": "EU", "eu": "EU", "an do": "IND", "lao": "LAO",
    "hong kong": "HKG",
}  # fmt: skip
"""Short names that no table has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was understood; ``unclear`` are the pieces that were not, as typed."""

    sectors: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything was understood."""
        return bool(self.sectors or self.hs or self.words)

    def added_to(self, criteria: Criteria) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Sectors, codes and words of the criteria with these, each once."""
        return (
            _together(criteria.sectors, self.sectors),
            _together(criteria.hs, self.hs),
            _together(criteria.words, self.words),
        )


class Reader:
    """Reads what was typed by the tables of the house; made once for a vocabulary."""

    def __init__(self, language: Language, vocabulary: Vocabulary) -> None:
        self._language, self.vocabulary = language, vocabulary

    def products(self, text: str) -> Found:
        """Sectors by name, HS codes, and words; several apart by commas or lines."""
        sectors: list[str] = []
        codes: list[str] = []
        words: list[str] = []
        unclear: list[str] = []
        whole = collapse(text)
        pieces = [whole] if fold(whole) in self._sectors else _BETWEEN.split(text)
        for piece in filter(None, (collapse(one).strip(" .!?\"'“”()") for one in pieces)):
            if code := self._sectors.get(fold(piece)):
                sectors.append(code)
            elif found := _CODE.fullmatch(piece):
                digits = hs_digits(found[1])
                known = digits and len(digits) % 2 == 0 and self.vocabulary.cross_hs(digits) is not None
                (codes if known else unclear).append(digits if known else piece)
            elif len(piece) <= LONGEST and sum(char.isalpha() for char in piece) >= 2:
                words.append(self._with_tones(piece))
            else:
                unclear.append(piece)
        return Found(
            sectors=_together(sectors),
            hs=_together(codes),
            words=_together(words),
            unclear=_together(unclear),
        )

    def markets(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Members and groups by code or name in many languages, and the pieces that are neither."""
        known: list[str] = []
        unclear: list[str] = []
        whole = collapse(text)
        pieces = [whole] if self.market(whole) else re.split(r"[,;/\n]+|\s(?:và|va|and)\s", text)
        for piece in filter(None, (collapse(one).strip(" .!?\"'()") for one in pieces)):
            code = self.market(piece)
            (known if code else unclear).append(code or piece)
        return _together(known), _together(unclear)

    def market(self, text: str) -> str | None:
        """The code of one Member or group."""
        groups = {*self.vocabulary.groups, *(group.code for group in self._language.groups)}
        if text.upper() in self._language.members or text.upper() in groups:
            return text.upper()
        return self._language.member_code(text) or self._members.get(fold(text)) or _ALSO.get(fold(text))

    def heading_of(self, word: str) -> str | None:
        """The HS heading that is called so, where one is."""
        return self._headings.get(word.casefold())

    def _with_tones(self, word: str) -> str:
        """A Vietnamese product that was typed without tones gets them: ``chuoi`` is ``chuối``."""
        low = word.casefold()
        if not low.isascii() or low in self._european:
            return low if word.isupper() or word.istitle() or word.islower() else word
        return self._toned.get(low, low)

    @cached_property
    def _sectors(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for one in self.vocabulary.sectors:
            names |= {fold(one.label_vi): one.code, fold(one.label_en): one.code, one.code: one.code}
        return names

    @cached_property
    def _european(self) -> frozenset[str]:
        return frozenset(word.pattern for word in self.vocabulary.words if word.language != "vi")

    @cached_property
    def _toned(self) -> Mapping[str, str]:
        """Product words of the vocabulary and of the headings, by how they are typed without tones."""
        named = (label.short_vi or label.vi for label in self._language.hs_headings.values())
        words = (w.pattern for w in self.vocabulary.words if w.language == "vi" and w.kind == "sector")
        found: dict[str, str] = {}
        for word in (*named, *words):
            found.setdefault(fold(word), word)
        return found

    @cached_property
    def _headings(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for code, label in self._language.hs_headings.items():
            for name in (label.short_vi, label.short_en):
                if name:
                    found.setdefault(name.casefold(), code)
        return found

    @cached_property
    def _members(self) -> Mapping[str, str]:
        """Members by what they are called in many languages, without accents."""
        by_iso = {member.iso2: code for code, member in self._language.members.items() if code != "EU"}
        found: dict[str, str] = {}
        for member in self._language.members.values():
            for name in (member.label.vi, member.label.en, member.label.short_vi, member.label.short_en):
                found.setdefault(fold(name), member.code)
        for iso2, name in _territories():
            if iso2 in by_iso:
                found.setdefault(fold(name), by_iso[iso2])
        return found


@lru_cache(maxsize=1)
def _territories() -> tuple[tuple[str, str], ...]:
    """What lands are called (CLDR), as (ISO code, name)."""
    return tuple(
        (iso2, name) for tongue in _TONGUES for iso2, name in Locale.parse(tongue).territories.items()
    )


def read_hour(text: str) -> time | None:
    """``7``, ``7h30``, ``07:00``, ``7 giờ``; None for what is no time of day."""
    found = _HOUR.fullmatch(collapse(text).lower())
    return time(int(found[1]), int(found[2] or 0)) if found else None


def _together(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in lists for one in some))
