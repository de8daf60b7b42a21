"""Remarks: what is to be said to a person about a row of a file, in whatever language he reads."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A message as the catalogs know it, and the values of its places by name. As a ``str`` it is English."""

    message: str
    values: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        return self.message.format_map(dict(self.values))


def remark(message: str, **values: str | int) -> Remark:
    """A remark with the values of its places."""
    return Remark(message=message, values=tuple(values.items()))
