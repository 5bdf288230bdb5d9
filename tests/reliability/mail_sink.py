# ruff: noqa: N802 — the names are aiosmtpd’s
"""A mail server in a process of its own, which outlives whoever sends.

`python -m tests.reliability.mail_sink PORT LOG`: every mail it took is one line of the log: Message-ID and recipient.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from functools import partial
from os import getpid
from pathlib import Path

from aiosmtpd.controller import Controller

from config.env import BASE_DIR
from config.launcher import die_with
from tests.services import READY_WITHIN, free_port


class Sink:
    """The server as its tests see it."""

    def __init__(self, log: Path):
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.log = log

    def received(self, domain: str = "") -> list[str]:
        """Message-ID and recipient of every mail so far whose Message-ID ends in `domain`."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if line.split()[0].endswith(f"{domain}>")]

    def empty(self) -> None:
        self.log.write_text("")


@contextmanager
def running_sink(folder: Path) -> Iterator[Sink]:
    sink = Sink(folder / "mails")
    command = [sys.executable, "-m", "tests.reliability.mail_sink", str(sink.port), str(sink.log)]
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, preexec_fn=partial(die_with, getpid()))
    try:
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the mail server did not start")
        yield sink
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class _Handler:
    def __init__(self, log: Path):
        self.log = log

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        with self.log.open("a") as lines:
            lines.write(f"{mail['Message-ID']} {','.join(envelope.rcpt_tos)}\n")
        return "250 OK"


def main(port: str, log: str) -> None:
    controller = Controller(_Handler(Path(log)), hostname="127.0.0.1", port=int(port), ready_timeout=READY_WITHIN)
    controller.start()
    print("ready", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(*sys.argv[1:])
