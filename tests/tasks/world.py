"""A small office: three departments, a plan of three items, one month. Made through the services, like the real one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Grant, Post, User
from calendars import clock
from calendars.months import Month
from departments.models import Department
from tasks import services
from tasks.models import Plan, ProgressReport, ReportingPeriod

SEPTEMBER, OCTOBER, NOVEMBER = Month(2024, 9), Month(2024, 10), Month(2024, 11)


def local(*parts: int) -> datetime:
    """A moment on the office's clock: local(2024, 10, 8, 9, 30)."""
    return datetime(*parts, tzinfo=clock.OFFICE_ZONE)


FILING_DAY = local(2024, 10, 22, 10, 0)

PROGRESS = {
    "kind": "progress",
    "progress_text": "已下达补助资金三百二十万元，两县开工。",
    "problems": "一处用地尚未批复。",
    "next_step": "11月底前完成用地报批。",
    "self_light": "normal",
    "approver": "李明远",
    "approved_on": date(2024, 10, 21),
}
NO_CHANGE = {"kind": "no_change", "no_change_reason": "等待年度计划下达。", "approver": "李明远"}
COMPLETED = {
    "kind": "completed",
    "progress_text": "培训班已办结，八十六人参加。",
    "approver": "李明远",
    "approved_on": date(2024, 10, 21),
}


@dataclass
class World:
    plan: Plan
    admin: User
    staff: User
    colleague: User
    departments: dict[str, Department]
    liaisons: dict[str, User]
    periods: dict[str, ReportingPeriod] = field(default_factory=dict)

    def open(self, month: Month, **options) -> ReportingPeriod:
        with clock.at(datetime(month.year, month.number, 8, 9, tzinfo=clock.OFFICE_ZONE)):
            self.periods[str(month)] = services.open_period(self.plan, month, by=self.admin, **options)
        return self.periods[str(month)]

    def report(self, number: str, department: str, month: Month = OCTOBER) -> ProgressReport:
        return ProgressReport.objects.get(
            period__plan=self.plan, period__start=month.first_day, item__number=number, department__name=department
        )

    def draft(self, report: ProgressReport, text: dict = PROGRESS, *, at: datetime = FILING_DAY, by=None):
        with clock.at(at):
            by = by or self.liaisons[report.department.name]
            return services.save_draft(report, by=by, version=report.version, **text)

    def file(
        self, report: ProgressReport, text: dict = PROGRESS, *, at: datetime = FILING_DAY, by=None
    ) -> ProgressReport:
        by = by or self.liaisons[report.department.name]
        self.draft(report, text, at=at, by=by)
        with clock.at(at):
            return services.submit(report, by=by, version=report.version)

    def accept(self, report: ProgressReport, *, at: datetime = FILING_DAY):
        with clock.at(at):
            return services.accept(report, by=self.staff, version=report.version)

    def returned(self, report: ProgressReport, reason: str = "口径不一致", *, at: datetime = FILING_DAY, **options):
        with clock.at(at):
            return services.return_report(report, by=self.staff, version=report.version, reason=reason, **options)


def make_user(username: str, *roles: str, department: Department | None = None, kind: str = "primary") -> User:
    user = User.objects.create(username=username, name=username, password_changed_at=timezone.now())
    for role in roles:
        Grant.objects.create(user=user, role=role, valid_from=date(2024, 1, 1))
    if department:
        Post.objects.create(user=user, department=department, kind=kind, valid_from=date(2024, 1, 1))
    return user


def make_world() -> World:
    """Item 1: 省水利厅 leads. Item 2: 省财政厅 and 省林业局 share. Item 3: 各有关部门, nobody is named."""
    departments = {
        name: Department.objects.create(
            name=name, full_name=f"安徽{name}", level="provincial", category="government", protocol_order=order
        )
        for order, name in enumerate(("省水利厅", "省财政厅", "省林业局"), 1)
    }
    admin = make_user("主管", "office_admin")
    with clock.at(local(2024, 8, 20, 9)):
        plan = services.create_plan(
            by=admin, title="2024年工作重点", issuer="安徽省农业农村厅", issued_on=date(2024, 8, 19),
            starts_on=date(2024, 8, 19), ends_on=date(2024, 12, 31), first_period=date(2024, 9, 1),
        )  # fmt: skip
        section = services.add_section(plan, number="一", title="聚焦投入", by=admin)
        water = services.add_item(section, number="1", title="农村供水提升", by=admin)
        shared = services.add_item(section, number="2", title="衔接资金倾斜", by=admin)
        services.add_item(section, number="3", title="经验总结宣传", open_units="各有关部门", by=admin)
        services.assign(water, departments["省水利厅"], role="lead", by=admin)
        services.assign(shared, departments["省财政厅"], role="shared", by=admin)
        services.assign(shared, departments["省林业局"], role="shared", by=admin)
        services.publish_plan(plan, by=admin)
    return World(
        plan=plan,
        admin=admin,
        staff=make_user("审核员", "office_staff"),
        colleague=make_user("同事", "office_staff"),
        departments=departments,
        liaisons={name: make_user(f"{name}联络员", department=place) for name, place in departments.items()},
    )


def make_october() -> World:
    """The small office with September skipped and October open."""
    world = make_world()
    with clock.at(local(2024, 10, 8, 9)):
        services.skip_period(world.plan, SEPTEMBER, reason="文件八月下旬印发", by=world.admin)
    world.open(OCTOBER)
    return world
