"""What a click on the desk does, once and again, how it is taken back; calls and more time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from calendars import clock
from reminders.services.events import write_event_notices
from tasks.models import ReportEvent
from tests.reminders.desk.acts import DESK, chase_url, chased, key_of
from tests.tasks.filing import browser_of
from tests.tasks.world import FILING_DAY, local

pytestmark = pytest.mark.django_db


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
