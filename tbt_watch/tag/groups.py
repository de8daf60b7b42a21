"""Groups of Members: a group may hold groups, but no group itself, not even by way of others."""

from collections.abc import Iterator, Mapping, Sequence


def circle(groups: Mapping[str, Sequence[str]], code: str) -> tuple[str, ...]:
    """The way from a group back to itself (``GCC, EU, GCC``); empty where there is none."""
    way: list[str] = []
    seen: set[str] = set()

    def found(at: str) -> bool:
        way.append(at)
        for member in groups.get(at, ()):
            if member == code:
                way.append(member)
                return True
            if member not in seen:
                seen.add(member)
                if found(member):
                    return True
        way.pop()
        return False

    return tuple(way) if found(code) else ()


def members(groups: Mapping[str, Sequence[str]], code: str) -> Iterator[str]:
    """All that belong to a group, those of the groups in it too, each once; a circle is walked once."""
    seen = {code}
    waiting = [code]
    while waiting:
        for member in groups.get(waiting.pop(0), ()):
            if member not in seen:
                seen.add(member)
                waiting.append(member)
                yield member
