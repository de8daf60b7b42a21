"""A stretch of a sentence that must come out exactly, and how Vietnamese writes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """``vietnamese`` stands in place of the characters from ``start`` up to ``end``."""

    start: int
    end: int
    kind: str
    vietnamese: str


def masked(text: str, spans: list[Span]) -> str:
    """The text with every span made NUL, as long as before: what is taken is neither word, number nor blank."""
    left: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda span: span.start):
        left += (text[at : span.start], "\0" * (span.end - span.start))
        at = span.end
    return "".join((*left, text[at:]))
