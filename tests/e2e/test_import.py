"""A fresh office: no plan yet, a Word file comes in, two doubts are settled, the plan is in force and its first month
open. Real web and worker processes; the document is read in its own child process."""

import re

import pytest
from playwright.sync_api import expect

from accounts.choices import Role
from counties.loading import load_counties
from departments.loading import load_departments
from imports import services
from tasks.models import Plan, ReportingPeriod
from tests.documents.samples.docx import docx, p
from tests.e2e.desk import PASSWORD, PATIENCE
from tests.factories import make_user
from tests.imports.drafts import reviewed

pytestmark = pytest.mark.browser

LINES = (
    "安徽省农业农村厅关于印发《2024年重点帮扶县仓储冷链建设工作要点》的通知",
    "各有关单位：现将工作要点印发给你们，请认真落实。",
    "2024年重点帮扶县仓储冷链建设工作要点",
    "一、补齐设施短板",
    "1.在重点帮扶县新建一批产地冷库，年底前建成并投入使用。(省农业农村厅牵头，省财政厅配合)",
    "2.完善重点帮扶县县乡村三级物流节点，统筹客货邮场站。(省交通运输厅、省商务厅等有关部门按职责分工负责)",
    "二、提升运营水平",
    "3.培训重点帮扶县仓储管理人员，提高设施利用率。(省供销合作联社牵头负责)",
    "4.引导金融机构为重点帮扶县冷链企业提供信贷支持。(人民银行安徽省分行负责)",
    "安徽省农业农村厅",
    "2024年8月19日",
)


@pytest.fixture
def office(set_clock):
    set_clock("2024-08-20 09:00")
    load_departments()
    load_counties()
    roles = (Role.OFFICE_ADMIN, Role.OFFICE_STAFF)
    return make_user("wangwb", name="王文博", password=PASSWORD, roles=roles)


@pytest.fixture
def word_file() -> dict:
    return {"name": "仓储冷链要点.docx", "mimeType": "application/octet-stream", "buffer": docx(*map(p, LINES))}


def test_word_file_becomes_a_plan_with_its_first_month_open(office, set_clock, site, desk, word_file):
    person = desk("wangwb")
    page = person.page
    person.sees("还没有工作计划")
    person.press("导入文件", "link")
    page.get_by_label("选择文件").set_input_files(word_file)
    person.press("上传并读取")
    person.sees("解析结果")
    expect(page.get_by_text("需确认 2", exact=True)).to_be_visible()
    person.shot("60-review")
    assert person.serious_findings() == []

    # 第2项: 等有关部门 is kept as written; Enter confirms.
    expect(page.locator("#source .is-on mark")).to_have_text("等有关部门")
    page.get_by_text("只保留这 2 家").click()
    page.get_by_role("button", name="确认第2项，看下一条").press("Enter")
    expect(page.get_by_role("button", name="确认第3项，看下一条")).to_be_focused()
    assert page.url.endswith("show=check")

    # 第3项: the register lacks the unit; it is not confirmed before somebody says which one is meant.
    page.keyboard.press("Enter")
    person.sees("没有保存，请改好后再确认")
    page.get_by_label("对应的其他单位").fill("省商务厅")
    page.get_by_label("对应的其他单位").press("Enter")  # in a field it confirms as well
    person.sees("没有需确认的事项")
    page.get_by_role("button", name=re.compile("接受全部一致项 2")).click()
    expect(page.get_by_text("一致 0", exact=True).first).to_be_visible()
    person.shot("61-checked")

    # What the document does not say is asked before publishing.
    page.locator("#review-head").get_by_role("link", name="发布计划").click()
    person.sees("请选择首次调度的月份")
    page.get_by_role("link", name="去填写").first.click()
    for label, value in (("实施自", "2024-08-19"), ("实施至", "2024-12-31"), ("首次调度月", "2024-09")):
        page.get_by_label(label).fill(value)
    person.press("保存，回到核对")
    page.locator("#review-head").get_by_role("link", name="发布计划").click()
    person.shot("62-publish")
    assert person.serious_findings() == []
    person.press("发布计划")
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    person.sees("已发布：")
    plan = Plan.objects.get()
    assert plan.items.count() == 4

    set_clock("2024-09-09 09:00")
    page.get_by_role("link", name="开启调度").click()
    person.press("开启9月调度", "link")
    person.press("开启9月调度")
    page.wait_for_url("**/periods/*/", timeout=PATIENCE)
    reports = ReportingPeriod.objects.get().reports
    assert reports.count() == 5  # the unit that only cooperates is not asked to report

    item = plan.items.get(number="2")
    person.go(f"/items/{item.pk}/")
    person.sees("完善重点帮扶县县乡村三级物流节点")
    page.get_by_role("link", name="原文", exact=True).click()
    expect(page.locator("#source .is-on")).to_contain_text("统筹客货邮场站")


def test_the_review_works_without_javascript(office, site, desk, word_file):
    person = desk("wangwb", java_script_enabled=False)
    page = person.page
    person.go("/imports/new/")
    page.get_by_label("选择文件").set_input_files(word_file)
    person.press("上传并读取")
    for _ in range(60):
        if page.locator("#review").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_text("只保留这 2 家").click()
    person.press("确认第2项，看下一条")
    expect(page.get_by_role("button", name="确认第3项，看下一条")).to_be_visible()
    person.press("标为稍后")
    expect(page.get_by_text("稍后").first).to_be_visible()


def test_what_was_typed_is_kept_for_later(office, site, desk, word_file):
    person = desk("wangwb")
    page = person.page
    person.go("/imports/new/")
    page.get_by_label("选择文件").set_input_files(word_file)
    person.press("上传并读取")
    person.sees("解析结果")
    page.locator("input[name$=-title]").fill("先存着的名称")
    person.press("保存，稍后再看")
    page.wait_for_url("**/imports/")
    page.go_back()
    page.reload()

    expect(page.locator("#results").get_by_text("先存着的名称").first).to_be_visible()


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_are_accessible_and_quiet(office, desk, width):
    """Each page of an import at the desk and on a phone, where everything can be read."""
    document = reviewed(office)
    row = document.items.get(number="3")
    services.postpone_item(row, by=office, version=row.version)
    person = desk("wangwb", viewport={"width": width, "height": 800})
    here = f"/imports/{document.pk}/"
    paths = (
        "/imports/", "/imports/new/", here, f"{here}?show=all", f"{here}facts/", f"{here}publish/", f"{here}steps/",
        f"/imports/items/{row.pk}/split/", f"/imports/units/{row.units.get().pk}/",
    )  # fmt: skip
    findings = []
    for path in paths:
        assert person.page.goto(path).status == 200, path
        findings += person.serious_findings()
        assert not person.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        person.shot(f"63-{width}-{path.strip('/').replace('/', '_').replace('?', '_')}")
    assert not findings
    expect(person.page.get_by_text("请在电脑上操作").first).to_be_visible(visible=width == 390)
