"""What every channel is: one verb, and an error that says whether trying again can help."""

from concurrent.futures import Future
from typing import Protocol, runtime_checkable

from tbt_watch.domain.edition import Part


class Channel(Protocol):
    """A way to reach subscribers. ``limit``: the longest part in UTF-16 units, after markup is taken out.

    ``by_hand``: a person carries its messages over, so that they are written and wait, and ``send`` is never called.
    ``send`` may be called from several threads at once.
    """

    @property
    def name(self) -> str: ...

    @property
    def limit(self) -> int: ...

    @property
    def by_hand(self) -> bool: ...

    def permit(self, address: str) -> float:
        """Ask for leave to send one part now: 0.0 means granted and counted, else the seconds to wait first."""

    def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
        """Hand over one part (its text in the markup of ``markup.py``) and return the channel's own id of it.

        ``reply_to``: the channel's id of a message to the same address that this one answers; a channel that knows no
        answers, or no longer knows that message, sends it by itself. A channel without buttons leaves them out.
        ``label`` names the part for people: ``20261120-070000-12-1`` is time, edition and part.
        Raises DeliveryError, whose fields say what is known of the outcome.
        """


@runtime_checkable
class Overlapping(Protocol):
    """A channel that waits for several answers in one thread, for those who send thousands."""

    def begin(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> Future[str]:
        """What ``send`` does, with its outcome in the future."""
