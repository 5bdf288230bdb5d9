"""What goes wrong at a desk: each gets a clear Chinese message, and nothing typed is lost."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tasks import services
from tasks.models import ProgressReport
from tests.e2e import october
from tests.e2e.desk import PASSWORD
from tests.factories import drafted, open_month, report_of

pytestmark = pytest.mark.browser

TYPED = "落地省属企业投资项目9个，完成投资3.2亿元。"


@pytest.fixture
def world(set_clock):
    """October is open, and it is the 21st."""
    set_clock("2024-10-08 09:00")
    plan, people = october.settle()
    period = open_month(plan, "2024-10", by=people["admin"])
    set_clock("2024-10-21 10:00")
    return plan, people, period


def text_of_22() -> str:
    return ProgressReport.objects.get(item__number="22").progress_text


def test_session_that_ends_in_mid_form_is_renewed_in_place(world, desk):
    liaison = desk("guozi", provoked=True)
    page = liaison.page
    Session.objects.all().delete()
    page.locator("#id_progress_text").fill(TYPED)
    page.keyboard.press("Tab")

    dialog = page.get_by_role("dialog", name="登录已过期，请重新登录")
    expect(dialog).to_be_visible()
    liaison.shot("30-signed-out")
    dialog.get_by_label("用户名").fill("guozi")
    dialog.get_by_label("密码").fill("wrong")
    dialog.get_by_role("button", name="登录并保存").click()
    expect(dialog).to_contain_text("不正确")
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录并保存").click()

    expect(dialog).to_have_count(0)
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    expect(page.locator("#id_progress_text")).to_have_value(TYPED)
    assert text_of_22() == TYPED


def test_text_of_a_second_tab_is_not_overwritten_and_none_is_lost(world, desk):
    first = desk("guozi", provoked=True)
    second = first.tab()
    second.go(first.page.url)
    second.page.locator("#id_progress_text").fill("先保存的文字。")
    second.press("保存草稿")
    second.sees("草稿已保存")

    first.page.locator("#id_progress_text").fill(TYPED)
    first.page.keyboard.press("Tab")
    first.sees("您的文字没有覆盖它")
    assert text_of_22() == "先保存的文字。"
    first.press("保存草稿")
    first.sees("还没有保存")
    first.sees("先保存的文字。")
    expect(first.page.locator("#id_progress_text")).to_have_value(TYPED)
    first.shot("31-conflict")
    first.press("用右边的文字保存")
    first.sees("草稿已保存")
    assert text_of_22() == TYPED


def test_wrong_texts_are_named_at_their_field_and_stay(world, desk):
    liaison = desk("guozi", provoked=True)
    page = liaison.page
    long = "长" * 501
    page.locator("#id_progress_text").fill(long)
    liaison.press("核对并提交")
    liaison.sees("最多500字，现在501字，请删减1字。")
    expect(page).to_have_title("有错误：填报第22项 - 省重点帮扶县工作重点月调度")
    expect(page.locator("#id_progress_text")).to_have_value(long)

    page.locator("#id_progress_text").fill("帮扶**户")
    page.locator("#id_approved_on").fill("十月二十一")
    liaison.press("核对并提交")
    liaison.sees("看不懂这个日期")
    page.locator("#id_approved_on").fill("2024-10-22")
    liaison.press("核对并提交")
    for words in (
        "“**”处还没有填写",
        "请写明下一步怎么做",
        "请选择正常、滞后或严重滞后",
        "请填写本单位审签人姓名",
        "不能晚于今天",
    ):
        liaison.sees(words)
    expect(page.locator("#id_progress_text")).to_have_value("帮扶**户")
    assert text_of_22() == "帮扶**户"
    liaison.shot("32-errors")


def test_second_submission_finds_the_receipt_of_the_first(world, desk):
    _, people, period = world
    drafted(report_of(period, "22", "省国资委"), by=people["省国资委"])
    first = desk("guozi", provoked=True)
    first.press("核对并提交")
    first.sees("提交后省厅开始审核前可以撤回")
    second = first.tab()
    second.go(first.page.url)

    first.press("提交第22项")
    first.sees("回执编号")
    second.press("提交第22项")

    second.sees("这一条已经提交过，下面是回执。")
    assert report_of(period, "22", "省国资委").events.filter(verb="submitted").count() == 1


def test_month_is_opened_once_in_order_and_inside_its_plan(set_clock, desk):
    set_clock("2024-09-02 09:00")
    plan, _ = october.settle()
    first = desk("wangwb", provoked=True)
    second = first.tab()
    for one in (first, second):
        one.go("/periods/open/")

    first.press("开启9月调度")
    first.sees("2024年9月调度已开启")
    second.press("开启9月调度")
    second.sees("2024年9月填报中，不能重复开启")
    second.shot("33-opened-twice")

    second.go("/periods/open/?month=2024-11")
    second.press("开启11月调度")
    second.sees("2024年10月还没有开启。请先开启，或登记“未调度”并写明原因。")
    second.go("/periods/open/?month=2025-03")
    second.press("开启3月调度")
    second.sees("2025年3月不在计划调度范围内（2024年9月至2024年12月）。")
    second.go("/periods/open/?month=2024-10")
    second.page.get_by_label("截止日期").fill("2024-09-30")
    second.press("开启10月调度")
    second.sees("截止时间不能早于2024年10月1日")
    expect(second.page.get_by_label("截止日期")).to_have_value("2024-09-30")
    assert plan.periods.opened().count() == 1


def test_reviewer_who_is_overtaken_gets_his_words_back(world, desk):
    _, people, period = world
    report = drafted(report_of(period, "22", "省国资委"), by=people["省国资委"])
    report = services.submit(report, by=people["省国资委"], version=report.version)
    staff = desk("zhaoxl", provoked=True)
    staff.go(f"/review/{report.pk}/return/")
    staff.page.locator("label").filter(has_text="缺少数据").click()
    staff.page.get_by_label("补充说明").fill("请补充到位资金")
    services.accept(report, by=people["admin"], version=report.version)

    staff.press("退回")

    staff.sees("没有退回：第22项 省国资委")
    staff.sees("王文博 通过")
    expect(staff.page.get_by_label("您刚才写的退回理由")).to_have_value("缺少数据：请补充到位资金")
    staff.shot("34-overtaken")
