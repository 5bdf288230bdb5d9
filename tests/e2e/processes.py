"""The site as it runs in an office: `manage.py up` with its web and worker processes, on the test's own database."""

import os
import subprocess
import sys
import time
import urllib.request
from datetime import datetime
from pathlib import Path

from config.env import BASE_DIR
from tests.services import free_port

WITHIN = 60  # seconds for all parts to start or to stop


def write_clock(path: Path, moment: datetime) -> None:
    """Set the clock that processes read with CLOCK_AT=@path."""
    fresh = path.with_suffix(".new")
    fresh.write_text(moment.isoformat())
    os.replace(fresh, path)  # a reader finds the old instant or the new one, never half of it


class Site:
    """The running site: starts, stops and starts again on the same database and port."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.log = folder / "up.log"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = environment | {"PORT": str(self.port)}
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("w") as output:
            command = [sys.executable, "manage.py", "up"]
            self.process = subprocess.Popen(command, cwd=BASE_DIR, env=self.environment, stdout=output, stderr=output)
        deadline = time.monotonic() + WITHIN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the site did not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(WITHIN)

    def restart(self) -> None:
        self.stop()
        self.start()
