"""Text as the house keeps it: NFC, single blanks, and a fold for search."""

import re
import unicodedata

_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def nfc(text: str) -> str:
    """The text in Unicode NFC; U+00D0 (Icelandic Eth), which some Vietnamese pages print for Đ, becomes Đ."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.replace("\u00d0", "\u0110"))


def collapse(text: str) -> str:
    """NFC text with every run of blanks, no-break blanks and line breaks made one blank, outer blanks gone."""
    return _BLANKS.sub(" ", nfc(text)).strip()


def lines(text: str) -> str:
    """NFC text that keeps its line breaks, each line collapsed and empty lines at the ends gone."""
    parts = (_BLANKS.sub(" ", part).strip() for part in nfc(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip()


def fold(text: str) -> str:
    """Lower case without tones, and đ as d: ``Điện tử`` and ``dien tu`` fold to the same.

    For search only; never for matching facts, where ``an toàn`` (safe) is not ``an toan``.
    """
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", text.lower().translate(_LETTERS))
    return "".join(char for char in parts if not unicodedata.combining(char))
