from datetime import date

import pytest
from django.urls import reverse

from calendars import clock
from tasks import services
from tasks.models import ReportingPeriod
from tasks.office_board import period_board
from tests.tasks.filing import browser_of
from tests.tasks.office import grown_november
from tests.tasks.world import FILING_DAY, NO_CHANGE, NOVEMBER, local, make_october, make_user

pytestmark = pytest.mark.django_db


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


def detail(period, **query):
    address = reverse("tasks:period-detail", args=[period.pk])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else address


# --- Who sees what --------------------------------------------------------------------------------------------------


def pages_of(world):
    period = world.periods["2024-10"]
    department = world.departments["省水利厅"].pk
    return [
        reverse("tasks:period-list"),
        reverse("tasks:period-open"),
        reverse("tasks:period-skip"),
        reverse("tasks:period-detail", args=[period.pk]),
        reverse("tasks:period-unopen", args=[period.pk]),
        reverse("tasks:period-extend", args=[period.pk, department]),
        reverse("tasks:period-waive", args=[period.pk, department]),
        reverse("tasks:assessments", args=[period.pk]),
        reverse("tasks:review-queue"),
        reverse("tasks:review-done"),
    ]


@pytest.mark.parametrize("role", ["leader", "system_admin", "security_admin", "auditor"])
def test_without_permission_the_pages_do_not_exist(world, role):
    client = browser_of(make_user("他人", role))

    assert {client.get(page).status_code for page in pages_of(world)} == {404}


def test_a_liaison_does_not_see_the_office_pages(world):
    client = browser_of(world.liaisons["省水利厅"])

    assert {client.get(page).status_code for page in pages_of(world)} == {404}


def test_staff_see_every_page(staff, world):
    assert {client_page: staff.get(client_page).status_code for client_page in pages_of(world)} == dict.fromkeys(
        pages_of(world), 200
    )


# --- List -----------------------------------------------------------------------------------------------------------


def test_the_list_shows_each_month_with_its_state(staff, world):
    page = staff.get(reverse("tasks:period-list"))

    rows = [(row["month"].label, row["state"], row["is_next"], bool(row["may_unopen"])) for row in page.context["rows"]]
    assert rows == [
        ("2024年11月", "未开启", True, False),
        ("2024年10月", "填报中", False, True),
        ("2024年9月", "未调度", False, True),
    ]
    assert "文件八月下旬印发" in page.text


def test_an_open_month_past_its_due_day_takes_late_filings(staff, world):
    with clock.at(local(2024, 10, 26, 9)):
        page = staff.get(reverse("tasks:period-list"))

    assert page.context["rows"][1]["state"] == "已截止（可补报）"


def test_the_list_of_an_unknown_plan_is_absent(staff, world):
    assert staff.get(reverse("tasks:period-list"), {"plan": "99999"}).status_code == 404
    assert staff.get(reverse("tasks:period-list"), {"plan": "abc"}).status_code == 404


def test_with_several_plans_one_is_chosen_by_the_address(staff, world):
    other = services.create_plan(
        by=world.admin, title="防汛工作要点", issuer="安徽省水利厅", issued_on=date(2024, 7, 1),
        starts_on=date(2024, 7, 1), ends_on=date(2024, 12, 31), first_period=date(2024, 10, 1),
    )  # fmt: skip
    section = services.add_section(other, number="一", title="汛期", by=world.admin)
    item = services.add_item(section, number="1", title="堤防巡查", by=world.admin)
    services.assign(item, world.departments["省水利厅"], role="lead", by=world.admin)
    services.publish_plan(other, by=world.admin)

    default = staff.get(reverse("tasks:period-list"))
    chosen = staff.get(reverse("tasks:period-list"), {"plan": other.pk})
    opened = staff.post(reverse("tasks:period-open"), opening(day="2024-10-25", month="2024-10", plan=other.pk))

    assert (default.context["plan"], chosen.context["plan"]) == (world.plan, other)
    assert [choice["active"] for choice in chosen.context["plan_switch"]] == [False, True]
    assert opened.status_code == 302
    assert ReportingPeriod.objects.filter(start="2024-10-01", state="open").count() == 2


# --- Opening --------------------------------------------------------------------------------------------------------


def opening(day="2024-11-25", **values):
    return {"month": "2024-11", "due_day": day, "due_time": "18:00"} | values


