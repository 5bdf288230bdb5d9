"""What several workers and relays do at once, on the real database."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from background import run as run_module
from background import services
from background.choices import JobState
from background.models import Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
TRIALS = 20


def at_once(*functions):
    """Run the functions in threads that start together; gives their answers."""
    barrier = threading.Barrier(len(functions))
    answers = [None] * len(functions)

    def call(number, function):
        try:
            barrier.wait()
            answers[number] = function()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_workers_do_one_job_once(queued, runs):
    for trial in range(1, TRIALS + 1):
        job = queued()

        assert sorted(at_once(*[partial(services.run_job, job.pk)] * 2)) == [False, True]
        assert runs() == trial


def test_two_relays_send_each_message_once(queued):
    jobs = [queued().pk for _ in range(TRIALS)]
    sent = []

    at_once(lambda: services.relay(sent.append), lambda: services.relay(sent.append))

    assert sorted(sent) == jobs


def test_two_requests_with_one_key_make_one_job(queued):
    for trial in range(TRIALS):
        first, second = at_once(*[partial(queued, key=f"render:{trial}")] * 2)

        assert first == second
    assert Job.objects.count() == TRIALS


def test_job_in_one_long_step_keeps_its_lease(queued, folder, monkeypatch):
    """The lease of a handler that says nothing for a while is renewed beside it; nobody takes the job over."""
    monkeypatch.setattr(run_module, "LEASE", timedelta(seconds=0.6))
    monkeypatch.setattr(services, "LEASE", timedelta(seconds=0.6))
    job = queued("sample.wait")
    worker = threading.Thread(target=lambda: (services.run_job(job.pk), connection.close()))
    worker.start()
    for _ in range(10):
        worker.join(0.15)
        assert services.sweep() == 0
    (folder / "go").touch()
    worker.join()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)
