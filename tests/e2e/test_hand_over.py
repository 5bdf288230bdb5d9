"""A post changes hands while its old holder sits in front of the form."""

import pytest
from playwright.sync_api import expect

from accounts.services import hand_over_post
from tests.e2e import october
from tests.e2e.desk import PASSWORD
from tests.factories import drafted, make_user, open_month, report_of

pytestmark = pytest.mark.browser

NOT_HIS = "页面不存在，或不在您的职责范围"


def test_rights_and_drafts_follow_the_post_at_the_next_request(set_clock, desk):
    set_clock("2024-10-08 09:00")
    plan, people = october.settle()
    period = open_month(plan, "2024-10", by=people["admin"])
    set_clock("2024-10-21 10:00")
    report = drafted(report_of(period, "22", "省国资委"), by=people["省国资委"], progress_text="已写好的一段。")
    successor = make_user("xinren", name="吴立新", password=PASSWORD)
    old, new = desk("guozi", provoked=True), desk("xinren", provoked=True)
    expect(old.page.locator("#id_progress_text")).to_have_value("已写好的一段。")
    new.go(f"/progress/{report.pk}/")
    new.sees(NOT_HIS)

    hand_over_post(people["省国资委"].posts.get(), to=successor, by=people["admin"])

    old.page.locator("#id_next_step").fill("移交后写的话。")
    old.page.keyboard.press("Tab")
    expect(old.page.locator("[data-saved]")).to_contain_text("没有保存")
    expect(old.page.locator("#id_next_step")).to_have_value("移交后写的话。")
    old.shot("35-handed-over")
    old.page.once("dialog", lambda dialog: dialog.accept())
    old.go(f"/progress/{report.pk}/")
    old.sees(NOT_HIS)
    new.go("/")
    expect(new.page.locator("#id_progress_text")).to_have_value("已写好的一段。")
    report.refresh_from_db()
    assert report.next_step != "移交后写的话。"
