"""Engines that answer as they are told, for what no real model would do twice the same."""

from collections.abc import Sequence

from tbt_watch.errors import ModelError
from tbt_watch.translate.engines.contract import Choice


class Scripted:
    """An engine that gives written answers: by the prepared sentence, and by beam where it matters."""

    name = "scripted"

    def __init__(self, answers: dict[str, str], greedy: dict[str, str] | None = None) -> None:
        self.answers, self.greedy = answers, greedy or {}
        self.asked: list[str] = []

    def pairs(self) -> tuple[tuple[str, str], ...]:
        return (("en", "vi"),)

    def describe(self, source: str, target: str) -> str | None:
        return "scripted" if source == "en" else None

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[str]:
        self.asked += texts
        table = self.answers | (self.greedy if beam == 1 else {})
        return [table.get(text, "gì đó") for text in texts]

    def floor(self, source: str, target: str) -> None:
        return None

    def choices(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[list[Choice]]:
        raise AssertionError("an engine without a floor is not asked")


class Broken(Scripted):
    """An engine whose model cannot be loaded."""

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[str]:
        raise ModelError("half a model")
