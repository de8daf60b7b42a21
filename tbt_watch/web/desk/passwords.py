"""Passwords: hashed with argon2id, compared in the same time whether the name is known or not."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tbt_watch.domain.text import nfc
from tbt_watch.errors import UsageError

SHORTEST, LONGEST = 12, 256
"""Letters of a password (NIST SP 800-63B-4, section 3.1.1.2, asks for length and for nothing else)."""

AT_ONCE = 2
"""Each comparison takes 64 MiB; more of them wait their turn."""


class Passwords:
    """Hashes and compares."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        with self._turns:
            return self._hasher.hash(nfc(password))

    def fits(self, password: str, known: str | None) -> bool:
        """Whether it is the password of that hash; None, for a name that nobody has, takes as long and fits never."""
        try:
            with self._turns:
                self._hasher.verify(known or self._nobody, nfc(password)[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return known is not None

    def outdated(self, known: str) -> bool:
        """Whether the hash was made with other settings than today's."""
        return self._hasher.check_needs_rehash(known)


def check_new(password: str, name: str) -> None:
    """Raises UsageError for a password that is too short, too long, or the name."""
    if not SHORTEST <= len(nfc(password)) <= LONGEST:
        raise UsageError(
            f"A password has {SHORTEST} to {LONGEST} letters: take a few words that only you put together."
        )
    if (name and nfc(name).casefold() in nfc(password).casefold()) or len(set(password)) < 5:
        raise UsageError(
            "This password is easily guessed: leave the name out, and take more than a few letters."
        )
