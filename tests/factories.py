"""Rows for tests, made by the product's own services: nothing here can build what a person could not.

Every function takes the moment from the clock; wrap calls in `clock.at(beijing("2024-10-21 09:00"))`.
"""

from __future__ import annotations

import itertools
from datetime import date, datetime

from accounts.choices import PostKind, Role
from accounts.models import User
from accounts.services import create_user, grant_role, open_post
from calendars import clock
from calendars.months import Month
from counties.loading import load_counties
from departments.loading import load_departments
from departments.models import Department
from tasks import services
from tasks.choices import Light, MonthKind
from tasks.loading import load_plan
from tasks.models import Plan, ProgressReport, ReportingPeriod

LONG_AGO = date(2024, 1, 1)  # grants and posts of tests hold on every day a test plays on
FILED_TEXTS = {
    MonthKind.PROGRESS: {
        "progress_text": "本月已完成年度任务的主要部分，相关资金已拨付到县。",
        "next_step": "下月底前完成剩余项目验收。",
        "self_light": Light.NORMAL,
    },
    MonthKind.NO_CHANGE: {"no_change_reason": "年度任务按季推进，本月无新增内容。"},
    MonthKind.COMPLETED: {"progress_text": "年度任务全部完成，已通过验收。"},
}

_numbers = itertools.count(1)


def beijing(text: str) -> datetime:
    """The instant of an office wall-clock time such as "2024-10-21 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.OFFICE_ZONE)


def make_user(
    username: str = "", *, name: str = "", roles=(), department=None, county=None, kind: str = PostKind.PRIMARY,
    password: str | None = None, valid_from: date = LONG_AGO,
) -> User:  # fmt: skip
    """A user with grants and at most one post; `department` may be its short name. No change of password is due."""
    username = username or f"user{next(_numbers)}"
    user, _ = create_user(username=username, name=name or username, by=None, password=password, must_change=False)
    for role in roles:
        grant_role(user, role=role, by=None, valid_from=valid_from)
    if isinstance(department, str):
        department = Department.objects.get(name=department)
    if department or county:
        open_post(user, by=None, department=department, county=county, kind=kind, valid_from=valid_from)
    return User.objects.get(pk=user.pk)


def make_admin(username: str = "admin", **values) -> User:
    """A person of the office who may do all business: administrator and staff."""
    return make_user(username, roles=(Role.OFFICE_ADMIN, Role.OFFICE_STAFF), **values)


def anhui_plan(*, by: User | None = None, **values) -> Plan:
    """The registers and the published plan of 2024 with its 31 items and 51 duties; `values` replace plan columns."""
    load_departments()
    load_counties()
    admin = by or User.objects.filter(grants__role=Role.OFFICE_ADMIN).first() or make_admin()
    return load_plan(by=admin, **values)


def open_month(plan: Plan, month: str, *, by: User, due_at: datetime | None = None) -> ReportingPeriod:
    """Open "2024-10", skipping with a reason whatever months of the plan come before and are not settled."""
    wanted = Month.parse(month)
    while (earlier := services.next_month_to_open(plan)) and earlier < wanted:
        services.skip_period(plan, earlier, reason="计划印发较晚，本月未调度", by=by)
    return services.open_period(plan, wanted, by=by, due_at=due_at)


def report_of(period: ReportingPeriod, number: str, department: str) -> ProgressReport:
    """The row of one department (short name) for the item of that number."""
    return period.reports.get(item__number=number, department__name=department)


def drafted(report: ProgressReport, *, by: User, kind: str = MonthKind.PROGRESS, **values) -> ProgressReport:
    """The report saved as a complete draft; `values` replace single fields."""
    approval = {"approver": "周正清", "approved_on": clock.today()}
    text = {"kind": kind} | FILED_TEXTS[kind] | approval | values
    return services.save_draft(report, by=by, version=report.version, **text)


def filed(report: ProgressReport, *, by: User, kind: str = MonthKind.PROGRESS, **values) -> ProgressReport:
    """The report written and handed in by `by`."""
    report = drafted(report, by=by, kind=kind, **values)
    return services.submit(report, by=by, version=report.version)


def accepted(report: ProgressReport, *, by: User, reviewer: User, **values) -> ProgressReport:
    """The report handed in by `by` and accepted by `reviewer`, who must be somebody else."""
    report = filed(report, by=by, **values)
    services.accept(report, by=reviewer, version=report.version)
    report.refresh_from_db()
    return report


def returned(report: ProgressReport, *, by: User, reviewer: User, reason: str = "口径不一致", **values):
    """The report handed in by `by` and sent back by `reviewer`."""
    report = filed(report, by=by, **values)
    services.return_report(report, by=reviewer, version=report.version, reason=reason)
    report.refresh_from_db()
    return report
