"""Many subscriptions at once, looked up by what a notice carries: the cost goes with the hits, not with the crowd."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tbt_watch.digest.documents import is_words
from tbt_watch.digest.match import (
    GENERAL,
    HOME,
    WORD,
    SectorsOf,
    Seen,
    digits,
    no_crosswalk,
    only_documents,
)
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.subscriber import Criteria
from tbt_watch.domain.text import nfc

Numbers = set[int]
_ANY = ""


class Index:
    """Finds exactly what ``match`` finds, of each subscription by its place in the order given."""

    def __init__(self, criteria: Iterable[Criteria], sectors_of: SectorsOf = no_crosswalk) -> None:
        self._sectors_of = sectors_of
        self._sectors: dict[str, Numbers] = defaultdict(set)
        self._topics: dict[str, Numbers] = defaultdict(set)
        self._codes = _Codes(sectors_of)
        self._words = _Phrases()
        self._names: dict[str, Numbers] = defaultdict(set)
        self._named = _Phrases()
        self._open: dict[tuple[str, ...], Numbers] = defaultdict(set)
        self._markets: dict[str, Numbers] = defaultdict(set)
        self._areas: dict[str, Numbers] = defaultdict(set)
        self._law: Numbers = set()
        for number, wish in enumerate(criteria):
            self._add(number, wish)

    def _add(self, number: int, wish: Criteria) -> None:
        for name in wish.documents:
            if is_words(name):
                self._named.add(name, number)
            self._names[name].add(number)
        if only_documents(wish):
            return
        for code in wish.sectors:
            self._sectors[code].add(number)
        for code in wish.topics:
            self._topics[code].add(number)
        for code in wish.hs:
            self._codes.add(code, number)
        for word in wish.words:
            self._words.add(word, number)
        for code in wish.markets or (_ANY,):
            self._markets[code].add(number)
        for area in wish.areas or (_ANY,):
            self._areas[area].add(number)
        if not wish.subjects:
            self._open[wish.areas].add(number)
        if not wish.markets or HOME in wish.markets or "VN" in wish.areas:
            self._law.add(number)

    def matching(self, dossier: Dossier) -> dict[int, str]:
        """The subscriptions that get the notice, in their order, each with its reason."""
        seen = Seen(dossier)
        found: dict[int, str] = {}
        for numbers, reason in self._layers(seen):  # what comes later is the better reason
            found.update(dict.fromkeys(numbers, reason))
        return dict(sorted(found.items()))

    def _layers(self, seen: Seen) -> Iterator[tuple[Numbers, str]]:
        """Who gets it and why, from the weakest reason to the strongest."""
        if not seen.placed and not seen.press:
            yield from ((self._by_area(some, seen), GENERAL) for some in self._general(seen))
        yield from self._limits(seen)
        for words in reversed(self._words.standing(seen)):
            yield self._by_subject(self._words.numbers[words], seen), f"word:{words}"
        for code in sorted(seen.topics & self._topics.keys(), reverse=True):
            yield self._by_subject(self._topics[code], seen), f"topic:{code}"
        for code in sorted(self._codes.of(seen), reverse=True):
            yield self._by_subject(self._codes.numbers[code], seen), f"hs:{code}"
        for code in sorted(seen.sectors & self._sectors.keys(), reverse=True):
            yield self._by_subject(self._sectors[code], seen), f"sector:{code}"
        if self._names:
            standing = self._named.standing(seen)
            for name in sorted({*standing, *(seen.names & self._names.keys())}, reverse=True):
                yield self._names[name], f"document:{name}"

    def _general(self, seen: Seen) -> Iterator[Numbers]:
        """Who hears of what no sector was found for."""
        yield from (self._topics[code] for code in seen.topics & self._topics.keys())
        if not seen.foreign:
            yield self._law
        elif seen.home:
            yield from self._areas.values()
        else:
            yield from (self._markets[code] for code in (_ANY, *seen.markets) if code in self._markets)

    def _limits(self, seen: Seen) -> Iterator[tuple[Numbers, str]]:
        """Those who follow all of a market or area, or everything."""
        for areas, some in self._open.items():
            if areas and seen.area not in areas:
                continue
            reason = f"area:{'+'.join(areas)}" if areas else "everything"
            if not seen.foreign:
                yield some & self._law, reason
                continue
            yield some & self._markets.get(_ANY, set()), reason
            for code in sorted(seen.markets & self._markets.keys(), reverse=True):
                yield some & self._markets[code], f"market:{code}"

    def _by_subject(self, some: Numbers, seen: Seen) -> Numbers:
        """Those of them who let its area and market in."""
        some = self._by_area(some, seen)
        if not seen.foreign or seen.home:
            return some
        here = [self._markets[code] for code in (_ANY, *seen.markets) if code in self._markets]
        return set().union(*(some & numbers for numbers in here))

    def _by_area(self, some: Numbers, seen: Seen) -> Numbers:
        return set().union(*(some & self._areas[area] for area in (_ANY, seen.area) if area in self._areas))


class _Codes:
    """HS codes as they are wished, with dots or without, found by the codes of a notice and by its sector."""

    def __init__(self, sectors_of: SectorsOf) -> None:
        self.numbers: dict[str, Numbers] = {}
        self._sectors_of = sectors_of
        self._itself: dict[str, set[str]] = defaultdict(set)
        self._below: dict[str, set[str]] = defaultdict(set)
        self._of_sector: dict[str, set[str]] = defaultdict(set)

    def add(self, code: str, number: int) -> None:
        """A subscription that wishes this code."""
        prefix = digits(code)
        if not prefix:
            return
        if code not in self.numbers:
            self.numbers[code] = set()
            self._itself[prefix].add(code)
            for length in range(1, len(prefix)):
                self._below[prefix[:length]].add(code)
            for sector in self._sectors_of(prefix):
                self._of_sector[sector].add(code)
        self.numbers[code].add(number)

    def of(self, seen: Seen) -> set[str]:
        """The wished codes that the notice has."""
        found: set[str] = set()
        if not self.numbers:
            return found
        if not seen.stated:
            return found.union(*(self._of_sector.get(sector, ()) for sector in seen.sectors))
        for code in filter(None, seen.stated):
            found.update(self._below.get(code, ()))
            for length in range(1, len(code) + 1):
                found.update(self._itself.get(code[:length], ()))
        return found


class _Phrases:
    """Words and phrases as they are wished, each looked for once a notice, and only where its first word stands."""

    def __init__(self) -> None:
        self.numbers: dict[str, Numbers] = defaultdict(set)
        self._begin: dict[str, set[str]] = defaultdict(set)

    def add(self, phrase: str, number: int) -> None:
        """A subscription that wishes this phrase."""
        if first := WORD.search(nfc(phrase).casefold()):
            self.numbers[phrase].add(number)
            self._begin[first.group()].add(phrase)

    def standing(self, seen: Seen) -> list[str]:
        """The phrases that stand in the text, sorted."""
        if not self._begin:
            return []
        near = set().union(*(self._begin[word] for word in seen.words & self._begin.keys()))
        return sorted(phrase for phrase in near if seen.says(phrase))
