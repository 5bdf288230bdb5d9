# ruff: noqa: N802 — the names are aiosmtpd’s
"""A mail server on loopback with real sockets, which can be slow, refuse, or hang up."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.utils import timezone

from config.env import mail_config

SILENCE = 30  # seconds, at most
ACCOUNT = ("yuediaodu", "p@ss:/#?")


class Postbox:
    """What arrived, and how the server behaves: `refuses` answers each recipient so, `waits` seconds before it takes a
    mail, `hangs_up` instead of taking it."""

    def __init__(self):
        self.mails: list[EmailMessage] = []
        self.accounts: list[str] = []  # who had signed in, by mail
        self.connections = 0
        self.refuses: dict[str, str] = {}  # recipient, or "" for all → answer
        self.waits = 0.0
        self.hangs_up = False

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.refuses.get(address) or self.refuses.get(""):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hangs_up:
            server.transport.abort()
            return "250 OK"
        await asyncio.sleep(self.waits)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.accounts.append(session.auth_data)
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(one["Subject"]) for one in self.mails]

    @property
    def recipients(self) -> list[str]:
        return [str(one["To"]) for one in self.mails]


@contextmanager
def serving(postbox: Postbox, port: int, **options: Any) -> Iterator[None]:
    """A plain server, or with `tls_context` one that offers STARTTLS; further options are those of aiosmtpd."""
    with _running(Controller(postbox, hostname="127.0.0.1", port=port, ready_timeout=10, **options), postbox):
        yield


@contextmanager
def serving_encrypted(postbox: Postbox, port: int, context: ssl.SSLContext) -> Iterator[None]:
    """A server that is encrypted from the first byte, and knows ACCOUNT."""
    options = {"authenticator": knows, "auth_require_tls": False}  # by TLS it means STARTTLS alone
    controller = Controller(postbox, hostname="127.0.0.1", port=port, ready_timeout=10, ssl_context=context, **options)
    with _running(controller, postbox):
        yield


@contextmanager
def _running(controller: Controller, postbox: Postbox) -> Iterator[None]:
    controller.start()
    postbox.connections = 0
    try:
        yield
    finally:
        controller.stop()


@contextmanager
def answering(port: int, *pieces: bytes, pause: float = 0) -> Iterator[None]:
    """No mail server at all: sends the pieces to whoever connects, `pause` seconds apart, and then says nothing."""
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                caller, _ = listener.accept()
            except TimeoutError:
                continue
            with caller:
                for piece in pieces:
                    if ended.wait(pause):
                        break
                    try:
                        caller.sendall(piece)
                    except OSError:
                        break
                ended.wait(SILENCE)

    with socket.create_server(("127.0.0.1", port)) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for 127.0.0.1, and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = timezone.now()
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "server.pem", folder / "server.key"
    chain.write_bytes(signed.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, chain


def knows(server, session, envelope, mechanism, data) -> AuthResult:
    """An authenticator that accepts ACCOUNT alone."""
    name, password = data.login.decode(), data.password.decode()
    return AuthResult(success=(name, password) == ACCOUNT, handled=False, auth_data=name)


def mail_settings(settings, url: str) -> None:
    """What the program would read from MAIL_URL, MAIL_FROM and SITE_URL."""
    settings.EMAIL_BACKEND = "reminders.smtp.EmailBackend"
    for name, value in mail_config(url).items():
        setattr(settings, name, value)
    settings.MAIL_READY = True
    settings.DEFAULT_FROM_EMAIL = "月调度 <yuediaodu@example.cn>"
    settings.SITE_URL = "https://diaodu.example.cn"
