import re

import pytest
from django.db import transaction
from django.urls import reverse

from calendars import clock
from tasks import services
from tests.tasks.filing import browser_of, fields
from tests.tasks.world import FILING_DAY, NO_CHANGE, NOVEMBER, PROGRESS, local, make_october

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.at(FILING_DAY):
        yield make_october()


@pytest.fixture
def water(world):
    return world.report("1", "省水利厅")


@pytest.fixture
def desk(world):
    return browser_of(world.liaisons["省水利厅"])


def page(name: str, report) -> str:
    return reverse(f"tasks:progress-{name}", args=[report.pk])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_month_with_progress_is_written_checked_handed_in_and_receipted(desk, water):
    assert desk.get(page("edit", water)).status_code == 200

    checked = desk.post(page("edit", water), fields(water, action="check"))
    assert checked.url == page("check", water)
    assert PROGRESS["progress_text"] in text_of(desk.get(checked.url))
    water.refresh_from_db()
    receipt = desk.post(checked.url, {"version": water.version})

    water.refresh_from_db()
    assert (water.state, receipt.url) == ("submitted", page("receipt", water))
    shown = text_of(desk.get(receipt.url))
    assert f"2024-10-1-{water.pk:04d}" in shown
    assert "按时报送" in shown


def test_no_progress_needs_only_the_approver(desk, water):
    sent = fields(water, action="check", kind="no_change", progress_text="", next_step="", self_light="", problems="")
    checked = desk.post(page("edit", water), sent | {"approved_on": ""})
    water.refresh_from_db()
    desk.post(checked.url, {"version": water.version})

    water.refresh_from_db()
    assert (water.state, water.submission.text["kind"]) == ("submitted", "no_change")


def test_what_another_kind_of_month_left_in_its_fields_stops_nobody(desk, water):
    desk.post(page("edit", water), fields(water, action="check", kind="no_change", progress_text="新增**户"))
    water.refresh_from_db()
    desk.post(page("check", water), {"version": water.version})

    water.refresh_from_db()
    assert (water.state, water.submission.text["progress_text"]) == ("submitted", "")


@pytest.mark.parametrize("name", ["edit", "check", "receipt"])
def test_another_departments_report_looks_absent(world, water, name):
    world.file(water)
    stranger = browser_of(world.liaisons["省财政厅"])

    foreign = stranger.get(page(name, water))
    absent = stranger.get(page(name, water).replace(str(water.pk), "999999"))

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert _without_ids(foreign) == _without_ids(absent)


def _without_ids(response) -> str:
    text = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken"): ?"[^"]+"|[A-Za-z0-9]{64}', "", response.content.decode())
    return re.sub(r"[0-9a-f]{8,}", "", text)


@pytest.mark.parametrize("name", ["edit", "autosave", "check", "withdraw"])
def test_another_department_changes_nothing(world, water, name):
    stranger = browser_of(world.liaisons["省财政厅"])

    assert stranger.post(page(name, water), fields(water)).status_code == 404
    water.refresh_from_db()
    assert (water.state, water.version) == ("awaiting", 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"progress_text": "新增**户"}, "进展情况：“**”处还没有填写，请换成实际内容。"),
        ({"problems": "缺口XX万元"}, "存在问题：“XX”处还没有填写"),
        ({"next_step": ""}, "下一步打算：请写明下一步怎么做"),
        ({"self_light": ""}, "自评灯：请选择"),
        ({"approver": ""}, "本单位审签人：请填写"),
        ({"approved_on": "2024-12-01"}, "审签日期：不能晚于今天"),
        ({"coordination": "请协调用地"}, "需省级协调：写了请求但没有勾选"),
        ({"needs_coordination": "on"}, "需省级协调：请写明需要协调什么"),
    ],
)
def test_what_is_wrong_stands_above_and_at_the_field_and_the_text_stays(desk, water, change, words):
    answer = desk.post(page("edit", water), fields(water, action="check", **change))

    assert answer.status_code == 422
    assert text_of(answer).count(words) == 2
    assert "<title>有错误：" in answer.content.decode()
    water.refresh_from_db()
    assert water.state == "draft"
    assert water.progress_text == change.get("progress_text", PROGRESS["progress_text"])


@pytest.mark.parametrize("action", ["save", "check"])
def test_a_text_over_the_limit_is_not_cut_and_not_stored(desk, water, action):
    answer = desk.post(page("edit", water), fields(water, action=action, progress_text="长" * 501))

    assert answer.status_code == 422
    assert "最多500字，现在501字，请删减1字。" in text_of(answer)
    assert "长" * 501 in answer.content.decode()
    water.refresh_from_db()
    assert (water.state, water.version) == ("awaiting", 0)


