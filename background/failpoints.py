"""Places where a test lets this process die as if the power had gone, or holds it. Never active outside a test run.

Each of FAILPOINTS is `name`: the process is killed there; or `name@file`: it waits there until the file exists.
FAILPOINT_LOG names a file that is told who came where, before anything happens to him.
"""

import os
import signal
import time
from pathlib import Path

from django.conf import settings

HELD_FOR = 60  # seconds, at most: a test that fails must not leave a process behind


def reach(name: str) -> None:
    for failpoint in settings.FAILPOINTS:
        place, _, gate = failpoint.partition("@")
        if place != name:
            continue
        _note(name)
        if gate:
            _wait_for(Path(gate))
        else:
            os.kill(os.getpid(), signal.SIGKILL)


def _note(name: str) -> None:
    if log := os.environ.get("FAILPOINT_LOG"):
        with Path(log).open("a") as lines:
            lines.write(f"{name} {os.getpid()}\n")


def _wait_for(gate: Path) -> None:
    deadline = time.monotonic() + HELD_FOR
    while not gate.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
