"""October 2024 of the small office, with one of every kind of filing. Made through the services, like the real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from background import services as background_services
from calendars import clock
from calendars.months import Month
from departments.models import Department
from reports import services
from reports.models import MonthlyReport
from tasks import services as tasks_services
from tasks.models import Plan, ProgressReport, ReportingPeriod
from tests.factories import beijing, make_user

DUE = beijing("2024-10-25 18:00")
ISSUE = beijing("2024-10-28 09:10")
SIGNED = {"signer": "赵立新", "signed_on": date(2024, 10, 28)}

PROGRESS = {
    "kind": "progress",
    "progress_text": "已下达补助资金320万元，两县开工；其余两县完成招标。",
    "problems": "一处用地尚未批复。",
    "next_step": "11月底前完成用地报批。",
    "self_light": "normal",
    "approver": "李明远",
    "approved_on": date(2024, 10, 21),
}
NIL = {"kind": "no_change", "no_change_reason": "等待年度计划下达。", "approver": "李明远"}


@dataclass
class Office:
    """Item 1: 省水利厅 leads. Item 2: 省财政厅 and 省林业局 share. Item 3: 各有关部门, nobody is named.

    Item 4: 省能源局 leads, 省水利厅 helps and need not report.
    """

    plan: Plan
    admin: User
    staff: User
    leader: User
    liaisons: dict[str, User]
    period: ReportingPeriod

    def report(self, number: str, department: str) -> ProgressReport:
        return self.period.reports.get(item__number=number, department__name=department)

    def file(self, number: str, department: str, *, at: str = "2024-10-22 10:00", **text) -> ProgressReport:
        by, report = self.liaisons[department], self.report(number, department)
        with clock.at(beijing(at)):
            report = tasks_services.save_draft(report, by=by, version=report.version, **(PROGRESS | text))
            return tasks_services.submit(report, by=by, version=report.version)

    def accept(self, number: str, department: str, *, at: str = "2024-10-26 15:00", **text) -> ProgressReport:
        filed_at = text.pop("filed_at", "2024-10-22 10:00")
        report = self.file(number, department, at=filed_at, **text)
        with clock.at(beijing(at)):
            tasks_services.accept(report, by=self.staff, version=report.version)
        report.refresh_from_db()
        return report

    def give_back(self, number: str, department: str, reason: str, *, at: str = "2024-10-23 09:00", due=None):
        report = self.file(number, department)
        with clock.at(beijing(at)):
            tasks_services.return_report(report, by=self.staff, version=report.version, reason=reason, due_at=due)
        report.refresh_from_db()
        return report

    def assess(self, number: str, light: str, reason: str = "", text: str = "") -> None:
        assessment = self.period.assessments.get(item__number=number)
        with clock.at(beijing("2024-10-27 10:00")):
            assessment = tasks_services.confirm_light(
                assessment, light=light, by=self.staff, version=assessment.version, reason=reason
            )
            if text:
                tasks_services.adopt_text(assessment, text=text, by=self.staff, version=assessment.version)

    def finalise(self, *, at: datetime = ISSUE, reason: str = "", by: User | None = None, **signed) -> MonthlyReport:
        with clock.at(at):
            return services.finalise(self.period, by=by or self.admin, reason=reason, **(SIGNED | signed))


def work() -> None:
    """Do what is queued, as a worker would."""
    background_services.work_off()


def make_office(*, months: tuple[str, ...] = ("2024-10",)) -> Office:
    names = ("省水利厅", "省财政厅", "省林业局", "省能源局")
    places = {
        name: Department.objects.create(
            name=name, full_name=f"安徽{name}", level="provincial", category="government", protocol_order=order
        )
        for order, name in enumerate(names, 1)
    }
    admin = make_user("wang", name="王主管", roles=("office_admin", "office_staff"))
    with clock.at(beijing("2024-08-20 09:00")):
        plan = tasks_services.create_plan(
            by=admin, title="2024年工作重点", issuer="安徽省农业农村厅", issued_on=date(2024, 8, 19),
            starts_on=date(2024, 8, 19), ends_on=date(2024, 12, 31), first_period=date(2024, 9, 1),
            settings={"contact": "刘工 0551-62600000"},
        )  # fmt: skip
        first = tasks_services.add_section(plan, number="一", title="聚焦资源要素投入", by=admin)
        second = tasks_services.add_section(plan, number="二", title="守牢防止返贫底线", by=admin)
        items = [
            tasks_services.add_item(section, number=str(number), title=title, open_units=open_units, by=admin)
            for number, (section, title, open_units) in enumerate(
                (
                    (first, "农村供水提升", ""),
                    (first, "衔接资金倾斜", ""),
                    (second, "经验总结宣传", "各有关部门"),
                    (second, "农村电网巩固", ""),
                ),
                1,
            )
        ]
        for at, name, role in (
            (0, "省水利厅", "lead"),
            (1, "省财政厅", "shared"),
            (1, "省林业局", "shared"),
            (3, "省能源局", "lead"),
            (3, "省水利厅", "cooperate"),
        ):
            tasks_services.assign(items[at], places[name], role=role, by=admin)
        tasks_services.publish_plan(plan, by=admin)
        liaisons = {
            name: make_user(f"{name}联络员", name=f"{name[1:3]}联络员", department=places[name]) for name in names
        }
    return Office(
        plan=plan,
        admin=admin,
        staff=make_user("shen", name="审核员", roles=("office_staff",)),
        leader=make_user("ting", name="厅领导", roles=("leader",)),
        liaisons=liaisons,
        period=_open(plan, admin, months),
    )


def _open(plan: Plan, admin: User, months: tuple[str, ...]) -> ReportingPeriod:
    period = None
    for month in map(Month.parse, ("2024-09", "2024-10")):
        with clock.at(datetime(month.year, month.number, 8, 9, tzinfo=clock.OFFICE_ZONE)):
            if str(month) in months:
                period = tasks_services.open_period(plan, month, by=admin)
            else:
                tasks_services.skip_period(plan, month, reason="文件八月下旬印发", by=admin)
    return period


def fill(office: Office) -> None:
    """省水利厅 in time, 省财政厅 a day late, 省林业局 returned and never mended, 省能源局 never filed."""
    office.accept("1", "省水利厅", coordination="请协调用地指标。", self_light="behind")
    office.accept("2", "省财政厅", filed_at="2024-10-26 08:30", **NIL)
    office.give_back("2", "省林业局", "数字口径不一致", due=beijing("2024-10-27 18:00"))
    office.assess("1", "behind", text="两县开工，一处用地待批。")
