"""Signed links: who holds one may do one thing for one subscriber, without an account.

A link says what it is for, whose it is (by number) and until when it holds; the signature (HMAC-SHA256) covers the
address besides, so that it ends with the subscriber, and stands in the link in no readable form. One secret, made once
beside the database, signs all of them.
"""

import base64
import contextlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from tbt_watch.domain.subscriber import Subscriber
from tbt_watch.errors import ConfigError, StoreError

Purpose = Literal["confirm", "unsubscribe"]
CONFIRM = timedelta(days=14)
"""How long a mailbox can be confirmed."""

_TOKEN = re.compile(r"([cu])\.([1-9][0-9]{0,17})\.([0-9]{1,12})\.([A-Za-z0-9_-]{22})")
_SHORTEST = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a link says, before its signature is looked at: whose it is, what for, and until when (None: always)."""

    purpose: Purpose
    subscriber_id: int
    until: datetime | None
    signature: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """Makes links below ``base_url`` and tells true ones from others."""

    base_url: str
    secret: bytes = field(repr=False)

    def confirm(self, who: Subscriber, now: datetime) -> str:
        """The address at which this mailbox says that it wants our letters; it holds for fourteen days."""
        return f"{self.base_url}/confirm/{self._token('confirm', who, now + CONFIRM)}"

    def unsubscribe(self, who: Subscriber) -> str:
        """The address at which the letters end; it holds for as long as the subscriber is there."""
        return f"{self.base_url}/unsubscribe/{self._token('unsubscribe', who, None)}"

    def no_bulletin(self, who: Subscriber) -> str:
        """The address at which the bulletin ends and nothing else; it holds as long as that of everything."""
        return f"{self.base_url}/bulletin/{self._token('unsubscribe', who, None)}"

    def genuine(self, token: Token, who: Subscriber) -> bool:
        """Whether we made this link for this subscriber, at the address that he has now."""
        own = self._signature(token.purpose, who, token.until)
        return who.id == token.subscriber_id and hmac.compare_digest(own, token.signature)

    def _token(self, purpose: Purpose, who: Subscriber, until: datetime | None) -> str:
        return f"{purpose[0]}.{who.id}.{_seconds(until)}.{self._signature(purpose, who, until)}"

    def _signature(self, purpose: Purpose, who: Subscriber, until: datetime | None) -> str:
        said = "\0".join(("tbt-watch", purpose, str(who.id), str(_seconds(until)), who.channel, who.address))
        digest = hmac.digest(self.secret, said.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest[:_SHORTEST]).decode().rstrip("=")


def _seconds(until: datetime | None) -> int:
    return int(until.timestamp()) if until else 0


def read_token(text: str) -> Token | None:
    """The token in the last part of a link; None when it is none of ours."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        return None
    kind, number, seconds, signature = found.groups()
    try:
        until = datetime.fromtimestamp(int(seconds), UTC) if int(seconds) else None
    except (ValueError, OverflowError, OSError):
        return None
    purpose: Purpose = "confirm" if kind == "c" else "unsubscribe"
    return Token(purpose=purpose, subscriber_id=int(number), until=until, signature=signature)


def signing_secret(given: str, path: Path) -> bytes:
    """The secret from the environment, else the one in the file at ``path``, which is made once, readable by its owner
    only. Raises ConfigError for one that is too short, and StoreError when the file cannot be made or read."""
    if given:
        if len(given) < _SHORTEST:
            raise ConfigError(
                f"TBT_WEB_SECRET is shorter than {_SHORTEST} signs: make it a long random text."
            )
        return given.encode()
    try:
        return _made(path) if not path.exists() else _kept(path)
    except OSError as error:
        raise StoreError(
            f"The secret for signed links {path} cannot be used ({error.strerror}): check the folder and its rights."
        ) from error


def _made(path: Path) -> bytes:
    """Written aside and put in place only where none is: of two who make one at once both take the same."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return _kept(path)


def _kept(path: Path) -> bytes:
    found = path.read_bytes().strip()
    if len(found) < _SHORTEST:
        raise StoreError(
            f"The secret for signed links {path} is damaged: put the backed-up one there, or remove it."
        )
    return found
