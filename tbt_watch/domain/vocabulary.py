"""What an office changed of the vocabulary: a row of one of its tables, or that a row of the project is out."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnRow:
    """A row of the office. ``table``: sectors, topics, hs, ics, words, objectives, keywords, issuers or groups;
    ``key``: what it is known by there (a code; of a word its kind, code, language and pattern); ``cells``: (column,
    text). ``removed``: the project's row of this key does not count."""

    table: str
    key: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    removed: bool = False
