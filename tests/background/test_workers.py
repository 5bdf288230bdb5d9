"""Real worker processes, killed as a power cut would kill them."""

import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from background import services
from background.choices import JobState
from background.models import Heartbeat, Job
from background.run import MACHINE
from config.env import BASE_DIR
from tests.services import process_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
WITHIN = 60  # seconds
WORKER = [
    sys.executable,
    "-m",
    "celery",
    "-A",
    "config.celery",
    "--quiet",
    "worker",
    "--pool",
    "threads",
    "-c",
    "2",
    "-B",
]


@contextmanager
def worker(**variables):
    process = subprocess.Popen(
        [*WORKER, "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"],
        cwd=BASE_DIR,
        env=process_environment(connection) | variables,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition, what):
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {WITHIN} s: {what}")


def state_of(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_worker_finds_the_job_without_being_told(queued, runs):
    job = queued()

    with worker():
        wait_for(lambda: state_of(job) == JobState.DONE, "job done")

    assert runs() == 1


@pytest.mark.parametrize(
    ("failpoint", "begun"),
    [("job.claimed", 1), ("job.step:写入", 2), ("job.effect", 2)],
    ids=["claimed", "step", "effect"],
)
def test_job_of_a_killed_worker_is_settled_by_the_next(queued, runs, folder, failpoint, begun):
    job = queued()
    with worker(FAILPOINTS=failpoint) as doomed:
        wait_for(lambda: doomed.poll() is not None, "the worker killed at its failpoint")
    assert state_of(job) == JobState.RUNNING
    # Half a minute goes by.
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    with worker():
        wait_for(lambda: state_of(job) == JobState.DONE, "job done by the next worker")

    job.refresh_from_db()
    assert (job.attempts, runs(), (folder / "effect").read_text()) == (2, begun, str(job.pk))


def test_worker_is_seen_while_it_works_and_gone_once_it_stops():
    with worker() as process:
        mine = Heartbeat.objects.filter(name=f"worker:{MACHINE}:{process.pid}")
        wait_for(mine.exists, "the worker's beat")
        process.terminate()
        process.wait(WITHIN)

    assert not mine.exists()


def test_lost_messages_do_no_harm(queued):
    """Said to be published, but the broker was emptied: a later relay sends the message again."""
    job = queued()
    services.relay(lambda pk: None)
    Job.objects.filter(pk=job.pk).update(published_at=timezone.now() - timedelta(seconds=61))

    with worker():
        wait_for(lambda: state_of(job) == JobState.DONE, "job done")
