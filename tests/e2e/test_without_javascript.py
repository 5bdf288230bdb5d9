"""JavaScript only helps: every act of the month is a plain form."""

import pytest
from playwright.sync_api import expect

from reports.services import export
from tasks.models import ProgressReport
from tests.e2e import october
from tests.e2e.workbook import downloaded, sheets_of
from tests.factories import open_month, report_of

pytestmark = pytest.mark.browser


def test_month_without_javascript(set_clock, desk):
    set_clock("2024-10-08 09:00")
    plan, people = october.settle()
    period = open_month(plan, "2024-10", by=people["admin"])
    set_clock("2024-10-21 10:00")

    liaison = desk("guozi", java_script_enabled=False)
    file(liaison, "落地省属企业投资项目9个。")
    staff = desk("zhaoxl", java_script_enabled=False)
    staff.go("/review/")
    staff.press("退回", "link")
    staff.page.get_by_role("checkbox", name="缺少数据").check()
    staff.page.get_by_label("指到字段").select_option("进展情况")
    staff.press("退回")
    staff.sees("已退回 1 份：第22项 省国资委")

    liaison.go("/")
    liaison.sees("缺少数据")
    file(liaison, "截至10月20日，落地省属企业投资项目9个。")
    staff.go("/review/")
    staff.page.get_by_role("radio", name="正常", exact=True).check()
    staff.press("通过")
    staff.sees("已通过 1 份：第22项 省国资委")
    assert report_of(period, "22", "省国资委").state == "accepted"

    set_clock("2024-10-29 10:00")
    staff.go(f"/monthly/{period.pk}/finalise/")
    staff.page.get_by_label("签发人").fill("陈建国")
    staff.press("定稿 v1")
    staff.sees("2024年10月月报已定稿v1")
    export(period, by=None)  # what a worker does meanwhile
    staff.go("/monthly/")
    _, content = downloaded(staff.page, "下载")
    assert sheets_of(content)["总览"][5][1:4] == ("已报", "份", 1)


def file(liaison, text: str) -> None:
    page = liaison.page
    page.get_by_role("radio", name="有新进展").check()
    page.locator("#id_progress_text").fill(text)
    page.locator("#id_next_step").fill("12月底前再落地项目3个。")
    page.get_by_role("radio", name="正常", exact=True).check()
    page.locator("#id_approver").fill(october.APPROVER)
    page.locator("#id_approved_on").fill("2024-10-21")
    liaison.press("核对并提交")
    liaison.press("提交第22项")
    expect(page.get_by_role("heading", level=1)).to_contain_text("第22项已提交")
    assert ProgressReport.objects.get(item__number="22").submission.text["progress_text"] == text
