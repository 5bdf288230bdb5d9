import pytest
from django.db import transaction
from django.urls import reverse

from calendars import clock
from tasks import services
from tasks.models import Assessment
from tests.tasks.filing import browser_of
from tests.tasks.office import grown_november
from tests.tasks.world import NO_CHANGE, PROGRESS, local, make_october, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_october()


@pytest.fixture
def october(world):
    return world.periods["2024-10"]


@pytest.fixture(autouse=True)
def review_day():
    with clock.at(local(2024, 10, 23, 9)):
        yield


@pytest.fixture
def staff(world):
    return browser_of(world.staff)


@pytest.fixture
def shared(world, october):
    """The shared item with both departments accepted, one of them behind."""
    world.accept(
        world.file(world.report("2", "省林业局"), PROGRESS | {"progress_text": "抚育三千亩。", "self_light": "behind"})
    )
    world.accept(world.file(world.report("2", "省财政厅"), PROGRESS | {"progress_text": "下达资金。"}))
    return Assessment.objects.get(period=october, item__number="2")


def confirm(browser, assessment, **values):
    values = {"version": assessment.version, "light": "behind", "reason": ""} | values
    return browser.post(reverse("tasks:assessment-confirm", args=[assessment.pk]), values)


def adopt(browser, assessment, **values):
    values = {"version": assessment.version, "text": "采用的文字"} | values
    return browser.post(reverse("tasks:assessment-edit", args=[assessment.pk]), values)


def list_url(period):
    return reverse("tasks:assessments", args=[period.pk])


