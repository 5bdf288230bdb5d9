"""The first two locks of every change within a period, and the compare-and-set all of them use."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F

from tasks.choices import MOVING, PeriodState
from tasks.errors import AlreadyMoved, PeriodClosed
from tasks.models import Plan, ProgressReport, ReportingPeriod


def defended(name: str) -> bool:
    """Whether a defence is on. Tests alone may switch one off, to prove that their races would otherwise go wrong."""
    return name not in settings.DEFENCES_OFF


def lock_period(period_id: int) -> ReportingPeriod:
    """The period row, locked until the transaction ends. On SQLite the IMMEDIATE transaction is the lock."""
    periods = ReportingPeriod.objects.select_related("plan", "settings")
    if defended("period_lock"):
        periods = periods.select_for_update(of=("self",))
    return periods.get(pk=period_id)


def lock_moving_period(period_id: int) -> ReportingPeriod:
    """As `lock_period`; raises PeriodClosed when reports of the period may not move."""
    period = lock_period(period_id)
    if defended("state_check") and period.state not in MOVING:
        raise PeriodClosed(closed_message(period))
    return period


def lock_for(report: ProgressReport) -> ReportingPeriod:
    """As `lock_moving_period`, for an act on one report: a correction moves only the reports it names."""
    period = lock_moving_period(report.period_id)
    if period.state == PeriodState.REVISING:
        named = ProgressReport.objects.filter(pk=report.pk, named_in_revision=period.revision + 1)
        if not named.exists():
            raise PeriodClosed("本次修订没有列入这份报送，不能改动。")
    return period


def closed_message(period: ReportingPeriod) -> str:
    if period.first_finalised_at:
        return f"{period.label}已定稿，修改请走修订。"
    return f"{period.label}{period.get_state_display()}，不能操作。"


def move(report: ProgressReport, *, states, version: int, **changes) -> None:
    """Compare and set one report on its own columns; raises AlreadyMoved when another was faster.

    A filter across a join would become a subquery, and PostgreSQL would then let two writers win.
    """
    rows = ProgressReport.objects.filter(pk=report.pk)
    if defended("state_check"):
        rows = rows.filter(state__in=states)
    if defended("version_check"):
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise AlreadyMoved()
    report.refresh_from_db()


def touch_plan(plan_id: int) -> None:
    """Raise the plan's content version: pages kept by version are drawn anew."""
    Plan.objects.filter(pk=plan_id).update(content_version=F("content_version") + 1)
