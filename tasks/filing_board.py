"""What departments have to file, as prepared rows: for the list page, the home page and the way in after sign-in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User, with_predecessors
from calendars import clock
from departments.models import Department
from tasks import validators
from tasks.choices import MOVING, AssignmentRole, MonthKind, PeriodState, ReportField, ReportState
from tasks.deadlines import Deadline, deadline_of, filed_words
from tasks.filing_text import filled, is_own, may_write
from tasks.models import Assignment, ProgressReport, ReportingPeriod
from tasks.models.cycle import text_of
from tasks.wording import near_moment

STATE_WORDS = {ReportState.SUBMITTED: "已提交", ReportState.ACCEPTED: "已通过", ReportState.LAPSED: "未报"}


@dataclass(frozen=True)
class Row:
    """One report in a list."""

    report: ProgressReport
    deadline: Deadline
    state: str
    action: str
    url: str
    note: str = ""

    @property
    def number(self) -> str:
        return self.report.item.number

    @property
    def title(self) -> str:
        """The item, with the part of it that is the department's where the document says so."""
        report = self.report
        part = report.assignment.scope or ("本单位部分" if report.role == AssignmentRole.SHARED else "")
        return f"{report.item_revision.title}（{part}）" if part else report.item_revision.title

    @property
    def return_reason(self) -> str:
        return self.report.return_reason

    @property
    def return_field(self) -> str:
        return ReportField(self.report.return_field).label if self.report.return_field else ""

    @property
    def filed(self) -> str:
        return filed_words(self.report) if self.report.first_submitted_at else ""

    @property
    def filed_late(self) -> bool:
        return self.filed.startswith("补报")

    @property
    def no_progress(self) -> bool:
        text = self.report.submission.text if self.report.submission else {}
        return text.get("kind") == MonthKind.NO_CHANGE

    @property
    def receipt_url(self) -> str:
        return reverse("tasks:progress-receipt", args=[self.report.pk]) if self.report.submission_id else ""


@dataclass(frozen=True)
class Start:
    """An optional duty (有则报) nobody has begun in an open period."""

    assignment: Assignment
    period: ReportingPeriod

    @property
    def url(self) -> str:
        return reverse("tasks:progress-start", args=[self.assignment.pk, self.period.pk])


@dataclass
class Board:
    returned: list[Row] = field(default_factory=list)
    owing: list[Row] = field(default_factory=list)
    filed: list[Row] = field(default_factory=list)
    optional: list[Start] = field(default_factory=list)
    periods: list[ReportingPeriod] = field(default_factory=list)
    ready: int = 0  # drafts of this reader that could be handed in together

    @property
    def is_empty(self) -> bool:
        return not (self.returned or self.owing or self.filed or self.optional)

    @property
    def todo(self) -> int:
        return len(self.returned) + sum(row.report.required for row in self.owing)

    @property
    def several_departments(self) -> bool:
        return len({row.report.duty_of_id for row in (*self.returned, *self.owing, *self.filed)}) > 1

    @property
    def several_plans(self) -> bool:
        return len({period.plan_id for period in self.periods}) > 1


def liaison_board(user: User) -> Board:
    """The board of the departments in which `user` holds a post today."""
    return board_of(user.departments, user)


def department_board(department: Department, user: User) -> Board:
    """The board of one department, for staff who file for it and for those who only read."""
    return board_of(with_predecessors({department.pk}), user)


def board_of(departments: Collection[int], user: User) -> Board:
    """Three queries however many reports, months and plans."""
    now = clock.now()
    board = Board(periods=list(ReportingPeriod.objects.moving().select_related("settings", "plan").in_order()))
    reports = list(reports_of(departments).in_moving_periods().order_by("period__start", "item__position", "pk"))
    for report in reports:
        _file_under(board, row_of(report, user, now=now))
    board.optional = _not_begun(board.periods, departments, {(one.assignment_id, one.period_id) for one in reports})
    concerned = {one.plan_id for one in reports} | {start.period.plan_id for start in board.optional}
    board.periods = [period for period in board.periods if period.plan_id in concerned]
    return board


def reports_of(departments: Collection[int]) -> QuerySet[ProgressReport]:
    """Reports that the departments hold or took over, with what a row shows."""
    whose = Q(department__in=departments) | Q(duty_of__in=departments)
    return ProgressReport.objects.filter(whose).for_table().select_related("edited_by", "duty_of", "period__plan")


def earlier_reports(departments: Collection[int]) -> QuerySet[ProgressReport]:
    """Reports of issued months, newest month first."""
    done = reports_of(departments).filter(period__state=PeriodState.FINALISED)
    return done.order_by("-period__start", "item__position", "pk")


