"""The machinery as it runs in an office, in a copied world: broker, worker and scheduler, and a power cut."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from config.env import BASE_DIR
from config.launcher import die_with
from tests.reliability.copies import Copy
from tests.services import READY_WITHIN, free_port, redis_program

CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "config.celery"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]


class Redis:
    """A broker of one world's own, with the settings of production, that can be stopped, frozen and emptied."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--appendonly", "yes"]
        command = [redis_program(), *options, "--maxmemory-policy", "noeviction"]
        self.process = _start(command, self.folder / "redis.log", dict(os.environ))
        wait_for(lambda: self.ask("PING") == b"+PONG", "Redis answers", within=READY_WITHIN)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def ask(self, command: str) -> bytes:
        """The first line of the answer; nothing when nobody answers."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(200).split(b"\r\n")[0]
        except OSError:
            return b""


class Machines:
    """Worker and scheduler of one world: `embedded` as `manage.py up` starts them, else as deploy/ does."""

    def __init__(self, copy: Copy, *, mail_url: str, site: str, clock: Path):
        self.copy = copy
        self.redis = Redis(copy.folder) if copy.is_postgresql else None
        self.processes: list[subprocess.Popen] = []
        (copy.data / "tmp").mkdir(parents=True, exist_ok=True)
        self.variables = {
            "MAIL_URL": mail_url, "MAIL_FROM": "yuediaodu@example.cn", "SITE_URL": f"https://{site}",
            "CLOCK_AT": f"@{clock}", "TMPDIR": str(copy.data / "tmp"),
        }  # fmt: skip
        if self.redis:
            self.variables["REDIS_URL"] = self.redis.url

    def start(self, *, beats: int = 1, workers: int = 1, **variables: str) -> None:
        """Everything that makes the system live; embedded, a worker and its scheduler are one."""
        for number in range(max(workers, beats if self.redis is None else 0)):
            self._run(f"worker{number}", self._worker(), variables)
        if self.redis:
            for number in range(beats):
                self._run(f"beat{number}", [*CELERY, "beat", "--loglevel", "WARNING"], variables)

    def _worker(self) -> list[str]:
        if self.redis:
            return [*CELERY, "--quiet", "worker", "--concurrency", "2", *QUIET]
        return [*CELERY, "--quiet", "worker", "--pool", "threads", "--concurrency", "2", "--beat", *QUIET]

    def _run(self, name: str, command: list[str], variables: dict[str, str]) -> None:
        environment = self.copy.environment(**(self.variables | variables))
        self.processes.append(_start(command, self.copy.folder / f"{name}.log", environment))

    def kill(self) -> None:
        """The power is gone: everything, children included, at once."""
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in self.processes:
            process.wait()
        self.processes.clear()

    def log(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(self.copy.folder.glob("*.log")))


@contextmanager
def machines(copy: Copy, **options) -> Iterator[Machines]:
    made = Machines(copy, **options)
    if made.redis:
        made.redis.start()
    try:
        yield made
    finally:
        made.kill()
        if made.redis:
            made.redis.process.kill()
            made.redis.process.wait()


def _start(command: list[str], log: Path, environment: dict[str, str]) -> subprocess.Popen:
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=BASE_DIR, env=environment, stdout=output, stderr=output, start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),
        )  # fmt: skip


def wait_for(condition: Callable[[], object], what: str, *, within: float = 90) -> float:
    """Seconds until `condition`. Raises AssertionError when it takes longer than `within`."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > within:
            raise AssertionError(f"not within {within} s: {what}")
        time.sleep(0.1)
    return time.monotonic() - began