def test_the_next_month_is_offered_with_its_due_time_and_roster(staff, world):
    page = staff.get(reverse("tasks:period-open"))

    assert page.context["month"] == NOVEMBER
    assert page.context["form"].initial["due_day"].isoformat() == "2024-11-25"
    assert page.context["due_reason"].startswith("11月25日（周一）是工作日，不用顺延。")
    assert len(page.context["roster"].duties) == 3
    assert (page.context["roster"].joined, page.context["roster"].left) == ([], [])


def test_a_due_day_on_a_weekend_moves_on_and_says_why(staff, world):
    services.change_settings(world.plan, by=world.admin, due_day=23)

    page = staff.get(reverse("tasks:period-open"))

    assert page.context["form"].initial["due_day"].isoformat() == "2024-11-25"
    assert page.context["due_reason"].startswith("11月23日（周六）不是工作日，顺延到11月25日（周一）。")


def test_staff_open_the_month_and_may_take_it_back(staff, world):
    answer = staff.post(reverse("tasks:period-open"), opening(), follow=True)

    period = ReportingPeriod.objects.get(start="2024-11-01")
    assert (period.state, period.due_at, period.reports.count()) == ("open", local(2024, 11, 25, 18), 3)
    assert f'action="{reverse("tasks:period-unopen", args=[period.pk])}"' in answer.text

    staff.post(reverse("tasks:period-unopen", args=[period.pk]))

    period.refresh_from_db()
    assert (period.state, period.reports.count()) == ("planned", 0)


def test_departments_without_a_liaison_warn_and_never_block(staff, world):
    world.liaisons["省林业局"].posts.update(valid_to=local(2024, 9, 30).date())

    page = staff.get(reverse("tasks:period-open"))
    assert page.context["roster"].unmanned == ["省林业局"]
    assert "不影响开启" in page.text

    assert staff.post(reverse("tasks:period-open"), opening()).status_code == 302


def test_what_changed_since_last_month_is_named(staff, world):
    item = world.plan.items.get(number="3")
    services.assign(item, world.departments["省林业局"], role="lead", by=world.admin)
    world.plan.items.get(number="1").assignments.update(closed_from="2024-11-01")

    roster = staff.get(reverse("tasks:period-open")).context["roster"]

    assert (roster.joined, roster.left) == ([("省林业局", "3")], [("省水利厅", "1")])


def test_opening_twice_says_so_and_changes_nothing(staff, world):
    staff.post(reverse("tasks:period-open"), opening())

    answer = staff.post(reverse("tasks:period-open"), opening(day="2024-11-28"))

    assert answer.status_code == 200
    assert "2024年11月填报中，不能重复开启。" in answer.text
    assert 'value="2024-11-28"' in answer.text
    assert ReportingPeriod.objects.get(start="2024-11-01").due_at == local(2024, 11, 25, 18)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (opening(day="2024-10-31"), "截止时间不能早于2024年11月1日"),
        (opening(day=""), "请填写截止日期。"),
        (opening(day="2024年11月"), "请写成年-月-日，如 2024-10-25。"),
        (opening(month="2025-03"), "2025年3月不在计划调度范围内"),
        (opening(month="2024-12"), "2024年11月还没有开启"),
    ],
)
def test_a_month_that_cannot_be_opened_says_why(staff, world, values, words):
    before = list(ReportingPeriod.objects.values_list("start", "state"))

    answer = staff.post(reverse("tasks:period-open"), values)

    assert (answer.status_code, words in answer.text) == (200, True)
    assert list(ReportingPeriod.objects.values_list("start", "state")) == before


def test_a_month_that_cannot_be_read_is_absent(staff, world):
    assert staff.get(reverse("tasks:period-open"), {"month": "2024-13"}).status_code == 404


def test_when_all_months_are_settled_the_page_says_so(staff, world):
    for month in (NOVEMBER, NOVEMBER.next):
        services.skip_period(world.plan, month, reason="试点", by=world.admin)

    assert "没有可以开启的月份" in staff.get(reverse("tasks:period-open")).text


def test_a_month_is_skipped_with_its_reason(staff, world):
    address = reverse("tasks:period-skip")
    assert "请写明未调度的原因" in staff.post(address, {"month": "2024-11", "reason": " "}).text

    staff.post(address, {"month": "2024-11", "reason": "集中督查，合并到12月"})

    period = ReportingPeriod.objects.get(start="2024-11-01")
    assert (period.state, period.skip_reason) == ("skipped", "集中督查，合并到12月")


def test_a_month_in_use_is_not_taken_back(staff, world, october):
    world.draft(world.report("1", "省水利厅"))

    answer = staff.post(reverse("tasks:period-unopen", args=[october.pk]), follow=True)

    october.refresh_from_db()
    assert (october.state, "已有单位开始填报，不能撤销开启" in answer.text) == ("open", True)


