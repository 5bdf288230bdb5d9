"""The desk for chasing: whom it shows, what a click does, and what it says afterwards."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Post, User
from audit.models import AuditEvent
from calendars import clock
from reminders.models import Notice
from reminders.services.events import write_event_notices
from tasks import services
from tasks.models import ReportEvent
from tests.reminders.office import notice_for
from tests.tasks.filing import browser_of
from tests.tasks.office import grown_november
from tests.tasks.world import FILING_DAY, NOVEMBER, local, make_october, make_user, make_world

pytestmark = pytest.mark.django_db
DESK = "/reminders/"


@pytest.fixture
def world():
    return make_october()


@pytest.fixture
def october(world):
    return world.periods["2024-10"]


@pytest.fixture(autouse=True)
def filing_day():
    with clock.at(FILING_DAY):
        yield


@pytest.fixture
def staff(world):
    return browser_of(world.staff)


def chase_url(period):
    return reverse("reminders:chase", args=[period.pk])


def key_of(world, name):
    return world.departments[name].pk


def chased():
    """(department, channel) of every standing chase, in the order of the click."""
    events = ReportEvent.objects.standing().filter(verb="chased").order_by("pk")
    return [(event.report.department.name, event.channel) for event in events]


def shown(page, name="rows"):
    return [(row.name, row.numbers) for row in page.context[name]]


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


# --- A click --------------------------------------------------------------------------------------------------------


def test_one_click_chases_everybody_of_the_tab_once_each(staff, world, october):
    world.returned(world.file(world.report("1", "省水利厅")))

    answer = staff.post(chase_url(october), {"pick": "all", "show": "late"}, follow=True)

    assert chased() == [("省财政厅", "inbox"), ("省林业局", "inbox")]
    assert ReportEvent.objects.filter(verb="chased").values("batch").distinct().count() == 1
    assert "已催办 2 个单位 2 份" in answer.text


def test_chosen_departments_alone_are_chased(staff, world, october):
    staff.post(chase_url(october), {"pick": "", "departments": [key_of(world, "省财政厅"), key_of(world, "省林业局")]})

    assert chased() == [("省财政厅", "inbox"), ("省林业局", "inbox")]


def test_the_button_of_a_row_chases_that_row(staff, world, october):
    everybody = [key_of(world, name) for name in world.departments]
    staff.post(chase_url(october), {"pick": str(key_of(world, "省财政厅")), "departments": everybody})

    assert chased() == [("省财政厅", "inbox")]


@pytest.mark.parametrize(
    "posted",
    [{}, {"pick": "²"}, {"pick": "99999"}, {"departments": ["abc", "99999"]}, {"pick": "all" * 9}, {"confirm": "1"}],
)
def test_bad_input_changes_nothing(staff, october, posted):
    answer = staff.post(chase_url(october), posted, follow=True)

    assert "没有选中欠报的单位" in answer.text
    assert (chased(), AuditEvent.objects.filter(action="report.chased").count()) == ([], 0)


def test_who_filed_while_the_page_stood_open_is_passed_over(staff, world, october):
    world.file(world.report("2", "省财政厅"))
    both = [key_of(world, "省财政厅"), key_of(world, "省林业局")]

    staff.post(chase_url(october), {"departments": both})

    assert chased() == [("省林业局", "inbox")]


def test_mail_is_a_channel_only_where_it_is_connected(staff, world, october, settings):
    settings.MAIL_READY = False
    assert "邮件（未接入）" in staff.get(DESK).text
    staff.post(chase_url(october), {"pick": str(key_of(world, "省财政厅")), "email": "1"})

    settings.MAIL_READY = True
    assert "邮件（未接入）" not in staff.get(DESK).text
    staff.post(chase_url(october), {"pick": str(key_of(world, "省林业局")), "email": "1"})

    assert chased() == [("省财政厅", "inbox"), ("省林业局", "inbox,email")]


# --- Again within a day ---------------------------------------------------------------------------------------------


LATER = FILING_DAY + timedelta(minutes=2)


@pytest.fixture
def finance_told(staff, world, october):
    """省财政厅 was chased and its message has gone."""
    staff.post(chase_url(october), {"pick": str(key_of(world, "省财政厅"))})
    with clock.at(LATER):
        write_event_notices()


def test_a_repeat_within_a_day_asks_first_and_names_whom(staff, finance_told, october):
    with clock.at(FILING_DAY + timedelta(hours=23)):
        asked = staff.post(chase_url(october), {"pick": "all"})

    assert asked.status_code == 200
    assert [line.name for line in asked.context["recent"]] == ["省财政厅"]
    assert "10-22 10:00" in asked.text
    assert len(chased()) == 1


def test_who_was_not_chased_yet_can_be_chased_alone(staff, finance_told, october):
    with clock.at(LATER):
        asked = staff.post(chase_url(october), {"pick": "all"})
        staff.post(chase_url(october), {"departments": [key for key, _ in asked.context["others"]]})

    assert [name for name, _ in chased()] == ["省财政厅", "省水利厅", "省林业局"]


def test_a_confirmed_repeat_goes_out(staff, finance_told, october):
    with clock.at(LATER):
        asked = staff.post(chase_url(october), {"pick": "all"})
        staff.post(chase_url(october), {"departments": asked.context["departments"], "confirm": "1"})

    assert sorted(name for name, _ in chased()) == sorted(["省财政厅", "省财政厅", "省水利厅", "省林业局"])


def test_after_a_day_nobody_is_asked(staff, finance_told, october):
    with clock.at(FILING_DAY + timedelta(hours=24)):
        assert staff.post(chase_url(october), {"pick": "all"}).status_code == 302

    assert len(chased()) == 4


def test_a_confirmed_repeat_posted_twice_is_one_click(staff, finance_told, october):
    with clock.at(LATER):
        asked = staff.post(chase_url(october), {"pick": "all"})
        again = {"departments": asked.context["departments"], "confirm": "1", "key": asked.context["keys"][1]}
        pages = [staff.post(chase_url(october), again, follow=True) for _ in range(2)]

    assert [name for name, _ in chased()].count("省财政厅") == 2
    assert [page.context["undo"]["names"] for page in pages] == [["省水利厅", "省财政厅", "省林业局"]] * 2


def test_whose_message_has_not_gone_yet_is_not_chased_again(staff, world, october):
    staff.post(chase_url(october), {"pick": str(key_of(world, "省财政厅"))})

    with clock.at(LATER):  # nobody has written it: the scheduler stands still
        page = staff.post(chase_url(october), {"pick": "all", "confirm": "1"}, follow=True)

    assert "省财政厅上次的提醒还没有发出，不再重复。" in page.text
    assert [name for name, _ in chased()] == ["省财政厅", "省水利厅", "省林业局"]


# --- Undo -----------------------------------------------------------------------------------------------------------


def test_a_click_can_be_taken_back_for_a_minute(staff, october):
    staff.post(chase_url(october), {"pick": "all"})
    undo = staff.get(DESK).context["undo"]
    with clock.at(FILING_DAY + timedelta(seconds=59)):
        answer = staff.post(reverse("reminders:undo", args=[undo["batch"]]), follow=True)

    assert "这次催办已撤销，它的提醒不会发出。" in answer.text
    assert (chased(), answer.context["undo"]) == ([], None)


def test_later_it_cannot(staff, october):
    staff.post(chase_url(october), {"pick": "all"})
    batch = staff.get(DESK).context["undo"]["batch"]
    with clock.at(FILING_DAY + timedelta(seconds=60)):
        page = staff.get(DESK)
        answer = staff.post(reverse("reminders:undo", args=[batch]), follow=True)

    assert page.context["undo"] is None
    assert "提醒已发出，不能撤销" in answer.text
    assert len(chased()) == 3


def test_a_click_nobody_made_is_not_undone(staff):
    answer = staff.post(reverse("reminders:undo", args=[uuid4()]), follow=True)

    assert "已经撤销" in answer.text


def test_a_colleague_is_not_offered_my_undo(staff, world, october):
    staff.post(chase_url(october), {"pick": "all"})

    assert browser_of(world.colleague).get(DESK).context["undo"] is None


# --- Calls ----------------------------------------------------------------------------------------------------------


def test_a_call_is_noted_with_its_words(staff, world, october):
    call = reverse("reminders:call", args=[october.pk, key_of(world, "省水利厅")])
    assert staff.get(call).status_code == 200
    too_long = staff.post(call, {"words": "长" * 401})
    assert "最多400字，现在401字" in too_long.text
    assert chased() == []

    staff.post(call, {"words": "答应今天下午报"})

    assert chased() == [("省水利厅", "phone")]
    assert "答应今天下午报" in staff.get(DESK, {"department": key_of(world, "省水利厅")}).text


def test_a_call_noted_twice_by_one_page_is_one_record_and_its_undo_says_so(staff, world, october):
    call = reverse("reminders:call", args=[october.pk, key_of(world, "省水利厅")])
    values = {"words": "答应下午报", "key": staff.get(call).context["form"]["key"].value()}
    for _ in range(2):
        assert staff.post(call, values).status_code == 302
    batch = staff.get(DESK).context["undo"]["batch"]

    assert chased() == [("省水利厅", "phone")]
    assert "已撤销电话记录。" in staff.post(reverse("reminders:undo", args=[batch]), follow=True).text


def test_who_owes_nothing_has_no_call_page(staff, world, october):
    world.file(world.report("1", "省水利厅"))
    page = reverse("reminders:call", args=[october.pk, key_of(world, "省水利厅")])

    assert (staff.get(page).status_code, staff.post(page, {"words": "x"}).status_code) == (404, 404)


# --- More time ------------------------------------------------------------------------------------------------------


def test_more_time_for_a_department_comes_back_to_the_desk(staff, world, october):
    page = reverse("tasks:period-extend", args=[october.pk, key_of(world, "省水利厅")])
    assert f"{page}?back=" in staff.get(DESK).text
    report = world.report("1", "省水利厅")
    form = {"reports": [report.pk], "due_day": "2024-10-28", "due_time": "18:00", "reason": "人员变动"}

    answer = staff.post(page, form | {"back": f"{DESK}?period={october.pk}"})
    elsewhere = staff.get(page, {"back": "https://example.org/"})

    report.refresh_from_db()
    assert (answer["Location"], report.due_at) == (f"{DESK}?period={october.pk}", local(2024, 10, 28, 18))
    assert "example.org" not in elsewhere.text


def test_the_page_opened_from_the_desk_marks_the_desk_in_the_menu(staff, world, october):
    page = reverse("tasks:period-extend", args=[october.pk, key_of(world, "省水利厅")])

    def marked(**query):
        return [entry["label"] for entry in staff.get(page, query).context["nav"] if entry["active"]]

    assert (marked(back=f"{DESK}?period={october.pk}"), marked(), marked(back="https://example.org/reminders/")) == (
        ["催办"], ["调度"], ["调度"],
    )  # fmt: skip


def test_notes_lose_the_characters_that_turn_what_is_read(staff, world, october):
    call = reverse("reminders:call", args=[october.pk, key_of(world, "省水利厅")])

    assert "含有不能保存的字符" in staff.post(call, {"words": "一\x00二"}).text
    staff.post(call, {"words": "\u202e答应\u2066下午\u2069报\u202c"})

    assert ReportEvent.objects.get(verb="chased").reason == "答应下午报"


def test_an_overdue_return_says_so_on_the_desk(staff, world):
    world.returned(world.file(world.report("1", "省水利厅")), due_at=local(2024, 10, 24, 18))

    with clock.at(local(2024, 10, 26, 10)):
        page = staff.get(DESK, {"show": "returned"}).text

    assert "逾期2天" in page
    assert "退回未改，应在 10月24日（周四）18:00 前重报，已逾期 2 天" in page


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
