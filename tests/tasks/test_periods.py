from datetime import date

import pytest
from django.db import transaction

from calendars import clock
from calendars.months import Month
from tasks import services
from tasks.errors import PeriodClosed, Refused
from tasks.models import Assessment, ProgressReport, ReportingPeriod
from tests.tasks.world import NOVEMBER, OCTOBER, SEPTEMBER, local, make_october, make_world

pytestmark = pytest.mark.django_db


def close(period, by, at=None, reason=""):
    with clock.at(at or local(2024, 10, 28, 9)), transaction.atomic():
        return services.close_period(period, by=by, reason=reason)


def test_opening_freezes_one_row_for_every_required_duty():
    world = make_world()
    period = world.open(SEPTEMBER)

    rows = ProgressReport.objects.filter(period=period).in_order()
    assert [(row.item.number, row.department.name, row.role, row.state) for row in rows] == [
        ("1", "省水利厅", "lead", "awaiting"),
        ("2", "省财政厅", "shared", "awaiting"),
        ("2", "省林业局", "shared", "awaiting"),
    ]
    lights = Assessment.objects.filter(period=period).values_list("item__number", "confirmed_light")
    assert list(lights) == [("1", "unassessed"), ("2", "unassessed"), ("3", "not_applicable")]


def test_the_due_time_is_the_25th_at_six_moved_to_a_working_day():
    settings = make_world().plan.settings.get()

    assert services.default_due(settings, OCTOBER) == local(2024, 10, 25, 18)  # a Friday
    assert services.default_due(settings, Month(2024, 8)) == local(2024, 8, 26, 18)  # the 25th is a Sunday


def test_a_month_opens_once():
    world = make_world()
    world.open(SEPTEMBER)

    with pytest.raises(Refused, match="2024年9月填报中，不能重复开启"):
        world.open(SEPTEMBER)

    assert ReportingPeriod.objects.count() == 1


def test_months_open_in_order_and_a_skipped_one_says_why():
    world = make_world()
    with pytest.raises(Refused, match="2024年9月还没有开启"):
        world.open(OCTOBER)
    with clock.at(local(2024, 10, 8, 9)), pytest.raises(Refused, match="请写明未调度的原因"):
        services.skip_period(world.plan, SEPTEMBER, reason=" ", by=world.admin)

    with clock.at(local(2024, 10, 8, 9)):
        skipped = services.skip_period(world.plan, SEPTEMBER, reason="文件印发晚", by=world.admin)

    assert (skipped.state, skipped.skip_reason) == ("skipped", "文件印发晚")
    assert world.open(OCTOBER).state == "open"


@pytest.mark.parametrize("month", [Month(2024, 8), Month(2025, 1)])
def test_a_month_outside_the_plan_is_refused(month):
    world = make_world()

    with pytest.raises(Refused, match="不在计划调度范围内（2024年9月至2024年12月）"):
        services.open_period(world.plan, month, by=world.admin)


def test_a_due_time_before_the_month_is_refused():
    world = make_world()

    with pytest.raises(Refused, match="截止时间不能早于2024年9月1日"):
        world.open(SEPTEMBER, due_at=local(2024, 8, 31, 18))

    assert not ProgressReport.objects.exists()


def test_a_month_opened_after_its_due_time_is_a_backfill():
    world = make_world()
    with clock.at(local(2024, 10, 8, 9)):
        period = services.open_period(world.plan, SEPTEMBER, by=world.admin)

    assert period.is_backfill


def test_an_opening_is_taken_back_until_somebody_begins():
    world = make_october()
    period = world.periods["2024-10"]

    services.unopen_period(period, by=world.admin)
    assert (ReportingPeriod.objects.get(pk=period.pk).state, ProgressReport.objects.count()) == ("planned", 0)

    world.open(OCTOBER)
    world.draft(world.report("1", "省水利厅"))
    with pytest.raises(Refused, match="已有单位开始填报"):
        services.unopen_period(world.periods["2024-10"], by=world.admin)


