"""One line to a mail server, phase by phase, so that after every fault it is known what was handed over.

RFC 5321 (replies, phases), 3463 (enhanced codes), 3207 (STARTTLS), 8314 (TLS from the first byte). The server's
certificate is always checked; without TLS only a server on this machine is spoken to.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from tbt_watch.errors import DeliveryError

Security = Literal["starttls", "tls", "none"]

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NOBODY = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.1", "5.7.1")
"""Who is written to does not exist, is switched off, or does not take us."""

_REFUSED = (550, 551, 553)
"""The same in the old codes, when the server names the recipient's fault in no other way."""

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """How the office's mail server is reached. ``starttls``: TLS is asked for after the greeting (port 587); ``tls``:
    from the first byte (465); ``none``: for a server on this machine only. ``user``: empty for none."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0

    @property
    def place(self) -> str:
        """For people."""
        return f"{self.host}:{self.port}"


class Line:
    """An open line, logged in and ready for a letter. Raises DeliveryError when there is none to be had: nothing was
    sent then."""

    def __init__(self, server: MailServer, context: ssl.SSLContext, greeting: str) -> None:
        self._server = server
        self._smtp = self._phase(lambda: _connected(server, context, greeting))
        try:
            self._phase(self._begin, context)
        except DeliveryError:
            self._smtp.close()
            raise

    def send(self, sender: str, to: str, letter: bytes) -> None:
        """Hand over one letter. Raises DeliveryError, whose fields say what is known of the outcome."""
        self._expect(lambda: self._smtp.mail(sender), self._sender_refused)
        self._expect(lambda: self._smtp.rcpt(to), _recipient_refused)
        self._expect(lambda: self._smtp.docmd("DATA"), _letter_refused, wanted=(354,))
        self._handed_over(letter)

    def alive(self) -> bool:
        """Whether the line still stands."""
        try:
            return self._smtp.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()

    # Phases

    def _begin(self, context: ssl.SSLContext) -> None:
        self._smtp.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            self._smtp.starttls(context=context)
            self._smtp.ehlo_or_helo_if_needed()
        if self._server.user:
            self._smtp.login(self._server.user, self._server.password)

    def _phase(self, work: Callable[..., _T], *given: object) -> _T:
        """What comes before the first letter: its faults are those of our access, or of the way there."""
        try:
            return work(*given)
        except ssl.SSLCertVerificationError as error:
            raise self._no_access(f"its certificate is not valid ({error.verify_message})") from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._no_access("it offers no TLS, or no way to log in") from error
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise self._later(f"it answered {_answer(error.smtp_code, error.smtp_error)}") from error
            raise self._no_access("it refuses user name and password") from error
        except smtplib.SMTPResponseException as error:
            raise self._later(f"it answered {_answer(error.smtp_code, error.smtp_error)}") from error
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise self._later(type(error).__name__) from error

    def _expect(
        self,
        ask: Callable[[], tuple[int, bytes]],
        refused: Callable[[int, bytes], DeliveryError],
        wanted: tuple[int, ...] = (250, 251),
    ) -> None:
        """Ask, before the letter has begun; whatever else comes, nothing was sent."""
        try:
            code, text = ask()
        except (smtplib.SMTPException, OSError) as error:
            raise self._later(type(error).__name__) from error
        if code not in wanted:
            raise self._later(f"it answered {_answer(code, text)}") if code < 500 else refused(code, text)

    def _handed_over(self, letter: bytes) -> None:
        try:
            self._smtp.send(re.sub(rb"(?m)^\.", b"..", letter) + b".\r\n")
            code, text = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(
                f"The mail server's answer was lost ({type(error).__name__}), so nobody knows whether the letter went"
                " out: ask the reader, then send it again or let it be.",
                permanent=False,
                sent=None,
            ) from error
        if code != 250:
            raise (
                self._later(f"it answered {_answer(code, text)}")
                if code < 500
                else _letter_refused(code, text)
            )

    # Faults

    def _later(self, why: str) -> DeliveryError:
        return DeliveryError(
            f"The mail server {self._server.place} did not take the letter ({why}): it is tried again.",
            permanent=False,
        )

    def _no_access(self, why: str) -> DeliveryError:
        return DeliveryError(
            f"The mail server {self._server.place} cannot be used, for {why}: see to [deliver.email] in the"
            " configuration, and to TBT_SMTP_PASSWORD.",
            permanent=True,
            whole_channel=True,
        )

    def _sender_refused(self, code: int, text: bytes) -> DeliveryError:
        return self._no_access(f"it refuses our sender ({_answer(code, text)})")


def _connected(server: MailServer, context: ssl.SSLContext, greeting: str) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=greeting, timeout=server.timeout, context=context
        )
    return smtplib.SMTP(server.host, server.port, local_hostname=greeting, timeout=server.timeout)


def _recipient_refused(code: int, text: bytes) -> DeliveryError:
    named = _named(text)
    return _refused(code, text, nobody=named in _NOBODY if named else code in _REFUSED)


def _letter_refused(code: int, text: bytes) -> DeliveryError:
    return _refused(code, text, nobody=_named(text) in _NOBODY)


def _named(text: bytes) -> str:
    """The enhanced code in an answer; empty without one."""
    found = _ENHANCED.search(text.decode("utf-8", "replace"))
    return found[1] if found else ""


def _refused(code: int, text: bytes, *, nobody: bool) -> DeliveryError:
    answer = _answer(code, text)
    if nobody:
        return DeliveryError(
            f"The mail server says {answer}: the mailbox does not take our letters; ask the subscriber for another.",
            permanent=True,
            blocked=True,
        )
    return DeliveryError(
        f"The mail server refused the letter ({answer}): report the fault with the number of the delivery.",
        permanent=True,
    )


def _answer(code: int, text: bytes | str) -> str:
    """The server's answer in one short line, as far as it can be printed."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
    return f"{code} {line[:160]}".strip()
