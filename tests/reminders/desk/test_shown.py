"""The desk for chasing: who may open it, whom it shows and addresses, what it costs."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Post, User
from calendars import clock
from reminders.models import Notice
from reminders.services.events import write_event_notices
from tasks import services
from tasks.models import ReportEvent
from tests.reminders.desk.acts import DESK, chase_url, chased, key_of, shown
from tests.reminders.office import notice_for
from tests.tasks.filing import browser_of
from tests.tasks.office import grown_november
from tests.tasks.world import FILING_DAY, NOVEMBER, local, make_user, make_world

pytestmark = pytest.mark.django_db


# --- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["leader", "system_admin", "security_admin", "auditor", ""])
def test_to_others_the_desk_does_not_exist(world, october, role):
    client = browser_of(make_user("他人", *([role] if role else [])))
    place = key_of(world, "省水利厅")
    batch = services.chase(october, [place], by=world.staff, channels=["inbox"])
    pages = [DESK, reverse("reminders:sheet", args=[october.pk]), reverse("reminders:phones", args=[october.pk]),
             reverse("reminders:call", args=[october.pk, place])]  # fmt: skip
    posts = [chase_url(october), reverse("reminders:undo", args=[batch]), pages[-1]]

    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(page, {"pick": "all"}).status_code for page in posts} == {404}
    assert len(chased()) == 1


def test_a_liaison_has_no_desk_and_no_entry(world):
    client = browser_of(world.liaisons["省水利厅"])

    assert client.get(DESK).status_code == 404
    assert f'href="{DESK}"' not in client.get(reverse("tasks:progress-list")).text


@pytest.mark.parametrize("wanted", ["abc", "²", "99999", "123456789012"])
def test_an_unknown_month_is_absent(staff, wanted):
    assert staff.get(DESK, {"period": wanted}).status_code == 404


# --- What it shows --------------------------------------------------------------------------------------------------


def test_one_row_a_department_with_what_it_owes(staff, world):
    world.file(world.report("2", "省财政厅"))
    world.returned(world.file(world.report("1", "省水利厅")), reason="缺少数据")

    late, returned = staff.get(DESK), staff.get(DESK, {"show": "returned"})

    assert (shown(late), shown(returned)) == ([("省林业局", "2")], [("省水利厅", "1")])
    assert "未报 1 个单位 1 份" in late.text
    assert "缺少数据" in returned.text


def test_everybody_has_filed(staff, world):
    for number, name in (("1", "省水利厅"), ("2", "省财政厅"), ("2", "省林业局")):
        world.file(world.report(number, name))

    page = staff.get(DESK)

    assert "全部已报" in page.text
    assert "催办全部" not in page.text


def test_phones_are_masked_in_the_list(staff, world):
    User.objects.filter(pk=world.liaisons["省水利厅"].pk).update(phone="13812345678")

    page = staff.get(DESK).text

    assert "****5678" in page
    assert "13812345678" not in page


def test_a_department_without_a_liaison_says_so_and_can_still_be_phoned(staff, world, october):
    Post.objects.filter(department=key_of(world, "省水利厅")).delete()
    call = reverse("reminders:call", args=[october.pk, key_of(world, "省水利厅")])

    assert "无联络员" in staff.get(DESK).text
    assert staff.post(call, {"words": ""}).status_code == 302
    assert chased() == [("省水利厅", "phone")]


def test_the_group_text_names_departments_only_when_asked(staff):
    plain, named = staff.get(DESK).context["group_text"], staff.get(DESK, {"named": "1"}).context["group_text"]

    assert "各有关单位" in plain
    assert "省财政厅" not in plain
    assert "省水利厅、省财政厅、省林业局" in named


def test_a_closed_month_shows_its_record_alone(staff, world, october):
    services.chase(october, [key_of(world, "省水利厅")], by=world.staff, channels=["inbox"])
    october.state = "finalised"
    october.save(update_fields=["state"])

    page = staff.get(DESK, {"period": october.pk, "show": "late"})

    assert (page.context["show"], shown(page)) == ("history", [])
    assert "省水利厅" in page.text
    assert staff.post(chase_url(october), {"pick": "all"}).status_code == 302
    assert len(chased()) == 1


def test_without_a_month_under_way_it_says_so():
    world = make_world()

    assert "当前没有进行中的调度" in browser_of(world.staff).get(DESK).text


def test_months_under_way_of_all_plans_are_one_click_apart(staff, world, october):
    with clock.at(local(2024, 11, 20, 10)):
        november = world.open(NOVEMBER)
        page = staff.get(DESK)

    assert page.context["period"] == november
    assert [(one["label"], one["active"]) for one in page.context["switch"]] == [
        ("2024年10月", False),
        ("2024年11月", True),
    ]
    assert staff.get(DESK, {"period": october.pk}).context["period"] == october


def test_a_backfill_month_is_shown_but_not_chased():
    world = make_world()
    with clock.at(local(2024, 11, 5, 9)):
        period = services.open_period(world.plan, services.next_month_to_open(world.plan), by=world.admin)
        client = browser_of(world.staff)
        page = client.get(DESK)
        answer = client.post(chase_url(period), {"pick": "all"}, follow=True)

    assert len(page.context["rows"]) == 3
    assert "补录月份不发提醒" in page.text
    assert 'name="pick" value="all" disabled' in page.text
    assert "补录月份不发提醒" in answer.text
    assert chased() == []


# --- Whom a message addresses ---------------------------------------------------------------------------------------


@pytest.fixture
def stand_in(world):
    """省水利厅's A角 is away; its B角 stands in."""
    Post.objects.filter(department=key_of(world, "省水利厅")).update(
        away_from=date(2024, 10, 20), away_to=date(2024, 12, 10)
    )
    backup = make_user("替补", department=world.departments["省水利厅"], kind="backup")
    User.objects.filter(pk=backup.pk).update(phone="13900001111")
    return backup


