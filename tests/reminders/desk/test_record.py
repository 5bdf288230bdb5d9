"""What the desk says afterwards, what can be taken away, and the message before it goes."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from audit.models import AuditEvent
from calendars import clock
from reminders.models import Notice
from reminders.services.events import write_event_notices
from tasks import services
from tests.reminders.desk.acts import DESK, chase_url, key_of
from tests.reminders.office import notice_for
from tests.tasks.filing import browser_of
from tests.tasks.world import FILING_DAY, NOVEMBER, local

pytestmark = pytest.mark.django_db


# --- The record -----------------------------------------------------------------------------------------------------


def test_the_record_says_whether_a_message_was_read(staff, world, october):
    water, finance = world.liaisons["省水利厅"], world.liaisons["省财政厅"]
    staff.post(chase_url(october), {"pick": "all"})
    batch = staff.get(DESK).context["undo"]["batch"]
    values = {"kind": "chase", "batch": batch}
    with clock.at(FILING_DAY + timedelta(minutes=2)):
        notice_for(water, report_ids=[world.report("1", "省水利厅").pk], read_at=clock.now(), **values)
        notice_for(finance, report_ids=[world.report("2", "省财政厅").pk], **values)
        page = staff.get(DESK)
    with clock.at(FILING_DAY + timedelta(minutes=11)):
        later = staff.get(DESK)

    def words(page):
        return {row.name: row.last_words for row in page.context["rows"]}

    assert words(page) == {"省水利厅": "已读", "省财政厅": "未读", "省林业局": "待发出"}
    record = page.context["record"]
    assert [(line["by"], line["how"], line["stands"]) for line in record] == [
        (world.staff.name, "站内", "已读 10-22 10:02")
    ]
    assert words(later)["省林业局"] == "未送达"


def test_one_person_of_two_departments_reads_for_both(staff, world, october):
    staff.post(chase_url(october), {"pick": "all"})
    batch = staff.get(DESK).context["undo"]["batch"]
    reports = [world.report("1", "省水利厅").pk, world.report("2", "省财政厅").pk]
    notice_for(world.liaisons["省水利厅"], kind="chase", batch=batch, report_ids=reports, read_at=clock.now())

    rows = staff.get(DESK).context["rows"]

    assert [row.last_words for row in rows] == ["已读", "已读", "待发出"]


def test_a_mail_that_failed_is_said(staff, world, october):
    staff.post(chase_url(october), {"pick": str(key_of(world, "省水利厅"))})
    batch = staff.get(DESK).context["undo"]["batch"]
    values = {"kind": "chase", "batch": batch, "report_ids": [world.report("1", "省水利厅").pk]}
    notice_for(world.liaisons["省水利厅"], key="chase:x", **values)
    notice_for(world.liaisons["省水利厅"], key="chase:x", channel="email", state="parked", **values)

    assert staff.get(DESK).context["record"][0]["stands"] == "未读，邮件未发出"


def test_automatic_reminders_stand_in_the_departments_record(staff, world):
    water = world.liaisons["省水利厅"]
    report, other = world.report("1", "省水利厅"), world.report("2", "省财政厅")
    notice_for(water, report_ids=[report.pk], read_at=clock.now())
    notice_for(water, report_ids=[other.pk], subject="别的单位的")
    notice_for(world.liaisons["省财政厅"], report_ids=[other.pk])

    record = staff.get(DESK, {"department": key_of(world, "省水利厅")}).context["record"]

    assert [(line["by"], line["how"], line["stands"]) for line in record] == [
        ("自动", "截止前3个工作日", "已读 10-22 10:00")
    ]


def test_the_history_lists_every_click_undone_ones_too(staff, world, october):
    staff.post(chase_url(october), {"pick": str(key_of(world, "省水利厅"))})
    staff.post(reverse("reminders:undo", args=[staff.get(DESK).context["undo"]["batch"]]))
    staff.post(chase_url(october), {"pick": str(key_of(world, "省财政厅"))})

    page = staff.get(DESK, {"show": "history"})

    assert [(line.name, line.stands) for line in page.context["page"]] == [
        ("省水利厅", "已撤销"),
        ("省财政厅", "待发出"),
    ]


# --- To take away ---------------------------------------------------------------------------------------------------


def test_the_phone_list_holds_whole_numbers_as_text_and_is_recorded(staff, world, october):
    liaison = world.liaisons["省水利厅"]
    User.objects.filter(pk=liaison.pk).update(phone="=1+1", name="+甲")
    world.returned(world.file(world.report("2", "省财政厅")))

    answer = staff.get(reverse("reminders:phones", args=[october.pk]))

    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    rows = [[cell.value for cell in row[:6]] for row in sheet.iter_rows(min_row=4)]
    assert rows == [
        ["省水利厅", "1", None, "未开始", "+甲", "=1+1"],
        ["省林业局", "2", None, "未开始", "省林业局联络员", None],
        ["省财政厅", None, "2", None, "省财政厅联络员", None],
    ]
    assert (sheet["F4"].data_type, sheet["F4"].quotePrefix) == ("s", True)
    event = AuditEvent.objects.get(action="chase.phones_exported")
    assert (event.actor_name, event.after) == (world.staff.name, {"departments": 3})


def test_the_sheet_counts_each_department_in_office_order(staff, world, october):
    world.file(world.report("1", "省水利厅"), at=local(2024, 10, 26, 9))
    world.returned(world.file(world.report("2", "省财政厅")))
    services.chase(october, [key_of(world, "省林业局")], by=world.staff, channels=["inbox"])

    page = staff.get(reverse("reminders:sheet", args=[october.pk]))

    rows = [(r.name, r.expected, r.filed, r.late, r.owed, r.returned, r.chases) for r in page.context["rows"]]
    assert rows == [
        ("省水利厅", 1, 1, 1, [], [], 0),
        ("省财政厅", 1, 0, 0, [], ["2"], 0),
        ("省林业局", 1, 0, 0, ["2"], [], 1),
    ]


def test_a_planned_month_has_nothing_to_take_away(staff, october):
    october.state = "planned"
    october.save(update_fields=["state"])

    names = ("reminders:sheet", "reminders:phones")
    assert {staff.get(reverse(name, args=[october.pk])).status_code for name in names} == {404}


# --- The message before it goes -------------------------------------------------------------------------------------


def test_preview_is_the_message_a_chase_would_send(staff):
    page = staff.get(DESK).text

    assert "【月调度提醒】省水利厅2024年10月进展尚有 1 项未报送" in page
    assert "第1项 农村供水提升（2024年10月）：截止 10月25日（周五）18:00，还剩 3 天" in page


@pytest.mark.parametrize("show", ["late", "returned"])
def test_the_message_speaks_of_everything_owed_whichever_tab_is_open(world, show):
    """Compared with the message the tick really writes a minute after the click."""
    item = world.plan.items.get(number="3")
    services.assign(item, world.departments["省水利厅"], role="lead", required=True, by=world.admin)
    with clock.at(local(2024, 11, 20, 10)):
        november = world.open(NOVEMBER)
    world.returned(world.file(world.report("1", "省水利厅", NOVEMBER), at=local(2024, 11, 20, 9)))
    client = browser_of(world.staff)
    with clock.at(local(2024, 11, 20, 10)):
        page = client.get(DESK, {"period": november.pk, "show": show})
        client.post(chase_url(november), {"pick": str(key_of(world, "省水利厅")), "show": show})
    with clock.at(local(2024, 11, 20, 10, 2)):
        write_event_notices()

    written = Notice.objects.get(kind="chase")
    assert len(written.report_ids) == 2
    shown = page.context["preview"]
    assert shown["subject"] == written.subject
    assert shown["content"] == written.content | {"greeting": shown["content"]["greeting"]}


def test_home_says_how_often_each_was_chased_and_leads_to_the_desk(staff, world, october):
    services.chase(october, [key_of(world, "省水利厅")], by=world.staff, channels=["inbox"])
    services.note_call(october, key_of(world, "省水利厅"), by=world.staff)
    undone = services.chase(october, [key_of(world, "省财政厅")], by=world.staff, channels=["inbox"])
    services.undo_chase(undone, by=world.staff)

    page = staff.get("/")

    assert [(row.name, row.chases) for row in page.context["board"].late] == [
        ("省水利厅", 2),
        ("省财政厅", 0),
        ("省林业局", 0),
    ]
    assert f'href="{DESK}?period={october.pk}"' in page.text
