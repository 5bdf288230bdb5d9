# ruff: noqa: N802 — the names are aiosmtpd’s
"""A mail server on loopback with real sockets, which can be slow, refuse, or hang up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from config.env import mail_config

ACCOUNT = ("yuediaodu", "p@ss:/#?")


class Postbox:
    """What arrived, and how the server behaves: `refuses` answers each recipient so, `waits` seconds before it takes a
    mail, `hangs_up` instead of taking it."""

    def __init__(self):
        self.mails: list[EmailMessage] = []
        self.bodies: list[bytes] = []
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
        self.bodies.append(envelope.content)
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(one["Subject"]) for one in self.mails]

    @property
    def recipients(self) -> list[str]:
        return [str(one["To"]) for one in self.mails]


@contextmanager
def serving(postbox: Postbox, port: int, **options: Any) -> Iterator[None]:
    controller = Controller(postbox, hostname="127.0.0.1", port=port, ready_timeout=10, **options)
    controller.start()
    postbox.connections = 0
    try:
        yield
    finally:
        controller.stop()


def knows(server, session, envelope, mechanism, data) -> AuthResult:
    """An authenticator that accepts ACCOUNT alone."""
    name, password = data.login.decode(), data.password.decode()
    return AuthResult(success=(name, password) == ACCOUNT, handled=False)


def mail_settings(settings, url: str) -> None:
    """What the program would read from MAIL_URL, MAIL_FROM and SITE_URL."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for name, value in mail_config(url).items():
        setattr(settings, name, value)
    settings.MAIL_READY = True
    settings.DEFAULT_FROM_EMAIL = "月调度 <yuediaodu@example.cn>"
    settings.SITE_URL = "https://diaodu.example.cn"
