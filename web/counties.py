"""A county's page: the items that concern it with the latest month's lights, and what it told the office."""

from __future__ import annotations

from dataclasses import dataclass

from counties.models import County
from tasks.models import Assessment, CountyNote, Plan, ReportingPeriod, WorkItem
from tasks.querysets.plan import concerns
from tasks.texts import may_read_adopted


@dataclass
class CountyBoard:
    period: ReportingPeriod | None
    rows: list[tuple[WorkItem, Assessment | None, str]]
    notes: list[CountyNote]


def county_board(county: County, plan: Plan, *, user) -> CountyBoard:
    """Items of the plan that concern the county, with light and adopted text of the latest month `user` may read."""
    period = plan.periods.visible_to(user).opened().order_by("start").last()
    items = WorkItem.objects.visible_to(user).filter(concerns([county.pk]), plan=plan).in_order().for_table()
    lights = {each.item_id: each for each in period.assessments.visible_to(user)} if period else {}
    rows = [(item, lights.get(item.pk), _adopted(lights.get(item.pk), period, user)) for item in items]
    notes = CountyNote.objects.visible_to(user).filter(county=county, plan=plan).for_table()
    return CountyBoard(period, rows, list(notes[:50]))


def _adopted(assessment: Assessment | None, period: ReportingPeriod | None, user) -> str:
    if assessment is None or period is None or not may_read_adopted(period, user=user):
        return ""
    return assessment.adopted_text
