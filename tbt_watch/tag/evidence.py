"""What speaks for each sector and topic, in points."""

from collections import defaultdict
from typing import NamedTuple

from tbt_watch.tag.tables import Hint

ENOUGH = 4
MUCH = 8


class _Seen(NamedTuple):
    """A pattern where it weighs most; ``aside``: only the running text of the summary has it."""

    points: int
    reason: str
    aside: bool


class Evidence:
    """Collects points: every pattern counts once for a code, where it weighs most."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[str, _Seen]] = defaultdict(dict)

    def add(
        self, kind: str, code: str, pattern: str, points: int, reason: str, *, aside: bool = False
    ) -> None:
        """Note that a pattern speaks for a sector or topic, and where it was seen."""
        patterns = self._found[kind, code]
        if pattern not in patterns or patterns[pattern].points < points:
            patterns[pattern] = _Seen(points, reason, aside)

    def hint(self, hint: Hint, reason: str) -> None:
        """Note an objective, keyword or issuer: for a topic in full, for a sector half as much."""
        points = ENOUGH // 2 if hint.weak else ENOUGH
        for code in hint.topics:
            self.add("topic", code, reason, points, reason)
        for code in hint.sectors:
            self.add("sector", code, reason, points // 2, reason)

    def heard(self, kind: str) -> frozenset[str]:
        """What any word at all speaks for."""
        return frozenset(code for its_kind, code in self._found if its_kind == kind)

    def named(self, kind: str) -> frozenset[str]:
        """What title or products name clearly enough by themselves."""
        return frozenset(
            code
            for (its_kind, code), patterns in self._found.items()
            if its_kind == kind and sum(seen.points for seen in patterns.values() if not seen.aside) >= ENOUGH
        )

    def ranked(self, kind: str, *, own: bool = False) -> list[tuple[str, int, str]]:
        """(code, points, strongest reason), most points first; equal points in the order of the text.

        ``own``: other things already say what the notice is about, so the summary counts only where it names
        much: a long list of products.
        """
        rows = []
        for (its_kind, code), patterns in self._found.items():
            if its_kind != kind:
                continue
            points = sum(seen.points for seen in patterns.values())
            if own and points < MUCH:
                points = sum(seen.points for seen in patterns.values() if not seen.aside)
            if points:
                rows.append((code, points, max(patterns.values(), key=_points).reason))
        rows.sort(key=lambda row: -row[1])
        return rows


def _points(seen: _Seen) -> int:
    return seen.points
