"""What becomes of a part that could not be handed over; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tbt_watch.deliver.markup import entities, escape, length, plain, split
from tbt_watch.domain.edition import Delivery, DeliveryState, Part
from tbt_watch.errors import DeliveryError

BACK_OFF = (60, 300, 1800, 7200, 21600)
"""Seconds to the next try after each failure in a row; after the last of them the delivery has FAILED."""

CHANNEL_REST = 60
"""Seconds for which a channel is left alone whose access is lost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The state of the part, and the seconds to the next try. ``blameless``: the attempt does not count, for nobody
    looked at the message."""

    state: DeliveryState
    seconds: int = 0
    blameless: bool = False


def verdict(error: DeliveryError, delivery: Delivery, part: Part, limit: int) -> Verdict:
    """What becomes of this part of a delivery."""
    failures = max(delivery.attempts - sum(one.state == "SENT" for one in delivery.parts), 0)
    again = failures < len(BACK_OFF)
    if error.blocked:
        return Verdict(state="BLOCKED")
    if error.sent is None:
        return Verdict(state="UNCERTAIN")
    if error.whole_channel:
        return Verdict(state="PENDING", seconds=CHANNEL_REST, blameless=True)
    if error.moved_to:
        return Verdict(state="PENDING" if again and error.moved_to != delivery.address else "FAILED")
    if error.retry_after is not None:
        return Verdict(state="PENDING", seconds=max(error.retry_after, 1), blameless=True)
    if error.unfit and mended(part, error, limit):
        return Verdict(state="PENDING", blameless=True)
    if error.permanent or not again:
        return Verdict(state="FAILED")
    return Verdict(state="PENDING", seconds=BACK_OFF[failures])


def mended(part: Part, error: DeliveryError, limit: int) -> list[Part]:
    """What goes in the place of a part that the other side does not take as it is: two of half its length, its plain
    text, itself without buttons. Empty where that was done already: everything is tried once."""
    match error.unfit:
        case "long" if length(part.text) > limit // 2:
            return _parts(split(part.text, limit // 2), part)
        case "markup" if entities(part.text):
            return _parts(split(escape(plain(part.text)), limit), part)
        case "buttons" if part.buttons:
            return [replace(part, buttons=())]
    return []


def _parts(texts: Sequence[str], part: Part) -> list[Part]:
    """The texts as parts; the buttons stay under the last."""
    last = len(texts) - 1
    return [
        replace(part, text=text, buttons=part.buttons if at == last else ()) for at, text in enumerate(texts)
    ]


def marked(part: Part, words: str) -> Part:
    """A part that may have arrived already, with the words in front that say so."""
    return replace(part, text=f"<i>{escape(words)}</i>\n{part.text}") if words and part.lost else part
