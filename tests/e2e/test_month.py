"""A whole month as its people live it, in a real browser on real processes; the files are compared cell by cell."""

import re

import pytest
from playwright.sync_api import expect

from departments.models import Department
from tasks import services
from tasks.models import ReportingPeriod
from tests.e2e import october
from tests.e2e.expected_october import CORRECTED_NOTES, DRAFT_TITLE, SHEETS
from tests.e2e.workbook import downloaded, sha256, sheets_of
from tests.factories import report_of

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

FILE_NAME = "2024年10月_重点帮扶县工作重点进展月报_{}.xlsx"
RENAMED = "省国有资产监管机构"


def test_month_from_opening_to_corrected_report(site, set_clock, desk):
    plan, people = october.settle()
    admin, staff = desk("wangwb"), desk("zhaoxl")

    skip_september(admin)
    set_clock("2024-10-08 09:00")
    open_october(admin)
    period = ReportingPeriod.objects.get(plan=plan, start="2024-10-01")

    set_clock("2024-10-21 10:00")
    liaison = desk("guozi")
    file_progress(liaison)
    file_nothing_new(desk("yingji", signed_in=False))
    file_completed(desk("zhujian"))
    set_clock("2024-10-22 10:00")
    october.file_by_services(period, people)

    set_clock("2024-10-23 15:00")
    see_who_is_missing(staff)
    return_one(staff)
    set_clock("2024-10-24 09:00")
    mend(liaison)
    set_clock("2024-10-28 10:00")
    october.file_late(period, people)

    set_clock("2024-10-29 15:00")
    accept_singly(staff, period)
    accept_the_rest(staff)
    confirm_lights(staff)
    adopt_text(staff)
    make_draft(staff)
    set_clock("2024-10-29 16:00")
    first = finalise(staff, "v1")
    assert_same_cells(sheets_of(first), SHEETS)

    rename_everything(plan, people["admin"])
    site.restart()
    assert sha256(download(staff, "v1")) == sha256(first)

    set_clock("2024-11-05 10:00")
    begin_correction(staff)
    mend_again(period, people)
    correct_text(staff)
    second = finalise(staff, "v2")
    assert sheets_of(second)["填报说明"][-5:] == CORRECTED_NOTES
    staff.sees("与上一版相比变了 2 处")
    assert sha256(download(staff, "v1")) == sha256(first)
    assert sha256(download(staff, "v2")) == sha256(second)


def assert_same_cells(found: dict, expected: dict) -> None:
    """Sheet by sheet and row by row, so that a failure names the one row that differs."""
    assert list(found) == list(expected)
    for name, rows in expected.items():
        for at, row in enumerate(rows):
            assert found[name][at] == row, f"{name}, row {at + 1}"
        assert len(found[name]) == len(rows), name


# --- The administrator opens the month ------------------------------------------------------------------------------


def skip_september(admin):
    admin.go("/periods/")
    admin.shot("01-periods")
    admin.press("登记未调度", "link")
    admin.page.get_by_label("未调度原因").fill("文件8月下旬印发，9月不调度")
    admin.shot("02-skip")
    admin.press("登记未调度")
    admin.sees("原因：文件8月下旬印发，9月不调度")


def open_october(admin):
    """Two clicks: month, due time and roster are there."""
    admin.go("/periods/")
    admin.presses = 0
    admin.press("开启10月调度", "link")
    expect(admin.page.get_by_label("截止日期")).to_have_value("2024-10-25")
    expect(admin.page.get_by_label("截止时间")).to_have_value("18:00")
    admin.sees("51 份，27 个单位")
    admin.shot("03-open")
    admin.press("开启10月调度")
    admin.sees("2024年10月调度已开启，应报51份")
    assert admin.presses == 2
    admin.sees("截止 10月25日（周五）18:00")
    admin.shot("04-opened")


# --- Three liaisons file in the browser -----------------------------------------------------------------------------


def file_progress(liaison):
    """The form is the page that signing in leads to; besides typing it takes four clicks."""
    liaison.presses = 0
    expect(liaison.page.get_by_role("heading", level=1)).to_contain_text("第22项")
    liaison.choose("有新进展")
    page = liaison.page
    page.locator("#id_progress_text").fill("落地省属企业投资项目9个。")
    page.locator("#id_next_step").fill("12月底前再落地项目3个。")
    page.locator("#id_self_light label").filter(has_text="正常").click()
    page.locator("#id_approver").fill(october.APPROVER)
    page.locator("#id_approved_on").fill("2024-10-21")
    liaison.shot("05-form")
    liaison.press("核对并提交")
    liaison.sees("落地省属企业投资项目9个。")
    liaison.shot("06-check")
    liaison.press("提交第22项")
    expect(page.get_by_role("heading", level=1)).to_contain_text("第22项已提交")
    assert liaison.presses == 4
    liaison.shot("07-receipt")


