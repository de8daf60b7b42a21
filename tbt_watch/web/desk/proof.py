"""What a curator reads a translation against: its terms, its checks, and what was translated before."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from tbt_watch.app import App
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.memory import SOURCES
from tbt_watch.domain.translation import READER, Translation
from tbt_watch.translate.checks.checker import Checker, FailedCheck
from tbt_watch.translate.memory.base import Memory, Near, load_memory
from tbt_watch.translate.sentences.splitter import sentences
from tbt_watch.translate.terms.base import TermBase, TermHit, load_terms
from tbt_watch.web.desk.marking import Stretch, fault_spans, stretches, term_spans

SENTENCES = 6
"""So many sentences of a field are looked up in the memory."""
LEAST = 70
_REMEMBERED = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Proofed:
    """A field as it stands on the page: both texts in stretches, the terms, the failed checks, and near units."""

    source: list[Stretch]
    target: list[Stretch]
    terms: list[TermHit]
    failed: tuple[FailedCheck, ...]
    near: tuple[Near, ...] = ()


class Proof:
    """Terms, checker and memory, made ready once and anew when the office's own rows changed."""

    def __init__(self, app: App) -> None:
        self._app, self._lock = app, Lock()
        self._lexicon: tuple[int, TermBase, Checker] | None = None
        self._memory: tuple[int, Memory] | None = None
        self._near: OrderedDict[tuple[str, str], tuple[Near, ...]] = OrderedDict()

    def lexicon(self) -> tuple[TermBase, Checker]:
        """The terms of project and office as they stand, and the checker that holds to them."""
        changes = self._app.store.terms.changes()
        with self._lock:
            if self._lexicon is None or self._lexicon[0] != changes:
                own = self._app.store.terms.all()
                # The project's terms are a file, and read once.
                terms = TermBase(self._lexicon[1].shipped, own) if self._lexicon else load_terms(own)
                self._lexicon = changes, terms, Checker(terms, self._app.language)
            return self._lexicon[1:]

    def _units(self) -> Memory:
        store = self._app.store
        changes = store.memory.changes()
        with self._lock:
            if self._memory is None or self._memory[0] != changes:
                self._memory = changes, load_memory(store.memory.all(), self._app.language)
                self._near.clear()
            return self._memory[1]

    def check(self, item: Dossier, field: str, text: str) -> tuple[FailedCheck, ...]:
        """The checks that a Vietnamese text for that field fails."""
        source = str(getattr(item.notice, field, ""))
        if not source or item.notice.language == READER:
            return ()
        _, checker = self.lexicon()
        return checker.check(source, text, item.notice.language, item.notice.members)

    def read(self, item: Dossier, field: str, text: str, *, near: bool = True) -> Proofed:
        """A field and a Vietnamese text for it. Headlines and openings are made of facts, and have no original."""
        source = str(getattr(item.notice, field, ""))
        terms, _ = self.lexicon()
        language = item.notice.language
        foreign = language != READER
        hits = terms.found(source, language) if foreign else []
        failed = self.check(item, field, text) if text else ()
        return _proofed(
            source,
            text,
            hits,
            failed,
            self._nearest(source, language) if near and language in SOURCES else (),
        )

    def pair(self, source: str, target: str, language: str) -> Proofed:
        """A unit of the memory, which belongs to no notice."""
        terms, checker = self.lexicon()
        hits = terms.found(source, language) if language in SOURCES else []
        failed = checker.check(source, target, language) if language in SOURCES and target else ()
        return _proofed(source, target, hits, failed)

    def _nearest(self, source: str, language: str) -> tuple[Near, ...]:
        key, memory = (language, source), self._units()
        with self._lock:
            if key in self._near:
                return self._near[key]
        found: dict[str, Near] = {}
        for sentence in [one for one in sentences(source) if len(one) > 20][:SENTENCES]:
            for one in memory.near(sentence, language, LEAST, 1):
                found.setdefault(one.unit.source, one)
        best = tuple(sorted(found.values(), key=lambda one: -one.score)[:3])
        with self._lock:
            self._near[key] = best
            while len(self._near) > _REMEMBERED:
                self._near.popitem(last=False)
        return best


def _proofed(
    source: str,
    text: str,
    hits: list[TermHit],
    failed: tuple[FailedCheck, ...],
    near: tuple[Near, ...] = (),
) -> Proofed:
    return Proofed(
        source=stretches(source, [*term_spans(hits), *fault_spans(source, failed, "source")]),
        target=stretches(text, fault_spans(text, failed, "target")),
        terms=list({hit.text.casefold(): hit for hit in hits}.values()),
        failed=failed,
        near=near,
    )


def standing(item: Dossier, field: str) -> Translation | None:
    """The Vietnamese text of a field, also one that failed its checks and that no reader sees."""
    found = [one for one in item.translations if one.field == field and one.language == READER]
    return next((one for one in found if one.shown), found[0] if found else None)
