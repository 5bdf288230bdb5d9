"""A worker says that it lives, from inside the messages it handles: a worker that is deaf falls silent."""

import os
import socket
import threading
import time
from contextlib import suppress
from datetime import datetime

from background import services
from background.choices import WORKER_PREFIX
from background.models import Heartbeat
from background.run import MACHINE, WORKER

EVERY = 10  # seconds
NAME = f"{WORKER_PREFIX}{WORKER}"
_turn = threading.Lock()
_beaten: float | None = None


def beat() -> None:
    """Write this worker's heartbeat, at most every ten seconds. The children of a pool speak for their worker."""
    global _beaten
    with _turn:
        now = time.monotonic()
        if _beaten is not None and now - _beaten < EVERY:
            return
        _beaten = now
    services.beat(NAME)
    _tell_supervisor()


def leave() -> None:
    """This worker stops in good order: nobody need wonder about its silence."""
    Heartbeat.objects.filter(name=NAME).delete()


def _tell_supervisor() -> None:
    """systemd starts a unit anew whose watchdog falls silent (deploy/workplan-worker.service)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
        out.sendto(b"WATCHDOG=1", address.replace("@", "\0", 1))


def last_of(pid: int) -> datetime | None:
    """When the worker with this process number, on this machine, last beat."""
    name = f"{WORKER_PREFIX}{MACHINE}:{pid}"
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