def test_closing_is_refused_while_a_report_waits():
    world = make_october()
    world.file(world.report("1", "省水利厅"))

    with pytest.raises(Refused, match="还有1份报送待审"):
        close(world.periods["2024-10"], world.staff)


def test_closing_before_the_due_time_needs_a_reason():
    world = make_october()

    with pytest.raises(Refused, match="还有3份报送未到截止时间"):
        close(world.periods["2024-10"], world.staff, at=local(2024, 10, 24, 9))

    period = close(world.periods["2024-10"], world.staff, at=local(2024, 10, 24, 9), reason="厅长办公会提前")
    assert period.state == "finalised"


def test_closing_lapses_what_is_owed_and_keeps_a_returned_text():
    world = make_october()
    world.accept(world.file(world.report("1", "省水利厅")))
    finance = world.file(world.report("2", "省财政厅"))
    world.returned(finance)
    world.draft(finance, {"progress_text": "改了一半"})

    period = close(world.periods["2024-10"], world.staff)

    states = period.reports.in_order().values_list("department__name", "state")
    assert list(states) == [("省水利厅", "accepted"), ("省财政厅", "lapsed"), ("省林业局", "lapsed")]
    finance.refresh_from_db()
    assert finance.issued.text["progress_text"] == "已下达补助资金三百二十万元，两县开工。"
    assert finance.progress_text == "改了一半"
    assert world.report("2", "省林业局").issued is None


def test_a_text_taken_back_is_not_issued():
    world = make_october()
    water = world.report("1", "省水利厅")
    world.file(water)
    services.withdraw(water, by=world.liaisons["省水利厅"], version=water.version)

    close(world.periods["2024-10"], world.staff)

    water.refresh_from_db()
    assert (water.state, water.issued) == ("lapsed", None)


def test_an_accepted_completion_closes_the_duty_from_the_next_month():
    from tests.tasks.world import COMPLETED

    world = make_october()
    november = world.open(NOVEMBER)
    world.accept(world.file(world.report("1", "省水利厅"), COMPLETED))

    close(world.periods["2024-10"], world.staff)

    row = world.report("1", "省水利厅", NOVEMBER)
    assert row.state == "waived"
    assert row.assignment.closed_from == date(2024, 11, 1)
    with clock.at(local(2024, 11, 28, 9)), transaction.atomic():
        services.close_period(november, by=world.staff)
    december = world.open(Month(2024, 12))
    assert december.reports.count() == 2
    assert december.assessments.get(item__number="1").confirmed_light == "done"


def test_months_are_issued_in_order():
    world = make_october()
    november = world.open(NOVEMBER)

    with pytest.raises(Refused, match="2024年10月还没有定稿"):
        close(november, world.staff, at=local(2024, 11, 28, 9))


def test_a_correction_moves_only_what_it_names():
    world = make_october()
    water, finance = world.report("1", "省水利厅"), world.report("2", "省财政厅")
    world.accept(world.file(water))
    world.accept(world.file(finance))
    period = close(world.periods["2024-10"], world.staff)

    with clock.at(local(2024, 10, 29, 9)):
        services.reopen_for_revision(period, reports=[finance.pk], items=[], reason="数字更正", by=world.staff)
    finance.refresh_from_db()
    water.refresh_from_db()
    assert (finance.state, water.state) == ("returned", "accepted")
    with pytest.raises(PeriodClosed, match="没有列入"):
        world.returned(water)


def test_a_reopened_report_left_alone_gets_back_its_issued_state_and_text():
    world = make_october()
    finance = world.report("2", "省财政厅")
    world.accept(world.file(finance))
    period = close(world.periods["2024-10"], world.staff)
    with clock.at(local(2024, 10, 29, 9)):
        services.reopen_for_revision(period, reports=[finance.pk], items=[], reason="数字更正", by=world.staff)
    finance.refresh_from_db()
    world.draft(finance, {"progress_text": "还没写完"})

    period = close(period, world.staff, at=local(2024, 10, 30, 9))

    finance.refresh_from_db()
    assert (finance.state, finance.progress_text) == ("accepted", "已下达补助资金三百二十万元，两县开工。")
    assert period.revision == 2
