"""Sentences that were composed in English, in the reader's language: errors, issues, deliveries, failed checks.

They are kept and logged in English and worded when they are shown. A catalog (``translations/sentences.vi.po``) holds
a template each with numbered places: ``The file {1} cannot be read ({2})``. What stands in its places comes through
untouched, unless it is a sentence of ours again; of several ways to read a sentence the one wins by which the templates
say most of it. What no template fits comes back as it is.
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from tbt_watch.language.catalog import messages

TRIED = 40
"""So many readings of the places of one sentence are tried: what a person or a source wrote stands in them, too."""
LONGEST = 2000
"""Letters of a place that may be a sentence of ours."""
COMMAS = 10
"""So many stand inside one thing that a check says."""

CHECK = "check"
"""The context of what a failed check says: its sentences are so short that they would fit much else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Template:
    """``literals``: what stands between the places; ``wording``: texts and the numbers of places, in order;
    ``weight``: how many letters of a sentence it says itself; ``longest``: the one of the literals by which most
    sentences are known not to fit."""

    literals: tuple[str, ...]
    places: tuple[str, ...]
    wording: tuple[tuple[str, str | None], ...]
    weight: int
    longest: str

    def values(self, sentence: str) -> dict[str, str] | None:
        """What stands in its places, each as short as can be; None when it does not fit the whole sentence."""
        first, *rest = self.literals
        if not rest:
            return {} if sentence == first else None
        last = rest.pop()
        at, end = len(first), len(sentence) - len(last)
        if at > end or not sentence.startswith(first) or not sentence.endswith(last):
            return None
        found: list[str] = []
        for literal in rest:
            here = sentence.find(literal, at, end)
            if here < 0:
                return None
            found.append(sentence[at:here])
            at = here + len(literal)
        return dict(zip(self.places, (*found, sentence[at:end]), strict=True))


class _Worded(NamedTuple):
    """A wording, and how much of the sentence templates said."""

    text: str
    weight: int


_Tried = dict[str, _Worded]


class Sentences:
    """The templates of one language; read when the first sentence is asked for, and then kept."""

    def __init__(self, path: Path, lang: str) -> None:
        self._path, self._lang = path, lang
        self._templates: Mapping[str, tuple[_Template, ...]] | None = None
        self._lock = Lock()

    def word(self, sentence: str) -> str:
        """The sentence in this language. Raises LanguageError when the catalog is missing or no PO file."""
        found = self._worded(sentence, "", {})
        return found.text if found else sentence

    def detail(self, detail: str) -> str:
        """What a failed check says, one thing after the other with commas between, some with commas inside."""
        pieces, done, at = detail.split(", "), [], 0
        while at < len(pieces):
            upto, found = at, None
            while found is None and upto < min(len(pieces), at + COMMAS + 1):
                upto += 1
                found = self._worded(", ".join(pieces[at:upto]), CHECK, {})
            done.append(found.text if found else pieces[at])
            at = upto if found else at + 1
        return ", ".join(done)

    def _worded(self, sentence: str, context: str, tried: _Tried) -> _Worded | None:
        """The best reading; ``tried``: what was found of the places so far."""
        best: _Worded | None = None
        for one in self._all().get(context, ()):
            if one.longest not in sentence or (values := one.values(sentence)) is None:
                continue
            own = {name: self._value(value, context, tried) for name, value in values.items()}
            weight = one.weight + sum(value.weight for value in own.values())
            if best is None or weight > best.weight:
                text = "".join(text + (own[name].text if name else "") for text, name in one.wording)
                best = _Worded(text, weight)
        return best

    def _value(self, value: str, context: str, tried: _Tried) -> _Worded:
        """A place that holds a sentence of ours, perhaps without its full stop, is worded; all else is a value."""
        plain = _Worded(value, 0)
        if " " not in value or len(value) > LONGEST:
            return plain
        if value not in tried:
            if len(tried) >= TRIED:
                return plain
            tried[value] = plain  # counted before it is looked into
            found = self._worded(value, context, tried)
            if found is None and not value.endswith("."):
                found = self._worded(f"{value}.", context, tried)
                found = found and _Worded(found.text.removesuffix("."), found.weight)
            tried[value] = found or plain
        return tried[value]

    def _all(self) -> Mapping[str, tuple[_Template, ...]]:
        with self._lock:
            if self._templates is None:
                self._templates = self._read()
            return self._templates

    def _read(self) -> Mapping[str, tuple[_Template, ...]]:
        found: dict[str, list[_Template]] = {}
        for message in messages(self._path, self._lang):
            english, own = message.id, message.string
            if isinstance(english, str) and isinstance(own, str) and english and own and not message.fuzzy:
                found.setdefault(message.context or "", []).append(_template(english, own))
        return {
            context: tuple(sorted(templates, key=lambda one: (-one.weight, len(one.places))))
            for context, templates in found.items()
        }  # of two that say as much, the one with fewer places


def _template(english: str, wording: str) -> _Template:
    literals, places = [""], []
    for text, name in _pieces(english):
        literals[-1] += text
        if name is not None:
            places.append(name)
            literals.append("")
    return _Template(
        literals=tuple(literals),
        places=tuple(places),
        wording=tuple(_pieces(wording)),
        weight=sum(map(len, literals)),
        longest=max(literals, key=len),
    )


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """The pieces of a template: a text, and the place behind it."""
    for literal, name, _, _ in string.Formatter().parse(text):
        yield literal, name
