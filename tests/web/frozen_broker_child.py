"""One web process for `test_frozen_broker`: submits and finalises by page, and tells which ports it called.

`measure` rolls everything back and gives medians; `keep` does it for real, with what runs after a commit.
"""

# ruff: noqa: E402  Django must be set up before its models are imported
import json
import os
import socket
import statistics
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from background.models import Job
from calendars import clock
from reports.models import MonthlyReport
from tasks import services
from tasks.models import ProgressReport
from tests.reports.month import ISSUE
from tests.tasks.filing import browser_of

ROUNDS = 9
SIGN = {"signer": "赵立新", "signed_on": "2024-10-28"}
called = []
_connect = socket.socket.connect


def listening_connect(self, address):
    called.append(address[1] if isinstance(address, tuple) else address)
    return _connect(self, address)


def main(how):
    socket.socket.connect = listening_connect
    report = ProgressReport.objects.get(item__number="4", state="draft")
    clerk, liaison = User.objects.get(username="wang"), User.objects.get(username="省能源局联络员")
    steps = {
        "submit": (browser(liaison), reverse("tasks:progress-check", args=[report.pk]), {"version": report.version}),
        "finalise": (browser(clerk), reverse("reports:monthly-finalise", args=[report.period_id]), SIGN),
    }
    with clock.at(ISSUE):
        return {name: median(*step) for name, step in steps.items()} if how == "measure" else keep(report, steps)


def browser(user):
    client = browser_of(user)
    client.defaults["SERVER_NAME"] = "127.0.0.1"
    return client


def median(client, url, data):
    """Milliseconds."""
    times = []
    for _ in range(ROUNDS):
        with transaction.atomic():
            start = time.perf_counter()
            assert client.post(url, data).status_code == 302
            times.append(1000 * (time.perf_counter() - start))
            transaction.set_rollback(True)
    return round(statistics.median(times), 1)


def keep(report, steps):
    statuses = {"submit": post(*steps["submit"])}
    report.refresh_from_db()
    services.accept(report, by=User.objects.get(username="shen"), version=report.version)
    statuses["finalise"] = post(*steps["finalise"])
    report.refresh_from_db()
    answer = {
        "statuses": statuses,
        "states": {
            "report": report.state,
            "period": report.period.state,
            "edition": MonthlyReport.objects.get(kind="issued").state,
            "job": Job.objects.get().state,
        },
        "called": list(called),
    }
    return answer | {"called_by_a_message": send_a_message()}


def post(client, url, data):
    return client.post(url, data).status_code


def send_a_message():
    """What the worker's relay does, and no request may: it calls the broker and gets no answer."""
    from kombu.exceptions import OperationalError

    from config.celery import app

    called.clear()
    try:
        app.send_task("background.run", args=[0], retry=False)
    except OperationalError:
        return {"ports": sorted(set(called)), "answered": False}
    return {"ports": sorted(set(called)), "answered": True}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