def test_line_breaks_count_once(desk, water):
    text = "甲\r\n" * 249 + "甲乙"  # 500 characters once a break is one

    assert desk.post(page("edit", water), fields(water, progress_text=text)).status_code == 302
    water.refresh_from_db()
    assert len(water.progress_text) == 500


def test_a_date_nobody_can_read_keeps_the_page(desk, water):
    answer = desk.post(page("edit", water), fields(water, approved_on="下周三"))

    assert answer.status_code == 422
    assert "看不懂这个日期" in text_of(answer)
    assert PROGRESS["progress_text"] in text_of(answer)


def test_a_second_editor_sees_both_texts_and_overwrites_nothing(world, desk, water):
    world.draft(water, PROGRESS | {"progress_text": "同事先写的文字"})

    answer = desk.post(page("edit", water), fields(water, version=0, progress_text="我后写的文字"))

    assert answer.status_code == 409
    shown = text_of(answer)
    assert ("同事先写的文字" in shown, "我后写的文字" in shown, "省水利厅联络员在今天 10:00改过" in shown) == (
        True,
    ) * 3
    water.refresh_from_db()
    assert water.progress_text == "同事先写的文字"
    # The answer carries the new version: saving it is a decision, not an accident.
    assert f'name="version" value="{water.version}"' in answer.content.decode()
    assert desk.post(page("edit", water), fields(water, progress_text="合并后")).status_code == 302


def test_the_same_text_twice_is_no_conflict(desk, water):
    desk.post(page("edit", water), fields(water))

    assert desk.post(page("edit", water), fields(water, version=0)).status_code == 302
    water.refresh_from_db()
    assert water.version == 1


def test_a_second_submit_shows_the_receipt(world, desk, water):
    world.draft(water)
    desk.post(page("check", water), {"version": 1})

    again = desk.post(page("check", water), {"version": 1}, follow=True)

    assert "已经提交过" in text_of(again)
    assert again.redirect_chain[0][0] == page("receipt", water)
    assert water.events.filter(verb="submitted").count() == 1


def test_a_stale_check_page_hands_nothing_in(world, desk, water):
    world.draft(water)
    world.draft(water, PROGRESS | {"progress_text": "同事改过的文字"})

    answer = desk.post(page("check", water), {"version": 1})

    assert answer.status_code == 409
    assert "没有提交：" in text_of(answer)
    assert "同事改过的文字" in text_of(answer)
    water.refresh_from_db()
    assert water.state == "draft"


def test_a_month_closed_meanwhile_keeps_what_was_typed(world, desk, water):
    _finalise(world)

    answer = desk.post(page("edit", water), fields(water, progress_text="写到一半的文字"))

    assert answer.status_code == 409
    assert "已定稿" in text_of(answer)
    assert "写到一半的文字" in answer.content.decode()
    water.refresh_from_db()
    assert (water.state, water.progress_text) == ("lapsed", "")


def _finalise(world):
    with transaction.atomic():
        services.close_period(world.periods["2024-10"], by=world.staff, reason="月底汇总")


def test_autosave_answers_with_the_next_version(desk, water):
    answer = desk.post(page("autosave", water), fields(water))

    assert (answer.status_code, answer.json()) == (200, {"version": 1, "saved_at": "10:00:00"})
    water.refresh_from_db()
    assert (water.state, water.progress_text) == ("draft", PROGRESS["progress_text"])


def test_autosave_of_an_old_version_names_the_colleague(world, desk, water):
    world.draft(water, PROGRESS | {"progress_text": "同事先写的文字"})

    answer = desk.post(page("autosave", water), fields(water, version=0))

    assert (answer.status_code, answer.json()["code"]) == (409, "already_moved")
    assert "省水利厅联络员在今天 10:00改过" in answer.json()["message"]
    water.refresh_from_db()
    assert water.progress_text == "同事先写的文字"


@pytest.mark.parametrize("version", ["", "abc", "-1", "９", "99999999999999999999"])
def test_a_version_that_is_none_is_out_of_date(desk, water, version):
    assert desk.post(page("autosave", water), fields(water, version=version)).status_code == 409
    water.refresh_from_db()
    assert water.version == 0


