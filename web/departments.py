"""A department's page: its items by month, with the lights of the items and the states of its reports."""

from __future__ import annotations

from dataclasses import dataclass

from departments.models import Department
from tasks.models import Assessment, Assignment, Plan, ProgressReport, ReportingPeriod


@dataclass
class DutyRow:
    duty: Assignment
    cells: list[tuple[ReportingPeriod, ProgressReport | None, Assessment | None]]


def duty_rows(department: Department, plan: Plan, *, user) -> tuple[list[ReportingPeriod], list[DutyRow]]:
    """The plan's opened months and one row for each duty of the department; four queries whatever their number."""
    periods = list(plan.periods.visible_to(user).opened().in_order())
    duties = Assignment.objects.filter(item__plan=plan, department=department).for_table().in_order()
    reports = {
        (report.assignment_id, report.period_id): report
        for report in ProgressReport.objects.filter(department=department, plan=plan).defer("submission", "issued")
    }
    lights = {
        (each.item_id, each.period_id): each
        for each in Assessment.objects.visible_to(user).filter(
            period__plan=plan, item__assignments__department=department
        )
    }
    rows = [
        DutyRow(duty, [(p, reports.get((duty.pk, p.pk)), lights.get((duty.item_id, p.pk))) for p in periods])
        for duty in duties
    ]
    return periods, rows


def masked(phone: str) -> str:
    """The last four digits; people are called by those who know them, lists show no whole numbers."""
    return f"****{phone[-4:]}" if len(phone) > 4 else phone
