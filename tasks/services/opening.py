"""Opening a period: which month may be opened, when it is due, whom it asks."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

import audit
from accounts.guards import require
from accounts.models import Post, User
from calendars import clock
from calendars.months import Month
from calendars.workdays import next_working_day_on_or_after
from departments.models import Department
from tasks.choices import Light, PeriodKind, PeriodState, PlanState
from tasks.deadlines import check_not_too_far
from tasks.errors import Refused
from tasks.models import (
    Assessment,
    Assignment,
    Plan,
    PlanSettings,
    ProgressReport,
    ReportEvent,
    ReportingPeriod,
    WorkItem,
)
from tasks.services.filing import row_values
from tasks.services.locks import lock_period, touch_plan


def default_due(plan_settings: PlanSettings, month: Month) -> datetime:
    """When reports of `month` are due: the plan's day and time (Asia/Shanghai), moved on to the next working day."""
    day = next_working_day_on_or_after(month.day(plan_settings.due_day))
    return datetime.combine(day, plan_settings.due_time, clock.OFFICE_ZONE)


def check_month(plan: Plan, month: Month) -> None:
    """Raise Refused when the plan does not ask for reports in that month."""
    if plan.state != PlanState.ACTIVE:
        raise Refused(f"《{plan.title}》{plan.get_state_display()}，不能开启调度。", code="plan_not_active")
    first, last = Month.of(plan.first_period), Month.of(plan.ends_on)
    if not first <= month <= last:
        raise Refused(f"{month.label}不在计划调度范围内（{first.label}至{last.label}）。", code="month_outside_plan")


def next_month_to_open(plan: Plan) -> Month | None:
    """The earliest month of the plan neither opened nor skipped; None when all are."""
    settled = plan.periods.filter(kind=PeriodKind.MONTH).exclude(state=PeriodState.PLANNED)
    used = {Month.of(start) for start in settled.values_list("start", flat=True)}
    month = Month.of(plan.first_period)
    while month in used:
        month = month.next
    return month if month <= Month.of(plan.ends_on) else None


@transaction.atomic
def open_period(plan: Plan, month: Month, *, by: User, due_at: datetime | None = None) -> ReportingPeriod:
    """Open `month` and freeze the roster of expected reports as rows.

    `due_at` defaults to the plan's rule. Raises Refused: already open, an earlier month not opened or skipped, outside
    the plan, due before the month begins or years away.
    """
    require(by, "period.manage")
    check_month(plan, month)
    period = _claim_planned(plan, month)
    _check_order(plan, month)
    plan_settings = plan.settings.latest("version")
    due_at = due_at or default_due(plan_settings, month)
    if clock.local_date(due_at) < period.covers_from:
        raise Refused(f"截止时间不能早于{period.label}1日，请改为当月或以后的时间。", code="due_before_start")
    check_not_too_far(due_at, month_due=default_due(plan_settings, month))
    period.state, period.due_at, period.settings = PeriodState.OPEN, due_at, plan_settings
    period.is_backfill = clock.now() > due_at
    period.opened_at, period.opened_by = clock.now(), by
    period.save(update_fields=("state", "due_at", "settings", "is_backfill", "opened_at", "opened_by"))
    expected = _create_roster(period)
    touch_plan(plan.pk)
    audit.record("period.opened", period, by=by, after={"due_at": due_at.isoformat(), "expected": expected})
    return period


def _claim_planned(plan: Plan, month: Month) -> ReportingPeriod:
    """The planned row of that month, created when absent and locked; Refused when it was opened or skipped already."""
    period, _ = ReportingPeriod.objects.get_or_create(
        plan=plan, kind=PeriodKind.MONTH, start=month.first_day,
        defaults={"covers_from": month.first_day, "covers_to": month.last_day},
    )  # fmt: skip
    period = lock_period(period.pk)
    if period.state != PeriodState.PLANNED:
        raise Refused(f"{period.label}{period.get_state_display()}，不能重复开启。", code="period_not_planned")
    return period


def _check_order(plan: Plan, month: Month) -> None:
    """Periods of one kind open in order; a month that nobody wants is skipped with a reason first."""
    earlier = next_month_to_open(plan)
    if earlier and earlier < month:
        raise Refused(f"{earlier.label}还没有开启。请先开启，或登记“未调度”并写明原因。", code="earlier_month_pending")