def test_taking_a_month_back_is_asked_first(staff, october):
    answer = staff.get(reverse("tasks:period-unopen", args=[october.pk]))

    october.refresh_from_db()
    assert (answer.status_code, october.state) == (200, "open")


# --- Who is late ----------------------------------------------------------------------------------------------------


def test_the_numbers_and_the_late_list(staff, world, october):
    world.file(world.report("1", "省水利厅"))
    world.draft(world.report("2", "省林业局"), {"kind": "progress", "progress_text": "已开工。"})

    board = staff.get(detail(october)).context["board"]

    numbers = (board.expected, board.filed, board.accepted, board.waiting, board.missing, board.punctual)
    assert numbers == (3, 1, 0, 1, 2, 1)
    assert [(row.name, row.numbers, row.state_words) for row in board.late] == [
        ("省财政厅", "2", "未开始"),
        ("省林业局", "2", "草稿 1/5，今天 10:00"),
    ]


def test_the_text_of_a_draft_never_reaches_the_office(staff, world, october):
    world.draft(world.report("2", "省林业局"), {"kind": "progress", "progress_text": "尚未成稿的文字"})

    assert "尚未成稿的文字" not in staff.get(detail(october)).text
    assert "尚未成稿的文字" not in staff.get(detail(october, show="all")).text


def test_the_phone_is_masked_and_the_list_ready_to_copy(staff, world, october):
    liaison = world.liaisons["省财政厅"]
    liaison.phone = "13900008888"
    liaison.save(update_fields=["phone"])

    page = staff.get(detail(october))

    assert ("****8888" in page.text, "13900008888" in page.text) == (True, False)
    assert "省财政厅：第2项（未开始）" in page.text
    assert page.context["group_text"].startswith(
        "【月调度提醒】各有关单位：2024年10月工作重点进展，尚有3个单位3份未报送。"
    )
    named = staff.get(detail(october, named=1)).context["group_text"]
    assert named.startswith("【月调度提醒】省水利厅、省财政厅、省林业局：")


def test_a_return_that_was_not_mended_stands_apart(staff, world, october):
    report = world.file(world.report("1", "省水利厅"))
    world.returned(report, "口径不一致")

    board = staff.get(detail(october)).context["board"]

    assert [row.name for row in board.late] == ["省财政厅", "省林业局"]
    assert [(one.pk, one.return_reason) for one in board.returned] == [(report.pk, "口径不一致")]
    assert (board.expected, board.filed, board.missing) == (3, 0, 2)


def test_days_overdue_are_shown_from_the_day_after(staff, world, october):
    with clock.at(local(2024, 10, 27, 9)):
        board = staff.get(detail(october)).context["board"]

    assert {row.days_overdue for row in board.late} == {2}


def test_a_filing_after_the_due_day_is_marked(staff, world, october):
    world.file(world.report("1", "省水利厅"), NO_CHANGE, at=local(2024, 10, 27, 9))

    rows = staff.get(detail(october, show="all", state="late")).context["rows"]
    assert [(row.item.number, row.days_late, row.is_nil) for row in rows] == [("1", 2, True)]


def test_the_roster_is_filtered_by_state_and_department(staff, world, october):
    world.file(world.report("1", "省水利厅"))
    department = world.departments["省财政厅"].pk

    submitted = staff.get(detail(october, show="all", state="submitted")).context["rows"]
    finance = staff.get(detail(october, show="all", department=department)).context["rows"]
    everything = staff.get(detail(october, show="all")).context["rows"]

    assert [row.department.name for row in submitted] == ["省水利厅"]
    assert [row.department.name for row in finance] == ["省财政厅"]
    assert len(everything) == 3


def test_optional_reports_stand_apart_from_the_roster(staff, world, october):
    duty = services.assign(
        world.plan.items.get(number="1"), world.departments["省林业局"], role="cooperate", by=world.admin
    )
    services.start_optional(duty, october, by=world.liaisons["省林业局"])

    page = staff.get(detail(october, show="all"))

    assert ([row.required for row in page.context["optional_rows"]], page.context["board"].expected) == ([False], 3)


def test_a_planned_month_has_no_roster(staff, world):
    september = ReportingPeriod.objects.get(start="2024-09-01")

    assert "这个月没有调度" in staff.get(detail(september)).text


