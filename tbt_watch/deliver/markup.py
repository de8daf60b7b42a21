"""The markup of messages: plain text with ``<b>``, ``<i>`` and ``<a href>``, which Telegram reads as it is.

Everything a source wrote goes through ``escape``. Lengths are UTF-16 units of what remains when the markup is
taken out, as Telegram counts (core.telegram.org/bots/api, sendMessage and "Formatting options").
"""

import html
import re
from collections.abc import Iterable, Sequence

from tbt_watch.domain.text import nfc

_TAG = re.compile(r"<(/?)(\w+)[^<>]*>")
_TOKEN = re.compile(r"<[^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;…])\s+(?=[^\W\d_a-z])")
# Controls but the line break, lone surrogates, marks that turn the direction of writing, and non-characters.
_UNWANTED = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def escape(text: str) -> str:
    """Text from outside as text: NFC, no controls, and nothing that could be read as markup."""
    return html.escape(_UNWANTED.sub(" ", nfc(text)), quote=True)


def bold(text: str) -> str:
    """Escaped text, emphasised."""
    return f"<b>{escape(text)}</b>" if text else ""


def italic(text: str) -> str:
    """Escaped text, set apart."""
    return f"<i>{escape(text)}</i>" if text else ""


def link(text: str, address: str) -> str:
    """A link on escaped text; the text alone where the address is none that a person should open."""
    if _ADDRESS.fullmatch(address.strip()):
        return f'<a href="{escape(address.strip())}">{escape(text)}</a>'
    return escape(text)


def plain(markup: str) -> str:
    """The message as a person without markup reads it: a link's address stands after its text, a line each."""
    shown = _LINK.sub(_spelled, markup.replace(' · <a href="', '\n<a href="'))
    return html.unescape(_TAG.sub("", shown))


def _spelled(found: re.Match[str]) -> str:
    address, text = found.groups()
    return f"{text}: {address}" if text != address else address


def length(markup: str) -> int:
    """UTF-16 units of the text without its markup."""
    return _units(html.unescape(_TAG.sub("", markup)))


def entities(markup: str) -> int:
    """How many pieces of markup; Telegram drops what comes after the hundredth of a message, links too."""
    return markup.count("</")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Plain text of at most ``limit`` characters: cut after a sentence, else a word, and marked with ``…``."""
    if len(text) <= limit:
        return text
    head = text[: limit - 2]
    ends = [found.start() for found in _SENTENCE.finditer(text[:limit])]
    if ends and ends[-1] > limit // 2:
        return f"{text[: ends[-1]]} …"
    cut = head.rfind(" ")
    return f"{head[: cut if cut > limit // 2 else len(head)].rstrip(' ,;:')} …"


def split(markup: str, limit: int) -> list[str]:
    """A message in parts of at most ``limit`` units: at a paragraph, else a line, a sentence, a word.

    What is open at a cut is closed and opened again, so that each part stands by itself.
    """
    rest, parts = markup.strip(), []
    while length(rest) > limit:
        head, rest = _cut(rest, limit)
        parts.append(head)
    return [*parts, rest] if rest else parts


def _cut(markup: str, limit: int) -> tuple[str, str]:
    tokens = _TOKEN.findall(markup)
    fits = _fitting(tokens, limit)
    at = _best(tokens, fits)
    opened = _open_tags(tokens[:at])
    head = "".join(tokens[:at]).rstrip() + "".join(f"</{_name(tag)}>" for tag in reversed(opened))
    return head, "".join(opened) + "".join(tokens[at:]).lstrip()


def _fitting(tokens: Sequence[str], limit: int) -> int:
    """How many tokens fit; at least one character, or a part could be empty."""
    used = 0
    for place, token in enumerate(tokens):
        if not token.startswith("<") or len(token) == 1:
            used += _units(html.unescape(token))
            if used > limit:
                return max(place, 1)
    return len(tokens)


def _best(tokens: Sequence[str], fits: int) -> int:
    """The best place to cut among the first ``fits`` tokens: outside of markup, as late as its kind allows."""
    best: dict[int, int] = {}
    depth = 0
    for place, token in enumerate(tokens[:fits]):
        if place and (rank := _rank(tokens, place, depth)):
            best[rank] = place
        if len(token) > 1 and token.startswith("<"):
            depth += -1 if token.startswith("</") else 1
    early = fits // 3  # a cut nearer to the start wastes the part
    good = [rank for rank in sorted(best, reverse=True) if best[rank] > early]
    return best[good[0]] if good else fits


def _rank(tokens: Sequence[str], place: int, depth: int) -> int:
    """How good it is to cut before this token; 0: not here."""
    token, before = tokens[place], tokens[place - 1]
    if not token.isspace():
        return 0
    if depth:
        return 1
    if token == "\n":
        return 5 if place + 1 < len(tokens) and tokens[place + 1] == "\n" else 4
    return 3 if before in ".!?;…" else 2


def _open_tags(tokens: Iterable[str]) -> list[str]:
    opened: list[str] = []
    for token in tokens:
        if len(token) > 1 and token.startswith("</"):
            opened.pop()
        elif len(token) > 1 and token.startswith("<"):
            opened.append(token)
    return opened


def _name(tag: str) -> str:
    found = _TAG.match(tag)
    return found[2] if found else ""