def test_autosave_refuses_what_cannot_be_stored(desk, water):
    answer = desk.post(page("autosave", water), fields(water, problems="长" * 501))

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["problems"])
    assert "存在问题：最多500字" in answer.json()["message"]


def test_a_closed_month_tells_the_autosave_so(world, desk, water):
    _finalise(world)

    answer = desk.post(page("autosave", water), fields(water))

    assert (answer.status_code, answer.json()["code"]) == (422, "period_closed")


def test_the_reason_of_a_return_stands_on_top_and_at_its_field(world, desk, water):
    world.file(water)
    world.returned(water, "数字口径不一致", field="progress_text", due_at=local(2024, 10, 28, 18))

    answer = desk.get(page("edit", water))
    shown = text_of(answer)

    assert shown.count("数字口径不一致") == 2
    focused = re.search(r"<[^>]+data-focus[^>]*>", answer.content.decode())[0]
    assert focused.startswith('<textarea name="progress_text"')
    assert "请在 10月28日（周一）18:00 前重报" in shown


def test_a_withdrawn_report_can_be_written_again(world, desk, water):
    world.file(water)

    answer = desk.post(page("withdraw", water), {"version": water.version})

    water.refresh_from_db()
    assert (answer.url, water.state, water.progress_text) == (page("edit", water), "draft", PROGRESS["progress_text"])


def test_what_is_decided_cannot_be_withdrawn(world, desk, water):
    world.accept(world.file(water))

    answer = desk.post(page("withdraw", water), {"version": water.version}, follow=True)

    assert "没有撤回" in text_of(answer)
    water.refresh_from_db()
    assert water.state == "accepted"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (local(2024, 10, 23, 10), "截止 10月25日（周五）18:00，还剩 2 天"),
        (local(2024, 10, 25, 18, 1), "已过18:00，今天24:00前提交仍算按时。"),
        (local(2024, 10, 27, 9), "现在提交记为补报（逾期 2 天）。"),
    ],
)
def test_the_form_says_what_the_hour_means(world, desk, water, moment, words):
    with clock.at(moment):
        assert words in text_of(desk.get(page("edit", water)))


def test_last_months_text_stands_beside_and_only_the_approver_is_offered(world, desk, water):
    world.accept(world.file(water))
    with clock.at(local(2024, 11, 8, 9)):
        world.open(NOVEMBER)
    november = world.report("1", "省水利厅", NOVEMBER)

    html = desk.get(page("edit", november)).content.decode()

    assert "上月（10月，已通过，只读）" in html
    assert html.count(PROGRESS["progress_text"]) == 1
    assert f'name="approver" value="{PROGRESS["approver"]}"' in html
    assert "value=" not in re.search(r'<input[^>]+name="approved_on"[^>]*>', html)[0]


def test_the_check_page_marks_what_is_new_and_warns_of_the_same_text(world, desk, water):
    world.accept(world.file(water))
    with clock.at(local(2024, 11, 8, 9)):
        world.open(NOVEMBER)
    november = world.report("1", "省水利厅", NOVEMBER)
    world.draft(november, PROGRESS | {"progress_text": PROGRESS["progress_text"] + "第三县也已开工。"})

    html = desk.get(page("check", november)).content.decode()
    assert '<ins class="add">第三县也已开工。</ins>' in html
    assert "1 条提示" not in html

    world.draft(november)
    assert "1 条提示，不影响提交" in text_of(desk.get(page("check", november)))


def test_a_half_written_draft_goes_back_to_the_form_with_its_errors(world, desk, water):
    world.draft(water, PROGRESS | {"next_step": ""})

    answer = desk.get(page("check", water), follow=True)

    assert answer.redirect_chain[0][0] == f"{page('edit', water)}?check=1"
    assert text_of(answer).count("下一步打算：请写明下一步怎么做") == 2
    assert PROGRESS["progress_text"] in answer.content.decode()


def test_a_session_that_ended_answers_401_and_changes_nothing(world, desk, water):
    desk.logout()

    answer = desk.post(page("autosave", water), fields(water), headers={"X-Requested-With": "XMLHttpRequest"})

    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    water.refresh_from_db()
    assert water.version == 0


def test_a_closed_month_is_read_only_with_its_receipt(world, desk, water):
    world.accept(world.file(water, NO_CHANGE))
    _finalise(world)

    html = desk.get(page("edit", water)).content.decode()

    assert ("<textarea" in html, "已定稿" in html, NO_CHANGE["no_change_reason"] in html) == (False, True, True)
    assert desk.get(page("receipt", water)).status_code == 200
