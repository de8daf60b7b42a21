"""A mail server over a real connection (aiosmtpd), with a certificate made here: answers as told, remembers letters."""

import asyncio
import socket
import ssl
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "tbt", "not-a-real-password"
Phase = Literal["EHLO", "MAIL", "RCPT", "DATA"]


@dataclass
class Reply:
    """What to do in one phase: an answer; the line cut before it; or (DATA) after the letter was taken."""

    phase: Phase
    text: str = "250 OK"
    cut: bool = False
    hang: float = 0.0


@dataclass
class MailBox:
    """``letters``: everything that was taken, as it came; ``asked``: the phases."""

    port: int
    context: ssl.SSLContext
    replies: deque[Reply] = field(default_factory=deque)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lines: int = 0

    @property
    def letters(self) -> list[EmailMessage]:
        return [self._parsed(one) for one in self.raw]

    @staticmethod
    def _parsed(raw: bytes) -> EmailMessage:
        found = message_from_bytes(raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


class Handler:
    """aiosmtpd's hooks."""

    def __init__(self, box: MailBox) -> None:
        self.box = box

    async def _told(self, phase: Phase, server: SMTP) -> str:
        self.box.asked.append(phase)
        if not self.box.replies or self.box.replies[0].phase != phase:
            return "250 OK"
        reply = self.box.replies.popleft()
        if reply.hang:
            await asyncio.sleep(reply.hang)
        if reply.cut:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return reply.text

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, _e: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.box.lines += 1
        session.host_name = hostname
        await self._told("EHLO", server)
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _s: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._told("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _s: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._told("RCPT", server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _s: Session, envelope: Envelope
    ) -> str:
        answer = await self._told("DATA", server)
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.box.raw.append(envelope.content)
            self.box.recipients += envelope.rcpt_tos
        return answer


def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good, handled=False)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def certificate(folder: Path, host: str = "127.0.0.1") -> Path:
    """A fresh key and a certificate for that address, signed by itself; valid around today."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def serving(
    security: Literal["starttls", "tls", "none"] = "starttls", *, host: str = "127.0.0.1", auth: bool = True
) -> Iterator[MailBox]:
    """Serve on a free port of 127.0.0.1, with a certificate for ``host``; ``context`` of the box trusts it."""
    with tempfile.TemporaryDirectory() as folder:
        path = certificate(Path(folder), host)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(path)
        box = MailBox(port=free_port(), context=ssl.create_default_context(cafile=str(path)))
        settings: dict[str, Any] = (
            {"tls_context": tls, "require_starttls": True} if security == "starttls" else {}
        )
        if auth:
            safe = security == "starttls"  # aiosmtpd knows no other way to ask for it
            settings |= {"authenticator": check, "auth_required": safe, "auth_require_tls": safe}
        controller = Controller(
            Handler(box),
            hostname="127.0.0.1",
            port=box.port,
            ssl_context=tls if security == "tls" else None,
            ready_timeout=60,
            **settings,
        )
        controller.start()
        try:
            yield box
        finally:
            controller.stop()