def test_more_time_for_a_department(staff, world, october):
    report = world.report("1", "省水利厅")
    address = reverse("tasks:period-extend", args=[october.pk, report.department_id])
    values = {"reports": [report.pk], "due_day": "2024-10-30", "due_time": "18:00", "reason": "汛情处置"}

    assert "请写明原因。" in staff.post(address, values | {"reason": ""}).text
    assert "须晚于本月截止" in staff.post(address, values | {"due_day": "2024-10-20"}).text
    assert staff.post(address, values).status_code == 302

    report.refresh_from_db()
    assert report.due_at == local(2024, 10, 30, 18)
    assert report.events.get().reason == "汛情处置"


def test_more_time_stays_within_a_year_and_says_so_beside_the_date(staff, world, october):
    report = world.report("1", "省水利厅")
    address = reverse("tasks:period-extend", args=[october.pk, report.department_id])
    values = {"reports": [report.pk], "due_time": "18:00", "reason": "汛情处置"}

    for day in ("9999-12-31", "0001-01-01"):
        answer = staff.post(address, values | {"due_day": day})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["due_day"])

    report.refresh_from_db()
    assert report.due_at == october.due_at


def test_more_time_is_taken_back_with_a_reason(staff, world, october):
    report = world.report("1", "省水利厅")
    services.extend(report, due_at=local(2025, 1, 10, 18), reason="汛情处置", by=world.staff)
    address = reverse("tasks:period-extend", args=[october.pk, report.department_id])
    values = {"reports": [report.pk], "restore": "1"}

    with clock.at(FILING_DAY):
        assert "第1项已延至 2025年1月10日（周五）18:00" in staff.get(address).text
    assert "请写明原因。" in staff.post(address, values).text
    assert staff.post(address, values | {"reason": "点错了单位"}).status_code == 302

    report.refresh_from_db()
    assert report.due_at == october.due_at
    assert "所选事项没有延期" in staff.post(address, values | {"reason": "再点一次"}).text


def test_the_page_opens_for_a_due_time_at_the_end_of_the_calendar(staff, world, october):
    report = world.report("1", "省水利厅")
    october.reports.filter(pk=report.pk).update(due_at=local(9999, 12, 31, 18))

    assert staff.get(reverse("tasks:period-extend", args=[october.pk, report.department_id])).status_code == 200


def test_no_month_is_opened_with_a_due_time_years_away(staff, world, october):
    values = {"month": "2024-11", "due_day": "9999-12-31", "due_time": "18:00"}

    answer = staff.post(reverse("tasks:period-open"), values | {"plan": world.plan.pk})

    assert list(answer.context["form"].errors) == ["due_day"]


def test_an_excuse_and_its_taking_back(staff, world, october):
    report = world.report("1", "省水利厅")
    address = reverse("tasks:period-waive", args=[october.pk, report.department_id])

    staff.post(address, {"reports": [report.pk], "reason": "本月机构调整"})

    report.refresh_from_db()
    page = staff.get(detail(october, show="all"))
    assert (report.state, page.context["board"].expected) == ("waived", 2)
    assert "本月机构调整" in page.text

    staff.post(reverse("tasks:report-unwaive", args=[report.pk]))

    report.refresh_from_db()
    assert report.state == "awaiting"


def test_acts_on_a_department_that_owes_nothing_are_absent(staff, world, october):
    report = world.file(world.report("1", "省水利厅"))

    assert staff.get(reverse("tasks:period-waive", args=[october.pk, report.department_id])).status_code == 404


def test_a_report_taken_back_twice_answers_409(staff, world, october):
    report = world.report("1", "省水利厅")
    services.waive(report, reason="机构调整", by=world.staff)
    services.unwaive(report, by=world.colleague)

    answer = staff.post(reverse("tasks:report-unwaive", args=[report.pk]))

    assert (answer.status_code, "恢复应报" in answer.text) == (409, True)


# --- Queries --------------------------------------------------------------------------------------------------------


def test_the_board_asks_the_same_however_many_rows(django_assert_num_queries, world, october):
    november = grown_november(world)

    for period in (october, november):
        with django_assert_num_queries(7):
            period_board(period)


def test_the_pages_ask_the_same_however_many_rows(staff, django_assert_max_num_queries, world, october):
    def queries(address):
        staff.get(address)
        with django_assert_max_num_queries(60) as counted:
            assert staff.get(address).status_code == 200
        return len(counted)

    few = [queries(detail(october)), queries(detail(october, show="all"))]
    november = grown_november(world)

    assert [queries(detail(november)), queries(detail(november, show="all"))] == few
