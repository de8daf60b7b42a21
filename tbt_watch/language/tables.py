"""The tables of ``translations/``: tab-separated, a header line, ``#`` for remarks, ``|`` between spellings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from tbt_watch.domain.text import collapse, nfc
from tbt_watch.errors import LanguageError

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A wording in both languages, and a shorter one for headlines (empty where none is fitting)."""

    en: str
    vi: str
    short_en: str = ""
    short_vi: str = ""

    def name(self, lang: str) -> str:
        """The official wording."""
        return self.vi if lang == "vi" else self.en

    def short(self, lang: str) -> str:
        """The short wording, for use inside a sentence."""
        return self.short_vi if lang == "vi" else self.short_en


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A Member, observer or EU state. ``code`` as in symbols (``ARE``, ``EU``, ``TPKM``), ``eping_id`` as in ePing
    (``C784``, ``U918``); ``label.en`` as the WTO displays it; ``prose_en`` as it stands in a sentence."""

    code: str
    eping_id: str
    iso2: str
    label: Label
    prose_en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """States that notify together. ``also`` may be missing, ``guests`` join without belonging (Yemen, GCC)."""

    code: str
    label: Label
    members: frozenset[str]
    also: frozenset[str]
    guests: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One value of a closed vocabulary; ``clause`` is its wording after "the purpose is …"."""

    kind: str
    code: str
    label: Label
    clause: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """A Vietnamese issuing body under the code of its time. ``successor`` is the code of the body that took over
    on the day after ``valid_to``."""

    code: str
    label: Label
    valid_from: date | None
    valid_to: date | None
    successor: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Province:
    """A province or city of the 34 since 1 July 2025 (Resolution 202/2025/QH15) and the units it was made of."""

    code: str
    kind: str
    name: str
    old_units: tuple[str, ...]
    valid_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentType:
    """A kind of Vietnamese document: ``slug`` in addresses (``thong-tu``), ``symbol`` in numbers (``TT``)."""

    slug: str
    symbol: str
    label: Label


@lru_cache(maxsize=8192)  # the same few hundred names, a hundred thousand times
def exact(text: str) -> str:
    """The form under which names are compared: NFC, one blank, any case, plain apostrophe, no area in brackets."""
    key = collapse(text).casefold().replace("\u2019", "'").rstrip(" .")
    return key.removesuffix("(tbt)").removesuffix("(sps)").rstrip()


def spellings(cell: str) -> tuple[str, ...]:
    """The spellings of one cell."""
    return tuple(part for part in cell.split("|") if part)


def rows(path: Path, columns: str) -> Iterator[Row]:
    """The rows of a table whose header must be exactly ``columns`` (blank-separated). Raises LanguageError."""
    try:
        found = nfc(path.read_text(encoding="utf-8")).splitlines()
    except FileNotFoundError:
        raise LanguageError(f"The table {path} is missing: install the package again.") from None
    names = columns.split()
    if not found or found[0].split("\t") != names:
        raise LanguageError(
            f"The table {path.name} must begin with the columns {', '.join(names)}: mend line 1."
        )
    for number, line in enumerate(found[1:], start=2):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != len(names):
            raise LanguageError(
                f"{path.name}, line {number}: {len(cells)} cells instead of {len(names)}; mend it."
            )
        yield dict(zip(names, cells, strict=True))


def index(pairs: Iterable[tuple[str, str]], table: str) -> dict[str, str]:
    """Spelling → code, compared by ``exact``. Raises LanguageError when two codes share a spelling."""
    found: dict[str, str] = {}
    for spelling, code in pairs:
        if found.setdefault(exact(spelling), code) != code:
            raise LanguageError(
                f"{table}: {spelling!r} stands for two codes, {found[exact(spelling)]} and {code}."
            )
    return found


def day(cell: str) -> date | None:
    """An ISO day, or None for an empty cell."""
    return date.fromisoformat(cell) if cell else None


def label(row: Row) -> Label:
    """The wordings of a row; a missing short one stays empty."""
    return Label(
        en=row["name_en"],
        vi=row["name_vi"],
        short_en=row.get("short_en", ""),
        short_vi=row.get("short_vi", ""),
    )
