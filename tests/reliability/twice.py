"""Runs a job or tick in forked processes of their own, each in a copy of one world, and writes down what they left."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone
from knox.models import AuthToken

from audit.models import AuditEvent, AuditHead
from background import registry, services
from background.choices import JobState
from background.models import Heartbeat, Job
from calendars import clock
from config.celery import app
from config.env import BASE_DIR
from files.models import files_root
from reminders.models import Notice
from tests.reliability.copies import Copy, copied
from tests.reliability.mail_sink import Sink
from tests.reliability.worlds import HOUR_LATER
from tests.reminders.mail_server import mail_settings

WITHIN = 60  # seconds
FORK = multiprocessing.get_context("fork")
LEFT_OUT = (Heartbeat, AuditHead)  # heartbeats; the head repeats the number of rows and their hashes
ATTEMPTS = {Job: {"attempts", "leased_by"}, Notice: {"attempts", "leased_by"}}
AUDIT_COLUMNS = ("actor_name", "action", "object_type", "object_id", "result")
AUDIT_CONTENT = ("detail", "before", "after", "rows")


@dataclass(frozen=True)
class Outcome:
    """What a run left: rows by table, files, and what was sent (mails, messages to workers)."""

    rows: dict[str, list[str]]
    sends: list[str]


class Lab:
    """Copies of the world that stands in the test's database, and processes that live in them."""

    def __init__(self, folder: Path, sink: Sink):
        self.folder = folder
        self.sink = sink
        self._fresh: list[Copy] = []

    def untouched(self) -> Outcome:
        with self._copy() as copy:
            return self._outcome(copy)

    def run(self, *acts: Callable[[], object], at_once: bool = False) -> Outcome:
        """Each act in a process, in turn or started together. Raises AssertionError when one fails."""
        with self._copy() as copy:
            if at_once:
                barrier = FORK.Barrier(len(acts))
                _join([self.start(copy, act, barrier=barrier) for act in acts])
            else:
                for act in acts:
                    _join([self.start(copy, act)])
            return self._outcome(copy)

    def killed_then(self, place: str, first: Callable[[], object], second: Callable[[], object]) -> Outcome:
        """`first` is killed at the failpoint; then `second` runs."""
        with self._copy() as copy:
            _join([self.start(copy, first, failpoints=[place])], exit_code=-signal.SIGKILL)
            assert copy.reached() == [place]
            _join([self.start(copy, second)])
            return self._outcome(copy)

    def held_while(self, place: str, first: Callable[[], object], second: Callable[[], object]) -> Outcome:
        """`first` stands still at the failpoint; `second` starts and lets it go on in the same moment."""
        with self._copy() as copy:
            gate = copy.folder / "gate"
            held = self.start(copy, first, failpoints=[f"{place}@{gate}"])
            _wait_for(lambda: copy.reached(), held, place)
            _join([held, self.start(copy, second, opens=gate)])
            return self._outcome(copy)

    def start(self, copy: Copy, act, *, failpoints=(), barrier=None, opens: Path | None = None):
        process = FORK.Process(target=_live, args=(copy, self.sink.url, act, failpoints, barrier, opens))
        process.start()
        return process

    @contextmanager
    def _copy(self) -> Iterator[Copy]:
        with ExitStack() as stack:
            copy = stack.enter_context(copied(self.folder))
            self.sink.empty()
            _purge_messages()
            yield copy

    def _outcome(self, copy: Copy) -> Outcome:
        answers, ours = FORK.SimpleQueue(), None
        process = self.start(copy, lambda: answers.put(dump()))
        ours = answers.get()
        _join([process])
        mails = sorted(self.sink.received())
        return Outcome(ours, [*mails, *["message to a worker"] * _waiting_messages()])


def _live(copy: Copy, mail_url: str, act: Callable, failpoints, barrier, opens: Path | None) -> None:
    """In the child: this process belongs to the copy, at the world's hour."""
    connection.settings_dict["NAME"] = copy.name
    settings.DATA_DIR = copy.data
    settings.FAILPOINTS = failpoints
    os.environ["FAILPOINT_LOG"] = str(copy.failpoint_log)
    mail_settings(settings, mail_url)
    with clock.at(HOUR_LATER):
        if barrier:
            connection.ensure_connection()
            barrier.wait(WITHIN)
        if opens:
            opens.touch()
        act()
    connection.close()


def _join(processes: list, *, exit_code: int = 0) -> None:
    for process in processes:
        process.join(WITHIN)
        if process.is_alive():
            process.kill()
    assert [process.exitcode for process in processes] == [exit_code] * len(processes)


def _wait_for(condition: Callable[[], object], process, place: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not condition():
        if not process.is_alive() or time.monotonic() > deadline:
            raise AssertionError(f"{place} was not reached")
        time.sleep(0.01)


def dump() -> dict[str, list[str]]:
    """All rows of our tables, and the files, without what names the machine's time or who tried how often."""
    tables = {model._meta.label: _rows(model) for model in _models()}
    files = [str(path.relative_to(files_root())) for path in files_root().glob("*/*")]
    return tables | {"files": sorted(files)}


def _models() -> Iterator[Any]:
    yield AuthToken  # the one table of a library that our ticks change
    for model in apps.get_models():
        ours = Path(model._meta.app_config.path).parent == BASE_DIR
        if ours and not model._meta.proxy and model not in LEFT_OUT:
            yield model


def _rows(model: Any) -> list[str]:
    if model is AuditEvent:
        return sorted(row for event in AuditEvent.objects.all() for row in _audit_rows(event))
    columns = [field.attname for field in model._meta.concrete_fields if field.attname not in ATTEMPTS.get(model, ())]
    now = timezone.now()
    return sorted(str([_plain(value, now) for value in row]) for row in model._base_manager.values_list(*columns))


def _plain(value: Any, now: datetime) -> Any:
    """The worlds live in 2024: an instant near the present is the machine's, and only whether it is there counts."""
    if isinstance(value, datetime) and abs(value - now) < timedelta(days=1):
        return "machine time"
    return bytes(value) if isinstance(value, memoryview) else value


def _audit_rows(event: AuditEvent) -> list[str]:
    """As text; of one that only counts files, a row for each: two sweeps may share the work."""
    said = [getattr(event, column) for column in AUDIT_COLUMNS]
    if event.action == "file.swept":
        return [str(said)] * event.after["files"]
    return [str([*said, *(event.content[name] for name in AUDIT_CONTENT)])]


def _purge_messages() -> None:
    with app.connection_for_write() as broker:
        broker.default_channel._purge(app.conf.task_default_queue)


def _waiting_messages() -> int:
    with app.connection_for_write() as broker:
        return broker.default_channel._size(app.conf.task_default_queue)


def run_tick(name: str) -> Callable[[], None]:
    return lambda: services.run_tick(name)


def run_job(name: str) -> Callable[[], None]:
    return lambda: services.run_job(_job(name))


def take_over(name: str) -> Callable[[], None]:
    """The lease of whoever has it runs out; the job is put back, and this process does it."""

    def act() -> None:
        pk = _job(name)
        if Job.objects.filter(pk=pk, state=JobState.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1)):
            services.sweep()
        services.run_job(pk)

    return act


def _job(name: str) -> int:
    return Job.objects.values_list("pk", flat=True).get(kind=name)


def places_of(name: str) -> list[str]:
    """The failpoints a job passes."""
    return ["job.claimed", *(f"job.step:{step}" for step in registry.job_named(name).steps), "job.effect"]