def file_nothing_new(liaison):
    """无新进展 is three clicks after signing in, and the name of who approved."""
    page = liaison.sign_in()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第27项")
    liaison.presses = 0
    liaison.choose("无新进展")
    page.keyboard.press("Tab")
    page.keyboard.type("冬春救助方案12月印发。")
    page.keyboard.press("Tab")
    page.keyboard.type(october.APPROVER)
    liaison.shot("08-nothing-new")
    liaison.press("核对并提交")
    liaison.press("提交第27项")
    expect(page.get_by_role("heading", level=1)).to_contain_text("第27项已提交")
    assert liaison.presses == 3


def file_completed(liaison):
    page = liaison.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("第15项")
    liaison.choose("已完成")
    page.locator("#id_progress_text").fill("年度危房改造1260户全部竣工验收。")
    page.locator("#id_approver").fill(october.APPROVER)
    page.locator("#id_approved_on").fill("2024-10-21")
    liaison.shot("09-completed")
    page.keyboard.press("Control+Enter")
    liaison.sees("提交后省厅开始审核前可以撤回")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("第15项已提交")


# --- The office returns one, the department mends it ----------------------------------------------------------------


def see_who_is_missing(staff):
    staff.go("/")
    staff.shot("10-office-home")
    numbers = [" ".join(text.split()) for text in staff.page.locator(".stat-strip > div").all_inner_texts()]
    assert numbers == ["应报 51", "已报 49 96%", "已通过 0", "待审 49", "退回未改 0", "未报 2 2 个单位"]
    missing = staff.page.locator("table").filter(has_text="缺报事项").locator("tbody tr")
    expect(missing).to_contain_text([re.compile("证监会安徽监管局.*5"), re.compile("民航安徽监管局.*26")])


def return_one(staff):
    staff.go("/review/?order=number")
    staff.shot("11-review")
    staff.page.locator(".queue").get_by_role("link", name="省国资委").click()
    staff.press("退回", "link")
    dialog = staff.page.get_by_role("dialog")
    dialog.locator("label").filter(has_text="口径不一致").click()
    dialog.get_by_label("指到字段").select_option("进展情况")
    dialog.get_by_label("补充说明").fill("请注明数据截至时间")
    dialog.get_by_label("重报期限").fill("2024-10-28")
    staff.shot("12-return")
    dialog.get_by_role("button", name="退回").click()
    staff.sees("已退回 1 份：第22项 省国资委")


def mend(liaison):
    page = liaison.go("/")
    liaison.sees("口径不一致：请注明数据截至时间")
    expect(page.locator("#id_progress_text")).to_be_focused()
    liaison.shot("13-returned")
    page.locator("#id_progress_text").fill("截至10月20日，落地省属企业投资项目9个。")
    liaison.press("核对并提交")
    liaison.press("提交第22项")
    expect(page.get_by_role("heading", level=1)).to_contain_text("第22项已提交")


# --- Review, lights, adopted text -----------------------------------------------------------------------------------


def accept_singly(staff, period):
    """Three with their light: one as self-rated, one against the self-rating with a reason, one that is done."""
    for number, department, light, reason in (
        ("22", "省国资委", "正常", ""),
        ("13", "省卫生健康委", "滞后", "对口帮扶医院派驻未满员。"),
        ("15", "省住房和城乡建设厅", "已完成", ""),
    ):
        report = report_of(period, number, department)
        staff.go(f"/review/?order=number&report={report.pk}")
        staff.page.get_by_role("radio", name=light, exact=True).check()
        staff.page.get_by_label("认定理由").fill(reason)
        staff.shot(f"14-accept-{number}")
        staff.press("通过")
        staff.sees(f"已通过 1 份：第{number}项 {department}")


def accept_the_rest(staff):
    staff.go("/review/")
    staff.page.locator(".queue input[type=checkbox]").first.wait_for()
    for box in staff.page.locator(".queue input[type=checkbox]").all():
        box.check()
    staff.press("批量通过")
    staff.sees("批量通过 47 份")
    staff.shot("15-bulk")
    staff.press("通过 47 份")
    staff.sees("已通过 47 份")
    staff.shot("16-reviewed")