def test_the_desk_names_whom_the_message_addresses(staff, world, october, stand_in):
    words = "替补（代省水利厅联络员，外出至12月10日）"
    page = staff.get(DESK, {"department": key_of(world, "省水利厅")})
    call = staff.get(reverse("reminders:call", args=[october.pk, key_of(world, "省水利厅")])).text
    phones = load_workbook(io.BytesIO(staff.get(reverse("reminders:phones", args=[october.pk])).getvalue())).active

    assert [row.people_words for row in page.context["rows"]] == [words, "省财政厅联络员", "省林业局联络员"]
    assert f"发给{words}" in page.text
    assert call.index(words) < call.index("省水利厅联络员（外出至12月10日）")
    assert ([cell.value for cell in phones[4]][4:6]) == [words, "13900001111"]

    staff.post(chase_url(october), {"pick": str(key_of(world, "省水利厅"))})
    with clock.at(FILING_DAY + timedelta(minutes=2)):
        write_event_notices()
    assert Notice.objects.get().user == stand_in


def test_from_the_due_day_on_both_are_named(staff, world):
    make_user("替补", department=world.departments["省水利厅"], kind="backup")

    def named(day):
        with clock.at(local(2024, 10, day, 10)):
            return staff.get(DESK).context["rows"][0].people_words

    assert (named(24), named(25)) == ("省水利厅联络员", "省水利厅联络员、替补（B角）")


def test_who_cannot_be_reached_is_named_and_not_counted(staff, world, october):
    Post.objects.filter(department=key_of(world, "省水利厅")).delete()

    page = staff.get(DESK).text
    assert "1 个单位没有联络员，提醒发不到，请电话联系：省水利厅。" in page
    assert "催办全部未报（2 个单位）" in page

    assert "已催办 2 个单位 2 份" in staff.post(chase_url(october), {"pick": "all"}, follow=True).text
    alone = staff.post(chase_url(october), {"pick": str(key_of(world, "省水利厅"))}, follow=True)
    assert "省水利厅没有联络员，提醒发不到" in alone.text
    assert chased() == [("省财政厅", "inbox"), ("省林业局", "inbox")]


def test_the_record_names_the_channels_that_are_used(staff, world, october, settings):
    settings.MAIL_READY = True
    User.objects.filter(pk=world.liaisons["省财政厅"].pk).update(email="cz@example.cn")
    staff.post(chase_url(october), {"pick": "all", "email": "1"})

    def shown():
        lines = staff.get(DESK, {"show": "history"}).context["page"]
        return {line.name: line.channel_words for line in lines}

    expected = {"省水利厅": "站内", "省财政厅": "站内、邮件", "省林业局": "站内"}
    assert shown() == expected
    with clock.at(FILING_DAY + timedelta(minutes=2)):
        write_event_notices()
        assert shown() == expected


# --- Cost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", ["late", "returned", "history"])
def test_the_desk_asks_as_often_for_many_as_for_few(world, show):
    client = browser_of(world.staff)

    def asked(month):
        period = world.periods[month]
        late = [row.key for row in client.get(DESK, {"period": period.pk}).context["desk"].late]
        services.chase(period, late, by=world.staff, channels=["inbox"])
        for report in period.reports.select_related("department"):
            events = ReportEvent.objects.filter(report=report, verb="chased")
            for event in events:
                notice_for(
                    world.liaisons[report.department.name], kind="chase", batch=event.batch, report_ids=[report.pk]
                )
        with CaptureQueriesContext(connection) as captured:
            page = client.get(DESK, {"period": period.pk, "show": show})
        assert page.status_code == 200
        return len(captured)

    world.returned(world.file(world.report("1", "省水利厅")))
    few = asked("2024-10")
    with clock.at(local(2024, 11, 21, 9)):
        grown_november(world, rows=10)
        water = world.report("1", "省水利厅", NOVEMBER)
        world.returned(world.file(water, at=local(2024, 11, 20, 9)), at=local(2024, 11, 20, 10))
        many = asked("2024-11")

    assert many == few
