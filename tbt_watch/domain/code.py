"""Codes of prepared subscriptions: what staff hand out, and an enterprise gives back in its chat."""

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from tbt_watch.domain.subscriber import Subscriber

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for one another on paper: no 0, O, 1, I."""
LENGTH = 8
VALID = timedelta(days=90)
"""From the day on which it was made; after that a code is worthless, and staff make a new one."""

_PREFIX = "code:"
_CODE = re.compile(f"[{SIGNS}]{{{LENGTH}}}")


def new_code(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A code that nobody can guess: one of 32 to the power of 8."""
    return "".join(choose(SIGNS) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code that a person typed or a link brought, in small letters or with blanks and hyphens too; None when it is
    none."""
    code = re.sub(r"[\s-]", "", text.strip().removeprefix(_PREFIX)).upper()
    return code if _CODE.fullmatch(code) else None


def prepared_address(code: str) -> str:
    """What stands in the place of an address until the code is taken up."""
    return f"{_PREFIX}{code}"


def is_prepared(address: str) -> bool:
    """Whether it stands in the place of an address."""
    return address.startswith(_PREFIX)


def code_of(one: Subscriber) -> str | None:
    """The code of a prepared subscription that nobody has taken up yet."""
    return read_code(one.address) if one.pause == "prepared" and is_prepared(one.address) else None


def worthless(one: Subscriber, now: datetime) -> bool:
    """Whether its code was made too long ago to be taken up."""
    return now >= one.since + VALID


def code_link(bot: str, code: str) -> str:
    """What an enterprise taps to take it up; empty where the bot's name is not known."""
    return f"https://t.me/{bot}?start=c-{code}" if bot else ""
