"""The filing form in a real browser: how many clicks a month costs, and what happens to typed text."""

import os

import pytest

from tasks.models import ProgressReport
from tests.tasks.filing import browser_of
from tests.tasks.world import PROGRESS, make_october

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings, monkeypatch):
    # The sync interface of Playwright runs inside an event loop of its own, which Django would take for ours.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    settings.CLOCK_AT = "2024-10-22T10:00:00+08:00"
    return make_october()


@pytest.fixture
def open_as(world, live_server, context):
    """A page of the site for one liaison, signed in."""

    def opened(user, path="/"):
        cookie = browser_of(user).cookies["sessionid"].value
        context.clear_cookies()
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return opened


class Clicks:
    def __init__(self, page) -> None:
        self.page, self.count = page, 0

    def __call__(self, words: str) -> None:
        self.page.get_by_text(words, exact=False).locator("visible=true").last.click()
        self.count += 1


def report() -> ProgressReport:
    return ProgressReport.objects.select_related("submission").get(department__name="省水利厅")


def test_no_progress_takes_three_clicks_from_sign_in(world, open_as):
    page = open_as(world.liaisons["省水利厅"])
    page.locator("#id_approver").fill("李明远")  # in later months it is offered
    click = Clicks(page)

    click("无新进展（可写原因）")
    assert not page.locator("#id_progress_text").is_visible()
    click("核对并提交")
    page.wait_for_url("**/check/")
    click("提交第1项")
    page.wait_for_url("**/receipt/")

    assert (click.count, report().state, report().submission.text["kind"]) == (3, "submitted", "no_change")


def test_progress_takes_four_clicks_besides_typing(world, open_as):
    page = open_as(world.liaisons["省水利厅"])
    click = Clicks(page)

    page.locator("#id_progress_text").fill(PROGRESS["progress_text"])
    page.locator("#id_next_step").fill(PROGRESS["next_step"])
    page.locator("#id_approver").fill("李明远")
    page.locator("#id_approved_on").fill("2024-10-21")
    click("正常")
    click("核对并提交")
    page.wait_for_url("**/check/")
    click("提交第1项")
    page.wait_for_url("**/receipt/")

    assert (click.count <= 4, report().state) == (True, "submitted")


def test_what_is_typed_is_saved_without_a_click_and_a_slower_colleague_sees_both_texts(world, open_as, live_server):
    page = open_as(world.liaisons["省水利厅"])
    slower = page.context.new_page()
    slower.goto(page.url)
    page.locator("#id_progress_text").fill("先写的文字")
    page.locator("#id_problems").focus()
    page.get_by_text("已保存 10:00").wait_for()
    assert report().progress_text == "先写的文字"

    slower.locator("#id_progress_text").fill("后写的文字")
    slower.locator("#id_problems").focus()
    slower.get_by_text("没有覆盖它").wait_for()
    slower.get_by_role("button", name="核对并提交").click()
    slower.get_by_text("左边是已保存的，右边是您的").wait_for()

    assert slower.locator("#id_progress_text").input_value() == "后写的文字"
    assert slower.locator("#last-progress_text").inner_text() == "先写的文字"
    assert report().progress_text == "先写的文字"


def test_a_form_with_nothing_left_to_save_still_goes_on(world, open_as):
    page = open_as(world.liaisons["省水利厅"])

    page.get_by_role("button", name="核对并提交").click()

    page.get_by_text("处需要改，改好后再提交").wait_for()
    assert page.title().startswith("有错误：")
    assert page.evaluate("document.activeElement.className") == "errors"
