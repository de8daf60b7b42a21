"""What speaks for each sector and topic, in points."""

from collections import defaultdict

from tbt_watch.tag.tables import Hint

ENOUGH = 4
MUCH = 8


class Evidence:
    """Collects points: every pattern counts once for a code, where it weighs most."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[str, tuple[int, str]]] = defaultdict(dict)

    def add(self, kind: str, code: str, pattern: str, points: int, reason: str) -> None:
        """Note that a pattern speaks for a sector or topic, and where it was seen."""
        patterns = self._found[kind, code]
        if pattern not in patterns or patterns[pattern][0] < points:
            patterns[pattern] = (points, reason)

    def hint(self, hint: Hint, reason: str) -> None:
        """Note an objective, keyword or issuer: for a topic in full, for a sector half as much."""
        points = ENOUGH // 2 if hint.weak else ENOUGH
        for code in hint.topics:
            self.add("topic", code, reason, points, reason)
        for code in hint.sectors:
            self.add("sector", code, reason, points // 2, reason)

    def ranked(self, kind: str, *, own: bool = False) -> list[tuple[str, int, str]]:
        """(code, points, strongest reason), most points first; equal points in the order of the text.

        ``own``: other things already say what the notice is about, so the summary counts only where it names
        much: a long list of products.
        """
        rows = []
        for (its_kind, code), patterns in self._found.items():
            if its_kind != kind:
                continue
            points = sum(points for points, _ in patterns.values())
            if own and points < MUCH:
                points = sum(points for points, reason in patterns.values() if not _from_summary(reason))
            if points:
                rows.append((code, points, max(patterns.values(), key=_points)[1]))
        rows.sort(key=lambda row: -row[1])
        return rows


def _points(pattern: tuple[int, str]) -> int:
    return pattern[0]


def _from_summary(reason: str) -> bool:
    return reason.startswith("word:summary:")