def _file_under(board: Board, row: Row) -> None:
    report = row.report
    if report.state == ReportState.RETURNED:
        board.returned.append(row)
    elif report.state in (ReportState.AWAITING, ReportState.DRAFT):
        board.owing.append(row)
    else:
        board.filed.append(row)
    board.ready += row.action in ("继续填", "去修改") and not errors_of(report)


def errors_of(report: ProgressReport) -> dict[str, list[str]]:
    """What still forbids handing in the working copy."""
    return validators.filing_errors(text_of(report) | {"approved_on": report.approved_on}, today=clock.today())


def row_of(report: ProgressReport, user: User, *, now: datetime) -> Row:
    url = reverse("tasks:progress-edit", args=[report.pk])
    return Row(report, deadline_of(report, now=now), _state(report, user, now), _action(report, user), url)


def _state(report: ProgressReport, user: User, now: datetime) -> str:
    """The state in words; how far a draft is, only for its own department."""
    today = clock.local_date(now)
    if report.state == ReportState.DRAFT and report.edited_at:
        saved = f"草稿 {near_moment(report.edited_at, today=today)}"
        return f"{saved} {filled(report)}" if is_own(report, user) else saved
    if report.state == ReportState.LAPSED and report.submission_id:
        return "退回未改"
    if report.state in (ReportState.SUBMITTED, ReportState.ACCEPTED) and report.submitted_at:
        return f"{STATE_WORDS[report.state]} {near_moment(report.submitted_at, today=today)}"
    return STATE_WORDS.get(report.state) or report.get_state_display()


def _action(report: ProgressReport, user: User) -> str:
    if not may_write(report, user):
        return "查看"
    if not is_own(report, user):
        return "代填"
    return {ReportState.RETURNED: "去修改", ReportState.DRAFT: "继续填"}.get(report.state, "填报")


def _not_begun(periods: list[ReportingPeriod], departments: Collection[int], begun: set) -> list[Start]:
    """Optional duties in force in the open periods whose report has no row yet."""
    plans = {period.plan_id for period in periods}
    duties = Assignment.objects.filter(item__plan__in=plans, department__in=departments).for_table().in_order()
    return [
        Start(duty, period)
        for period in periods
        if period.state == PeriodState.OPEN
        for duty in duties
        if duty.item.plan_id == period.plan_id
        and (duty.pk, period.pk) not in begun
        and _in_force(duty, period)
        and not duty.is_required(period.settings)
    ]


def _in_force(duty: Assignment, period: ReportingPeriod) -> bool:
    """`AssignmentQuerySet.in_force`, for rows already read."""
    valid = duty.valid_from <= period.covers_to and (duty.valid_to is None or duty.valid_to >= period.covers_from)
    return valid and (duty.closed_from is None or duty.closed_from > period.covers_from)


def landing_url(user: User) -> str | None:
    """Where a liaison with a single thing to do lands after sign-in: its form, or its receipt once filed.

    None for everybody else: who owes several reports, nothing, or works in the office.
    """
    if user.may("report.read_all") or not user.departments:
        return None
    owed = ProgressReport.objects.owed_by(user, on=clock.today()).in_moving_periods().values_list("pk", flat=True)[:2]
    if len(owed) == 1:
        return reverse("tasks:progress-edit", args=[owed[0]])
    if owed:
        return None
    mine = ProgressReport.objects.own_of(user).required().in_moving_periods().values_list("pk", "submission")[:2]
    if len(mine) == 1 and mine[0][1]:
        return reverse("tasks:progress-receipt", args=[mine[0][0]])
    return None


@dataclass(frozen=True)
class DepartmentLine:
    """A department in the chooser of who files or reads for others."""

    department: Department
    asked: int
    filed: int
    returned: int

    @property
    def missing(self) -> int:
        return self.asked - self.filed - self.returned


def department_lines() -> list[DepartmentLine]:
    """Every department asked in the open months with its counts, in protocol order; one query."""
    asked: dict[Department, list[str]] = {}
    rows = ProgressReport.objects.required().filter(period__state__in=MOVING).select_related("duty_of")
    for report in rows.only("state", "duty_of").order_by("duty_of__protocol_order", "duty_of__pk"):
        asked.setdefault(report.duty_of, []).append(report.state)
    filed = (ReportState.SUBMITTED, ReportState.ACCEPTED)
    return [
        DepartmentLine(place, len(states), sum(map(filed.__contains__, states)), states.count(ReportState.RETURNED))
        for place, states in asked.items()
    ]
