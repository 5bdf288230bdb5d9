import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars import clock
from reports.gather import gather
from tasks import services as tasks_services
from tests.factories import beijing
from tests.reports.month import ISSUE, fill, make_office


def queries_of(period):
    with (
        clock.at(ISSUE),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        gather(period)
    return len(asked)


def test_the_number_of_queries_does_not_grow_with_rows(db):
    office = make_office()
    empty = queries_of(office.period)
    fill(office)
    filled = queries_of(office.period)
    assert empty == filled == 11


def test_a_larger_plan_asks_no_more(db, office):
    for number in range(5, 12):
        section = office.plan.sections.first()
        tasks_services.add_item(section, number=str(number), title=f"新增事项{number}", by=office.admin)
    assert queries_of(office.period) == 11


def test_the_snapshot_is_plain_json(filled):
    with clock.at(ISSUE):
        snapshot = gather(filled.period)
    assert json.loads(json.dumps(snapshot)) == snapshot
    assert snapshot["counts"] == {
        "expected": 4, "accepted": 2, "filed": 2, "on_time": 1, "late": 1, "missing": 1, "returned": 1, "waived": 0,
        "nil": 1, "optional_filed": 0, "return_times": 1, "open_items": 1, "items": 4,
    }  # fmt: skip


def test_a_waived_report_is_not_asked_for(filled):
    with clock.at(ISSUE):
        tasks_services.waive(filled.report("4", "省能源局"), reason="机构调整", by=filled.staff)
        snapshot = gather(filled.period)
    assert (snapshot["counts"]["expected"], snapshot["counts"]["waived"]) == (3, 1)
    assert snapshot["items"][3]["filing"] == "免报"
    assert [row["department"] for row in snapshot["missing"]] == ["省林业局"]


def test_nothing_is_overdue_before_the_due_day(office):
    with clock.at(beijing("2024-10-20 09:00")):
        snapshot = gather(office.period)
    assert snapshot["overdue"]["filing"] == []
    assert len(snapshot["missing"]) == 4


def test_figures_never_stand_for_a_day_to_come(filled):
    with clock.at(beijing("2024-10-22 09:00")):
        assert gather(filled.period)["data_as_of"] == "2024-10-22"
    with clock.at(ISSUE):
        assert gather(filled.period)["data_as_of"] == "2024-10-25"
