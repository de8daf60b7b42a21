"""Faults of a translation that its wording alone gives away: noise, the original left in it, loops, lost parts."""

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(
    r"\u2047|\ufffd|<unk>|\u2581|[\x00-\x08\x0b-\x1f\x7f-\x9f]|"
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ue000-\uf8ff]"
)
_STRANGE = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]+")
# Letters that stand for a quantity or a substance: β-carotene, 5 µm, 10 Ω.
_GREEK = re.compile(r"[\u0370-\u03ff\u2100-\u214f\u00b5]")
_LEFT_OVER = frozenset(
    word
    for language in (
        "the of and shall which with from are is be this these that those by for must not",
        "les des du et pour dans sur avec est sont aux une",
        "los las del para que se por una y son",
    )
    for word in language.split()
)  # words that no Vietnamese sentence has and every English, French or Spanish one does
# One word with brackets or locants in it: 4,4'-[1-(trifluoromethyl)ethylidene]diphenol.
_CHEMICAL = re.compile(r"(?<!\S)(?=\S{0,80}(?:[)\]]-?[^\W\d_]|\d['\u2019\u2032]?-[(\[]?[^\W\d_]))\S+")
_RATIO = (0.4, 3.2)
_SHORT = 12
_COPIED = 5


def nfc_faults(target: str) -> Iterator[str]:
    """Vietnamese letters in pieces; a sign that NFC only replaces by its twin (Ω, Å) is none."""
    if not unicodedata.is_normalized("NFC", target) and re.search(r"[\u0300-\u036f]", target):
        yield "not in Unicode NFC"


def character_faults(source: str, target: str) -> Iterator[str]:
    """Marks of a model, control characters, and letters of a script that the original does not have."""
    for noise in sorted(set(_NOISE.findall(target)) - set(_NOISE.findall(source))):
        yield f"U+{ord(noise):04X}" if len(noise) == 1 else noise
    for letters in dict.fromkeys(_STRANGE.findall(target)):
        foreign = [letter for letter in letters if letter not in source]
        if foreign and (len(letters) > 1 or not _GREEK.match(letters)):
            yield f"{letters} (U+{ord(foreign[0]):04X})"


def unchanged_faults(source: str, target: str, words: str) -> Iterator[str]:
    """The original as it was. ``words``: the original without its codes."""
    long = [word for word in _WORD.findall(words) if len(word) > 1]
    if len(long) >= 3 and " ".join(source.split()).casefold() == " ".join(target.split()).casefold():
        yield "the same text as the original"


def untranslated_faults(source: str, target: str) -> Iterator[str]:
    """Words of the original's language in the Vietnamese, or a stretch of the original. Both without their codes."""
    words = [word.casefold() for word in _WORD.findall(target)]
    left = [word for word in words if word in _LEFT_OVER]
    if len(set(left)) >= 2 and len(left) * 12 >= len(words):
        yield " ".join(dict.fromkeys(left))
        return
    yield from _copied(source, target)


def _copied(source: str, target: str) -> Iterator[str]:
    """A run of words in small letters that stands so in the original: no name, and no Latin one of a species."""
    source, target = (_CHEMICAL.sub(" ", text) for text in (source, target))
    theirs = _WORD.findall(source)
    runs = {tuple(theirs[at : at + _COPIED]) for at in range(len(theirs) - _COPIED + 1)}
    ours = _WORD.findall(target)
    for at in range(len(ours) - _COPIED + 1):
        run = tuple(ours[at : at + _COPIED])
        if (
            run in runs
            and sum(word.islower() and word.isascii() and len(word) > 2 for word in run) >= _COPIED - 1
        ):
            yield " ".join(run)
            return


def length_faults(source: str, target: str) -> Iterator[str]:
    """Much longer or much shorter than the original."""
    if max(len(source), len(target)) > _SHORT * 3 or min(len(source), len(target)) > _SHORT:
        ratio = len(target) / max(len(source), 1)
        if not _RATIO[0] <= ratio <= _RATIO[1]:
            yield f"{ratio:.1f} times as long as the original"


def repeat_faults(source: str, target: str) -> Iterator[str]:
    """Phrases that follow themselves, more often than any does in the original."""
    most = max((times for _, times in _loops(source)), default=0)
    for phrase, times in _loops(target):
        if times > most:
            yield f"{phrase!r} {times} times"
            return


def _loops(text: str) -> Iterator[tuple[str, int]]:
    """Phrases of one to twelve words that follow themselves: a word four times, a phrase three times."""
    words = re.findall(r"\w+", text.casefold())
    for size in range(1, min(12, len(words) // 3) + 1):
        least = 4 if size == 1 else 3
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= size * (least - 1):
                yield " ".join(words[at - size + 1 : at + 1]), run // size + 1
