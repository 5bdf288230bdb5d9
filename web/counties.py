"""A county's page: the items that concern it with the latest month's lights, and what it told the office."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from counties.models import County
from tasks.models import Assessment, CountyNote, Plan, ProgressReport, ReportingPeriod, WorkItem
from tasks.querysets.plan import concerns
from tasks.texts import item_progress


@dataclass
class CountyBoard:
    period: ReportingPeriod | None
    rows: list[tuple[WorkItem, Assessment | None, str]]
    notes: list[CountyNote]


def county_board(county: County, plan: Plan, *, user) -> CountyBoard:
    """Items of the plan that concern the county, with light and progress of the latest month `user` may read."""
    period = plan.periods.visible_to(user).opened().order_by("start").last()
    items = WorkItem.objects.visible_to(user).filter(concerns([county.pk]), plan=plan).in_order().for_table()
    lights = {each.item_id: each for each in period.assessments.visible_to(user)} if period else {}
    reports = _reports(period)
    rows = [
        (item, lights.get(item.pk), _progress(period, lights.get(item.pk), reports[item.pk], user)) for item in items
    ]
    notes = CountyNote.objects.visible_to(user).filter(county=county, plan=plan).for_table()
    return CountyBoard(period, rows, list(notes[:50]))


def _reports(period: ReportingPeriod | None) -> dict[int, list[ProgressReport]]:
    grouped: dict[int, list[ProgressReport]] = defaultdict(list)
    if period:
        for report in period.reports.select_related("department", "submission", "issued").in_order():
            report.period = period
            grouped[report.item_id].append(report)
    return grouped


def _progress(period: ReportingPeriod | None, light: Assessment | None, reports: list[ProgressReport], user) -> str:
    return item_progress(period, light.adopted_text if light else "", reports, user=user) if period else ""
