"""Django's mail backend with a limit to each conversation: the time-out of a socket is only that of one byte."""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from django.core.mail.backends import smtp

CALL_SECONDS = 15  # greeting to signing in, and again each mail; with connecting still shorter than the lease of a mail


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


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _BoundedTLS if self.use_ssl else _Bounded
