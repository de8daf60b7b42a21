"""What an edition of the bulletin says in brief."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many notices stand under a heading, and under each heading below it."""

    heading: str
    n: int
    below: tuple["Count", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """An edition of the bulletin in brief, all of it plain text: its name with its number, who publishes it, its days,
    title, and the editor's words by paragraph. ``page`` and ``pdf`` are addresses, empty where there is none."""

    name: str
    office: str
    period: str
    title: str = ""
    words: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    page: str = ""
    pdf: str = ""
