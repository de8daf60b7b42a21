"""Messages that a person carries over: plain text to copy into a Zalo group.

Zalo has no interface for groups that an office could use, so the outbox writes the text and lets it wait. What is
assumed of Zalo: a message takes 2,000 characters (as its interfaces for official accounts and bots do), addresses
become links by themselves, nothing can be bold, and signs outside of Unicode's first plane, flags above all, come out
as letters or boxes on some of its programs.
"""

import html
import re
from collections.abc import Iterable

from tbt_watch.deliver.markup import plain, split
from tbt_watch.domain.edition import Part
from tbt_watch.domain.text import nfc
from tbt_watch.errors import DeliveryError

LONGEST = 2000
"""UTF-16 units in one message."""

_NUMBER = len("(99/99)\n")
_UNSHOWN = re.compile("[\U00010000-\U0010ffff\u200b-\u200d\u2060\u20e3\ufe0e\ufe0f]+ ?")


class ByHand:
    """A channel whose subscribers are groups, by their names; it is never asked to send."""

    name = "zalo"
    limit = 400_000  # an edition goes whole; what is copied is cut by ``to_paste``
    by_hand = True

    def permit(self, address: str) -> float:  # noqa: ARG002
        """Always granted: nobody asks."""
        return 0.0

    def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:  # noqa: ARG002
        """Raises DeliveryError always: nothing goes out by itself."""
        raise DeliveryError(
            "Messages for Zalo are carried over by a person: tbt-watch deliveries show ID prints the text.",
            permanent=True,
        )


def to_paste(parts: Iterable[Part], longest: int = LONGEST) -> list[str]:
    """The messages to copy, in their order, each at most ``longest`` units; several say which of how many they are.

    Cut between paragraphs where that can be, else between lines, sentences, words.
    """
    whole = "\n\n".join(plain(part.text) for part in parts)
    text = "\n".join(_shown(line) for line in nfc(whole).splitlines()).strip()
    if _fits(text, longest):
        return [text]
    pieces = [html.unescape(piece) for piece in split(html.escape(text), longest - _NUMBER)]
    return [f"({number}/{len(pieces)})\n{piece}" for number, piece in enumerate(pieces, start=1)]


def _shown(line: str) -> str:
    return _UNSHOWN.sub("", line).rstrip()


def _fits(text: str, longest: int) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 <= longest