@pytest.mark.parametrize("who", ["leader", "liaison"])
def test_who_does_not_assess_finds_nothing(world, october, shared, who):
    browser = browser_of(world.liaisons["省财政厅"] if who == "liaison" else make_user("厅领导", "leader"))

    answers = [
        browser.get(list_url(october)), confirm(browser, shared), adopt(browser, shared),
        browser.post(reverse("tasks:assessments-confirm", args=[october.pk])),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 4
    shared.refresh_from_db()
    assert (shared.confirmed_light, shared.adopted_text) == ("unassessed", "")


def test_items_stand_with_their_lights_side_by_side(staff, october, shared):
    rows = staff.get(list_url(october)).context["rows"]

    assert [(row.item.number, row.accepted, len(row.asked), row.self_light, row.confirmed_light) for row in rows] == [
        ("1", 0, 1, "", "unassessed"),
        ("2", 2, 2, "behind", "unassessed"),
    ]
    assert [(report.department.name, light) for report, light in rows[1].parts] == [
        ("省财政厅", "normal"),
        ("省林业局", "behind"),
    ]


def test_a_light_is_confirmed(staff, shared, world):
    assert confirm(staff, shared).status_code == 302

    shared.refresh_from_db()
    assert (shared.confirmed_light, shared.confirmed_by) == ("behind", world.staff)


def test_another_light_needs_a_reason_and_keeps_the_choice(staff, shared):
    answer = confirm(staff, shared, light="normal")

    assert "认定与自评不同，请写一句理由。" in answer.text
    row = next(row for row in answer.context["rows"] if row.pk == shared.pk)
    assert row.form["light"].value() == "normal"
    shared.refresh_from_db()
    assert shared.confirmed_light == "unassessed"
    confirm(staff, shared, light="normal", reason="已追上序时")
    shared.refresh_from_db()
    assert (shared.confirmed_light, shared.reason) == ("normal", "已追上序时")


def test_an_unknown_light_is_refused(staff, shared):
    assert "请选择正常、滞后、严重滞后或已完成。" in confirm(staff, shared, light="purple").text


def test_all_ready_items_are_confirmed_as_rated(staff, october, shared):
    answer = staff.post(reverse("tasks:assessments-confirm", args=[october.pk]), follow=True)

    shared.refresh_from_db()
    assert (shared.confirmed_light, "已按自评认定 1 项。" in answer.text) == ("behind", True)
    again = staff.post(reverse("tasks:assessments-confirm", args=[october.pk]), follow=True)
    assert "没有可按自评认定的事项" in again.text


def test_a_stale_light_answers_409_with_both(staff, world, shared):
    services.confirm_light(shared, light="far_behind", reason="停工", by=world.colleague, version=shared.version)

    answer = confirm(staff, shared, version=shared.version - 1, light="behind", reason="我的理由")

    assert (answer.status_code, "停工" in answer.text, "我的理由" in answer.text) == (409, True, True)
    shared.refresh_from_db()
    assert shared.confirmed_light == "far_behind"


def test_the_adopted_text_begins_with_the_parts_in_file_order(staff, shared):
    page = staff.get(reverse("tasks:assessment-edit", args=[shared.pk]))

    assert page.context["form"]["text"].value() == "省财政厅：下达资金。\n省林业局：抚育三千亩。"
    assert page.context["prefilled"]


def test_only_accepted_parts_are_joined(staff, world, october):
    world.accept(world.file(world.report("2", "省林业局"), NO_CHANGE))
    world.file(world.report("2", "省财政厅"), PROGRESS | {"progress_text": "还没有通过的文字"})
    assessment = Assessment.objects.get(period=october, item__number="2")

    page = staff.get(reverse("tasks:assessment-edit", args=[assessment.pk]))

    assert page.context["form"]["text"].value() == "无新进展（等待年度计划下达。）"
    assert "还没有通过的文字" in page.text  # read beside, as handed in


def test_the_office_keeps_its_wording_and_never_the_departments_text(staff, world, shared):
    assert adopt(staff, shared).status_code == 302

    shared.refresh_from_db()
    assert (shared.adopted_text, shared.adopted_by) == ("采用的文字", world.staff)
    assert world.report("2", "省财政厅").submission.text["progress_text"] == "下达资金。"
    page = staff.get(reverse("tasks:assessment-edit", args=[shared.pk]))
    assert page.context["form"]["text"].value() == "采用的文字"


def test_a_text_too_long_is_kept_with_its_reason(staff, shared):
    answer = adopt(staff, shared, text="字" * 2001)

    assert ("最多2000字，现在2001字" in answer.text, "字" * 2001 in answer.text) == (True, True)
    shared.refresh_from_db()
    assert shared.adopted_text == ""


def test_a_stale_text_answers_409_with_both_and_can_then_be_saved(staff, world, shared):
    services.adopt_text(shared, text="同事的文字", by=world.colleague, version=shared.version)

    answer = adopt(staff, shared, version=shared.version - 1, text="我的文字")

    assert (answer.status_code, "同事的文字" in answer.text, "我的文字" in answer.text) == (409, True, True)
    shared.refresh_from_db()
    assert shared.adopted_text == "同事的文字"
    adopt(staff, shared, version=answer.context["form"]["version"].value(), text="我的文字")
    shared.refresh_from_db()
    assert shared.adopted_text == "我的文字"


def test_after_saving_one_goes_back_only_within_the_site(staff, shared):
    answer = adopt(staff, shared, back="/review/?report=1")
    assert answer.url == "/review/?report=1"
    shared.refresh_from_db()
    assert adopt(staff, shared, back="https://example.org/").url == list_url(shared.period)


def test_an_issued_month_is_read_only(staff, world, october, shared):
    with clock.at(local(2024, 10, 28, 9)), transaction.atomic():
        services.close_period(october, by=world.staff)

    assert staff.get(list_url(october)).context["rows"][1].may_change is False
    late = confirm(staff, shared, reason="定稿以后才写的理由").text
    assert ("2024年10月已定稿，修改请走修订。" in late, "定稿以后才写的理由" in late) == (True, True)
    late = adopt(staff, shared, text="定稿以后才写的文字").text
    assert ("2024年10月已定稿，修改请走修订。" in late, "定稿以后才写的文字" in late) == (True, True)
    shared.refresh_from_db()
    assert (shared.confirmed_light, shared.adopted_text) == ("unassessed", "")


def test_the_list_asks_the_same_however_many_items(world, october, django_assert_max_num_queries):
    november = grown_november(world)
    with clock.at(local(2024, 11, 21, 9)):
        staff = browser_of(world.staff)

        def queries(period):
            staff.get(list_url(period))
            with django_assert_max_num_queries(40) as counted:
                page = staff.get(list_url(period))
            return len(page.context["rows"]), len(counted)

        few, many = queries(october), queries(november)

    assert (few[0], many[0]) == (2, 14)
    assert abs(few[1] - many[1]) <= 1  # last month's lights are asked only where there is a last month
