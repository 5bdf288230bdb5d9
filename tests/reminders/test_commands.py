"""The same messages without any broker: from the command, and from `run_tick` as cron calls it."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from calendars import clock
from reminders.models import Notice
from tests.tasks.world import local, make_october

pytestmark = pytest.mark.django_db


def told(command, **options):
    out = StringIO()
    with clock.at(local(2024, 10, 22, 9)):
        call_command(command, stdout=out, **options)
    return out.getvalue()


def test_command_sends_what_is_due_once():
    make_october()

    assert told("send_reminders") == "每日提醒 3 条，退回与催办通知 0 条，发出邮件 0 封。\n"
    assert json.loads(told("send_reminders", format="json")) == {"digests": 0, "events": 0, "mails": 0}


def test_cron_gives_the_same_result_as_the_scheduler():
    make_october()

    first = json.loads(told("run_tick", format="json"))
    told("run_tick")

    assert {tick["name"]: tick["count"] for tick in first["ticks"]}["reminders.write"] == 3
    assert Notice.objects.count() == 3
