"""What the house asks of a translation engine, and the one that stands in when there is none."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tbt_watch.errors import ModelError


class Choice(NamedTuple):
    """One of the translations of a text, and how sure the engine is of it: the mean natural logarithm of the
    probability that it gives to a token, so 0 at most."""

    text: str
    score: float


class Engine(Protocol):
    """A machine that puts free text into another language. Languages are codes: "en", "fr", "es", "vi"."""

    name: str
    """Short and stable: "argos"."""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(source, target) of everything it can translate now, pivots included."""

    def describe(self, source: str, target: str) -> str | None:
        """Which engine and model, so that any text can be made again; None when it cannot do the pair."""

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[str]:
        """One text for each, in their order, with their line breaks. Raises ModelError without a model.

        ``beam``: how many hypotheses to follow, so that a text that failed its checks can be tried another way; None
        is the engine's own. An engine that has no such thing gives its one answer again.
        """

    def floor(self, source: str, target: str) -> float | None:
        """What its texts must reach beyond the checks (``checks.meaning.trust``). None for an engine that is trusted
        with the pair."""

    def choices(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[list[Choice]]:
        """For each text one translation or several, the likeliest first. Asked in place of ``translate`` where there
        is a floor, so that the words of the original have a say."""


class NoEngine:
    """No engine at all: notices go on in their own language."""

    name = "none"

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """None."""
        return ()

    def describe(self, source: str, target: str) -> str | None:  # noqa: ARG002
        """Always None."""
        return None

    def translate(
        self,
        texts: Sequence[str],  # noqa: ARG002
        source: str,
        target: str,
        *,
        beam: int | None = None,  # noqa: ARG002
    ) -> list[str]:
        """Raises ModelError: there is nothing to translate with."""
        raise ModelError(missing(source, target))

    def floor(self, source: str, target: str) -> float | None:  # noqa: ARG002
        """Always None."""
        return None

    def choices(
        self,
        texts: Sequence[str],  # noqa: ARG002
        source: str,
        target: str,
        *,
        beam: int | None = None,  # noqa: ARG002
    ) -> list[list[Choice]]:
        """Raises ModelError, as ``translate`` does."""
        raise ModelError(missing(source, target))


def missing(source: str, target: str) -> str:
    """The one sentence for a pair that no installed model can do."""
    wanted = f"{source}-{target}"
    install = wanted if source == "en" or target == "en" else f"{source}-en and en-{target}"
    return f"No translation model for {wanted} is installed: run tbt-watch models install {install}."
