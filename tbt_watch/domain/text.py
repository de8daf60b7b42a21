"""Text as the house keeps it: NFC, single blanks, and a fold for search."""

import re
import unicodedata
from functools import lru_cache

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_GAPS = re.compile(r"\n{3,}")
_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"-?\d+")
_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def nfc(text: str) -> str:
    """The text in Unicode NFC; U+00D0 (Icelandic Eth), which some Vietnamese pages print for Đ, becomes Đ."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.replace("\u00d0", "\u0110"))


def collapse(text: str) -> str:
    """NFC text with every run of blanks, no-break blanks and line breaks made one blank, outer blanks gone."""
    return " ".join(_seen(text).split())


def lines(text: str) -> str:
    """NFC text that keeps its line breaks, each line collapsed and empty lines at the ends gone."""
    parts = [" ".join(part.split()) for part in _seen(text).splitlines()]
    return _GAPS.sub("\n\n", "\n".join(parts)).strip()


def _seen(text: str) -> str:
    """NFC, with what has no width and is no letter made a blank."""
    if text.isascii():
        return text
    return nfc(text).replace("\u200b", " ").replace("\ufeff", " ")


def fold(text: str) -> str:
    """Lower case without tones, and đ as d: ``Điện tử`` and ``dien tu`` fold to the same.

    For search only; never for matching facts, where ``an toàn`` (safe) is not ``an toan``.
    """
    text = text.lower()
    return text if text.isascii() else _NOT_ASCII.sub(lambda run: _folded(run[0]), text)


def lowered(text: str) -> str:
    """The text in small letters, each where it stood: what has no small form of one letter (İ) stays."""
    low = text.lower()
    return (
        low
        if len(low) == len(text)
        else "".join(one if len(one := char.lower()) == 1 else char for char in text)
    )


def disarmed(cell: str) -> str:
    """The text of a cell of a table, with an apostrophe where a spreadsheet would compute it otherwise.

    A number stays as it is. https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{cell}" if cell.startswith(_COMPUTED) and not _NUMBER.fullmatch(cell) else cell


def armed(cell: str) -> str:
    """The text as it was before ``disarmed``."""
    return cell[1:] if cell.startswith("'") and disarmed(cell[1:]) == cell else cell


@lru_cache(maxsize=65_536)
def _folded(run: str) -> str:
    """A run of letters beyond ASCII without their marks; runs are short and come again and again."""
    parts = unicodedata.normalize("NFD", run.translate(_LETTERS))
    return "".join(char for char in parts if not unicodedata.combining(char))


_TONES = tuple(
    (old, new)
    for olds, news in (("oà oá oả oã oạ", "òa óa ỏa õa ọa"), ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
                       ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"))
    for old, new in zip(olds.split(), news.split(), strict=True)
)  # fmt: skip


def tones_in_place(low: str) -> str:
    """Vietnamese in small letters, NFC, with its tones where one of the two ways of writing puts them: hoà → hòa."""
    for old, new in _TONES:
        low = low.replace(old, new)
    return low
