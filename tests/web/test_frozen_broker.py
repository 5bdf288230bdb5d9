"""A broker that hangs must not reach a single request: pages write rows, and only the worker talks to the broker."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import redis
from django.db import connection

from calendars import clock
from config.env import BASE_DIR
from tasks.services import save_draft
from tests import services
from tests.factories import beijing
from tests.reports.month import PROGRESS, fill, make_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@contextmanager
def frozen_redis():
    """The port of a real Redis that is reached, because its machine accepts for it, and answers nothing."""
    with services.redis() as url:
        process = redis.Redis.from_url(url).info()["process_id"]
        os.kill(process, signal.SIGSTOP)
        try:
            yield int(url.rpartition(":")[2].partition("/")[0])
        finally:
            os.kill(process, signal.SIGCONT)


def web_process(how, *, port=None):
    """What `frozen_broker_child` says it did, with its broker at this port or without one."""
    environment = services.process_environment(connection)
    environment = {name: value for name, value in environment.items() if name not in ("REDIS_URL", "TEST_REDIS")}
    if port:
        environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    command = [sys.executable, "-m", "tests.web.frozen_broker_child", how]
    ended = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_no_request_calls_a_broker_that_hangs():
    office = make_office()
    fill(office)
    report = office.report("4", "省能源局")
    with clock.at(beijing("2024-10-24 10:00")):
        save_draft(report, by=office.liaisons["省能源局"], version=report.version, **PROGRESS)
    without = web_process("measure")
    with frozen_redis() as port:
        beside = web_process("measure", port=port)
        did = web_process("keep", port=port)

    print(f"median ms: without a broker {without}, beside a frozen one {beside}")
    assert did["statuses"] == {"submit": 302, "finalise": 302}
    assert did["states"] == {"report": "accepted", "period": "finalised", "edition": "rendering", "job": "queued"}
    assert did["called"] == []
    # The hook hears what it should: whoever does send a message is found calling, and gets no answer.
    assert did["called_by_a_message"] == {"ports": [port], "answered": False}
