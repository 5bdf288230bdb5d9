"""Generated load: consistent with what the services would have written, and kept away from real rows."""

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from calendars import clock
from tasks import services
from tasks.models import Assessment, Plan, ProgressReport, ReportEvent
from tests.factories import anhui_plan, beijing, filed
from web.demo.load import LONGEST, SHORTEST

pytestmark = pytest.mark.django_db


def generate(*arguments):
    out = StringIO()
    with clock.at(beijing("2025-03-12 10:00")):
        call_command("generate_load", *arguments, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def test_twelve_months_of_one_plan():
    facts = generate("--months", "12")

    assert (facts["plans"], facts["periods"], facts["reports"]) == (1, 12, 612)
    plan = Plan.objects.get()
    assert plan.is_demo
    assert (plan.items.count(), plan.periods.in_order().first().start) == (31, date(2024, 4, 1))
    assert Counter(plan.periods.values_list("state", flat=True)) == {"finalised": 11, "open": 1}
    assert Counter(ProgressReport.objects.values_list("state", flat=True)) == {"accepted": 586, "awaiting": 26}
    assert ReportEvent.objects.count() == 3 * 586
    assert Assessment.objects.count() == 372
    texts = ProgressReport.objects.exclude(submission=None).values_list("submission__text", flat=True)
    assert all(SHORTEST <= len(text["progress_text"]) <= LONGEST for text in texts)
    assert len({text["progress_text"] for text in texts}) == 586
    assert not ProgressReport.objects.filter(state="accepted", submission=None).exists()


def test_the_rows_can_be_worked_with():
    generate("--months", "2")
    period = Plan.objects.get().periods.moving().get()
    user = User.objects.get(username="snynct")

    with clock.at(beijing("2025-03-12 11:00")):
        report = filed(period.reports.owing().own_of(user).first(), by=user)
        services.accept(report, by=User.objects.get(username="keyuan1"), version=report.version)
        for left in period.reports.owing():
            services.waive(left, reason="仅测试", by=User.objects.get(username="guanli"))
        with transaction.atomic():
            services.close_period(period, by=User.objects.get(username="keyuan1"))

    period.refresh_from_db()
    assert period.state == "finalised"


def test_more_plans_are_added_to_a_load_database_and_none_twice():
    generate("--months", "2")

    facts = generate("--months", "2", "--plans", "3")
    again = generate("--months", "2", "--plans", "3")

    assert (facts["plans"], facts["reports"], facts["password"]) == (3, 3 * 2 * 51, "")
    assert (again["plans"], again["reports"]) == (3, 3 * 2 * 51)


def test_load_never_enters_another_database():
    anhui_plan()

    with pytest.raises(CommandError, match="其他数据"):
        generate()

    assert Plan.objects.count() == 1


def test_numbers_out_of_range_are_refused():
    with pytest.raises(CommandError, match="1 至 120"):
        generate("--months", "0")
