"""What a person carried over: who, into which group, and whether that can be written down."""

from tbt_watch.domain.edition import Delivery
from tbt_watch.domain.text import collapse
from tbt_watch.errors import UsageError

_LONGEST = 200


def signed(found: Delivery, by: str, group: str) -> tuple[str, str]:
    """Who pasted a delivery, and where, as the ledger keeps it. Raises UsageError where that is not said, or the
    delivery is not one that waits for it."""
    who, where = collapse(by)[:_LONGEST], collapse(group)[:_LONGEST]
    if not who or not where:
        raise UsageError("Say who pasted it (--by NAME), and into which group (--group NAME).")
    if found.state != "PENDING":
        raise UsageError(
            f"Delivery {found.id} is {found.state} ({found.why or 'no more is known'}): nobody has to paste it."
        )
    if not found.parts:
        raise UsageError(f"Delivery {found.id} is not written yet: tbt-watch deliver writes it.")
    return who, where
