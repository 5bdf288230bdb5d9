"""The conversation with the mail server: its limit in time, and what its failures mean."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp

CALL_SECONDS = (
    12  # greeting to signing in, and again each mail; both and connecting are shorter than the lease of a mail
)
TRY_LATER = 421  # RFC 5321: the server is closing down, whatever was asked
NOBODY_THERE = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPHeloError)
# The first that fits; smtplib's errors are OSErrors.
WORDS: tuple[tuple[type[OSError] | tuple[type[OSError], ...], str], ...] = (
    (smtplib.SMTPAuthenticationError, "邮件服务器不接受所设的用户名或密码"),
    (smtplib.SMTPNotSupportedError, "邮件服务器不支持所设的加密或登录方式"),
    (smtplib.SMTPRecipientsRefused, "邮件服务器不接受收件地址"),
    (smtplib.SMTPSenderRefused, "邮件服务器不接受发件地址"),
    (smtplib.SMTPServerDisconnected, "邮件服务器中断了连接"),
    ((smtplib.SMTPConnectError, smtplib.SMTPHeloError), "邮件服务器拒绝连接"),
    (smtplib.SMTPException, "邮件服务器没有接收这封邮件"),
    (ssl.SSLCertVerificationError, "邮件服务器的证书无法验证"),
    (ssl.SSLError, "与邮件服务器的加密连接没有建立"),
    ((ConnectionResetError, BrokenPipeError), "邮件服务器中断了连接"),
    (OSError, "连不上邮件服务器"),
)


def is_server_away(error: OSError) -> bool:
    """Whether the failure is the server's or the line's, and would meet every other mail too."""
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, NOBODY_THERE):
        return _code(error) == TRY_LATER
    return True


def reason_of(error: OSError) -> str:
    """What went wrong, in office words. The server's own text stays out: it may repeat names, addresses or more."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return f"邮件服务器没有在 {settings.EMAIL_TIMEOUT} 秒内应答。"
    words = next(words for kinds, words in WORDS if isinstance(error, kinds))
    code = _code(error)
    return f"{words}（{code}）。" if code else f"{words}。"


def _code(error: OSError) -> int | None:
    """The three digits the server answered with; None when it did not, or with something else."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _ in error.recipients.values()), None)
    return code if code in range(200, 600) else None


class EmailBackend(smtp.EmailBackend):
    """Django's, with a limit to each conversation: the time-out of a socket is only that of one byte."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _BoundedTLS if self.use_ssl else _Bounded


class _Bounded(smtplib.SMTP):
    """Hangs up on a server that answers drop by drop. Raises TimeoutError then."""

    def __init__(self, *args: Any, **kwargs: Any):
        self._allow()
        super().__init__(*args, **kwargs)

    def mail(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self._allow()
        return super().mail(*args, **kwargs)

    def getreply(self) -> tuple[int, bytes]:
        late = threading.Event()
        left = max(0.0, min(self.timeout, self._until - time.monotonic()))
        timer = threading.Timer(left, self._hang_up, [late])
        timer.daemon = True
        timer.start()
        try:
            answer = super().getreply()
        except smtplib.SMTPServerDisconnected:
            if not late.is_set():
                raise
        finally:
            timer.cancel()
        if late.is_set():  # half an answer can look like a whole one
            self.close()
            raise TimeoutError("the mail server did not finish its answer")
        return answer

    def _allow(self) -> None:
        self._until = time.monotonic() + CALL_SECONDS

    def _hang_up(self, late: threading.Event) -> None:
        late.set()
        with suppress(OSError):  # it has gone by itself meanwhile
            if connection := self.sock:
                connection.shutdown(socket.SHUT_RDWR)


class _BoundedTLS(_Bounded, smtplib.SMTP_SSL):
    pass
