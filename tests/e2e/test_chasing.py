"""The office chases with a click, thinks better of it, clicks again; a minute later the liaison is told and opens the
form from the message. Real web and worker processes."""

import time

import pytest
from playwright.sync_api import expect

from reminders.models import Notice
from tasks.models import ReportEvent
from tests.e2e import october
from tests.e2e.desk import PATIENCE
from tests.factories import open_month

pytestmark = pytest.mark.browser


@pytest.fixture
def world(set_clock):
    set_clock("2024-10-08 09:00")
    plan, people = october.settle()
    open_month(plan, "2024-10", by=people["admin"])
    set_clock("2024-10-21 16:00")  # before the first automatic reminder


def wait_for_notices(number: int) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while Notice.objects.filter(channel="inbox").count() < number:
        assert time.monotonic() < deadline, "no message was written"
        time.sleep(0.2)


def test_click_taken_back_tells_nobody_and_the_next_one_tells_each_liaison_once(world, set_clock, site, desk):
    staff = desk("zhaoxl")
    page = staff.go("/reminders/")
    staff.press("催办全部未报")
    expect(page.get_by_role("status").first).to_contain_text("前可以撤销")
    page.get_by_role("button", name="撤销").click()
    staff.sees("这次催办已撤销，它的提醒不会发出")
    set_clock("2024-10-21 16:02")
    staff.go("/reminders/")
    staff.press("催办全部未报")
    staff.shot("50-chased")
    assert staff.serious_findings() == []

    set_clock("2024-10-21 16:04")
    wait_for_notices(5)
    assert set(Notice.objects.values_list("kind", flat=True)) == {"chase"}
    assert not Notice.objects.filter(batch__in=ReportEvent.objects.filter(undone_by__isnull=False).values("batch"))
    assert len(set(Notice.objects.values_list("user", flat=True))) == Notice.objects.count()

    liaison = desk("minhang")
    inbox = liaison.page
    inbox.get_by_role("link", name="通知").click()
    liaison.sees("【月调度提醒】民航安徽监管局2024年10月进展尚有 1 项未报送")
    assert liaison.serious_findings() == []
    liaison.shot("51-inbox")
    inbox.get_by_role("button", name="第26项").click()
    inbox.wait_for_url("**/progress/*/")

    staff.go("/reminders/")
    expect(page.get_by_role("row").filter(has_text="民航安徽监管局")).to_contain_text("已读")
