"""Where a text becomes Vietnamese, sentence by sentence: what people wrote first, then the machine under guard.

A sentence goes this way: memory (the very sentence) → an official wording or a term that is the whole of it → memory
(the same sentence with other numbers) → the engine, with everything that must come out exactly behind sentinels →
checks. What fails goes again another way; what fails every way leaves the field untranslated, for a person.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tbt_watch.domain.translation import READER, Origin
from tbt_watch.errors import ModelError
from tbt_watch.language import Language
from tbt_watch.translate.checks.checker import Checker, FailedCheck
from tbt_watch.translate.checks.meaning import UNRENDERED, trust, words
from tbt_watch.translate.engines.contract import Choice, Engine
from tbt_watch.translate.figures.locks import Locked, restore, vietnamese_form
from tbt_watch.translate.memory.base import Memory
from tbt_watch.translate.sentences.passages import Part, clean, parts
from tbt_watch.translate.sentences.tongue import is_vietnamese, spoken
from tbt_watch.translate.terms.base import TermBase
from tbt_watch.translate.ways import WAYS, Draft, Swaps, Way, all_locked, prepared

NO_MODEL = "no-model"
"""Stands among the failed checks of a text that no installed model can translate."""

LONGEST = 2000
"""Letters of a sentence that are looked at together; a list of goods without a full stop is taken clause by clause."""

LOST = FailedCheck(name="locks", detail="something that must come out exactly was lost or doubled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What became of one text. ``text``: None where a sentence of it had no model; with failed ``checks`` it is for
    people's eyes only. ``engine`` names engine and model, and how many sentences the memory gave; ``terms`` is the
    version of the term base."""

    text: str | None
    origin: Origin
    language: str
    engine: str = ""
    terms: str = ""
    checks: tuple[FailedCheck, ...] = ()

    @property
    def good(self) -> bool:
        """Whether it may stand in place of the original."""
        return self.text is not None and not self.checks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """One sentence in Vietnamese; ``engine`` only where a machine wrote it, ``trust`` only where it is weighed."""

    text: str | None
    origin: Origin
    engine: str = ""
    checks: tuple[FailedCheck, ...] = ()
    trust: float = 0.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A sentence to translate, in ``language``; ``members``: whose it is, for only they may be named where it names
    none."""

    text: str
    language: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Try:
    """What came of one way: the Vietnamese, whether every lock held, how sure the engine is where that counts, and how
    many words of it were lent to the engine."""

    text: str
    kept: bool
    score: float
    lent: int


@dataclass(frozen=True, slots=True)
class _Task:
    """A text in its parts; what is not clearly in another language is in ``language``."""

    plan: tuple[Part, ...]
    language: str
    members: frozenset[str]

    def asked(self, part: Part) -> _Asked:
        """A part of it, as it is asked for."""
        return _Asked(part.text, spoken(part.text, self.language), self.members)


class Desk:
    """Translates with an engine, the term base and the memory; keeps no state between texts but what they hold."""

    def __init__(self, engine: Engine, terms: TermBase, memory: Memory, language: Language) -> None:
        self._engine, self._memory, self.terms = engine, memory, terms
        self._checker = Checker(terms, language)
        self._language = language
        self.fault = ""
        """What the engine said when it failed last; its texts were left untranslated."""

    def check(self, source: str, target: str, language: str) -> tuple[FailedCheck, ...]:
        """The checks that a Vietnamese text fails."""
        return self._checker.check(source, target, language)

    def translate(
        self, texts: Sequence[str], language: str, members: Sequence[Collection[str]] = ()
    ) -> list[Made]:
        """One result for each text, in their order. ``language``: the one that the source states; a sentence that
        is clearly in another goes by its own. ``members``: for each text the codes of the Members whose it is, where
        that is known. An engine that fails is no error: see ``fault``."""
        whose = [frozenset(codes) for codes in members] or [frozenset[str]()] * len(texts)
        # A line of numbers alone says no language: it is read in that of the text around it.
        own = [spoken(text, language) for text in texts]
        whole = [
            self._whole(_Asked(text, tongue, codes))
            for text, tongue, codes in zip(texts, own, whose, strict=True)
        ]
        tasks = [
            _Task(() if done else tuple(parts(clean(text), _short)), tongue, codes)
            for text, tongue, codes, done in zip(texts, own, whose, whole, strict=True)
        ]
        wanted: dict[str, dict[_Asked, None]] = {}
        for task in tasks:
            for one in map(task.asked, filter(_is_work, task.plan)):
                wanted.setdefault(one.language, {})[one] = None
        known: dict[_Asked, _Sentence] = {}
        for tongue, asked in wanted.items():
            known |= self._sentences(list(asked), tongue)
        return [done or self._joined(task, known) for done, task in zip(whole, tasks, strict=True)]

    def _whole(self, one: _Asked) -> Made | None:
        """A text that the memory holds as it is, or that is an official wording as a whole."""
        if not one.text.strip():
            return None
        if text := self._known(one):
            return self._made(text, "memory", one.language)
        wording = self.terms.exact(one.text, one.language)
        return self._made(wording, "template", one.language) if wording else None

    def _known(self, one: _Asked) -> str | None:
        """What the memory has for this very text, if it says the same: people mistake a line, and a unit may have
        been written for a notice that said more. Of terms and wording a person is the judge."""
        hit = self._memory.exact(one.text, one.language)
        if hit is None:
            return None
        failed = self._checker.check(one.text, hit.text, one.language, one.members)
        return None if any(check.name not in ("terms", "meaning") for check in failed) else hit.text

    def _made(self, text: str, origin: Origin, language: str) -> Made:
        return Made(text=text, origin=origin, language=language, engine=origin, terms=self.terms.version)

    def _joined(self, task: _Task, known: Mapping[_Asked, _Sentence]) -> Made:
        done = [known[task.asked(part)] for part in task.plan if part.work]
        if any(one.text is None for one in done):
            missing = FailedCheck(name=NO_MODEL, detail="no installed model can translate it")
            return Made(text=None, origin="machine", language=task.language, checks=(missing,))
        text = "".join(_written(part, task, known) for part in task.plan)
        machine = [one for one in done if one.origin == "machine"]
        if not machine:
            by_memory = any(one.origin == "memory" for one in done)
            return self._made(text, "memory" if by_memory else "template", task.language)
        checks = {(check.name, check.detail): check for one in machine for check in one.checks}
        remembered = len(done) - len(machine)
        engine = ", ".join(dict.fromkeys(one.engine for one in machine))
        if remembered:
            engine += f", memory {remembered} of {len(done)}"
        made = self._made(text, "machine", task.language)
        return replace(made, engine=engine, checks=tuple(checks.values()))

    def _sentences(self, asked: Sequence[_Asked], language: str) -> dict[_Asked, _Sentence]:
        known: dict[_Asked, _Sentence] = {}
        for one in asked:
            if found := self._remembered(one):
                known[one] = found
        left = [one for one in asked if one not in known]
        name = self._engine.describe(language, READER)
        if left and name:
            try:
                known |= self._by_machine(left, language, name)
            except ModelError as error:
                self.fault = str(error)
        for one in left:
            known.setdefault(one, _Sentence(text=None, origin="machine"))
        return known

    def _remembered(self, one: _Asked) -> _Sentence | None:
        """What needs no machine."""
        sentence, language = one.text, one.language
        if is_vietnamese(sentence):
            return _Sentence(text=sentence, origin="template")
        if all_locked(sentence, language):
            return _Sentence(text=vietnamese_form(sentence, language), origin="template")
        if known := self._known(one):
            return _Sentence(text=known, origin="memory")
        if wording := self.terms.exact(sentence, language):
            return _Sentence(text=wording, origin="template")
        adapted = self._memory.adapted(sentence, language)
        if adapted and not self._checker.check(sentence, adapted.text, language, one.members):
            return _Sentence(text=adapted.text, origin="memory")
        return None

    def _by_machine(self, asked: Sequence[_Asked], language: str, engine: str) -> dict[_Asked, _Sentence]:
        best: dict[_Asked, _Sentence] = {}
        floor = self._engine.floor(language, READER)
        for way in WAYS:
            if way.missing and floor is None:
                continue
            left = [one for one in asked if way.missing or one not in best or best[one].checks]
            for one, tried in self._attempt(left, language, way, floor, best):
                made = self._judged(one, tried, engine, language, floor)
                before = best.get(one)
                if (
                    before is None
                    or len(made.checks) < len(before.checks)
                    or (way.missing and len(made.checks) == len(before.checks) and made.trust > before.trust)
                ):
                    best[one] = made
        return best

    def _judged(self, one: _Asked, tried: _Try, engine: str, language: str, floor: float | None) -> _Sentence:
        checks = self._checker.check(one.text, tried.text, language, one.members)
        if not tried.kept:
            checks = (LOST, *checks)
        if floor is None:
            return _Sentence(text=tried.text, origin="machine", engine=engine, checks=checks)
        found = self._checker.lexicon.rendered(one.text, tried.text)
        whole = trust(tried.score, found)
        # A word that was lent shows nothing of what the engine understood.
        believed = whole - UNRENDERED * tried.lent
        if believed < floor:
            detail = (
                f"score {tried.score:.2f}, {len(found.said) - tried.lent} of {found.known} words rendered;"
                f" together {believed:.2f}, and {floor:.2f} is needed"
            )
            checks = (*checks, FailedCheck(name="doubt", detail=detail))
        return _Sentence(text=tried.text, origin="machine", engine=engine, checks=checks, trust=whole)

    def _attempt(
        self,
        asked: Sequence[_Asked],
        language: str,
        way: Way,
        floor: float | None,
        best: Mapping[_Asked, _Sentence],
    ) -> Iterator[tuple[_Asked, _Try]]:
        """The sentences that this way is another way for; ``best``: what came of them so far."""
        drafts: list[tuple[_Asked, Draft, int]] = []
        for one in asked:
            names = self._names(one.text, language) if way.names else {}
            swaps, lent = self._swaps(one.text, language) if way.terms else (), 0
            if way.missing:
                swaps, lent = self._left_out(one.text, best[one].text or "", language)
            if draft := prepared(one.text, language, way, names, swaps):
                drafts.append((one, draft, lent))
        if not drafts:
            return
        work = [text for _, draft, _ in drafts for text in draft.texts]
        if floor is None:
            answers = self._engine.translate(work, language, READER, beam=way.beam)
            done = iter([Choice(text, 0.0) for text in answers])
        else:
            found = self._engine.choices(work, language, READER, beam=way.beam)
            locks = [one for _, draft, _ in drafts for one in draft.locks]
            done = iter(map(self._best, work, locks, found))
        for one, draft, lent in drafts:
            own = [next(done) for _ in draft.texts]
            text, kept = draft.finished([answer for answer, _ in own])
            text = self.terms.mended(one.text, text, language)
            yield one, _Try(text, kept, min(score for _, score in own), lent)

    def _best(self, asked: str, locked: Locked, choices: Sequence[Choice]) -> Choice:
        """Of several answers the one to be believed most, of those that have every lock if one has."""

        def belief(one: Choice) -> tuple[bool, float]:
            found = self._checker.lexicon.rendered(asked, one.text)
            return restore(one.text, locked.locks) is not None, trust(one.score, found)

        return max(choices, key=belief)

    def _names(self, sentence: str, language: str) -> dict[str, str]:
        """Members' names of the sentence, as a Vietnamese sentence has them."""
        return {
            one.text: self._language.member_prose(next(iter(one.codes)), READER)
            for one in self._checker.members.named(sentence, language)
            if one.sure and len(one.codes) == 1
        }

    def _left_out(self, sentence: str, answer: str, language: str) -> tuple[Swaps, int]:
        """The terms and words of a sentence that its answer does not render, each with what stands for it; and how
        many of these are words that no table of terms has."""
        missing = set(self._checker.lexicon.rendered(sentence, answer).missing)
        terms = [
            (start, end, term)
            for start, end, term in self._swaps(sentence, language)
            if missing.intersection(words(sentence[start:end]))
        ]
        lent = [
            one
            for one in self._checker.lexicon.lent(sentence, missing)
            if all(one[1] <= start or end <= one[0] for start, end, _ in terms)
        ]
        return tuple(sorted((*terms, *lent))), len(lent)

    def _swaps(self, sentence: str, language: str) -> Swaps:
        return tuple(
            (hit.start, hit.end, hit.preferred[0])
            for hit in self.terms.found(sentence, language)
            if len(hit.preferred) == 1
        )


def _short(sentence: str) -> bool:
    return len(sentence) <= LONGEST


def _is_work(part: Part) -> bool:
    return part.work


def _written(part: Part, task: _Task, known: Mapping[_Asked, _Sentence]) -> str:
    if part.work:
        return known[task.asked(part)].text or ""
    return vietnamese_form(part.text, task.language) if part.figures else part.text
