"""One attempt at one job: its lease, its progress, its end."""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from background import failpoints
from background.choices import LEASE, TIME_LIMIT
from background.models import Job

logger = logging.getLogger(__name__)
MACHINE = socket.gethostname()[:60]
WORKER = f"{MACHINE}:{os.getpid()}"


class JobRefused(Exception):
    """The job cannot succeed however often it is tried. The message is Chinese and shown to the requester."""


class LeaseLost(Exception):
    """Somebody else took this job over, or it was ended: stop without any further effect."""


class JobRun:
    """What a handler holds while it works."""

    def __init__(self, job: Job, holder: str):
        self.job = job
        self.holder = holder

    @property
    def payload(self) -> Mapping[str, Any]:
        return self.job.payload

    def requester(self) -> Any:
        """Who asked for it, read anew. Raises JobRefused when that account is gone or disabled meanwhile."""
        user = self.job.requester()
        if user is None:
            raise JobRefused("提交人的账号已停用，作业不再执行。")
        return user

    def step(self, text: str, progress: int) -> None:
        """Say what is being done now (Chinese, shown on the page) and renew the lease. Raises LeaseLost."""
        self._keep(step=text, progress=progress)
        failpoints.reach(f"job.step:{text}")

    def renew(self) -> None:
        """Raises LeaseLost."""
        self._keep()

    def _keep(self, **columns: Any) -> None:
        kept = Job.objects.filter(pk=self.job.pk).held_by(self.holder).update(lease_until=Now() + LEASE, **columns)
        if not kept:
            raise LeaseLost(self.job.pk)


def new_holder() -> str:
    """A name for one claim. The same worker gets another one next time: an old attempt never passes for a new one."""
    return f"{WORKER}:{uuid.uuid4().hex[:12]}"


class LeaseKeeper:
    """Renews the lease from a second thread while a handler is busy in one long step, but not for ever.

    Calls `alive` each time: a worker whose threads are all busy hears nothing, and is not deaf.
    """

    def __init__(self, run: JobRun, alive: Callable[[], None] | None = None):
        self._run = run
        self._alive = alive
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew_in_time, daemon=True, name=f"lease-{run.job.pk}")

    def __enter__(self) -> "LeaseKeeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _renew_in_time(self) -> None:
        pause = LEASE.total_seconds() / 3
        try:
            for _ in range(int(TIME_LIMIT.total_seconds() / pause)):
                if self._ended.wait(pause):
                    return
                self._run.renew()
                if self._alive:
                    self._alive()
        except LeaseLost:
            logger.warning("job %s was taken over while it ran", self._run.job.pk)
        except Exception:
            logger.exception("lease of job %s not renewed", self._run.job.pk)
        finally:
            connection.close()
