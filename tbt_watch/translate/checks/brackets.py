"""Whether brackets and quotation marks that pair off in an original pair off in the Vietnamese."""

import re
from collections.abc import Iterator

_CLOSES = {")": "(", "]": "[", "}": "{"}
_QUOTES = re.compile(r"[\"\u201c\u201d\u201e\u00ab\u00bb\uff02]")
# 5" and 5'10" are inches, 12° 30' 15" are seconds of arc.
_INCHES = re.compile(r"(?<=\d)[\"\u201d](?!\w)")
_MARKER = re.compile(r"(?:^|(?<=[\s;:.,(\u2013-]))[\W_]{0,2}([0-9]{1,3}|[^\W\d_]|[ivxIVX]{1,5})\)")


def bracket_faults(source: str, target: str) -> Iterator[str]:
    """Brackets and quotation marks of the Vietnamese that lack their other half, where the original's do not."""
    allowed = len(_unpaired(source)) + len(_markers(source))
    lonely = _unpaired(target)
    if len(lonely) > allowed or (
        lonely and not _unpaired(source) and not set(_markers(target)) & set(_markers(source))
    ):
        yield f"{lonely[0]} without its other half"
    if _odd_quotes(target) and not _odd_quotes(source):
        yield "a quotation mark without its other half"


def _unpaired(text: str) -> list[str]:
    opened: list[str] = []
    lonely: list[str] = []
    for mark in re.findall(r"[()\[\]{}]", text):
        if mark not in _CLOSES:
            opened.append(mark)
        elif opened and opened[-1] == _CLOSES[mark]:
            opened.pop()
        else:
            lonely.append(mark)
    return lonely + opened


def _markers(text: str) -> list[str]:
    """The list markers of a text, ``a)`` and ``(a)`` alike: a translation may write the one as the other."""
    return _MARKER.findall(text)


def _odd_quotes(text: str) -> bool:
    return len(_QUOTES.findall(_INCHES.sub("", text))) % 2 == 1