def confirm_lights(staff):
    staff.go("/periods/")
    staff.press("认定灯", "link")
    staff.shot("17-lights")
    staff.press("全部按自评认定")
    staff.page.get_by_role("dialog").get_by_role("button", name="按自评认定").click()
    staff.sees("已按自评认定 25 项")
    row = row_of(staff, 26)
    row.get_by_text("报送未齐，先行认定").click()
    row.get_by_label("认定第26项").select_option(label="● 正常")
    row.get_by_role("button", name="认定").click()
    staff.sees("第26项已认定为正常")
    staff.shot("18-lights-confirmed")


def row_of(staff, number: int):
    """The line of one item on the page of lights."""
    return staff.page.locator("tbody tr").filter(has=staff.page.locator(f"td:first-child:text-is('{number}')"))


def adopt_text(staff):
    row_of(staff, 2).get_by_role("link", name="写采用稿").click()
    expect(staff.page.get_by_label("采用稿")).to_have_value(
        "省财政厅：下达衔接资金9.8亿元。\n省农业农村厅：审核帮扶项目412个。"
    )
    staff.page.get_by_label("采用稿").fill("衔接资金9.8亿元已全部下达到县，审核帮扶项目412个。")
    staff.shot("19-adopt")
    staff.press("保存采用稿")
    staff.sees("第2项采用稿已保存")


# --- The report -----------------------------------------------------------------------------------------------------


def make_draft(staff):
    staff.go("/monthly/")
    staff.press("预览和定稿", "link")
    staff.shot("20-monthly")
    staff.press("送审")
    content = download(staff, "送审稿第1稿")
    staff.shot("21-draft-ready")
    assert sheets_of(content)["总览"][0] == DRAFT_TITLE


def finalise(staff, version: str) -> bytes:
    staff.go("/monthly/")
    staff.press("预览和定稿", "link")
    staff.press(f"定稿 {version}", "link")
    staff.page.get_by_label("签发人").fill("陈建国")
    staff.shot(f"22-finalise-{version}")
    staff.press(f"定稿 {version}")
    staff.sees(f"2024年10月月报已定稿{version}，正在生成文件。")
    staff.sees("应报51份，已报50份，按时49份，按时率96%；补报1份，未报1份，退回未改0份。")
    staff.sees("第26项民航安徽监管局（未报）。")
    content = download(staff, version)
    staff.shot(f"23-issued-{version}")
    return content


def download(staff, version: str) -> bytes:
    """The file of that version, by a click, once the worker has made it; the page finds out by itself."""
    if "/monthly/" not in staff.page.url:
        staff.go("/monthly/")
    expect(staff.page.get_by_role("link", name=f"下载{version} Excel")).to_be_visible(timeout=30_000)
    name, content = downloaded(staff.page, f"下载{version} Excel")
    assert name == FILE_NAME.format(version)
    return content


# --- What must not reach back, and what may ------------------------------------------------------------------------


def rename_everything(plan, admin):
    """Names, wordings, thresholds and the report's own head change after the issue."""
    item = plan.items.get(number="22")
    services.revise_item(item, by=admin, title="省属企业帮扶项目（新）", summary="改过的概述")
    services.change_settings(
        plan, by=admin, behind_gap=5, far_behind_gap=15, office_name="省农业农村厅综合处", report_title="改名月报"
    )
    Department.objects.filter(name="省国资委").update(name=RENAMED)


def begin_correction(staff):
    Department.objects.filter(name=RENAMED).update(name="省国资委")
    staff.page.reload()
    staff.press("修订", "link")
    staff.page.get_by_label("修订原因").fill("省国资委更正项目个数，第2项文字更正")
    staff.page.get_by_label("第2项", exact=False).first.check()
    row = staff.page.locator("tr").filter(has_text="第22项")
    row.locator("input[name=reports]").check()
    staff.shot("24-correct")
    staff.press("开始修订")
    staff.sees("2024年10月已开始修订")


def mend_again(period, people):
    report = period.reports.get(item__number="22")
    by = people["省国资委"]
    report = services.save_draft(
        report, by=by, version=report.version, progress_text="截至10月20日，落地省属企业投资项目10个。"
    )
    report = services.submit(report, by=by, version=report.version)
    services.accept(report, by=people["staff"], version=report.version)


def correct_text(staff):
    staff.go("/periods/")
    staff.press("认定灯", "link")
    row_of(staff, 2).get_by_role("link", name="改采用稿").click()
    staff.page.get_by_label("采用稿").fill("衔接资金9.8亿元已全部下达到县，审核帮扶项目421个。")
    staff.press("保存采用稿")
    staff.sees("第2项采用稿已保存")