def _create_roster(period: ReportingPeriod) -> int:
    """One row for every required duty in force, one assessment for every item; returns the number of reports."""
    duties = (
        Assignment.objects.filter(item__plan=period.plan_id, cadence=period.kind)
        .in_force(period.covers_from, period.covers_to)
        .required_by(period.settings)
        .select_related("item")
        .in_order()
    )
    rows = [
        ProgressReport(**{**row_values(duty, period, required=True), "item_revision_id": duty.item.revision_id})
        for duty in duties
    ]
    ProgressReport.objects.bulk_create(rows, batch_size=500)
    asked = {row.item_id for row in rows}
    done = done_items(period) - asked
    items = WorkItem.objects.filter(plan=period.plan_id).in_order()
    Assessment.objects.bulk_create(
        [Assessment(item=item, period=period, confirmed_light=_opening_light(item.pk, asked, done)) for item in items],
        batch_size=500,
    )
    return len(rows)


def _opening_light(item_id: int, asked: set[int], done: set[int]) -> Light:
    """○ while something is asked; a done item stays ◆; an item nobody must report on shows 「/」."""
    if item_id in asked:
        return Light.UNASSESSED
    return Light.DONE if item_id in done else Light.NOT_APPLICABLE


def done_items(period: ReportingPeriod) -> set[int]:
    """Items of which every required duty was closed before the period."""
    duties = Assignment.objects.filter(item__plan=period.plan_id, valid_to=None).required_by(period.settings)
    standing = duties.exclude(closed_from__isnull=False, closed_from__lte=period.start).values_list(
        "item_id", flat=True
    )
    return set(duties.values_list("item_id", flat=True)) - set(standing)


def departments_without_liaison(period: ReportingPeriod, *, on: date):
    """Departments that owe something in the period and have no open A角: a warning, never a bar."""
    manned = Post.objects.current(on).primary().exclude(department=None).values("department")
    return Department.objects.filter(pk__in=period.reports.filter(required=True).values("duty_of")).exclude(
        pk__in=manned
    )


@transaction.atomic
def skip_period(plan: Plan, month: Month, *, reason: str, by: User) -> ReportingPeriod:
    """Record that a month is not asked for (未调度), with its reason."""
    require(by, "period.manage")
    check_month(plan, month)
    if not reason.strip():
        raise Refused("请写明未调度的原因。", code="reason_required")
    period = _claim_planned(plan, month)
    _check_order(plan, month)
    period.state, period.skip_reason = PeriodState.SKIPPED, reason.strip()
    period.save(update_fields=("state", "skip_reason"))
    touch_plan(plan.pk)
    audit.record("period.skipped", period, by=by, after={"reason": period.skip_reason})
    return period


@transaction.atomic
def unopen_period(period: ReportingPeriod, *, by: User) -> ReportingPeriod:
    """Take an opening back (撤销开启) while nothing has happened to any of its reports; a skipped month likewise."""
    require(by, "period.manage")
    period = lock_period(period.pk)
    if period.state not in (PeriodState.OPEN, PeriodState.SKIPPED):
        raise Refused(f"{period.label}{period.get_state_display()}，不能撤销开启。", code="period_not_open")
    if ReportEvent.objects.filter(report__period=period).exists() or period.reports.filter(required=False).exists():
        raise Refused(f"{period.label}已有单位开始填报，不能撤销开启。", code="period_in_use")
    if (
        ReportingPeriod.objects.filter(plan=period.plan, kind=period.kind, start__gt=period.start)
        .exclude(state="planned")
        .exists()
    ):
        raise Refused(f"{period.label}之后的月份已经开启，不能撤销。", code="later_month_open")
    period.reports.all().delete()
    period.assessments.all().delete()
    period.state, period.skip_reason = PeriodState.PLANNED, ""
    period.due_at = period.settings = period.opened_at = period.opened_by = None
    period.save(update_fields=("state", "skip_reason", "due_at", "settings", "opened_at", "opened_by"))
    touch_plan(period.plan_id)
    audit.record("period.unopened", period, by=by)
    return period
